import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareBytes, concatBytes, equalBytes, parseUtf8, utf8 } from './bytes.ts'

const bytes = fc.uint8Array({ maxLength: 12 })

test('[J6] UTF-8 is read without repair: what decodes encodes to the same bytes', () => {
  const inputs = fc.oneof(
    fc.uint8Array({ maxLength: 16 }),
    fc.string({ unit: 'binary' }).map(utf8),
    fc
      .tuple(fc.constant([0xef, 0xbb, 0xbf]), bytes)
      .map(([mark, rest]) => Uint8Array.from([...mark, ...rest])),
  )
  fc.assert(
    fc.property(inputs, (input) => {
      const text = parseUtf8(input)
      if (text !== null) expect(utf8(text)).toEqual(input)
      expect(text === null).toBe(!Buffer.from(Buffer.from(input).toString('utf8'), 'utf8').equals(input))
    }),
    { numRuns: 5000 },
  )
})

test.for([
  ['a lone continuation byte', [0x80]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ['a truncated sequence', [0xe2, 0x82]],
] as const)('[J6] refuses %s', ([, input]) => {
  expect(parseUtf8(Uint8Array.from(input))).toBeNull()
})

test('[J6] a byte order mark is a character like any other', () => {
  expect(parseUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa')
})

test('[N4] bytes are ordered as unsigned numbers, a prefix first', () => {
  expect(compareBytes(Uint8Array.of(0x7f), Uint8Array.of(0x80))).toBeLessThan(0)
  expect(compareBytes(Uint8Array.of(1), Uint8Array.of(1, 0))).toBeLessThan(0)
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b))
      expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0)
    }),
  )
})

test('concatBytes joins in order and copies', () => {
  fc.assert(
    fc.property(fc.array(bytes), (parts) => {
      expect(concatBytes(...parts)).toEqual(new Uint8Array(Buffer.concat(parts)))
    }),
  )
})
