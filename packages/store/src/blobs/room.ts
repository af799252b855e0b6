/**
 * Which wanted roots fit into the room that is left (spec B17): what is here of one needs none, and whoever has begun goes on first.
 *
 *     room ─ less what those lack that come now, who lacks least first ─▶ left ─▶ those that began long ago, and new ones
 *
 * Without it files that began together take the room from each other, and all of them stay half here.
 *
 * @module
 */
import { type Cid, isRawCid } from '@effigy/core'
import type { BlobWant } from '../store.ts'
import { type BegunCounts, type BegunCountsPorts, createBegunCounts } from './begun-counts.ts'
import type { BlockTable } from './block-table.ts'

export interface RoomPorts {
  /** The block file. */
  readonly db: BegunCountsPorts['db']
  readonly table: () => Pick<BlockTable, 'size' | 'isPinned'>
  /** Ms. */
  readonly now: () => number
  /** Another number when others have their turn. */
  readonly turn: () => number
}

/** Ms. A root of which nothing came for so long keeps no room: nobody may have the rest of it. */
const comesMs = 10 * 60_000

/** Roots whose blocks are counted for one list; others have their turn. */
const mostCounted = 32

interface Begun {
  readonly root: Cid
  readonly missing: number
  readonly comes: boolean
}

export interface Room {
  readonly begun: BegunCounts
  /** Tells for each of `wants` whether it fits into `room`, in bytes. */
  fitting(wants: readonly BlobWant[], room: number): (want: BlobWant) => boolean
}

/** For a store that has a bound; one that has none, as in browsers, does not load it. */
export function createRoom({ db, table, now, turn }: RoomPorts): Room {
  const begun = createBegunCounts({ db, now, isPinned: (root) => table().isPinned(root) })

  function countBegun(wants: readonly BlobWant[]): Begun[] {
    const sizes = new Map<Cid, number>()
    for (const { root, size } of wants) {
      const least = sizes.get(root)
      // What is too small shows itself when more comes; one that is too large would keep out a file of others for ever.
      if (least !== undefined) sizes.set(root, Math.min(least, size))
      // A raw block is here or not.
      else if (!isRawCid(root) && table().size(root) !== null) sizes.set(root, size)
    }
    const all = [...sizes]
    const start = all.length > mostCounted ? (turn() * mostCounted) % all.length : 0
    const turns = [...all.slice(start), ...all.slice(0, start)].slice(0, mostCounted)
    return turns.flatMap(([root, size]) => {
      const here = begun.of(root)
      if (here === null) return []
      return [{ root, missing: Math.max(0, size - here.bytes), comes: now() - here.used < comesMs }]
    })
  }

  return {
    begun,
    fitting(wants, room) {
      if (wants.reduce((sum, { size }) => sum + size, 0) <= room) return () => true
      const counted = countBegun(wants).sort((a, b) => a.missing - b.missing)
      const going = new Set<Cid>()
      let left = room
      for (const { root, missing } of counted.filter(({ comes }) => comes)) {
        if (missing > left) continue
        left -= missing
        going.add(root)
      }
      for (const { root, missing, comes } of counted) if (!comes && missing <= left) going.add(root)
      const roots = new Set(counted.map(({ root }) => root))
      return ({ root, size }) => going.has(root) || (!roots.has(root) && size <= left)
    },
  }
}
