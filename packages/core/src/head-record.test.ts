import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { author, isValid, sha256 } from '../test/world.ts'
import { encodeBase64url, parseBase64url } from './base.ts'
import { parseUtf8, utf8 } from './bytes.ts'
import {
  compareHeads,
  decodeCompactHead,
  decodeHeadRecord,
  encodeCompactHead,
  encodeHeadRecord,
  type Head,
  headCheck,
  signHead,
} from './head-record.ts'
import { rawCidOfDigest } from './names.ts'

interface Vectors {
  readonly accept: readonly { readonly name: string; readonly text: string; readonly compact: string }[]
  readonly reject: readonly { readonly name: string; readonly text: string; readonly code: string }[]
}
const vectors = JSON.parse(
  readFileSync(new URL('../../../spec/vectors/heads.json', import.meta.url), 'utf8'),
) as Vectors

const alice = author(1)
const heads: fc.Arbitrary<Head> = fc.record({
  identity: fc.constant(alice.identity),
  epoch: fc.integer({ min: 1, max: 2 ** 31 }),
  length: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  comparable: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  bytes: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  head: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((digest) => rawCidOfDigest(digest)),
})
const signatures = fc.uint8Array({ minLength: 64, maxLength: 64 })

describe('head records', () => {
  test.for(vectors.accept)('$name', ({ text, compact }) => {
    const decoded = decodeHeadRecord(utf8(text))
    if (!decoded.ok) throw new Error(decoded.error.code)
    expect(isValid(headCheck(decoded.value))).toBe(true)
    expect(parseUtf8(encodeHeadRecord(decoded.value))).toBe(text)
    expect(encodeBase64url(encodeCompactHead(decoded.value))).toBe(compact)
    expect(decodeCompactHead(parseBase64url(compact) as Uint8Array)).toEqual(decoded.value)
  })

  test.for(vectors.reject)('$name is refused', ({ text, code }) => {
    expect(decodeHeadRecord(utf8(text))).toEqual({ ok: false, error: { code } })
  })

  test('[H5] both forms invert each other', () => {
    fc.assert(
      fc.property(heads, signatures, (head, signature) => {
        const record = { head, signature }
        expect(decodeCompactHead(encodeCompactHead(record))).toEqual(record)
        expect(decodeHeadRecord(encodeHeadRecord(record))).toEqual({ ok: true, value: record })
      }),
    )
  })

  test('[M5] a usual head is 141 bytes', async () => {
    const comparable = 1_763_683_200_000
    const head = rawCidOfDigest(sha256(utf8('x')))
    const record = await signHead(
      { identity: alice.identity, epoch: 1, length: 10_000, comparable, bytes: 6_000_000, head },
      alice.signer,
    )
    expect(encodeCompactHead(record).length).toBe(141)
  })

  test('decoders never throw, and refuse every truncation', async () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => void decodeHeadRecord(bytes)))
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeCompactHead(bytes)))
    const text = utf8(vectors.accept[0]?.text as string)
    for (let length = 0; length < text.length; length++) {
      expect(decodeHeadRecord(text.subarray(0, length)).ok).toBe(false)
    }
    const compact = parseBase64url(vectors.accept[0]?.compact as string) as Uint8Array
    for (let length = 0; length < compact.length; length++) {
      expect(decodeCompactHead(compact.subarray(0, length))).toBe(null)
    }
  })

  test('[T1] each single bit of a record flipped: refused by form or by signature', () => {
    const bytes = utf8(vectors.accept[0]?.text as string)
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const mutant = bytes.slice()
      mutant[bit >> 3]! ^= 1 << (bit & 7)
      const decoded = decodeHeadRecord(mutant)
      expect(decoded.ok && isValid(headCheck(decoded.value))).toBe(false)
    }
  })

  test('[H5] a record read from a Buffer does not change when the Buffer is used again', () => {
    const bytes = parseBase64url(vectors.accept[0]?.compact as string) as Uint8Array
    const pooled = Buffer.from(bytes)
    const record = decodeCompactHead(pooled)
    pooled.fill(0)
    expect(record).toEqual(decodeCompactHead(bytes))
  })

  test('[H4] the order is total: epoch, length, comparable, head bytes', () => {
    fc.assert(
      fc.property(fc.array(heads, { minLength: 3, maxLength: 3 }), (three) => {
        const [a, b, c] = three as [Head, Head, Head]
        expect(Math.sign(compareHeads(a, b))).toBe(-Math.sign(compareHeads(b, a)))
        if (compareHeads(a, b) <= 0 && compareHeads(b, c) <= 0) {
          expect(compareHeads(a, c)).toBeLessThanOrEqual(0)
        }
        expect(Math.sign(compareHeads({ ...a, epoch: 1 }, { ...b, epoch: 2 }))).toBe(-1)
      }),
    )
  })
})
