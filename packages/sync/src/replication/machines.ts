/**
 * Every machine of one session, and what comes to whom (spec R).
 *
 *     Session ◀pump▶ ┬ heads-client ─▶ feed-client ─┬─▶ Store
 *                    ├ heads-feed, feed-source ◀────┤
 *                    └ blob-client, blob-source ◀───┘
 *
 * One object is all that they ask, so that a session needs no closure for each question: a hub has ten thousand of them
 * (docs/decisions/0021-what-a-session-costs.md).
 *
 * @module
 */
import { type Cid, cidBytes, type HeadRecord, type Identity, type RawCid, type Sha256 } from '@effigy/core'
import { createUnseal, type HeadLog, type Store, type Unseal } from '@effigy/store'
import type { Clock } from '../clock.ts'
import { disposeAll } from '../dispose-all.ts'
import { createGossipSession, type GossipSession, type GossipSessionPorts } from '../gossip/gossip-session.ts'
import { createLackedHeads, type LackedHeads } from '../gossip/lacked-heads.ts'
import type { Told } from '../gossip/told-heads.ts'
import type { Log } from '../log.ts'
import type { Message } from '../messages.ts'
import type { Ledger } from '../reciprocity/ledger.ts'
import type { ServiceQueue } from '../reciprocity/service-queue.ts'
import { createServing, type Serving, type ServingPorts } from '../reciprocity/serving.ts'
import type { Session } from '../session.ts'
import { type Asked, createAsked, isAnswer } from './asked.ts'
import type { BlobClientPorts } from './blob-client.ts'
import type { BlobSourcePorts } from './blob-source.ts'
import type { BlobTransfers } from './blob-transfers.ts'
import { type CatchUp, type CatchUpPorts, createCatchUp } from './catch-up.ts'
import type { Claims } from './claims.ts'
import { createRow, type Effects, type Outgoing, type Producer } from './effects.ts'
import type { FeedClientPorts } from './feed-client.ts'
import type { FeedSourcePorts } from './feed-source.ts'
import { createFormerClient } from './former-client.ts'
import { createHeadsClient, type HeadsClient, type HeadsClientPorts } from './heads-client.ts'
import { createHeadsFeed, type HeadsFeed, type HeadsFeedPorts } from './heads-feed.ts'
import type { Interest } from './interests.ts'
import {
  LazyBlobClient,
  LazyBlobSource,
  LazyEntrySource,
  LazyFeedClient,
  LazyFeedSource,
  LazySuccessorClient,
  LazySuccessorSource,
} from './lazy-machines.ts'
import type { Machine } from './pump.ts'
import type { ReplicatorOptions, ReplicatorStatus } from './replicator.ts'
import { type RoutingPorts, route } from './routing.ts'
import type { Replication } from './shared.ts'
import type { Sharing, Trust } from './sharing.ts'
import { hearChanges, type StoreChangesPorts } from './store-changes.ts'
import type { SuccessorSourcePorts } from './successor-source.ts'
import { TellingEffects } from './telling-effects.ts'

type Ports = HeadsClientPorts &
  HeadsFeedPorts &
  GossipSessionPorts &
  RoutingPorts &
  StoreChangesPorts &
  FeedClientPorts &
  FeedSourcePorts &
  BlobClientPorts &
  BlobSourcePorts &
  SuccessorSourcePorts &
  ServingPorts

export class SessionMachines implements Machine, Ports, Omit<CatchUpPorts, 'headLog'> {
  readonly session: Session
  readonly store: Store
  readonly sharing: Sharing
  readonly shared: Replication
  readonly effects: Effects
  readonly asked: Asked
  readonly heads: HeadsClient
  readonly gossip: GossipSession
  readonly headsFeed: HeadsFeed
  readonly feedSource: LazyFeedSource
  readonly entrySource: LazyEntrySource
  readonly blobSource: LazyBlobSource
  readonly catchUp: CatchUp | null
  readonly #options: ReplicatorOptions
  readonly #feeds: LazyFeedClient
  readonly #blobs: LazyBlobClient
  readonly #successors: LazySuccessorClient
  readonly #successorSource: LazySuccessorSource
  readonly #serving: Serving
  readonly #sources: Producer
  readonly #interest: Interest
  readonly #former: Disposable | null
  #lacked: LackedHeads | null = null
  #wantKey: Uint8Array | null = null
  /** The other side says that it is on a metered line or a battery. */
  #isSparing = false
  #isTrusted: boolean
  #isOver = false

