/**
 * The hub's side: signalling and relaying for those who may have them, and what clients are told of it (V60, V64, V65).
 *
 *     SignallingOptions ─▶ SignalHub + services `signalling`, `relaying`, `room`, the name of its privacy
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import {
  type Clock,
  createSignalHub,
  defaultRelayLimits,
  defaultSignalLimits,
  type Registry,
  type SignalHub,
} from '@effigy/sync'
import type { SignallingOptions } from '../reach.ts'

/** Null where it is no hub. */
export function openExchange(
  options: SignallingOptions | undefined,
  registry: Registry,
  clock: Clock,
): SignalHub | null {
  if (options === undefined) return null
  const { carries, limits, isFor = () => true, room, privacy = 'open' } = options
  const create = options.createHub ?? createSignalHub
  const hub = create({
    clock,
    signals: { ...defaultSignalLimits, ...limits },
    relays: defaultRelayLimits,
    carries,
    isFor,
    ...(room === undefined ? {} : { hasRoom: room }),
  })
  const serve = (name: string, isTheirs: (remote: Identity) => boolean): void => {
    registry.serve({ name, isFor: ({ remote }) => isTheirs(remote), methods: {} })
  }
  serve('signalling', isFor)
  serve('relaying', isFor)
  if (room !== undefined) serve('room', (remote) => isFor(remote) && room(remote))
  if (privacy !== 'open') serve(privacy, () => true)
  return hub
}
