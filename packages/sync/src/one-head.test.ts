import { encodeCompactHead, type HeadRecord, identityOfKey, rawCidOfDigest } from '@effigy/core'
import { expect, test } from 'vitest'
import { readHeads, writeHeads } from './messages-bytes.ts'
import { readOneHead } from './one-head.ts'

const record = (length: number): HeadRecord => ({
  head: {
    identity: identityOfKey(new Uint8Array(32).fill(7)),
    epoch: 1,
    length,
    comparable: 1_800_000_000_000,
    bytes: 400 * length,
    head: rawCidOfDigest(new Uint8Array(32).fill(9)),
  },
  signature: new Uint8Array(64).fill(3),
})

test('[M5] the same head is one record, and another of the same signature is not taken for it', () => {
  const [one, two] = [record(1), record(2)]
  const first = readHeads(writeHeads([one]), 1)
  expect(first).toEqual([one])
  expect(readHeads(writeHeads([one]), 1)?.[0]).toBe(first?.[0])
  expect(readHeads(writeHeads([two]), 1)).toEqual([two])
  expect(readHeads(writeHeads([one]), 1)).toEqual([one])
})

test('[M5] what is read stays what it is when the frame is written over', () => {
  const bytes = encodeCompactHead(record(3))
  const first = readOneHead(bytes)
  bytes.fill(0)
  expect(first).toEqual([record(3)])
  expect(readOneHead(encodeCompactHead(record(3)))).toEqual([record(3)])
})

test('[M5] [T1] cut short, flipped or with more behind it, it is what the plain reader says', () => {
  const bytes = encodeCompactHead(record(4))
  expect(readOneHead(bytes)).toEqual([record(4)])
  for (let length = 0; length < bytes.length; length++) expect(readOneHead(bytes.slice(0, length))).toBeNull()
  expect(readOneHead(new Uint8Array([...bytes, 0]))).toBeNull()
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = bytes.slice()
    flipped[bit >> 3] = flipped[bit >> 3]! ^ (1 << (bit & 7))
    expect(readOneHead(flipped)).not.toEqual([record(4)])
  }
})
