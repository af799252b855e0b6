import { createRandom, damaged, mutations, randomInputs, truncations } from '@effigy/testkit'
import { ownVectors } from '@effigy/testkit/node'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FrameCase, frameCases, frameOf, sampleMessages } from '../test/frame-vectors.ts'
import { decodeFrame, encodeFrame } from './frame.ts'
import { decodeMessage } from './messages-schema.ts'

const cases = JSON.parse(ownVectors('frame.json')) as FrameCase[]

function verdictOf(bytes: Uint8Array): string {
  const frame = decodeFrame(bytes)
  if (!frame.ok) return frame.error.code
  const message = decodeMessage(frame.value)
  return message.ok ? 'ok' : message.error.code
}

describe('spec/vectors/frame.json', () => {
  test.for(cases)('[$rule] $name: $verdict', (given) => {
    expect(verdictOf(frameOf(given))).toBe(given.verdict)
  })

  test('is what the generator writes', async () => {
    expect(cases).toEqual(await frameCases())
  })
})

test('[M6] every message reads back as it was written', async () => {
  for (const [message, bytes] of await sampleMessages()) {
    const frame = decodeFrame(encodeFrame(message, bytes))
    if (!frame.ok) throw new Error(frame.error.code)
    expect(decodeMessage(frame.value)).toEqual({ ok: true, value: message })
    expect(frame.value.bytes).toEqual(bytes)
  }
})

test('[M1] a limit below the usual one', () => {
  const frame = encodeFrame({ type: 'ping', id: 1 })
  expect(decodeFrame(frame, frame.length).ok).toBe(true)
  expect(decodeFrame(frame, frame.length - 1)).toEqual({ ok: false, error: { code: 'too-large' } })
})

test('[M3] an unknown request is told under its own number', () => {
  const frame = decodeFrame(new TextEncoder().encode('{"type":"teleport","id":12}\n'))
  expect(frame.ok && decodeMessage(frame.value)).toEqual({
    ok: false,
    error: { code: 'unknown-type', re: 12 },
  })
})

describe('never throws', () => {
  test('on cut, flipped and damaged frames', async () => {
    const random = createRandom('frames')
    for (const [message, bytes] of await sampleMessages()) {
      const frame = encodeFrame(message, bytes)
      for (const cut of truncations(frame)) verdictOf(cut)
      for (const flipped of mutations(frame.subarray(0, 120))) verdictOf(flipped)
      for (const bad of damaged(random, frame, 50)) verdictOf(bad)
    }
    for (const input of randomInputs(random, 2_000)) verdictOf(input)
  })

  test('on any header', () => {
    const types = cases.map(({ name }) => name)
    const header = fc.record({
      type: fc.constantFrom(...types),
      id: fc.jsonValue(),
      re: fc.jsonValue(),
      count: fc.jsonValue(),
    })
    fc.assert(
      fc.property(header, fc.uint8Array(), (value, bytes) => {
        verdictOf(new Uint8Array([...new TextEncoder().encode(`${JSON.stringify(value)}\n`), ...bytes]))
      }),
    )
  })
})