  constructor(session: Session, options: ReplicatorOptions, effects: Effects) {
    const { store, sharing, shared, isChosen, former } = options
    this.session = session
    this.store = store
    this.sharing = sharing
    this.shared = shared
    this.#options = options
    this.effects = options.onChange === undefined ? effects : new TellingEffects(effects, options)
    this.asked = createAsked(this.effects)
    this.#isTrusted = sharing.trustsWants
    this.heads = createHeadsClient(this)
    this.#successors = new LazySuccessorClient(this)
    this.gossip = createGossipSession(this)
    this.#feeds = new LazyFeedClient(this)
    this.#blobs = new LazyBlobClient(this)
    this.headsFeed = createHeadsFeed(this)
    this.#successorSource = new LazySuccessorSource(this)
    const { headLog } = store
    this.catchUp =
      headLog === undefined || !(isChosen || sharing.reconciles)
        ? null
        : createCatchUp(this as SessionMachines & { readonly headLog: HeadLog })
    this.feedSource = new LazyFeedSource(this)
    this.entrySource = new LazyEntrySource(this)
    this.blobSource = new LazyBlobSource(this)
    this.#serving = createServing(this)
    const answers = this.#serving.inTurn([this.feedSource, this.entrySource, this.blobSource])
    const { headsFeed, catchUp } = this
    // As literals: a list that is added to has room for 17.
    this.#sources = createRow(
      catchUp === null
        ? [headsFeed, this.#successorSource, answers]
        : [headsFeed, this.#successorSource, answers, catchUp],
    )
    this.#interest = hearChanges(this)
    this.#interest.add([session.remote])
    this.#hearAll()
    if (this.catchUp !== null) this.catchUp.start()
    else if (isChosen || this.#isTrusted) this.heads.start()
    // A hub would go through the feeds of all its members for each who comes.
    else this.heads.refresh([session.remote])
    this.#former = former === undefined ? null : createFormerClient({ ...this.#formerPorts(), former })
    this.#blobs.refresh()
  }

  // What all of them have --------------------------------------------------------

  get remote(): Identity {
    return this.session.remote
  }

  get clock(): Clock {
    return this.#options.clock
  }

  get log(): Log {
    return this.#options.log
  }

  get sha256(): Sha256 {
    return this.#options.crypto.sha256
  }

  get isChosen(): boolean {
    return this.#options.isChosen
  }

  get headLog(): HeadLog | undefined {
    return this.store.headLog
  }

  get claims(): Claims<Identity> {
    return this.shared.feeds
  }

  get transfers(): BlobTransfers {
    return this.shared.blobs
  }

  get ledger(): Ledger {
    return this.shared.ledger
  }

  get queue(): ServiceQueue {
    return this.shared.service
  }

  get unseal(): Unseal {
    return createUnseal(this.store.feedKeys ?? null, this.#options.crypto)
  }

  get onWatch(): ((identities: readonly Identity[]) => void) | null {
    const options = this.#options
    return options.onWatch === undefined ? null : (identities) => options.onWatch?.(identities)
  }

  #formerPorts() {
    const { unseal, sha256, asked, effects } = this
    return { unseal, sha256, asked, effects }
  }

  // What they ask ----------------------------------------------------------------

  // Who dials us, a stranger to a hub say, hears of what we watch only what they watch themselves, and their own
  // feed (T30).
  mayAsk(identity: Identity): boolean {
    return (
      this.mayAskAll() ||
      identity === this.remote ||
      this.headsFeed.watches(identity) ||
      this.#options.isSought?.(identity) === true
    )
  }

  mayAskAll(): boolean {
    return this.isChosen || this.#isTrusted
  }

  onUnasked(records: readonly HeadRecord[]): void {
    this.#successors.take(records)
  }

  onHead(identity: Identity, how: Told): void {
    this.gossip.told(identity, how)
  }

  caughtUp(): CatchUp | null {
    return this.catchUp
  }

  isCarried(identity: Identity): boolean {
    return this.#options.isCarried?.(identity) === true
  }

  fetch(identity: Identity): void {
    this.#feeds.forgive(identity)
  }

  onTaken(bytes: number): void {
    this.#serving.took(bytes)
  }

  remoteHead(identity: Identity): HeadRecord['head'] | null {
    return this.heads.head(identity)
  }

  keyedName(cid: Cid): Uint8Array {
    this.#wantKey ??= this.session.exporter('want')
    return this.#options.crypto.hmacSha256(this.#wantKey, cidBytes(cid))
  }

  isSparing(): boolean {
    return this.#isSparing
  }

  // Whoever gives us a feed knows already that we read it.
  mayName(identity: Identity): boolean {
    return this.isChosen || this.sharing.trustsWants || this.heads.head(identity) !== null
  }

  onAdopt(keys: Uint8Array): void {
    this.#interest.addSet(keys)
    this.#successorSource.adopted(keys)
  }

  name(identity: Identity): Identity {
    return this.shared.interests.name(identity)
  }

  isVerified(head: RawCid): boolean {
    return this.shared.verifiedHeads.has(this.store, head)
  }

  carries(identity: Identity): boolean {
    return this.#options.carries?.(identity) === true
  }

  onToldAhead(identity: Identity): void {
    this.#lacked ??= createLackedHeads({
      effects: this.effects,
      isNeeded: (other) => this.store.need(other) !== null,
      ask: (others) => this.heads.askBack(others),
    })
    this.#lacked.add(identity)
  }

