import { readFileSync } from 'node:fs'
import { base58 } from '@scure/base'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeBase32, encodeBase64url, parseBase32, parseBase64url } from './base.ts'
import { encodeBase58, parseBase58 } from './base58.ts'

interface Vectors {
  readonly encodings: Record<
    'base32' | 'base58' | 'base64url',
    {
      readonly accept: readonly { readonly text: string; readonly hex: string }[]
      readonly reject: readonly { readonly text: string; readonly why: string }[]
    }
  >
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../spec/vectors/names.json', import.meta.url), 'utf8'),
) as Vectors

const encodings = [
  { name: 'base32', encode: encodeBase32, parse: parseBase32, longest: 4096 },
  { name: 'base64url', encode: encodeBase64url, parse: parseBase64url, longest: 4096 },
  { name: 'base58', encode: encodeBase58, parse: parseBase58, longest: 48 },
] as const

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe.for(encodings)('$name', ({ name, encode, parse, longest }) => {
  test.for(vectors.encodings[name].accept)('[N1] $text is $hex', ({ text, hex }) => {
    expect(encode(new Uint8Array(Buffer.from(hex, 'hex')))).toBe(text)
    expect(hexOf(parse(text)!)).toBe(hex)
  })

  test.for(vectors.encodings[name].reject)('[N1] refuses $text: $why', ({ text }) => {
    expect(parse(text)).toBeNull()
  })

  test('[N1] parse inverts encode, at every length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: longest }), (bytes) => {
        expect(parse(encode(bytes))).toEqual(bytes)
      }),
    )
  })

  test('[N1] a text has one value or none: what parses is what would be written', () => {
    const alphabet = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_+/= \u00e9\ud800']
    const texts = fc.oneof(
      fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 24 }),
      fc.uint8Array({ maxLength: 12 }).map(encode),
      fc.string({ unit: 'binary', maxLength: 24 }),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const bytes = parse(text)
        if (bytes !== null) expect(encode(bytes)).toBe(text)
      }),
      { numRuns: 5000 },
    )
  })

  test('[N1] truncated at each length and with each character changed it is never the same bytes', () => {
    const bytes = Uint8Array.from({ length: 32 }, (_, index) => (index * 37 + 11) & 255)
    const text = encode(bytes)
    for (let length = 0; length < text.length; length++)
      expect(parse(text.slice(0, length))).not.toEqual(bytes)
    for (let index = 0; index < text.length; index++) {
      for (let bit = 0; bit < 7; bit++) {
        const changed = String.fromCharCode(text.charCodeAt(index) ^ (1 << bit))
        expect(parse(text.slice(0, index) + changed + text.slice(index + 1))).not.toEqual(bytes)
      }
    }
  })
})

test('[N1] base32 and base64url agree with Node on long inputs', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 2000 }), (bytes) => {
      expect(encodeBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
    }),
  )
})

test('[N1] base58 agrees with another library: names, leading zeros, long inputs, extremes', () => {
  const zeros = fc
    .tuple(fc.nat(20), fc.uint8Array({ maxLength: 60 }))
    .map(([count, rest]) => Uint8Array.of(...new Uint8Array(count), ...rest))
  const names = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((key) => Uint8Array.of(0xed, 0x01, ...key))
  const edges = fc
    .array(fc.constantFrom(0x00, 0x01, 0xff), { maxLength: 64 })
    .map((bytes) => Uint8Array.from(bytes))
  const inputs = fc.oneof(names, zeros, edges, fc.uint8Array({ maxLength: 400 }))
  fc.assert(
    fc.property(inputs, (bytes) => {
      const text = base58.encode(bytes)
      expect(encodeBase58(bytes)).toBe(text)
      expect(parseBase58(text)).toEqual(bytes)
    }),
    { numRuns: 2000 },
  )
  const texts = fc.string({
    unit: fc.constantFrom('1', '2', 'y', 'z', 'A', 'l', '0', 'I', 'O', '\u0080', '\u0131'),
    maxLength: 50,
  })
  fc.assert(
    fc.property(texts, (text) => {
      const isText = /^[1-9A-HJ-NP-Za-km-z]*$/.test(text)
      expect(parseBase58(text)).toEqual(isText ? base58.decode(text) : null)
    }),
    { numRuns: 2000 },
  )
})
