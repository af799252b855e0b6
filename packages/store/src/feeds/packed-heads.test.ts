/** What is kept of watched heads (spec C4), whatever order SQLite gives it in. */
import { expect, test } from 'vitest'
import { cutRows, giveHeads, joinPacked, mergePacked, rowBytes } from './packed-heads.ts'

const rowOf = (feed: number, fill: number, isBare = false): Uint8Array => {
  const row = new Uint8Array(rowBytes).fill(fill)
  const view = new DataView(row.buffer)
  view.setUint32(0, Math.floor(feed / 2 ** 32))
  view.setUint32(4, feed % 2 ** 32)
  if (isBare) row.fill(0, 40)
  return row
}
const rowsOf = (...rows: Uint8Array[]): Uint8Array => Uint8Array.from(rows.flatMap((row) => [...row]))
const large = 2 ** 40 + 5

test('[C4] rows in any order, at any place in memory, are packed in the order of feeds', () => {
  const sorted = cutRows(rowsOf(rowOf(3, 3), rowOf(9, 9), rowOf(large, 7)))
  expect([...sorted.feeds]).toEqual([3, 9, large])
  const shifted = new Uint8Array(1 + 3 * rowBytes)
  shifted.set(rowsOf(rowOf(large, 7), rowOf(3, 3), rowOf(9, 9)), 1)
  expect(cutRows(shifted.subarray(1))).toEqual(sorted)
})

test('[C4] parts are joined, changes win, and feeds without a head stand apart', () => {
  const parts = [cutRows(rowsOf(rowOf(1, 1), rowOf(2, 2))), cutRows(rowsOf(rowOf(5, 5, true)))]
  const packed = mergePacked(
    joinPacked(parts),
    new Map([
      [2, null],
      [3, new Uint8Array(48).fill(33)],
      [1, new Uint8Array(48).fill(11)],
      [7, new Uint8Array(32).fill(70)],
    ]),
  )
  expect([...packed.feeds]).toEqual([1, 3, 5, 7])
  const { keys, digests, headless } = giveHeads(packed)
  expect([keys[0], keys[32], keys.length]).toEqual([11, 33, 64])
  expect([digests[0], digests[16], digests.length]).toEqual([11, 33, 32])
  expect([headless[0], headless[32], headless.length]).toEqual([5, 70, 64])
  expect(joinPacked([]).feeds.length).toBe(0)
})
