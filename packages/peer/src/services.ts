/**
 * Services of a peer in one of its sessions (DESIGN 3.3, spec V): both halves over one session.
 *
 *     registry ─▶ host ─┐
 *                       ├─▶ session
 *     peer.call ─▶ client ┘
 *
 * @module
 */
import { EffigyError, type RandomBytes, shortName } from '@effigy/core'
import {
  type CallClient,
  type Clock,
  createCallClient,
  createHost,
  defaultServiceLimits,
  type FrameBytes,
  type Host,
  isCallAnswer,
  Lazy,
  type Log,
  type Message,
  type Registry,
  type Session,
  type Trust,
} from '@effigy/sync'

export interface SessionServices extends Disposable {
  /** Says what is provided; later only when that has changed. */
  readonly provide: Host['provide']
  readonly call: CallClient['call']
  readonly join: CallClient['join']
  /** What messages of a service's own carry. */
  readonly token: CallClient['token']
  readonly refusal: Host['refusal']
  /** Calls of ours that are not answered. */
  readonly openCalls: number
  /** Takes nothing once the session is over. */
  readonly send: (message: Message, bytes?: FrameBytes) => void
  /** True when it was a message of services. */
  take(message: Message, bytes: Uint8Array): boolean
}

export interface SessionServicesPorts {
  readonly session: Session
  readonly registry: Registry
  readonly trust: () => Trust
  readonly kind: 'hub' | 'peer'
  readonly metered: () => boolean
  readonly resting: () => boolean
  readonly random: RandomBytes
  readonly clock: Clock
  readonly log: Log
  /** The last of our open calls is over. */
  readonly idle: () => void
}

export function openServices(ports: SessionServicesPorts): SessionServices {
  const { session, registry, trust, kind, metered, resting, random, clock, log } = ports
  const { remote } = session

  /** A session may end between any two of our sends: that is no error. */
  function send(message: Message, bytes?: FrameBytes): void {
    try {
      session.send(message, bytes)
    } catch (error) {
      if (!(error instanceof EffigyError && error.code === 'closed')) throw error
    }
  }

  const host = createHost({
    registry,
    caller: () => ({ remote, trust: trust() }),
    kind,
    metered,
    resting,
    send,
    random,
    clock,
    limits: defaultServiceLimits,
    // Its message may quote what the call was about: T22.
    onFailure: (service, error) =>
      log.warn('service.failed', { service, peer: shortName(remote), error: nameOf(error) }),
  })
  const client = new Lazy(() => createCallClient({ send, limits: defaultServiceLimits }))
  let openCalls = 0

  async function counted<Value>(call: Promise<Value>): Promise<Value> {
    openCalls++
    try {
      return await call
    } finally {
      openCalls--
      if (openCalls === 0) ports.idle()
    }
  }

  const watching = registry.watch(host.provide)
  // What waits for an answer must not wait for what else ends with the session.
  void session.closed.then(() => client.get()[Symbol.dispose]())

  return {
    provide: host.provide,
    call: (...asked) => counted(client.get().call(...asked)),
    join: (...asked) => counted(client.get().join(...asked)),
    token: (service) => client.get().token(service),
    refusal: host.refusal,
    get openCalls() {
      return openCalls
    },
    send,
    take: (message, bytes) =>
      host.take(message, bytes) || (isCallAnswer(message) && client.get().take(message, bytes)),
    [Symbol.dispose]() {
      watching[Symbol.dispose]()
      host[Symbol.dispose]()
      client.get()[Symbol.dispose]()
    },
  }
}

function nameOf(error: unknown): string {
  if (error instanceof EffigyError) return error.code
  return error instanceof Error ? error.name : typeof error
}
