import { describe, expect, test } from 'vitest'
import { defaultSessionLimits, maxFrameBytes, maxHeaderBytes, maxListedIds } from '../limits.ts'
import { createPace, frameWeight } from './pace.ts'

const { framesPerSecond, frameBurst, bytesPerSecond, byteBurst } = defaultSessionLimits

describe('[T16] what a frame costs', () => {
  test('an ordinary one counts one; a list by its names, a header by its length', () => {
    expect(frameWeight(60, { type: 'ping', id: 1 })).toBe(1)
    expect(frameWeight(60, null)).toBe(1)
    expect(frameWeight(maxHeaderBytes, null)).toBe(65)
    for (const type of ['getheads', 'getentry'] as const) {
      expect(frameWeight(60, { type, id: 1, count: maxListedIds })).toBe(101)
    }
    expect(frameWeight(60, { type: 'heads', count: 9, online: 0 })).toBe(1)
    expect(frameWeight(4_000, { type: 'ihave', re: 1, sizes: new Array(1000).fill(1) })).toBe(104)
  })

  test('entries and blobs are not slowed: 896 KiB batches and 256 KiB blobs at 250 MB/s for ten seconds', () => {
    for (const frameBytes of [maxFrameBytes, 256 * 1024]) {
      const frames = createPace(framesPerSecond, frameBurst)
      const bytes = createPace(bytesPerSecond, byteBurst)
      const perMs = 250_000 / frameBytes
      for (let sent = 0; sent < 10_000 * perMs; sent++) {
        const nowMs = sent / perMs
        expect(frames.take(nowMs, frameWeight(100, null))).toBe(0)
        expect(bytes.take(nowMs, frameBytes)).toBe(0)
      }
    }
  })

  test('99,000 names at once, then 49,000 a second', () => {
    const frames = createPace(framesPerSecond, frameBurst)
    const weight = frameWeight(60, { type: 'watch', id: 1, count: maxListedIds, replace: false })
    for (let sent = 0; sent < 99; sent++) expect(frames.take(0, weight)).toBe(0)
    let nowMs = 0
    let taken = 0
    while (nowMs < 10_000) {
      nowMs += frames.take(nowMs, weight)
      taken++
    }
    expect(taken).toBeLessThan(501)
  })

  test('rests are short, whatever the frame', () => {
    expect(createPace(framesPerSecond, 0).take(0, frameWeight(maxHeaderBytes, null) + 100)).toBeLessThan(50)
    expect(createPace(bytesPerSecond, 0).take(0, maxFrameBytes)).toBeLessThan(5)
  })
})
