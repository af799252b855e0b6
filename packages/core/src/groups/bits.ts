/**
 * Sets of small whole numbers: which operations another one builds on.
 *
 * @module
 */
export interface Bits {
  has(index: number): boolean
  add(index: number): void
  addAll(other: Bits): void
  readonly words: Uint32Array
}

/** What is in both. */
export function bothOf(a: Bits, b: Bits): Bits {
  const both = createBits(Math.min(a.words.length, b.words.length) * 32)
  for (let at = 0; at < both.words.length; at++) both.words[at] = (a.words[at] ?? 0) & (b.words[at] ?? 0)
  return both
}

/** Whether all that is in `a` and in `b` is in `c`. */
export function areBothIn(a: Bits, b: Bits, c: Bits): boolean {
  for (let at = 0; at < a.words.length; at++) {
    if (((a.words[at] ?? 0) & (b.words[at] ?? 0) & ~(c.words[at] ?? 0)) !== 0) return false
  }
  return true
}

/** An empty set for numbers below `size`. */
export function createBits(size: number): Bits {
  const words = new Uint32Array(Math.ceil(size / 32))
  return {
    words,
    has: (index) => (((words[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1,
    add(index) {
      words[index >>> 5] = (words[index >>> 5] ?? 0) | (1 << (index & 31))
    },
    addAll(other) {
      for (let at = 0; at < words.length; at++) words[at] = (words[at] ?? 0) | (other.words[at] ?? 0)
    },
  }
}
