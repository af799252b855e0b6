/**
 * One file as a disk holds it: what the process sees, and what would survive a power loss.
 *
 *     write, truncate ─▶ pending ─sync▶ durable
 *                           └─power loss▶ kept, lost or torn, sector by sector
 *
 * @module
 */
import type { Random } from './seed.ts'

/** A write reaches the medium in pieces of this many bytes, cut at multiples of it. */
export const sectorBytes = 512

/** What becomes of changes that were not synced: by chance, none, or all. */
export type Keep = 'seeded' | 'none' | 'all'

type Change =
  | { readonly type: 'write'; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly type: 'truncate'; readonly size: number }

export interface DiskFile {
  size(): number
  /** What the process sees: a copy. */
  bytes(): Uint8Array
  /** Fills `into` from `offset` and returns how many bytes there were. */
  read(offset: number, into: Uint8Array): number
  write(offset: number, bytes: Uint8Array): void
  truncate(size: number): void
  sync(): void
  /**
   * A failed sync, as Linux does it: each pending change has reached the medium or never
   * will, the process still sees all, and a later sync does not try these again.
   */
  failSync(random: Random): void
  /** The file after a power loss; everything in it is durable. */
  survivor(random: Random, keep: Keep): DiskFile
  /** The file after the process alone died: what is pending stays so. */
  copy(): DiskFile
}

export function createDiskFile(start: Uint8Array = new Uint8Array(0)): DiskFile {
  return fileOf(createContents(start), createContents(start), [])
}

function fileOf(seen: Contents, durable: Contents, pending: Change[]): DiskFile {
  const change = (made: Change): void => {
    apply(seen, made)
    pending.push(made)
  }
  return {
    size: () => seen.size(),
    bytes: () => seen.view().slice(),
    read(offset, into) {
      const found = seen.view().subarray(offset, offset + into.length)
      into.set(found)
      return found.length
    },
    write: (offset, bytes) => change({ type: 'write', offset, bytes: bytes.slice() }),
    truncate: (size) => change({ type: 'truncate', size }),
    sync() {
      for (const made of pending.splice(0)) apply(durable, made)
    },
    failSync(random) {
      for (const made of pending.splice(0)) if (random.chance(0.5)) apply(durable, made)
    },
    survivor(random, keep) {
      const left = createContents(durable.view())
      if (keep === 'all') for (const made of pending) apply(left, made)
      if (keep === 'seeded') keepSome(random, left, pending)
      return createDiskFile(left.view())
    },
    copy: () => fileOf(createContents(seen.view()), createContents(durable.view()), [...pending]),
  }
}

/** Caches write back in any order: nothing, everything, a torn beginning, or any set of sectors. */
function keepSome(random: Random, left: Contents, pending: readonly Change[]): void {
  const sectors = pending.flatMap(splitAtSectors)
  switch (random.pick(['nothing', 'everything', 'beginning', 'any', 'any'] as const)) {
    case 'nothing':
      return
    case 'everything':
      for (const made of sectors) apply(left, made)
      return
    case 'beginning':
      for (const made of sectors.slice(0, random.integer(sectors.length + 1))) apply(left, made)
      return
    case 'any': {
      const likelihood = random.pick([0.1, 0.5, 0.9])
      for (const made of sectors) {
        if (random.chance(likelihood)) apply(left, made)
        // The size was written and the contents were not: zeros.
        else if (made.type === 'write' && random.chance(0.3)) left.grow(made.offset + made.bytes.length)
      }
      return
    }
  }
}

function splitAtSectors(made: Change): Change[] {
  if (made.type === 'truncate') return [made]
  const parts: Change[] = []
  for (let at = 0; at < made.bytes.length; ) {
    const offset = made.offset + at
    const length = Math.min(sectorBytes - (offset % sectorBytes), made.bytes.length - at)
    parts.push({ type: 'write', offset, bytes: made.bytes.subarray(at, at + length) })
    at += length
  }
  return parts
}

function apply(contents: Contents, made: Change): void {
  if (made.type === 'write') contents.write(made.offset, made.bytes)
  else contents.truncate(made.size)
}

/** Bytes that grow; gaps are zeros. */
interface Contents {
  size(): number
  /** Good until the next change. */
  view(): Uint8Array
  write(offset: number, bytes: Uint8Array): void
  /** Longer or shorter. */
  truncate(size: number): void
  /** At least `size` long. */
  grow(size: number): void
}

function createContents(start: Uint8Array): Contents {
  let buffer = start.slice()
  let size = start.length

  const grow = (wanted: number): void => {
    if (wanted > buffer.length) {
      const larger = new Uint8Array(Math.max(wanted, 2 * buffer.length))
      larger.set(buffer.subarray(0, size))
      buffer = larger
    }
    size = Math.max(size, wanted)
  }

  return {
    size: () => size,
    view: () => buffer.subarray(0, size),
    grow,
    write(offset, bytes) {
      grow(offset + bytes.length)
      buffer.set(bytes, offset)
    },
    truncate(wanted) {
      grow(wanted)
      buffer.fill(0, wanted, size)
      size = wanted
    },
  }
}
