import { expect, test } from 'vitest'
import { createBlobWindow } from './blob-window.ts'

const blockBytes = 262_144

function windowOf(bytesPerSecond: number, seconds: number, bytes = blockBytes) {
  let nowMs = 0
  const window = createBlobWindow(() => nowMs)
  window.begin()
  while (nowMs < seconds * 1000) {
    nowMs += (bytes / bytesPerSecond) * 1000
    window.arrived(bytes)
  }
  return window
}

test('[R7] a fast source is asked for 6 MiB ahead, a slow one for what it gives in two seconds', () => {
  expect(windowOf(50_000_000, 0.2).blocks).toBe(24)
  expect(windowOf(50_000_000, 3).blocks).toBe(24)
  expect(windowOf(1_000_000, 5).blocks).toBe(8)
  expect(windowOf(20_000, 60).blocks).toBe(2)
})

test('[R7] many small blocks are more at once', () => {
  expect(windowOf(1_000_000, 5, 2_000).blocks).toBe(48)
})

test('[R7] whole blocks, but pieces of them from a source that takes seconds for one', () => {
  expect(windowOf(1_000_000, 5).pieceBytes).toBeNull()
  expect(windowOf(20_000, 60).pieceBytes).toBe(32 * 1024)
})

test('[R7] one that becomes slow, and fast again', () => {
  let nowMs = 0
  const window = createBlobWindow(() => nowMs)
  const blocks = (count: number, everyMs: number) => {
    for (let block = 0; block < count; block++) {
      nowMs += everyMs
      window.arrived(blockBytes)
    }
    return window.blocks
  }
  expect(blocks(50, 10)).toBe(24)
  expect(blocks(5, 5_000)).toBe(2)
  expect(window.pieceBytes).not.toBeNull()
  expect(blocks(400, 10)).toBe(24)
  expect(window.pieceBytes).toBeNull()
})
