/**
 * The machines of one session that are created with their first work (../lazy.ts): until then nothing is asked or answered,
 * so there is nothing that they could say.
 *
 *     request, head, want ─▶ created ─▶ the same machine from then on      pull, cancel, status before ─▶ nothing
 *
 * None is created once the session is over: it would be disposed by nobody. What they ask may be methods of one object that has
 * all of it, so that a session needs no other for each.
 *
 * @module
 */
import type { Cid, HeadRecord, Identity } from '@effigy/core'
import type { BlobWant, Progress } from '@effigy/store'
import type { GetBlob, GetEntry, GetFeed, IWant } from '../messages.ts'
import { type BlobClient, type BlobClientPorts, createBlobClient, maxWants } from './blob-client.ts'
import { type BlobSource, type BlobSourcePorts, createBlobSource } from './blob-source.ts'
import type { Claims } from './claims.ts'
import type { Effects, Outgoing } from './effects.ts'
import { createEntrySource, type EntrySource, type EntrySourcePorts } from './entry-source.ts'
import { createFeedClient, endLength, type FeedClient, type FeedClientPorts } from './feed-client.ts'
import { createFeedSource, type FeedSource, type FeedSourcePorts } from './feed-source.ts'
import { createSuccessorClient, type SuccessorClient, type SuccessorClientPorts } from './successor-client.ts'
import { createSuccessorSource, type SuccessorSource, type SuccessorSourcePorts } from './successor-source.ts'

const noProgress: ReadonlyMap<Identity, Progress> = new Map()
const noWants: readonly BlobWant[] = []

/**
 * Sessions hear of what became free in the order in which they began, whenever each comes to fetch. A claim is released inside
 * another session's work: what fails while it is told ends the session it is told to, not that one.
 */
class EarlyWatch<Key> implements Disposable {
  readonly #effects: Pick<Effects, 'soon'>
  readonly #watching: Disposable
  #listener: ((key: Key) => void) | null = null

  constructor(claims: Pick<Claims<Key>, 'watch'>, effects: Pick<Effects, 'soon'>) {
    this.#effects = effects
    this.#watching = claims.watch((key) => this.#tell(key))
  }

  #tell(key: Key): void {
    try {
      this.#listener?.(key)
    } catch (error) {
      this.#effects.soon(() => {
        throw error
      })
    }
  }

  /** The same claims for the one machine that watches them at last. */
  over(claims: Claims<Key>): Claims<Key> {
    return {
      ...claims,
      watch: (listener) => {
        this.#listener = listener
        return this
      },
    }
  }

  [Symbol.dispose](): void {
    this.#watching[Symbol.dispose]()
  }
}

export class LazyFeedClient implements FeedClient {
  readonly #ports: FeedClientPorts
  readonly #freed: EarlyWatch<Identity>
  #made: FeedClient | null = null
  #isOver = false

  constructor(ports: FeedClientPorts) {
    this.#ports = ports
    this.#freed = new EarlyWatch(ports.claims, ports.effects)
  }

  schedule(identity: Identity): void {
    this.#for(identity)?.schedule(identity)
  }

  forgive(identity: Identity): void {
    this.#for(identity)?.forgive(identity)
  }

  #for(identity: Identity): FeedClient | null {
    if (this.#made === null && !this.#isOver && this.#mayLack(identity)) this.#made = this.#create()
    return this.#made
  }

  /** Where no end of a feed is known there is nothing to fetch. */
  #mayLack(identity: Identity): boolean {
    const ports = this.#ports
    return ports.remoteHead(identity) !== null || endLength(ports.store, identity) !== null
  }

  #create(): FeedClient {
    const ports = this.#ports
    const { store, sha256, unseal, asked, effects, clock, log } = ports
    return createFeedClient({
      ...{ store, sha256, unseal, asked, effects, clock, log },
      claims: this.#freed.over(ports.claims),
      remoteHead: (identity) => ports.remoteHead(identity),
    })
  }

  busy(): number {
    return this.#made?.busy() ?? 0
  }

  progress(): ReadonlyMap<Identity, Progress> {
    return this.#made?.progress() ?? noProgress
  }

  [Symbol.dispose](): void {
    this.#isOver = true
    if (this.#made !== null) {
      this.#made[Symbol.dispose]()
      return
    }
    this.#freed[Symbol.dispose]()
    // What other sessions append at the time is committed at the end of any.
    this.#ports.store.finishAppending?.()
  }
}

export class LazyBlobClient implements BlobClient {
  readonly #ports: BlobClientPorts
  readonly #freed: EarlyWatch<Cid>
  #made: BlobClient | null = null
  #isOver = false

  constructor(ports: BlobClientPorts) {
    this.#ports = ports
    this.#freed = new EarlyWatch(ports.transfers.claims, ports.effects)
  }

  #get(): BlobClient | null {
    if (!this.#isOver) this.#made ??= this.#create()
    return this.#made
  }

  #create(): BlobClient {
    const ports = this.#ports
    const { store, sha256, asked, effects, log, remote, transfers } = ports
    return createBlobClient({
      ...{ store, sha256, asked, effects, log, remote },
      transfers: { ...transfers, claims: this.#freed.over(transfers.claims) },
      isSparing: () => ports.isSparing(),
      mayName: (identity) => ports.mayName(identity),
      keyedName: (cid) => ports.keyedName(cid),
    })
  }

