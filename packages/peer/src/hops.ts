/**
 * Friends of friends: feeds that are watched because people whom we follow follow them (spec S15, G8).
 *
 *     my follows ─their follows▶ the most named, up to a cap ─▶ watched at hop 1 ─their follows▶ … hop 2
 *                                                                    └ no longer reached ─▶ forgotten
 *
 * Nobody who is blocked or muted, on whatever device (G8); nobody who is watched for themselves: an own watch beats one of these.
 *
 * @module
 */
import { type Account, EffigyError, type Identity, type Root } from '@effigy/core'
import type { Persons, Store, StoreChange, WatchPolicy } from '@effigy/store'
import type { Clock, Log } from '@effigy/sync'
import { unwatched } from './kept-services.ts'
import { groupHop, isForItself, isHop } from './relations.ts'

export interface HopLevel {
  readonly depth: WatchPolicy['depth']
  readonly blobs: WatchPolicy['blobs']
  /** Feeds that are watched at that distance, at most (T18); from 1 to `maxHopFeeds`. */
  readonly maxFeeds: number
}

/** Friends of friends, and theirs: beyond that is everybody. */
export const maxHops = 2
export const maxHopFeeds = 10_000

/** Looked at of all sources of one level: some 100 ms of work for a hostile graph. */
const maxNamed = 50_000
/** Of one source. */
const maxNamedByOne = 1_000
/** Asked at one level, those whom most follow first: each has 16 names at least. */
const maxSources: number = Math.floor(maxNamed / 16)

/** Ms after a change of the graph: a sync brings many. */
const settleMs = 1_000
/** Ms between two looks. */
const betweenMs = 5_000

/** Feeds that are forgotten at once, and ms until the next: what was fetched of them may be much. */
const forgottenAtOnce = 4
const forgetMs = 20
/** Ms until it is tried again when the store could not. */
const failedMs = 60_000

const settingKey = 'hops'

type Shunned = Pick<Persons, 'identities' | 'roots'>

export interface HopsDeps {
  readonly store: Store
  readonly self: Identity
  readonly clock: Clock
  readonly log: Log
  /** These are watched now, or no longer. */
  readonly onChange: (identities: readonly Identity[]) => void
}

export interface Hops extends Disposable {
  /** From the nearest on; empty: only who is followed. */
  readonly levels: readonly HopLevel[]
  /** Durable; takes effect at once. Throws `RangeError`. */
  set(levels: readonly HopLevel[]): void
  /** One's own follows, blocks, mutes or watches have changed. */
  update(): void
  /** For each commit: looks again soon where the graph may have changed. */
  changed(change: StoreChange): void
}

