/**
 * Which session hears of which feed (spec R1): a hub with ten thousand sessions must not ask each of them
 * whenever one feed changes.
 *
 *     store.watch ─▶ changed feeds ─▶ sessions that named them, or agreed on a set with them, and those that hear of all
 *                    views changed ─5 s▶ every session, once: what it may be asked for (R7) is another list
 *                    256 changes   ────▶ every session, once: how far our log has come (C3)
 *
 * One for all sessions of a peer, so that the store has one listener, and a change costs as much as there
 * are sessions that it concerns.
 *
 * @module
 */
import type { Cid, Identity } from '@effigy/core'
import type { Store, StoreChange } from '@effigy/store'
import type { Clock } from '../clock.ts'
import { hasIdentity, identitiesOf, keyCount } from '../reconcile/key-set.ts'
import { SparseSet } from '../sparse.ts'

/** What a session does when something changed; called during the commit of somebody else: only notes it. */
export interface Listener {
  feed(identity: Identity): void
  blobs(roots: ReadonlySet<Cid>): void
  /** Something else is shown than before, in feeds that it was not told of. */
  views(): void
  /** Many feeds changed, whether it was told of them or not. */
  many(): void
}

export interface Interest extends Disposable {
  /** Hears of these from now on. */
  add(identities: Iterable<Identity>): void
  /** Hears of all in this sorted set from now on; the set must not change any more. */
  addSet(keys: Uint8Array): void
  /** Hears of every feed from now on. */
  addAll(): void
  /** Hears no more of what was named, or in a set: whoever names others again and again fills no memory (T16). */
  clear(): void
}

export interface Interests {
  /** `store` is the same for all of them. */
  join(store: Pick<Store, 'watch'>, listener: Listener): Interest
  /** As if these had changed in the store: what is wanted of them is another than before. */
  changed(identities: readonly Identity[]): void
  /** The same name as all sessions have it: 10,000 lists hold each text once. */
  name(identity: Identity): Identity
}

/** Ms. Each session looks through a list of its own then. */
const viewsEveryMs = 5_000

/** Changes of feeds, half of what makes a position worth telling though none of them concerned the other side. */
const manyChanges = 256

/** Larger sets are searched at each change, a microsecond: entered one by one they would take 100 bytes a name. */
const maxEntered = 4_096

/** A feed that somebody hears of: most of a hub's feeds are heard of by one session, and a set of one is 200 bytes. */
interface Feed {
  readonly identity: Identity
  first: Listener | null
  others: Set<Listener> | null
}

/** What an interest asks of all of them together. */
interface Places {
  enter(listener: Listener, identities: Iterable<Identity>, heard: SparseSet<Feed>): void
  enterSet(listener: Listener, keys: Uint8Array, heard: SparseSet<Feed>): void
  hearAll(listener: Listener): void
  clear(listener: Listener, heard: SparseSet<Feed>): void
  leave(listener: Listener): void
}

export function createInterests({ after }: Pick<Clock, 'after'>): Interests {
  const sessions = new Set<Listener>()
  const hearingAll = new Set<Listener>()
  const byFeed = new Map<Identity, Feed>()
  const bySet = new Map<Listener, Uint8Array[]>()
  let watching: Disposable | null = null
  let timer: Disposable | null = null
  let changes = 0

  function dispatch({ feeds, blobs, views }: StoreChange): void {
    for (const identity of feeds) tellFeed(identity)
    if (blobs.size > 0) for (const listener of sessions) listener.blobs(blobs)
    if (views) timer ??= after(viewsEveryMs, tellViews)
    changes += feeds.size
    if (changes < manyChanges) return
    changes = 0
    for (const listener of sessions) listener.many()
  }

  function tellFeed(identity: Identity): void {
    for (const listener of hearingAll) listener.feed(identity)
    const feed = byFeed.get(identity)
    if (feed !== undefined)
      for (const listener of listenersOf(feed)) if (!hearingAll.has(listener)) listener.feed(identity)
    for (const [listener, sets] of bySet) {
      if (hearingAll.has(listener) || (feed !== undefined && isHeardBy(feed, listener))) continue
      if (sets.some((keys) => hasIdentity(keys, identity))) listener.feed(identity)
    }
  }

  function tellViews(): void {
    timer = null
    for (const listener of sessions) listener.views()
  }

  function enter(listener: Listener, identities: Iterable<Identity>, heard: SparseSet<Feed>): void {
    for (const identity of identities) {
      let feed = byFeed.get(identity)
      if (feed === undefined) {
        feed = { identity, first: null, others: null }
        byFeed.set(identity, feed)
      } else if (isHeardBy(feed, listener)) {
        continue
      }
      addListener(feed, listener)
      heard.add(feed)
    }
  }

  function clear(listener: Listener, heard: SparseSet<Feed>): void {
    bySet.delete(listener)
    for (const feed of heard) {
      removeListener(feed, listener)
      if (feed.first === null) byFeed.delete(feed.identity)
    }
    heard.clear()
  }

  function leave(listener: Listener): void {
    sessions.delete(listener)
    hearingAll.delete(listener)
    if (sessions.size > 0) return
    watching?.[Symbol.dispose]()
    timer?.[Symbol.dispose]()
    watching = timer = null
  }

  function enterSet(listener: Listener, keys: Uint8Array, heard: SparseSet<Feed>): void {
    if (hearingAll.has(listener)) return
    if (keyCount(keys) <= maxEntered) enter(listener, identitiesOf(keys), heard)
    else bySet.set(listener, [...(bySet.get(listener) ?? []), keys])
  }

  const hearAll = (listener: Listener): void => void hearingAll.add(listener)
  const places: Places = { enter, enterSet, hearAll, clear, leave }

  return {
    join(store, listener) {
      sessions.add(listener)
      watching ??= store.watch(dispatch)
      return new SessionInterest(listener, places)
    },
    changed(identities) {
      for (const identity of identities) tellFeed(identity)
    },
    name: (identity) => byFeed.get(identity)?.identity ?? identity,
  }
}

/** A class, because each session has one. */
class SessionInterest implements Interest {
  readonly #listener: Listener
  readonly #places: Places
  readonly #heard = new SparseSet<Feed>()

  constructor(listener: Listener, places: Places) {
    this.#listener = listener
    this.#places = places
  }

  add(identities: Iterable<Identity>): void {
    this.#places.enter(this.#listener, identities, this.#heard)
  }

  addSet(keys: Uint8Array): void {
    this.#places.enterSet(this.#listener, keys, this.#heard)
  }

  addAll(): void {
    this.#places.hearAll(this.#listener)
  }

  clear(): void {
    this.#places.clear(this.#listener, this.#heard)
  }

  [Symbol.dispose](): void {
    this.clear()
    this.#places.leave(this.#listener)
  }
}

// In the order in which they came: the first is the oldest, and whoever is next takes its place.

function* listenersOf({ first, others }: Feed): Iterable<Listener> {
  if (first !== null) yield first
  if (others !== null) yield* others
}

function isHeardBy({ first, others }: Feed, listener: Listener): boolean {
  return first === listener || others?.has(listener) === true
}

function addListener(feed: Feed, listener: Listener): void {
  if (feed.first === null) {
    feed.first = listener
    return
  }
  feed.others ??= new Set()
  feed.others.add(listener)
}

function removeListener(feed: Feed, listener: Listener): void {
  feed.others?.delete(listener)
  if (feed.first !== listener) return
  const [next = null] = feed.others ?? []
  feed.first = next
  if (next !== null) feed.others?.delete(next)
}
