import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createByteReader, createByteWriter } from './varint.ts'

interface Vectors {
  readonly accept: readonly { readonly value: number; readonly hex: string }[]
  readonly reject: readonly { readonly name: string; readonly hex: string }[]
}
const vectors = JSON.parse(
  readFileSync(new URL('../../../spec/vectors/varints.json', import.meta.url), 'utf8'),
) as Vectors
const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))

describe('[M4] varints', () => {
  test.for(vectors.accept)('$value is $hex', ({ value, hex }) => {
    const writer = createByteWriter(1)
    writer.varint(value)
    expect(Buffer.from(writer.take()).toString('hex')).toBe(hex)
    const reader = createByteReader(bytesOf(hex))
    expect(reader.varint()).toBe(value)
    expect(reader.left).toBe(0)
  })

  test.for(vectors.reject)('$name: $hex is refused', ({ hex }) => {
    expect(createByteReader(bytesOf(hex)).varint()).toBe(null)
  })

  test('any series is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeNat()), (values) => {
        const writer = createByteWriter(1)
        for (const value of values) writer.varint(value)
        const reader = createByteReader(writer.take())
        expect(values.map(() => reader.varint())).toEqual(values)
        expect(reader.byte()).toBe(null)
      }),
    )
  })

  test('there is one spelling: what can be read is what would be written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 9 }), (bytes) => {
        const reader = createByteReader(bytes)
        const value = reader.varint()
        if (value === null) return
        const writer = createByteWriter()
        writer.varint(value)
        expect(writer.take()).toEqual(bytes.slice(0, bytes.length - reader.left))
      }),
    )
  })

  test.for([-1, 0.5, 2 ** 53, Number.NaN])('%d cannot be written', (value) => {
    expect(() => createByteWriter().varint(value)).toThrow(RangeError)
  })
})
