/**
 * Which wanted roots fit into the room that is left (spec B17): what is here of one needs none, and whoever has begun goes on first.
 *
 *     room ─ less what those lack that come now, who lacks least first ─▶ left ─▶ those that began long ago, and new ones
 *      ▲                                                                    │
 *      ╰─ none that began goes on: what is here of those that lack most ◀───╯
 *
 * Without it files that began together take the room from each other, and all of them stay half here.
 *
 * @module
 */
import { type Cid, type Identity, isRawCid } from '@effigy/core'
import type { Changes } from '../changes.ts'
import type { BlobWant } from '../store.ts'
import { type BegunCounts, type BegunCountsPorts, createBegunCounts } from './begun-counts.ts'
import type { BlockTable } from './block-table.ts'
import type { Completion } from './completion.ts'
import type { Holds } from './holds.ts'
import type { RootTable } from './root-table.ts'

export interface RoomPorts {
  /** The block file. */
  readonly db: BegunCountsPorts['db']
  /** Ms. */
  readonly now: () => number
  /** Of what they hold nothing goes. */
  readonly own: () => readonly Identity[]
  /** Asked for late: they are made after it. */
  readonly parts: () => RoomParts
}

interface RoomParts {
  readonly table: Pick<BlockTable, 'size' | 'isPinned' | 'usage'>
  readonly roots: Pick<RootTable, 'holders'>
  readonly holds: Pick<Holds, 'forget' | 'settleAll'>
  readonly completion: Pick<Completion, 'missing'>
  readonly changes: Pick<Changes, 'isRunning'>
  /** Whether it is kept neither by a pin nor for something else. */
  readonly mayGo: (root: Cid) => boolean
  /** Takes away what is here of them. */
  readonly remove: (roots: readonly Cid[]) => void
  /** Does without what a full disk has no room for. */
  readonly noteHere: (write: () => void) => void
}

/** Ms. A root of which nothing came for so long keeps no room, and is not waited for when it was asked for so long: nobody may have the rest. */
const comesMs = 10 * 60_000

/** Ms until it is looked again who could make way, when nobody could. */
const restMs = 60_000

interface Begun {
  readonly root: Cid
  readonly bytes: number
  readonly missing: number
  readonly comes: boolean
}

interface Plan {
  readonly going: ReadonlySet<Cid>
  fits(want: BlobWant): boolean
}

export interface Room {
  readonly begun: BegunCounts
  /** Tells for each of `wants` whether it fits into `room`, in bytes. Not inside a transaction. */
  fitting(wants: readonly BlobWant[], room: number): (want: BlobWant) => boolean
}

/** For a store that has a bound; one that has none, as in browsers, does not load it. */
export function createRoom({ db, now, own, parts }: RoomPorts): Room {
  const begun = createBegunCounts({ db, now, isPinned: (root) => parts().table.isPinned(root) })
  /** Since when those are asked for of which nothing comes, ms. */
  const asked = new Map<Cid, number>()
  let lookedAt = Number.NEGATIVE_INFINITY
  /** For whom others made way last: its room is its own until it comes. */
  let favoured: { readonly root: Cid; readonly at: number } | null = null

  /** Who lacks least first; `isAll`: each that has begun was counted. */
  function countBegun(wants: readonly BlobWant[]): { readonly counted: readonly Begun[]; isAll: boolean } {
    const counted: Begun[] = []
    let isAll = true
    const seen = new Set<Cid>()
    const { table } = parts()
    const isRecent = (at: number): boolean => now() - at < comesMs
    for (const { root, size } of wants) {
      // A raw block is here or not.
      if (isRawCid(root) || seen.has(root) || table.size(root) === null) continue
      seen.add(root)
      const here = begun.of(root)
      if (here === null) {
        isAll = false
        continue
      }
      const { bytes, used } = here
      const comes = isRecent(used) || (favoured?.root === root && isRecent(favoured.at))
      counted.push({ root, bytes, missing: Math.max(0, size - bytes), comes })
    }
    return { counted: counted.sort((a, b) => a.missing - b.missing), isAll }
  }

  function planOf(counted: readonly Begun[], room: number): Plan {
    const going = new Set<Cid>()
    let left = room
    for (const { root, missing } of counted.filter(({ comes }) => comes)) {
      if (missing > left) continue
      left -= missing
      going.add(root)
    }
    for (const { root, missing, comes } of counted) if (!comes && missing <= left) going.add(root)
    const roots = new Set(counted.map(({ root }) => root))
    return { going, fits: ({ root, size }) => going.has(root) || (!roots.has(root) && size <= left) }
  }

  function noteAsked(counted: readonly Begun[], going: ReadonlySet<Cid>): void {
    const before = new Map(asked)
    asked.clear()
    for (const { root, comes } of counted)
      if (!comes && going.has(root)) asked.set(root, before.get(root) ?? now())
  }

  const isVain = (root: Cid): boolean => now() - (asked.get(root) ?? now()) >= comesMs

  function mayMakeWay(root: Cid): boolean {
    const { mayGo, roots } = parts()
    const holders = new Set(roots.holders(root))
    return mayGo(root) && !own().some((identity) => holders.has(`feed:${identity}`))
  }

  /** Who is to make way when none goes on that may come to its end: no more than it takes, for one of them. */
  function inTheWay(counted: readonly Begun[], going: ReadonlySet<Cid>, room: number): readonly Cid[] {
    const hopeful = counted.filter(({ root }) => !isVain(root))
    if (hopeful.length === 0 || hopeful.some(({ root }) => going.has(root))) return []
    if (now() - lookedAt < restMs) return []
    const others = counted
      .filter(({ root, missing }) => missing > 0 && mayMakeWay(root))
      .sort((a, b) => Number(isVain(b.root)) - Number(isVain(a.root)) || b.missing - a.missing)
    for (const first of hopeful.toSorted((a, b) => Number(b.comes) - Number(a.comes))) {
      const gone: Cid[] = []
      let lacks = first.missing - room
      for (const { root, bytes } of others) {
        if (lacks <= 0) break
        if (root === first.root) continue
        gone.push(root)
        lacks -= bytes
      }
      if (lacks > 0) continue
      favoured = { root: first.root, at: now() }
      return gone
    }
    lookedAt = now()
    return []
  }

  /** They stay wanted. Gives the bytes of room that it made. After a power cut one may be whole and not taken to be so: then none goes. */
  function letGo(gone: readonly Cid[]): number {
    const { table, holds, completion, changes, remove, noteHere } = parts()
    const before = table.usage().heldBytes
    noteHere(() => {
      if (changes.isRunning) return
      // The block file knows all that is held now, so that nothing goes which something else holds.
      holds.settleAll()
      if (gone.some((root) => !mayMakeWay(root) || completion.missing(root, 1).length === 0)) return
      holds.forget([])
      remove(gone)
    })
    return before - table.usage().heldBytes
  }

  return {
    begun,
    fitting(wants, room) {
      if (wants.reduce((sum, { size }) => sum + size, 0) <= room) return () => true
      const { counted, isAll } = countBegun(wants)
      const plan = planOf(counted, room)
      noteAsked(counted, plan.going)
      const gone = isAll ? inTheWay(counted, plan.going, room) : []
      if (gone.length === 0) return plan.fits
      const made = letGo(gone)
      if (made === 0) lookedAt = now()
      return planOf(countBegun(wants).counted, room + made).fits
    },
  }
}
