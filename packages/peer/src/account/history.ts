/**
 * How much of what the other own devices wrote is here: what a person watches after linking a device.
 *
 *     own feeds: held of what the policy wants ─▶ Progress, never falling, to its total
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { chainEnd, type FeedState, type Progress, type Store } from '@effigy/store'
import type { Clock } from '@effigy/sync'
import type { Pulse } from '../live.ts'
import { rest } from '../rest.ts'
import type { OwnAccount } from './own-account.ts'

export interface HistoryPorts {
  readonly store: Pick<Store, 'feed'>
  readonly self: Identity
  readonly own: OwnAccount
  readonly clock: Clock
  /** Fires when something came, and when sessions come and go. */
  readonly pulse: Pulse
  /** Own devices that are connected and have given all that they have. */
  readonly isSettled: () => boolean
}

/** Told at most so often, ms. */
const everyMs = 100

/** Ends when everything is here that a connected own device has; entries. Neither number ever falls. */
export async function* historyOf(ports: HistoryPorts, signal: AbortSignal): AsyncGenerator<Progress> {
  const { clock, pulse } = ports
  let last: Progress = { done: -1, total: 0 }
  while (!signal.aborted) {
    const seen = pulse.count
    const { done, total } = historyNow(ports)
    const next = { done: Math.max(done, last.done), total: Math.max(total, last.total) }
    if (next.done !== last.done || next.total !== last.total) yield next
    last = next
    if (done === total && ports.isSettled()) return
    await pulse.after(seen, signal)
    await rest(clock, everyMs, signal)
  }
}

/** Entries of the other own devices: here, and wanted. */
export function historyNow({ store, self, own }: Pick<HistoryPorts, 'store' | 'self' | 'own'>): Progress {
  let [done, total] = [0, 0]
  for (const [identity, { type }] of own.authority()?.standings ?? []) {
    const state = identity === self || type === 'foreign' ? null : store.feed(identity)
    const wanted = state?.watched === true ? wantedOf(state) : 0
    total += wanted
    done += Math.min(state?.heldCount ?? 0, wanted)
  }
  return { done, total }
}

function wantedOf(state: FeedState): number {
  const {
    policy: { depth },
    heldCount,
  } = state
  const length = chainEnd(state)?.length ?? 0
  if (depth.type === 'last') return Math.min(length, Math.max(depth.count, heldCount))
  // How many are newer than a moment is known when they are here.
  return depth.type === 'all' ? length : heldCount
}
