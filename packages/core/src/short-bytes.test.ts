import { expect, test } from 'vitest'
import { keptBytes, shortBytes } from './short-bytes.ts'

test('no two arrays share a byte, and all begin as zeros', () => {
  const arrays = Array.from({ length: 200 }, (_, index) => shortBytes((index * 37) % 1030))
  for (const [index, bytes] of arrays.entries()) {
    expect(bytes.length).toBe((index * 37) % 1030)
    expect(bytes.every((byte) => byte === 0)).toBe(true)
    bytes.fill(index)
  }
  for (const [index, bytes] of arrays.entries()) expect(bytes.every((byte) => byte === index)).toBe(true)
})

test('a long one has memory of its own; a short one keeps no more than 8 KiB', () => {
  expect(shortBytes(1025).buffer.byteLength).toBe(1025)
  expect(shortBytes(1024).buffer.byteLength).toBe(8 * 1024)
})

test('what is kept keeps little more than itself', () => {
  const bytes = shortBytes(100).fill(7)
  const kept = keptBytes(bytes)
  expect(kept).toEqual(bytes)
  expect(kept.buffer.byteLength).toBe(100)
  const long = new Uint8Array(2_000)
  expect(keptBytes(long)).toBe(long)
})
