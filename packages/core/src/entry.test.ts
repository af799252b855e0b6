import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { author, chainOf, isValid, note, sha256 } from '../test/world.ts'
import { equalBytes, utf8 } from './bytes.ts'
import {
  assembleEntry,
  decodeEntry,
  entryCheck,
  entrySize,
  maxEntryBytes,
  signEntry,
  writeEntryJson,
} from './entry.ts'
import { chainPoint, nextComparable } from './feed.ts'
import { parseRawCid } from './names.ts'

interface Vectors {
  readonly accept: readonly { readonly name: string; readonly text: string; readonly cid: string }[]
  readonly reject: readonly { readonly name: string; readonly text: string; readonly code: string }[]
}
const vectors = JSON.parse(
  readFileSync(new URL('../../../spec/vectors/entries.json', import.meta.url), 'utf8'),
) as Vectors

const alice = author(1)

describe('decodeEntry', () => {
  test.for(vectors.accept)('[E7] $name', ({ text, cid }) => {
    const decoded = decodeEntry(utf8(text), sha256)
    if (!decoded.ok) throw new Error(decoded.error.code)
    expect(decoded.value.cid).toBe(cid)
    expect(isValid(entryCheck(decoded.value))).toBe(true)
    const again = assembleEntry(decoded.value.entry, decoded.value.signature, sha256)
    expect(equalBytes(again.bytes, decoded.value.bytes)).toBe(true)
    expect(entrySize(decoded.value.entry)).toBe(decoded.value.bytes.length)
  })

  test.for(vectors.reject)('$name is refused', ({ text, code }) => {
    expect(decodeEntry(utf8(text), sha256)).toEqual({ ok: false, error: { code } })
  })

  test('[E2] a byte order mark is not swallowed', () => {
    const text = vectors.accept[0]?.text as string
    expect(decodeEntry(utf8(`\ufeff${text}`), sha256).ok).toBe(false)
  })

  test('[E1] truncated at each length: refused', () => {
    const bytes = utf8(vectors.accept[2]?.text as string)
    for (let length = 0; length < bytes.length; length++) {
      expect(decodeEntry(bytes.subarray(0, length), sha256).ok).toBe(false)
    }
  })

  test('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void decodeEntry(bytes, sha256)))
    const hostile = fc.oneof(fc.string({ unit: 'binary' }), fc.json())
    fc.assert(fc.property(hostile, (text) => void decodeEntry(utf8(`${text}\n${'A'.repeat(86)}`), sha256)))
  })

  test('[E2] decoding inverts assembling for any well-formed entry', () => {
    const cid = parseRawCid(vectors.accept[0]?.cid as string)
    const entries = fc.record({
      length: fc.integer({ min: 2, max: Number.MAX_SAFE_INTEGER }),
      comparable: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      payload: fc.string({ unit: 'binary', maxLength: 200 }).filter((text) => text.isWellFormed()),
      links: fc.array(fc.tuple(fc.constant(cid as NonNullable<typeof cid>), fc.maxSafeNat()), {
        maxLength: 4,
      }),
    })
    fc.assert(
      fc.property(entries, fc.uint8Array({ minLength: 64, maxLength: 64 }), (fields, signature) => {
        const entry = { identity: alice.identity, parent: cid, synod: null, ...fields }
        const signed = assembleEntry(entry, signature, sha256)
        const decoded = decodeEntry(signed.bytes, sha256)
        expect(decoded.ok && decoded.value.entry).toEqual(entry)
        expect(JSON.stringify(JSON.parse(writeEntryJson(entry)))).toBe(writeEntryJson(entry))
      }),
    )
  })

  test('[T1] each single bit of an entry flipped: never the same entry, never a valid one', async () => {
    const [entry] = await chainOf(alice, [note('bits')])
    const bytes = entry!.bytes
    let decodedAnyway = 0
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const mutant = bytes.slice()
      mutant[bit >> 3]! ^= 1 << (bit & 7)
      const decoded = decodeEntry(mutant, sha256)
      if (!decoded.ok) continue
      decodedAnyway++
      expect(decoded.value.cid).not.toBe(entry!.cid)
      expect(isValid(entryCheck(decoded.value))).toBe(false)
    }
    expect(decodedAnyway).toBeGreaterThan(0)
  })

  test('[T26] a comparable that a thief drove to the end is not signed over: the entry would break the feed', async () => {
    const [last] = await chainOf(alice, [note('thief')], { comparable: Number.MAX_SAFE_INTEGER })
    const below = chainPoint(last!)
    const entry = { ...last!.entry, parent: below.cid, length: 2, comparable: nextComparable(1000, below) }
    await expect(signEntry(entry, alice.signer, sha256)).rejects.toThrow(RangeError)
  })

  test('[E1] assembling more than the limit throws', () => {
    const entry = { ...({} as object), identity: alice.identity, parent: null, length: 1, comparable: 1 }
    const whole = { ...entry, synod: null, links: [], payload: 'x'.repeat(maxEntryBytes) }
    expect(() => assembleEntry(whole, new Uint8Array(64), sha256)).toThrow(RangeError)
  })
})
