/** What is kept of watched heads (spec C4), whatever order SQLite gives it in. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareKeys, keyBytes, orderOfKeys, takeColumn } from './key-order.ts'
import { giveHeads, mergePacked, packRows, rowBytes } from './packed-heads.ts'

const key = (fill: number): Uint8Array => new Uint8Array(keyBytes).fill(fill)
const digest = (fill: number): Uint8Array => new Uint8Array(16).fill(fill)
const joined = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]))

test('[C4] rows in any order, at any place in memory, are packed in the order of keys', () => {
  const rows = joined(key(9), digest(1), key(3), digest(2), key(200), digest(3))
  const packed = packRows(rows)
  expect(packed).toEqual({
    keys: joined(key(3), key(9), key(200)),
    digests: joined(digest(2), digest(1), digest(3)),
  })
  const shifted = new Uint8Array(1 + 3 * rowBytes)
  shifted.set(rows, 1)
  expect(packRows(shifted.subarray(1))).toEqual(packed)
})

test('[C4] changes win, what is no longer watched goes, and feeds without a head stand apart', () => {
  const packed = mergePacked(
    packRows(joined(key(1), digest(1), key(2), digest(2), key(5), digest(0), key(6), digest(6))),
    [
      { key: key(7), isWatched: true, digest: null },
      { key: key(2), isWatched: false, digest: digest(2) },
      { key: key(3), isWatched: true, digest: digest(33) },
      { key: key(4), isWatched: false, digest: null },
      { key: key(1), isWatched: true, digest: digest(11) },
      { key: key(6), isWatched: true, digest: null },
    ],
  )
  expect(giveHeads(packed)).toEqual({
    keys: joined(key(1), key(3)),
    digests: joined(digest(11), digest(33)),
    headless: joined(key(5), key(6), key(7)),
  })
})

test('[C2] keys are put in order, also where somebody made their beginnings the same', () => {
  const keys = fc.array(
    fc
      .tuple(fc.constantFrom(0, 1, 0x80, 0xff), fc.integer({ min: 0, max: 255 }))
      .map(([first, last]) => key(first).with(31, last)),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(keys, (list) => {
      const all = joined(...list)
      const column = { row: keyBytes, from: 0, length: keyBytes }
      const expected = list.toSorted((a, b) => compareKeys(a, 0, b, 0))
      expect(takeColumn(all, column, orderOfKeys(all))).toEqual(joined(...expected))
    }),
  )
})
