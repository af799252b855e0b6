/**
 * Which session hears of which feed (spec R1): a hub with ten thousand sessions must not ask each of them
 * whenever one feed changes.
 *
 *     store.watch ─▶ changed feeds ─▶ sessions that named them, and those that hear of all
 *                    views changed ─5 s▶ every session, once: what it may be asked for (R7) is another list
 *
 * One for all sessions of a peer, so that the store has one listener, and a change costs as much as there
 * are sessions that it concerns.
 *
 * @module
 */
import type { Cid, Identity } from '@effigy/core'
import type { Store, StoreChange } from '@effigy/store'
import type { Clock } from '../clock.ts'

/** What a session does when something changed; called during the commit of somebody else: only notes it. */
export interface Listener {
  readonly feed: (identity: Identity) => void
  readonly blobs: (roots: ReadonlySet<Cid>) => void
  /** Something else is shown than before, in feeds that it was not told of. */
  readonly views: () => void
}

export interface Interest extends Disposable {
  /** Hears of these from now on. */
  add(identities: Iterable<Identity>): void
  /** Hears of every feed from now on. */
  addAll(): void
}

export interface Interests {
  /** `store` is the same for all of them. */
  join(store: Pick<Store, 'watch'>, listener: Listener): Interest
}

/** Ms. Each session looks through a list of its own then. */
const viewsEveryMs = 5_000

export function createInterests({ after }: Pick<Clock, 'after'>): Interests {
  const sessions = new Set<Listener>()
  const hearingAll = new Set<Listener>()
  const byFeed = new Map<Identity, Set<Listener>>()
  let watching: Disposable | null = null
  let timer: Disposable | null = null

  function dispatch({ feeds, blobs, views }: StoreChange): void {
    for (const identity of feeds) {
      for (const { feed } of hearingAll) feed(identity)
      for (const listener of byFeed.get(identity) ?? [])
        if (!hearingAll.has(listener)) listener.feed(identity)
    }
    if (blobs.size > 0) for (const listener of sessions) listener.blobs(blobs)
    if (views) timer ??= after(viewsEveryMs, tellViews)
  }

  function tellViews(): void {
    timer = null
    for (const { views } of sessions) views()
  }

  function leave(listener: Listener, named: Iterable<Identity>): void {
    sessions.delete(listener)
    hearingAll.delete(listener)
    for (const identity of named) {
      const listeners = byFeed.get(identity)
      listeners?.delete(listener)
      if (listeners?.size === 0) byFeed.delete(identity)
    }
    if (sessions.size > 0) return
    watching?.[Symbol.dispose]()
    timer?.[Symbol.dispose]()
    watching = timer = null
  }

  return {
    join(store, listener) {
      const named = new Set<Identity>()
      sessions.add(listener)
      watching ??= store.watch(dispatch)
      return {
        add(identities) {
          for (const identity of identities) {
            if (named.has(identity)) continue
            named.add(identity)
            const listeners = byFeed.get(identity)
            if (listeners === undefined) byFeed.set(identity, new Set([listener]))
            else listeners.add(listener)
          }
        },
        addAll: () => void hearingAll.add(listener),
        [Symbol.dispose]: () => leave(listener, named),
      }
    },
  }
}