  buffered(): number {
    return this.session.bufferedBytes()
  }

  watches(identity: Identity): boolean {
    return this.headsFeed.watches(identity)
  }

  hear(identity: Identity): void {
    this.#interest.add([identity])
  }

  isChecking(): boolean {
    return this.gossip.checking() > 0
  }

  onContinued(): void {
    this.#options.onContinued?.()
  }

  onAsked(identity: Identity, above: number): void {
    this.#options.onFeedAsked?.(identity, above)
  }

  onLacked(identity: Identity): void {
    this.headsFeed.tellServed(identity)
  }

  trust(): Trust {
    return this.#options.trust?.() ?? 'stranger'
  }

  wake(): void {
    this.effects.wake()
  }

  onMessage(message: Message, bytes: Uint8Array): boolean {
    return this.#options.onMessage?.(message, bytes) === true
  }

  // What happens -----------------------------------------------------------------

  /** Whom we may ask about everything we ask about whatever we come to watch. */
  #hearAll(): void {
    if (this.mayAskAll()) this.#interest.addAll()
  }

  #changed(): void {
    this.#options.onChange?.()
  }

  changed(identities: readonly Identity[], roots: readonly Cid[]): void {
    if (this.#isTrusted || !this.#changedTrust(identities)) this.heads.refresh(identities)
    else this.heads.refresh(this.#watchedFeeds())
    this.headsFeed.changed(identities)
    this.#successorSource.changed(identities)
    this.#successors.changed()
    this.catchUp?.changed(identities)
    this.catchUp?.settle()
    for (const identity of identities) if (!this.gossip.isWaiting(identity)) this.#feeds.schedule(identity)
    this.blobSource.arrived(roots)
    this.#blobs.refresh()
    this.#changed()
  }

  views(): void {
    this.#blobs.refresh()
  }

  many(): void {
    this.catchUp?.changed([])
  }

  /** Their follow of us may have come. */
  #changedTrust(identities: readonly Identity[]): boolean {
    if (!identities.includes(this.remote)) return false
    this.#isTrusted = this.sharing.trustsWants
    this.#hearAll()
    return this.#isTrusted
  }

  #watchedFeeds(): readonly Identity[] {
    return Array.from(this.store.feeds({ watched: true }), ({ identity }) => identity)
  }

  receive(message: Message, bytes: Uint8Array): void {
    if (!isAnswer(message)) {
      route(this, message, bytes)
    } else if (!this.onMessage(message, bytes)) {
      if (this.asked.isOpen(message)) this.#serving.arrived(message, bytes)
      this.asked.take(message, bytes)
    }
    this.#changed()
  }

  // They are told of these from now on, and may be asked about them.
  watched(identities: readonly Identity[], replace: boolean): void {
    if (replace) this.#interest.clear()
    this.#interest.add([this.remote, ...identities.filter((identity) => this.headsFeed.watches(identity))])
    this.#successorSource.asked(identities)
    this.heads.refresh(identities)
  }

  spare(isMetered: boolean): void {
    if (isMetered === this.#isSparing) return
    this.#isSparing = isMetered
    this.#blobs.askAnew()
  }

  pull(): Outgoing | null {
    return this.#serving.leaving(this.#sources.pull())
  }

  get #headsAnswered(): boolean {
    return !this.#isOver && this.heads.busy() + (this.catchUp?.busy ?? 0) === 0
  }

  status(): ReplicatorStatus {
    const feeds = this.#feeds
    const blobs = this.#blobs
    const busy = this.gossip.busy() + feeds.busy() + this.#successors.busy
    return {
      feeds: Array.from(feeds.progress(), ([identity, progress]) => ({ identity, ...progress })),
      blobs: {
        wanted: blobs.wanted.length,
        wantedBytes: blobs.wanted.reduce((sum, { size }) => sum + size, 0),
        fetching: blobs.fetching,
      },
      upToDate: this.#headsAnswered && busy === 0 && blobs.idle,
      headsAnswered: this.#headsAnswered,
    }
  }

  refresh(identities?: readonly Identity[]): void {
    this.#isTrusted = this.sharing.trustsWants
    this.#hearAll()
    const options = this.#options
    this.#interest.add((identities ?? []).filter((identity) => options.isSought?.(identity) === true))
    this.heads.refresh(identities ?? this.#watchedFeeds())
    for (const identity of identities ?? this.heads.told()) this.#feeds.schedule(identity)
    if (identities === undefined)
      for (const identity of this.catchUp?.incomplete() ?? []) this.#feeds.schedule(identity)
    this.#blobs.refresh()
  }

  [Symbol.dispose](): void {
    this.#isOver = true
    disposeAll([
      this.#interest,
      this.#former,
      this.#serving,
      this.catchUp,
      this.gossip,
      this.#feeds,
      this.#blobs,
      this.blobSource,
      this.headsFeed,
    ])
  }
}
