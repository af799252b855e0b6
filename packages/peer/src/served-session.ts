/**
 * What this side of a session runs, and all that its parts ask.
 *
 *     Session ─▶ replicator ─ message ─▶ services ▶ exchange ▶ desk ▶ reach ▶ receipts
 *
 * One object is the ports of all of them, as in `machines.ts` of replication: a closure for each question costs each of a
 * hub's sessions 64 bytes (docs/decisions/0021-what-a-session-costs.md). A port is a method; none is taken out of its object.
 *
 * @module
 */
import { type Cid, EffigyError, type Identity } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import {
  type Clock,
  createReplicator,
  createSharing,
  type Desk,
  type FormerOptions,
  type FrameBytes,
  type Log,
  type Message,
  maxFrameBytes,
  otherRole,
  type PumpEnd,
  type Replication,
  type Replicator,
  type ReplicatorOptions,
  type Role,
  readProvided,
  type ServiceRefusal,
  type Session,
  type Sharing,
  type SharingFacts,
  type SignalHub,
  type SignalPort,
  type SignalSession,
  type Trust,
} from '@effigy/sync'
import { type ConfirmedBy, confirmedBy, unremembered } from './confirmed.ts'
import { createHandOver, type HandOver } from './hand-over.ts'
import type { Door } from './joining/door.ts'
import type { PeerDeps, SessionStatus } from './peer.ts'
import type { Reach, ReachPort, ReachSession } from './reach.ts'
import { createReceipts, type Receipts, type ReceiptsPorts } from './receipts.ts'
import {
  type OwnServices,
  openServices,
  type SessionServices,
  type SessionServicesPorts,
} from './services.ts'
import type { Serving } from './sessions.ts'
import { type SessionVia, type ViaPorts, viaOf } from './via.ts'

/** What this side of a session runs. */
export interface Served {
  readonly session: Session
  readonly replicator: Replicator
  readonly receipts: Receipts
  readonly services: SessionServices
  /** As the other side says. */
  readonly kind: SessionStatus['kind']
  /** Services that the other side says we may have now (V1). */
  readonly provides: ReadonlySet<string>
  /** Nobody looks at the other side, as it says (R41). */
  readonly resting: boolean
  /** We chose them: our hub, or an address that a person gave. */
  readonly isChosen: boolean
  /** `clock.monotonic()` of its beginning. */
  readonly since: number
  readonly via: SessionVia
  /** Another session of the pair stands: this one ends when nothing is under way in it. */
  readonly leave: () => void
}

/** What all sessions of a peer have in common. */
export interface CommonPorts extends Pick<ViaPorts, 'isTurn' | 'why'> {
  readonly identity: Identity
  /** Of this peer. */
  readonly kind: SessionStatus['kind']
  /** Wants what is asked for now, too. */
  readonly store: Store
  readonly crypto: Crypto
  readonly clock: Clock
  readonly log: Log
  readonly shared: Replication
  readonly own: OwnServices
  readonly exchange: SignalHub | null
  /** Made later than this. */
  readonly reach: () => Reach
  readonly door: Door | null
  readonly former: FormerOptions
  readonly isMember: PeerDeps['isMember']
  readonly tracks: PeerDeps['tracks']
  readonly blocked: () => ReadonlySet<Identity>
  /** Counts what may change the answer of `trustOf`. */
  readonly views: () => number
  readonly trustOf: (remote: Identity) => Trust
  readonly isSought: (remote: Identity, feed: Identity) => boolean
  readonly isPublicBlob: (root: Cid) => boolean
  readonly isSaving: () => boolean
  readonly changed: () => void
  readonly delivered: () => void
  readonly heard: (remote: Identity) => void
  /** How far apart pings may be is another question now (R41). */
  readonly pace: (served: Served) => void
  readonly begun: (served: Served) => void
  readonly ended: (served: Served) => void
  readonly signal: AbortSignal
}

const nothing: ReadonlySet<string> = new Set()

