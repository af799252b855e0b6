import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFrameJoiner, splitFrame } from './pieces.ts'

function join(messages: readonly Uint8Array[], maxFrameBytes?: number): unknown[] {
  const joiner = createFrameJoiner(maxFrameBytes)
  return messages.map((message) => joiner.push(message)).filter((result) => result !== null)
}

test('[M7] a frame that fits is one message, with one byte before it', () => {
  expect(splitFrame(Uint8Array.of(7, 8), 3)).toEqual([Uint8Array.of(0, 7, 8)])
  expect(splitFrame(new Uint8Array(0), 3)).toEqual([Uint8Array.of(0)])
})

test('[M7] a longer one is split; only the last piece says so', () => {
  expect(splitFrame(Uint8Array.of(1, 2, 3, 4, 5), 3)).toEqual([
    Uint8Array.of(1, 1, 2),
    Uint8Array.of(1, 3, 4),
    Uint8Array.of(0, 5),
  ])
})

test('[M7] joining undoes splitting, frame after frame', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 200 })),
      fc.integer({ min: 2, max: 64 }),
      (frames, size) => {
        const messages = frames.flatMap((frame) => splitFrame(frame, size))
        for (const message of messages) expect(message.length).toBeLessThanOrEqual(size)
        expect(join(messages)).toEqual(frames)
      },
    ),
  )
})

test.each([
  ['nothing', [[]]],
  ['another flag', [[2, 1]]],
  ['an empty piece before the last', [[1]]],
])('[M7] %s is refused', (_name, messages) => {
  expect(join(messages.map((bytes) => Uint8Array.from(bytes)))).toEqual(['bad-message'])
})

test('[M7] an empty last piece ends a frame', () => {
  expect(join([Uint8Array.of(1, 9), Uint8Array.of(0)])).toEqual([Uint8Array.of(9)])
})

test('[T16] the limit holds for the whole frame, however it comes', () => {
  expect(join(splitFrame(new Uint8Array(10), 2), 10)).toEqual([new Uint8Array(10)])
  expect(join(splitFrame(new Uint8Array(11), 2), 10)[0]).toBe('bad-message')
  expect(join(splitFrame(new Uint8Array(11), 99), 10)).toEqual(['bad-message'])
})