export function createHops({ store, self, clock, log, onChange }: HopsDeps): Hops {
  let levels = readLevels(store.setting(settingKey))
  const watching = new Set<Identity>()
  const leaving = new Set<Identity>()
  /** Whose follows matter. */
  let sources = new Set<Identity>()
  let timer: Disposable | null = null
  let forgetting: Disposable | null = null
  let lookedMs: number | null = null

  if (levels !== null) {
    for (const { identity, watched, policy, heldCount } of store.feeds()) {
      if (!isHop(policy)) continue
      if (watched) watching.add(identity)
      else if (heldCount > 0) leaving.add(identity)
    }
  }

  function reached(): ReadonlyMap<Identity, WatchPolicy> {
    const followed = store.relations(self, 'follow')
    const [blocked, muted] = [store.persons(self, 'block'), store.persons(self, 'mute')]
    const shunned = {
      identities: new Set([...blocked.identities, ...muted.identities]),
      roots: new Set([...blocked.roots, ...muted.roots]),
    }
    const known = new Set([self, ...followed])
    const found = new Map<Identity, WatchPolicy>()
    let near = followed.filter((identity) => !blocked.identities.has(identity))
    sources = new Set()
    for (const [index, { depth, blobs, maxFeeds }] of (levels ?? []).entries()) {
      const lists = listsOf(near)
      // Other devices of somebody who is shunned: told by those whom one follows oneself, no stranger's word counts.
      if (index === 0) learnRoots(shunned, [store.follows(self, maxNamed), ...lists])
      near = mostNamed(lists, known, shunned, maxFeeds)
      for (const identity of near) {
        known.add(identity)
        found.set(identity, { depth, blobs, hop: index + 1 })
      }
      // A person is all of their devices, as far as there is room; the key of an account leads to them.
      for (const device of near.flatMap(devicesOf).slice(0, maxFeeds - near.length)) {
        if (known.has(device) || shunned.identities.has(device)) continue
        known.add(device)
        found.set(device, { depth, blobs, hop: index + 1 })
      }
    }
    return found
  }

  function devicesOf(identity: Identity): readonly Identity[] {
    const { synods } = store
    return (synods?.siblings(identity) ?? []).filter((each) => synods?.standing(each).type === 'member')
  }

  /** Whom the first of them follow, the newest of each: never more than `maxNamed` altogether, however many they are. */
  function listsOf(from: readonly Identity[]): readonly (readonly Account[])[] {
    const asked = from.slice(0, maxSources)
    const each = Math.min(maxNamedByOne, Math.floor(maxNamed / Math.max(1, asked.length)))
    return asked.map((source) => {
      sources.add(source)
      for (const sibling of store.synods?.siblings(source) ?? []) sources.add(sibling)
      return store.follows(source, each)
    })
  }

  /** Those whom most of the sources follow; among equals who is watched already, then the newest of each source. */
  function mostNamed(
    lists: readonly (readonly Account[])[],
    known: ReadonlySet<Identity>,
    shunned: Shunned,
    limit: number,
  ): Identity[] {
    const votes = new Map<Identity, { count: number; place: number }>()
    for (const list of lists) {
      for (const [place, { identity, root }] of list.entries()) {
        if (known.has(identity) || shunned.identities.has(identity)) continue
        if (root !== null && shunned.roots.has(root)) continue
        const vote = votes.get(identity)
        if (vote === undefined) votes.set(identity, { count: 1, place })
        else {
          vote.count++
          vote.place = Math.min(vote.place, place)
        }
      }
    }
    const isNew = (identity: Identity): number => (watching.has(identity) ? 0 : 1)
    return [...votes]
      .sort(
        ([a, of], [b, other]) =>
          other.count - of.count || isNew(a) - isNew(b) || of.place - other.place || (a < b ? -1 : 1),
      )
      .slice(0, limit)
      .map(([identity]) => identity)
  }

  function look(): void {
    if (levels === null) return
    lookedMs = clock.monotonic()
    const wanted = reached()
    const changes: Identity[] = []
    for (const identity of [...watching]) {
      if (wanted.has(identity)) continue
      watching.delete(identity)
      // Followed or watched for itself by now: no longer ours.
      const policy = store.feed(identity)?.policy
      if (policy === undefined || !isHop(policy)) continue
      store.watchFeed(identity, unwatched(store, identity))
      leaving.add(identity)
      changes.push(identity)
    }
    for (const [identity, policy] of wanted) {
      const state = store.feed(identity)
      const isOwn = state?.watched === true && (isForItself(state.policy) || state.policy.hop === groupHop)
      if (isOwn) watching.delete(identity)
      else {
        watching.add(identity)
        leaving.delete(identity)
        if (state?.watched === true && isSame(state.policy, policy)) continue
        store.watchFeed(identity, policy)
        changes.push(identity)
      }
    }
    if (changes.length > 0) onChange(changes)
    forgetSoon()
  }

  function forgetSoon(ms = forgetMs): void {
    if (leaving.size > 0) forgetting ??= clock.after(ms, forgetSome)
  }

  function forgetSome(): void {
    forgetting = null
    const isDone = guarded(() => {
      for (const identity of [...leaving].slice(0, forgottenAtOnce)) {
        // One that cannot be forgotten is tried again, after the others.
        leaving.delete(identity)
        leaving.add(identity)
        const state = store.feed(identity)
        if (state?.watched === false && state.policy.hop !== undefined) store.forget(identity)
        leaving.delete(identity)
      }
    })
    forgetSoon(isDone ? forgetMs : failedMs)
  }

  /** Whether it went through. */
  function guarded(work: () => void): boolean {
    try {
      work()
      return true
    } catch (cause) {
      if (!(cause instanceof EffigyError)) throw cause
      log.warn('hops.failed', { code: cause.code })
      return false
    }
  }

  function lookSoon(): void {
    const waitMs = lookedMs === null ? 0 : betweenMs - (clock.monotonic() - lookedMs)
    timer ??= clock.after(Math.max(settleMs, waitMs), () => {
      timer = null
      guarded(look)
    })
  }

  look()
  return {
    get levels() {
      return levels ?? []
    },
    set(next) {
      checkLevels(next)
      store.saveSetting(settingKey, JSON.stringify(next))
      levels = next
      look()
    },
    update: look,
    changed({ feeds, views, synods }) {
      if (levels === null || levels.length === 0 || !views) return
      if (synods !== undefined && synods.size > 0) {
        lookSoon()
        return
      }
      for (const identity of feeds) {
        if (identity !== self && !sources.has(identity)) continue
        lookSoon()
        return
      }
    },
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]()
      forgetting?.[Symbol.dispose]()
    },
  }
}

/** Of those in the lists who are shunned by another name of their account, all of it is. */
function learnRoots(
  shunned: Shunned & { readonly roots: Set<Root> },
  lists: readonly (readonly Account[])[],
): void {
  for (const { identity, root } of lists.flat()) {
    if (root !== null && shunned.identities.has(identity)) shunned.roots.add(root)
  }
}

const isSame = (a: WatchPolicy, b: WatchPolicy): boolean =>
  a.hop === b.hop &&
  JSON.stringify(a.depth) === JSON.stringify(b.depth) &&
  JSON.stringify(a.blobs) === JSON.stringify(b.blobs)

function checkLevels(levels: readonly HopLevel[]): void {
  if (levels.length > maxHops) throw new RangeError(`at most ${maxHops} hops`)
  for (const { maxFeeds } of levels) {
    if (!Number.isSafeInteger(maxFeeds) || maxFeeds < 1 || maxFeeds > maxHopFeeds) {
      throw new RangeError(`from 1 to ${maxHopFeeds} feeds a hop`)
    }
  }
}

/** Null when nobody ever asked for hops, so that there is nothing to take back either. What we wrote ourselves. */
function readLevels(text: string | null): readonly HopLevel[] | null {
  return text === null ? null : (JSON.parse(text) as readonly HopLevel[])
}