/** A class, because each session has one. */
export class ServedSession
  implements
    Served,
    PumpEnd,
    ReplicatorOptions,
    SharingFacts,
    ReceiptsPorts,
    SessionServicesPorts,
    SignalSession,
    ReachSession
{
  readonly session: Session
  readonly isChosen: boolean
  readonly since: number
  readonly receipts: Receipts
  readonly services: SessionServices
  readonly replicator: Replicator
  readonly sharing: Sharing
  kind: SessionStatus['kind'] = 'peer'
  provides = nothing
  resting = false
  readonly #common: CommonPorts
  readonly #serving: Serving
  readonly #sinceMs: number
  readonly #port: SignalPort | null
  readonly #reached: ReachPort
  #desk: Desk | null = null
  #handOver: HandOver | null = null
  #trust: Trust = 'stranger'
  /** Of the views that it is as. */
  #trustedAt = -1

  constructor(session: Session, isChosen: boolean, common: CommonPorts, serving: Serving) {
    const { clock, exchange } = common
    this.session = session
    this.isChosen = isChosen
    this.#common = common
    this.#serving = serving
    this.receipts = createReceipts(this)
    this.services = openServices(this)
    this.#port = this.#isDirect ? (exchange?.open(this) ?? null) : null
    this.#reached = common.reach().open(this)
    this.sharing = createSharing(session.remote, this)
    this.replicator = createReplicator(session, this)
    this.since = clock.monotonic()
    this.#sinceMs = clock.now()
  }

  /** Throws nothing: what fails is told to whoever holds the session. */
  start(): void {
    this.#common.begun(this)
    try {
      this.services.provide()
      this.replicator.start(this.#common.signal, this)
    } catch (error) {
      this.pumped({ error })
    }
  }

  pumped(failure: { readonly error: unknown } | null): void {
    const left = this.#leaveAll()
    const failed = failure ?? left
    if (failed !== null && !(failed.error instanceof EffigyError && failed.error.code === 'closed')) {
      this.#serving.failed(failed.error)
      return
    }
    void this.session.closed.then(({ code, local }) =>
      this.#serving.over(code === 'not-admitted' && local ? 'blocked' : code),
    )
  }

  /** All of it, whatever fails; gives the first that did: a store that was closed fails many. */
  #leaveAll(): { readonly error: unknown } | null {
    let failed: { readonly error: unknown } | null = null
    for (const leave of [
      () => this.#handOver?.[Symbol.dispose](),
      () => this.#common.ended(this),
      () => this.#reached[Symbol.dispose](),
      () => this.#port?.[Symbol.dispose](),
      () => this.services[Symbol.dispose](),
      () => this.receipts[Symbol.dispose](),
    ]) {
      try {
        leave()
      } catch (error) {
        failed ??= { error }
      }
    }
    return failed
  }

  leave(): void {
    this.#handing().begin()
  }

  get via(): SessionVia {
    const { isTurn, why } = this.#common
    return viaOf(this.session, { kind: this.kind, since: this.#sinceMs, isTurn, why })
  }

  // What all of them have ----------------------------------------------------------

  get remote(): Identity {
    return this.session.remote
  }

  /** Of this side. */
  get role(): Role {
    return this.session.role
  }

  get hubRole(): Role {
    return otherRole(this.session.role)
  }

  get self(): Identity {
    return this.#common.identity
  }

  get store(): Store {
    return this.#common.store
  }

  get crypto(): Crypto {
    return this.#common.crypto
  }

  get verify(): Crypto['verify'] {
    return this.#common.crypto.verify
  }

  get clock(): Clock {
    return this.#common.clock
  }

  get log(): Log {
    return this.#common.log
  }

  get shared(): Replication {
    return this.#common.shared
  }

  get own(): OwnServices {
    return this.#common.own
  }

  get former(): FormerOptions {
    return this.#common.former
  }

  /** What came through a hub goes through no further one: frames within frames would not fit (M1). */
  get #isDirect(): boolean {
    return this.session.maxFrameBytes === maxFrameBytes
  }

  // What may be shared -------------------------------------------------------------

  trust(): Trust {
    const views = this.#common.views()
    if (this.#trustedAt !== views) {
      this.#trust = this.#common.trustOf(this.remote)
      this.#trustedAt = views
    }
    return this.#trust
  }

  isBlocked(identity: Identity): boolean {
    return this.#common.blocked().has(identity)
  }

  blocked(): ReadonlySet<Identity> {
    return this.#common.blocked()
  }

  isPublic(): boolean {
    return true
  }

  isPublicBlob(root: Cid): boolean {
    return this.#common.isPublicBlob(root)
  }

  isSaving(): boolean {
    return this.#common.isSaving()
  }

  isOwnBlob(root: Cid): boolean {
    return this.store.holders(root).includes(`feed:${this.self}`)
  }

  isMember(): boolean {
    return this.#common.kind === 'hub' && this.#common.isMember?.(this.remote) !== false
  }

  // What replication asks and tells ------------------------------------------------

  isSought(feed: Identity): boolean {
    return this.#common.isSought(this.remote, feed)
  }

  carries(feed: Identity): boolean {
    return this.#common.kind === 'hub' || feed === this.self
  }

  isCarried(feed: Identity): boolean {
    return this.isHub() || feed === this.remote
  }

  onChange(): void {
    this.#common.changed()
  }

  onContinued(): void {
    this.receipts.continued()
  }

  onFeedAsked(feed: Identity, above: number): void {
    if (feed === this.self) this.receipts.asked(above)
  }

  onWatch(identities: readonly Identity[]): void {
    this.receipts.watched(identities)
    this.#common.tracks?.(this.remote, identities, this.kind)
  }

  onMessage(message: Message, bytes: Uint8Array): boolean {
    if (message.type === 'moved') {
      this.#handing().moved()
      return true
    }
    if (message.type !== 'provides') {
      const isService = this.services.take(message, bytes) || this.#port?.take(message, bytes) === true
      if (message.type === 'join') this.#desk ??= this.#openDesk()
      if (this.#desk?.take(message, bytes) === true) return true
      return isService || this.#reached.take(message, bytes) || this.receipts.take(message)
    }
    const provided = readProvided(bytes)
    this.kind = provided?.kind ?? 'peer'
    const names = provided?.services ?? []
    this.provides = names.length > 0 ? new Set(names) : nothing
    this.resting = provided?.resting === true
    this.#common.pace(this)
    this.#reached.provided(this.#isDirect ? names : [])
    // Its first message: who does not want us says `bye` instead.
    this.#serving.welcomed()
    this.#common.heard(this.remote)
    return true
  }

  #openDesk(): Desk | null {
    return this.#common.door?.desk(this.remote, (message) => this.send(message)) ?? null
  }

  // What receipts ask and tell -----------------------------------------------------

  isHub(): boolean {
    return this.kind === 'hub'
  }

  get confirmed(): ConfirmedBy {
    return this.isChosen ? confirmedBy(this.store, this.remote) : unremembered
  }

  changed(): void {
    this.#common.changed()
    this.#common.delivered()
  }

  // What services, signalling and the way through hubs ask -------------------------

  idle(): void {
    this.#handOver?.idle()
  }

  send(message: Message, bytes?: FrameBytes): void {
    this.services.send(message, bytes)
  }

  bufferedBytes(): number {
    return this.session.bufferedBytes()
  }

  highWaterBytes(): number {
    return this.session.highWaterBytes()
  }

  drained(signal: AbortSignal): Promise<void> {
    return this.session.drained(signal)
  }

  refusal(service: string, token: string): ServiceRefusal | null {
    return this.services.refusal(service, token)
  }

  token(service: string): ReturnType<SessionServices['token']> {
    return this.services.token(service)
  }

  #handing(): HandOver {
    this.#handOver ??= createHandOver({
      clock: this.clock,
      send: (message) => this.send(message),
      openCalls: () => this.services.openCalls,
      end: (code) => void this.session.end(code),
    })
    return this.#handOver
  }
}
