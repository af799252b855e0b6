import { identityOfKey, rawCidOfDigest } from '@effigy/core'
import { truncations } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { fill, testHead } from '../test/handshake-kit.ts'
import {
  locatorPositions,
  readCids,
  readHeads,
  readIdentities,
  readKeyedNames,
  writeCids,
  writeHeads,
  writeIdentities,
} from './messages-bytes.ts'

const identities = [1, 2, 3].map((value) => identityOfKey(fill(value)))
const cids = [1, 2, 3].map((value) => rawCidOfDigest(fill(value)))

describe('[M5] lists', () => {
  test('of identities, CIDs, names and heads read back as they were written', async () => {
    const heads = [await testHead(1), await testHead(2)]
    expect(readIdentities(writeIdentities(identities))).toEqual(identities)
    expect(readCids(writeCids(cids))).toEqual(cids)
    expect(readKeyedNames(fill(4, 64))).toEqual([fill(4), fill(4)])
    expect(readHeads(writeHeads(heads), 2)).toEqual(heads)
    expect(readIdentities(fill(0, 0))).toEqual([])
  })

  test('cut anywhere but between two items they are no list', async () => {
    const heads = writeHeads([await testHead(1), await testHead(2)])
    for (const cut of truncations(heads)) expect(readHeads(cut, 2)).toBe(null)
    for (const cut of truncations(writeCids(cids))) expect(readCids(cut) === null).toBe(cut.length % 36 !== 0)
    for (const cut of truncations(writeIdentities(identities))) {
      expect(readIdentities(cut) === null).toBe(cut.length % 32 !== 0)
    }
  })

  test('a usual head has 141 bytes', async () => {
    expect(writeHeads([await testHead(1)]).length).toBeGreaterThanOrEqual(136)
    expect(writeHeads([await testHead(1)]).length).toBeLessThanOrEqual(141)
  })

  test('a CID of another kind is refused', () => {
    const bytes = writeCids(cids)
    bytes[36] = 2
    expect(readCids(bytes)).toBe(null)
  })

  test('[T16] 1,000 and not one more', () => {
    expect(readIdentities(fill(1, 32_000))?.length).toBe(1000)
    expect(readIdentities(fill(1, 32_032))).toBe(null)
    expect(readHeads(fill(1, 200_000), 1001)).toBe(null)
    expect(() => writeIdentities(Array.from({ length: 1001 }, () => identityOfKey(fill(1))))).toThrow(
      RangeError,
    )
  })
})

test.each([
  [0, []],
  [1, [1]],
  [2, [2, 1]],
  [3, [3, 2, 1]],
  [4, [4, 3, 2]],
  [9, [9, 8, 7, 5, 1]],
])('[R3] the locator of a chain of %i', (length, positions) => {
  expect(locatorPositions(length)).toEqual(positions)
})

test('[R3] the longest locator is short', () => {
  expect(locatorPositions(Number.MAX_SAFE_INTEGER).length).toBe(54)
})
