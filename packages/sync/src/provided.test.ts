import { createRandom, damaged, mutations, randomInputs, truncations } from '@effigy/testkit'
import { ownVectors } from '@effigy/testkit/node'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hex, unhex } from '../test/frame-vectors.ts'
import { type ProvidedCase, providedCases } from '../test/provided-vectors.ts'
import { encodeFrame } from './frame.ts'
import { sealBytes } from './limits.ts'
import { readProvided, writeProvided } from './provided.ts'

const cases = JSON.parse(ownVectors('provides.json')) as ProvidedCase[]

describe('spec/vectors/provides.json', () => {
  test.for(cases)('[V8] $name', ({ bytes, provided, isWritten }) => {
    expect(readProvided(unhex(bytes))).toEqual(provided)
    if (isWritten && provided !== null) expect(hex(writeProvided(provided))).toBe(bytes)
  })

  test('is what the generator writes', () => {
    expect(cases).toEqual(providedCases())
  })
})

test('[V8] reads back as it was written, whatever is provided', () => {
  const name = fc.oneof(
    fc.constantFrom('blobs', 'video', 'dropbox'),
    fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/),
  )
  fc.assert(
    fc.property(
      fc.uniqueArray(name, { maxLength: 32 }),
      fc.constantFrom('hub', 'peer'),
      fc.boolean(),
      (services, kind, metered) => {
        const read = readProvided(writeProvided({ services, kind, metered }))
        expect(read).toEqual({ services: expect.any(Array), kind, metered })
        expect(read?.services.toSorted()).toEqual(services.toSorted())
      },
    ),
  )
})

test('[V8] throws for what cannot be said', () => {
  const services = Array.from({ length: 33 }, (_, at) => `x-${at}`)
  expect(() => writeProvided({ services, kind: 'peer', metered: false })).toThrow(RangeError)
  expect(() => writeProvided({ services: ['No'], kind: 'peer', metered: false })).toThrow(RangeError)
})

test('[V8] a hub with all services of this version says so in 39 bytes, sealed', () => {
  const bytes = unhex(cases.find(({ name }) => name.startsWith('a hub with all'))?.bytes ?? '')
  expect(encodeFrame({ type: 'provides' }, bytes).length + sealBytes).toBe(39)
})

test('[V8] never throws, whatever comes', () => {
  const random = createRandom('provided')
  const services = ['blobs', 'signalling', 'chess', 'x-long-enough']
  const bytes = writeProvided({ services, kind: 'hub', metered: true })
  for (const cut of truncations(bytes)) readProvided(cut)
  for (const flipped of mutations(bytes)) readProvided(flipped)
  for (const bad of damaged(random, bytes, 200)) readProvided(bad)
  for (const input of randomInputs(random, 2_000)) readProvided(input)
})
