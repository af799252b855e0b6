/**
 * Chance that can be replayed: one seed gives one sequence, on every platform.
 *
 *     seed ─FNV-1a, SplitMix32▶ 128 bits of state ─SFC32▶ bytes, integers, picks
 *
 * Not for keys that anybody relies on.
 *
 * @module
 */
import type { RandomBytes } from '@effigy/core'

export interface Random {
  /** What to quote to replay: `createRandom(random.seed)` gives the same sequence from its start. */
  readonly seed: string
  bytes(length: number): Uint8Array
  /** A whole number, 0 ≤ n < `max`; `max` from 1 to 2^53. */
  integer(max: number): number
  /** One member; the list may not be empty. */
  pick<Item>(list: readonly Item[]): Item
  /** A new list in another order. */
  shuffle<Item>(list: readonly Item[]): Item[]
  /** True with probability `p`: 0 never, 1 always; these two draw nothing. */
  chance(p: number): boolean
  /** A stream of its own that depends on the seed and `name` only, not on what was drawn so far. */
  fork(name: string): Random
  /** `seed "…"`, for messages of failing tests. */
  toString(): string
}

/** A number and its text are one seed. `integer` throws a RangeError for what is no whole number from 1 to 2^53, `pick` for an empty list. */
export function createRandom(seed: string | number): Random {
  const text = String(seed)
  const next32 = sfc32(text)

  const integer = (max: number): number => {
    if (!(Number.isInteger(max) && max >= 1 && max <= 2 ** 53)) throw new RangeError(`integer(${max})`)
    // 53 bits, so that the bias stays below 2^-21 for any max below 2^32.
    const fraction = ((next32() >>> 5) * 2 ** 26 + (next32() >>> 6)) / 2 ** 53
    return Math.floor(fraction * max)
  }

  return {
    seed: text,
    bytes(length) {
      const out = new Uint8Array(length)
      for (let at = 0; at < length; at += 4) {
        const word = next32()
        for (let byte = 0; byte < 4 && at + byte < length; byte++) out[at + byte] = word >>> (8 * byte)
      }
      return out
    },
    integer,
    pick(list) {
      if (list.length === 0) throw new RangeError('pick from an empty list')
      return list[integer(list.length)]!
    },
    shuffle(list) {
      const out = [...list]
      for (let last = out.length - 1; last > 0; last--) {
        const other = integer(last + 1)
        ;[out[last], out[other]] = [out[other]!, out[last]!]
      }
      return out
    },
    chance(p) {
      if (p <= 0) return false
      return p >= 1 || next32() < p * 2 ** 32
    },
    fork: (name) => createRandom(`${text}/${name}`),
    toString: () => `seed ${JSON.stringify(text)}`,
  }
}

/** The port `RandomBytes` filled from a seed. */
export function seededRandomBytes(seed: string | number): RandomBytes {
  const random = createRandom(seed)
  return (length) => random.bytes(length)
}

/** Chris Doty-Humphrey's SFC32; gives unsigned 32-bit words. */
function sfc32(seed: string): () => number {
  const split = splitMix32(fnv1a(seed))
  // The hash alone has 32 bits: the seed's length and a second hash keep more seeds apart.
  const other = splitMix32(fnv1a(`${seed.length}:${seed}`))
  let a = split()
  let b = other()
  let c = split()
  let counter = 1
  const next = (): number => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return sum >>> 0
  }
  for (let warm = 0; warm < 12; warm++) next()
  return next
}

/** Over UTF-16 units, both bytes of each. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193)
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193)
  }
  return hash
}

function splitMix32(start: number): () => number {
  let state = start | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let word = state ^ (state >>> 16)
    word = Math.imul(word, 0x21f0aaad)
    word ^= word >>> 15
    word = Math.imul(word, 0x735a2d97)
    return word ^ (word >>> 15)
  }
}
