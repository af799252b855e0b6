/**
 * Services of a peer in one of its sessions (spec V): both halves over one session.
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
  type Caller,
  type Clock,
  createCallClient,
  createHost,
  defaultServiceLimits,
  type FrameBytes,
  type Host,
  type HostPorts,
  isCallAnswer,
  type Log,
  type Message,
  type Registry,
  type Session,
  type Trust,
} from '@effigy/sync'
import { errorName } from './error-name.ts'

export interface SessionServices extends Disposable {
  /** Says what is provided; later only when that has changed. */
  provide(): void
  call(...asked: Parameters<CallClient['call']>): ReturnType<CallClient['call']>
  join(...asked: Parameters<CallClient['join']>): ReturnType<CallClient['join']>
  /** What messages of a service's own carry. */
  token(service: string): ReturnType<CallClient['token']>
  refusal(service: string, token: string): ReturnType<Host['refusal']>
  /** Calls of ours that are not answered. */
  readonly openCalls: number
  /** Takes nothing once the session is over. */
  send(message: Message, bytes?: FrameBytes): void
  /** True when it was a message of services. */
  take(message: Message, bytes: Uint8Array): boolean
}

/** What all sessions of a peer have in common. */
export interface OwnServices {
  readonly registry: Registry
  readonly kind: 'hub' | 'peer'
  metered(): boolean
  resting(): boolean
  readonly random: RandomBytes
  readonly clock: Clock
  readonly log: Log
}

export interface SessionServicesPorts {
  readonly session: Session
  readonly own: OwnServices
  trust(): Trust
  /** The last of our open calls is over. */
  idle(): void
}

/** Whoever opens it calls `provide` after each change of the registry. */
export function openServices(ports: SessionServicesPorts): SessionServices {
  return new ServicesOfSession(ports)
}

/** A class, because each session has one. It is what its host asks, too. */
class ServicesOfSession implements SessionServices, HostPorts {
  readonly limits = defaultServiceLimits
  readonly #ports: SessionServicesPorts
  readonly #host: Host
  #client: CallClient | null = null
  #openCalls = 0
  #isOver = false

  constructor(ports: SessionServicesPorts) {
    this.#ports = ports
    this.#host = createHost(this)
  }

  // What the host asks -----------------------------------------------------------

  get registry(): Registry {
    return this.#ports.own.registry
  }

  get kind(): 'hub' | 'peer' {
    return this.#ports.own.kind
  }

  get random(): RandomBytes {
    return this.#ports.own.random
  }

  get clock(): Clock {
    return this.#ports.own.clock
  }

  caller(): Caller {
    return { remote: this.#ports.session.remote, trust: this.#ports.trust() }
  }

  metered(): boolean {
    return this.#ports.own.metered()
  }

  resting(): boolean {
    return this.#ports.own.resting()
  }

  /** A session may end between any two of our sends: that is no error. */
  send(message: Message, bytes?: FrameBytes): void {
    try {
      this.#ports.session.send(message, bytes)
    } catch (error) {
      if (!(error instanceof EffigyError && error.code === 'closed')) throw error
    }
  }

  onFailure(service: string, error: unknown): void {
    const { own, session } = this.#ports
    own.log.warn('service.failed', { service, peer: shortName(session.remote), error: errorName(error) })
  }

  // What the session does --------------------------------------------------------

  #getClient(): CallClient {
    if (this.#client !== null) return this.#client
    this.#client = createCallClient({
      send: (message, bytes) => this.send(message, bytes),
      limits: defaultServiceLimits,
    })
    // What waits for an answer must not wait for what else ends with the session.
    if (this.#isOver) this.#close()
    else void this.#ports.session.closed.then(() => this.#close())
    return this.#client
  }

  #close(): void {
    this.#isOver = true
    this.#client?.[Symbol.dispose]()
  }

  async #counted<Value>(call: Promise<Value>): Promise<Value> {
    this.#openCalls++
    try {
      return await call
    } finally {
      this.#openCalls--
      if (this.#openCalls === 0) this.#ports.idle()
    }
  }

  provide(): void {
    this.#host.provide()
  }

  call(...asked: Parameters<CallClient['call']>): ReturnType<CallClient['call']> {
    return this.#counted(this.#getClient().call(...asked))
  }

  join(...asked: Parameters<CallClient['join']>): ReturnType<CallClient['join']> {
    return this.#counted(this.#getClient().join(...asked))
  }

  token(service: string): ReturnType<CallClient['token']> {
    return this.#getClient().token(service)
  }

  refusal(service: string, token: string): ReturnType<Host['refusal']> {
    return this.#host.refusal(service, token)
  }

  get openCalls(): number {
    return this.#openCalls
  }

  take(message: Message, bytes: Uint8Array): boolean {
    if (this.#host.take(message, bytes)) return true
    return isCallAnswer(message) && this.#getClient().take(message, bytes)
  }

  [Symbol.dispose](): void {
    this.#host[Symbol.dispose]()
    this.#close()
  }
}
