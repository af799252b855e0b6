/**
 * Chance that comes out the same each time: a picture, an hour, an answer depend on the seed and a label alone.
 *
 * For looks and timing only. Keys of the demo are made as everywhere.
 *
 * @module
 */
import { createHash } from 'node:crypto'

export interface Chance {
  /** From 0 up to, not including, 1. */
  next(): number
  between(least: number, most: number): number
  /** Throws where there is nothing to choose from. */
  pick<Value>(values: readonly Value[]): Value
}

/** One stream of numbers for each (seed, label): mulberry32, started from their hash. */
export function chanceOf(seed: string, label: string): Chance {
  let state = createHash('sha256').update(`${seed}\n${label}`).digest().readUInt32LE(0)
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    between: (least, most) => least + (most - least) * next(),
    pick(values) {
      const value = values[Math.floor(next() * values.length)]
      if (value === undefined) throw new RangeError('nothing to choose from')
      return value
    },
  }
}
