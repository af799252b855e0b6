/**
 * Finds what two sets differ in, from the other side's cells (spec C6, C7).
 *
 *     their cells − ours ─▶ a cell with one print in it ─▶ peeled from all its cells ─▶ … ─▶ cell 0 is empty
 *
 * Whoever made the cells may lie (T29). Each print is peeled once, there are never more prints than
 * cells, and a print must belong to the cell it was found in: so the work is bounded by what was
 * received, a few ms for the most that is taken. What comes out is checked by the hash of the whole set.
 *
 * @module
 */
import { createByteReader } from '@effigy/core'
import {
  type CellMaker,
  checkOf,
  emptyCells,
  expectedCount,
  generatorStep,
  maxCells,
  mix,
  nextIndex,
} from './cells.ts'
import type { Prints } from './prints.ts'

export type PeelState =
  /** More cells are needed. */
  | 'open'
  | 'done'
  /** No honest cells give this, or there were more than `maxCells`. */
  | 'failed'

export interface Peeler {
  readonly state: PeelState
  readonly received: number
  /** `count` further cells of their set. Gives the state. */
  take(bytes: Uint8Array, count: number): PeelState
  /** Prints that the other side alone has, and those that we alone have. */
  readonly theirs: Prints
  readonly ours: Prints
}

/** No set is larger (spec C2, C5); a count beyond it is false. */
export const maxSetSize: number = 2 ** 21

interface Peeled {
  readonly low: number
  readonly high: number
  readonly check: number
  /** 1: theirs, −1: ours. */
  readonly side: 1 | -1
  /** Where it goes next. */
  index: number
  state: number
}

/** `own` makes the cells of our set; `theirSize` is the size that they claim for theirs. */
export function createPeeler(own: CellMaker, theirSize: number): Peeler {
  const { sums, checks, counts } = emptyCells()
  const peeled: Peeled[] = []
  const seen = new Set<string>()
  const pure: number[] = []
  let received = 0
  let state: PeelState = 'open'

  const fail = (): PeelState => {
    state = 'failed'
    return state
  }

  function look(index: number): void {
    const count = counts[index] as number
    if (count !== 1 && count !== -1) return
    if (checkOf(sums[index * 2] as number, sums[index * 2 + 1] as number) === checks[index]) pure.push(index)
  }

  function subtract(item: Peeled, end: number): void {
    while (item.index < end) {
      const { index } = item
      sums[index * 2] = (sums[index * 2] as number) ^ item.low
      sums[index * 2 + 1] = (sums[index * 2 + 1] as number) ^ item.high
      checks[index] = (checks[index] as number) ^ item.check
      counts[index] = (counts[index] as number) - item.side
      look(index)
      item.state = (item.state + generatorStep) >>> 0
      item.index = nextIndex(index, mix(item.state, item.high))
    }
  }

  const isEmpty = (index: number): boolean =>
    sums[index * 2] === 0 && sums[index * 2 + 1] === 0 && checks[index] === 0 && counts[index] === 0

  /** False when honest cells cannot be like that. */
  function peel(): boolean {
    for (let index = pure.pop(); index !== undefined; index = pure.pop()) {
      const count = counts[index] as number
      const low = sums[index * 2] as number
      const high = sums[index * 2 + 1] as number
      // It may have been peeled by way of another cell since it was found.
      if ((count !== 1 && count !== -1) || checkOf(low, high) !== checks[index]) continue
      const key = `${low}.${high}`
      if (seen.has(key) || seen.size === received) return false
      seen.add(key)
      const item: Peeled = { low, high, check: checkOf(low, high), side: count, index: 0, state: low }
      peeled.push(item)
      subtract(item, received)
      // A print that stays where it was found does not belong there.
      if (sums[index * 2] === low && sums[index * 2 + 1] === high) return false
    }
    return true
  }

  function take(bytes: Uint8Array, count: number): PeelState {
    if (state !== 'open') return state
    const end = received + count
    if (end > maxCells || theirSize > maxSetSize) return fail()
    own.extend(end)
    const reader = createByteReader(bytes)
    for (let index = received; index < end; index++) {
      const fixed = reader.bytes(12)
      const zigzag = reader.varint()
      if (fixed === null || zigzag === null || zigzag > maxSetSize * 2) return fail()
      const view = new DataView(fixed.buffer, fixed.byteOffset, 12)
      sums[index * 2] = view.getUint32(0, true) ^ (own.cells.sums[index * 2] as number)
      sums[index * 2 + 1] = view.getUint32(4, true) ^ (own.cells.sums[index * 2 + 1] as number)
      checks[index] = view.getUint32(8, true) ^ (own.cells.checks[index] as number)
      const difference = zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2
      counts[index] = difference + expectedCount(theirSize, index) - (own.cells.counts[index] as number)
    }
    if (reader.left > 0) return fail()
    const from = received
    received = end
    for (const item of peeled) subtract(item, end)
    for (let index = from; index < end; index++) look(index)
    if (!peel()) return fail()
    if (received > 0 && isEmpty(0)) state = 'done'
    else if (received === maxCells) return fail()
    return state
  }

  const sideOf = (side: 1 | -1): Prints => {
    const items = peeled.filter((item) => item.side === side)
    const prints = new Uint32Array(items.length * 2)
    for (const [at, { low, high }] of items.entries()) prints.set([low, high], at * 2)
    return prints
  }

  return {
    get state() {
      return state
    },
    get received() {
      return received
    },
    take,
    get theirs() {
      return sideOf(1)
    },
    get ours() {
      return sideOf(-1)
    },
  }
}
