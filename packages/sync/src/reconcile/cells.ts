/**
 * Coded cells of a set of prints, as many as the other side needs (spec C6), after "Practical Rateless
 * Set Reconciliation" (Yang, Gilad, Alizadeh, SIGCOMM 2024).
 *
 *     prints ─each in cell 0, then in cell i with density 1 / (1 + i/2)─▶ {xor of prints, xor of checks, count}
 *
 * Every print walks its own cells by a generator that it seeds itself, so cells are added without
 * end, in order, and two sides fill the same ones.
 *
 * @module
 */
import { createByteWriter } from '@effigy/core'
import { type Prints, printCount } from './prints.ts'

/** Cells that go without being asked for: they find 200 differences. */
export const firstCells = 384

/** What `credit` counts a cell as, bytes. */
export const cellCredit = 16

/** C6: above it the plain list is cheaper. */
export const maxCells = 4096

/** Made at once. */
const cellBlock = 512

/** One cell: 12 bytes and a count. */
export const minCellBytes = 13
export const maxCellBytes = 20

export interface Cells {
  /** Two words each. */
  readonly sums: Uint32Array
  readonly checks: Uint32Array
  readonly counts: Int32Array
}

export function emptyCells(): Cells {
  return {
    sums: new Uint32Array(maxCells * 2),
    checks: new Uint32Array(maxCells),
    counts: new Int32Array(maxCells),
  }
}

/** A print's next cell after `index`; `state` is that of its generator after one more `step`. */
export function nextIndex(index: number, random: number): number {
  // sqrt, division and ceil are exact in IEEE arithmetic: every language gets the same cell.
  const distance = Math.max(Math.ceil((index + 1.5) * (65_536 / Math.sqrt(random + 1) - 1)), 1)
  return index + distance
}

/** What the generator adds to its state for each number. */
export const generatorStep = 0x9e3779b9

/** The generator of a print gives `mix(low + k · step, high)` for k = 1, 2, …; 32 bits. */
export function mix(state: number, high: number): number {
  let word = state ^ high
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35)
  return (word ^ (word >>> 16)) >>> 0
}

/** Tells a print from a sum of several; 32 bits. */
export function checkOf(low: number, high: number): number {
  return mix(mix(low, 0x6a09e667) + high, 0xbb67ae85)
}

export interface CellMaker {
  readonly cells: Cells
  /** Cells that are made. */
  readonly made: number
  /**
   * Makes the cells below `count`, at most `maxCells`, and some more: each pass over the prints makes a block of
   * them, so that whoever has them come one by one makes nobody go over all prints as often (T29).
   */
  extend(count: number): void
}

export function createCellMaker(prints: Prints): CellMaker {
  const size = printCount(prints)
  const cells = emptyCells()
  const { sums, checks, counts } = cells
  const next = new Uint32Array(size)
  const states = new Uint32Array(size)
  for (let item = 0; item < size; item++) states[item] = prints[item * 2] as number
  let made = 0
  return {
    cells,
    get made() {
      return made
    },
    extend(count) {
      if (count <= made) return
      const end = Math.min(Math.ceil(count / cellBlock) * cellBlock, maxCells)
      if (end === made) return
      for (let item = 0; item < size; item++) {
        let index = next[item] as number
        if (index >= end) continue
        const low = prints[item * 2] as number
        const high = prints[item * 2 + 1] as number
        const check = checkOf(low, high)
        let state = states[item] as number
        while (index < end) {
          sums[index * 2] = (sums[index * 2] as number) ^ low
          sums[index * 2 + 1] = (sums[index * 2 + 1] as number) ^ high
          checks[index] = (checks[index] as number) ^ check
          counts[index] = (counts[index] as number) + 1
          state = (state + generatorStep) >>> 0
          index = nextIndex(index, mix(state, high))
        }
        next[item] = index
        states[item] = state
      }
      made = end
    },
  }
}

/** C6: a count travels as what it differs from the expected one. */
export function expectedCount(size: number, index: number): number {
  return Math.round(size / (1 + index / 2))
}

/** Cells from `first` below `end` of a set of `size`: sum 8 ‖ check 4 ‖ zigzag of the count's difference. */
export function encodeCells(
  { sums, checks, counts }: Cells,
  size: number,
  first: number,
  end: number,
): Uint8Array {
  const writer = createByteWriter((end - first) * 14)
  const fixed = new Uint8Array(12)
  const view = new DataView(fixed.buffer)
  for (let index = first; index < end; index++) {
    view.setUint32(0, sums[index * 2] as number, true)
    view.setUint32(4, sums[index * 2 + 1] as number, true)
    view.setUint32(8, checks[index] as number, true)
    writer.bytes(fixed)
    const difference = (counts[index] as number) - expectedCount(size, index)
    writer.varint(difference >= 0 ? difference * 2 : -difference * 2 - 1)
  }
  return writer.take()
}