  refresh(): void {
    // The same limit: what is not wanted by a policy is left out behind it.
    if (this.#made === null && this.#ports.store.wantedBlobs(maxWants).length === 0) return
    this.#get()?.refresh()
  }

  askAnew(): void {
    this.#get()?.askAnew()
  }

  get wanted(): readonly BlobWant[] {
    return this.#made?.wanted ?? noWants
  }

  get fetching(): number {
    return this.#made?.fetching ?? 0
  }

  get idle(): boolean {
    return this.#made?.idle ?? true
  }

  [Symbol.dispose](): void {
    this.#isOver = true
    if (this.#made !== null) this.#made[Symbol.dispose]()
    else this.#freed[Symbol.dispose]()
  }
}

export class LazyBlobSource implements BlobSource {
  readonly #ports: BlobSourcePorts
  #made: BlobSource | null = null

  constructor(ports: BlobSourcePorts) {
    this.#ports = ports
  }

  #get(): BlobSource {
    this.#made ??= this.#create()
    return this.#made
  }

  #create(): BlobSource {
    const ports = this.#ports
    const { store, clock, sharing, effects } = ports
    return createBlobSource({ store, clock, sharing, effects, keyedName: (cid) => ports.keyedName(cid) })
  }

  want(message: IWant, bytes: Uint8Array): void {
    this.#get().want(message, bytes)
  }

  getBlob(message: GetBlob, bytes: Uint8Array): void {
    this.#get().getBlob(message, bytes)
  }

  cancel(id: number): void {
    this.#made?.cancel(id)
  }

  arrived(roots: Iterable<Cid>): void {
    this.#made?.arrived(roots)
  }

  pull(): Outgoing | null {
    return this.#made?.pull() ?? null
  }

  [Symbol.dispose](): void {
    this.#made?.[Symbol.dispose]()
  }
}

export class LazyFeedSource implements FeedSource {
  readonly #ports: FeedSourcePorts
  #made: FeedSource | null = null

  constructor(ports: FeedSourcePorts) {
    this.#ports = ports
  }

  request(message: GetFeed, bytes: Uint8Array): void {
    this.#made ??= this.#create()
    this.#made.request(message, bytes)
  }

  #create(): FeedSource {
    const ports = this.#ports
    const { store, clock, remote, sharing, effects } = ports
    return createFeedSource({
      ...{ store, clock, remote, sharing, effects },
      onAsked: (identity, above) => ports.onAsked(identity, above),
      onLacked: (identity) => ports.onLacked(identity),
    })
  }

  credit(id: number, bytes: number): boolean {
    return this.#made?.credit(id, bytes) ?? false
  }

  cancel(id: number): void {
    this.#made?.cancel(id)
  }

  pull(): Outgoing | null {
    return this.#made?.pull() ?? null
  }
}

export class LazyEntrySource implements EntrySource {
  readonly #ports: EntrySourcePorts
  #made: EntrySource | null = null

  constructor(ports: EntrySourcePorts) {
    this.#ports = ports
  }

  request(message: GetEntry, bytes: Uint8Array): void {
    this.#made ??= createEntrySource(this.#ports)
    this.#made.request(message, bytes)
  }

  cancel(id: number): void {
    this.#made?.cancel(id)
  }

  pull(): Outgoing | null {
    return this.#made?.pull() ?? null
  }
}

export class LazySuccessorClient implements SuccessorClient {
  readonly #ports: SuccessorClientPorts
  #made: SuccessorClient | null = null

  constructor(ports: SuccessorClientPorts) {
    this.#ports = ports
  }

  take(records: readonly HeadRecord[]): void {
    this.#made ??= createSuccessorClient(this.#ports)
    this.#made.take(records)
  }

  changed(): void {
    this.#made?.changed()
  }

  get busy(): number {
    return this.#made?.busy ?? 0
  }
}

/** Created when an account has moved: until then there is nothing to tell. */
export class LazySuccessorSource implements SuccessorSource {
  readonly #ports: SuccessorSourcePorts
  #made: SuccessorSource | null = null

  constructor(ports: SuccessorSourcePorts) {
    this.#ports = ports
  }

  #get(): SuccessorSource | null {
    if (this.#made === null && (this.#ports.store.synods?.moved().size ?? 0) > 0) this.#made = this.#create()
    return this.#made
  }

  #create(): SuccessorSource {
    const ports = this.#ports
    const { store, sharing, effects } = ports
    return createSuccessorSource({
      ...{ store, sharing, effects },
      watches: (identity) => ports.watches(identity),
      hear: (identity) => ports.hear(identity),
    })
  }

  asked(identities: Iterable<Identity>): void {
    this.#get()?.asked(identities)
  }

  adopted(keys: Uint8Array): void {
    this.#get()?.adopted(keys)
  }

  changed(identities: Iterable<Identity>): void {
    this.#get()?.changed(identities)
  }

  pull(): Outgoing | null {
    return this.#made?.pull() ?? null
  }
}
