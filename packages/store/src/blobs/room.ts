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
import type { BlockTable } from './block-table.ts'

export interface RoomPorts {
  readonly table: Pick<BlockTable, 'size' | 'below'>
  /** Ms. */
  readonly now: () => number
  /** Another number when others have their turn. */
  readonly turn: () => number
}

/** Ms. A root of which nothing came for so long keeps no room: nobody may have the rest of it. */
const comesMs = 10 * 60_000

/** Roots whose blocks are counted for one list, each a walk through what is here of it; others have their turn. */
const mostCounted = 32

interface Begun {
  readonly root: Cid
  readonly missing: number
  readonly comes: boolean
}

/** Tells for each of `wants` whether it fits into `room`, in bytes. */
export function fitting(
  wants: readonly BlobWant[],
  room: number,
  ports: RoomPorts,
): (want: BlobWant) => boolean {
  if (wants.reduce((sum, { size }) => sum + size, 0) <= room) return () => true
  const begun = countBegun(wants, ports).sort((a, b) => a.missing - b.missing)
  const going = new Set<Cid>()
  let left = room
  for (const { root, missing } of begun.filter(({ comes }) => comes)) {
    if (missing > left) continue
    left -= missing
    going.add(root)
  }
  for (const { root, missing, comes } of begun) if (!comes && missing <= left) going.add(root)
  const counted = new Set(begun.map(({ root }) => root))
  return ({ root, size }) => going.has(root) || (!counted.has(root) && size <= left)
}

function countBegun(wants: readonly BlobWant[], { table, now, turn }: RoomPorts): Begun[] {
  const sizes = new Map<Cid, number>()
  for (const { root, size } of wants) {
    // A raw block is here or not.
    if (!isRawCid(root) && !sizes.has(root) && table.size(root) !== null) sizes.set(root, size)
  }
  const all = [...sizes]
  const start = all.length > mostCounted ? (turn() * mostCounted) % all.length : 0
  return [...all.slice(start), ...all.slice(0, start)].slice(0, mostCounted).map(([root, size]) => {
    const { bytes, used } = table.below(root)
    return { root, missing: Math.max(0, size - bytes), comes: now() - used < comesMs }
  })
}
