import { expect, test } from 'vitest'
import { freeBytes } from './free-bytes.ts'

test('long buffers are gone at once, with every view of them', () => {
  const bytes = new Uint8Array(100_000)
  const view = bytes.subarray(10)
  freeBytes(view)
  expect([bytes.length, view.length, bytes.buffer.detached]).toEqual([0, 0, true])
  freeBytes(view)
})

test('short ones stay: several may share one allocation', () => {
  const bytes = new Uint8Array(100_000)
  freeBytes(bytes.subarray(0, 65_536))
  expect(bytes.length).toBe(100_000)
})

test('memory of several threads stays', () => {
  const bytes = new Uint8Array(new SharedArrayBuffer(100_000))
  freeBytes(bytes)
  expect(bytes.length).toBe(100_000)
})
