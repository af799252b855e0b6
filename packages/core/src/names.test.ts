import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeBase32 } from './base.ts'
import { compareBytes, utf8 } from './bytes.ts'
import {
  type Cid,
  cidBytes,
  cidDigest,
  cidOfBytes,
  compareCids,
  compareIdentities,
  dagCidOfDigest,
  type Identity,
  identityKey,
  identityOfKey,
  isRawCid,
  parseCid,
  parseIdentity,
  parseRawCid,
  rawCid,
  rawCidDigest,
  rawCidOfDigest,
  shortName,
} from './names.ts'

interface Vectors {
  readonly identities: {
    readonly accept: readonly { readonly identity: string; readonly publicKey: string }[]
    readonly reject: readonly { readonly identity: string; readonly why: string }[]
  }
  readonly cids: {
    readonly accept: readonly { readonly cid: string; readonly bytes: string; readonly raw: boolean }[]
    readonly reject: readonly { readonly cid: string; readonly why: string }[]
    readonly blocks: readonly { readonly utf8: string; readonly cid: string }[]
  }
  readonly order: { readonly identities: readonly string[]; readonly cids: readonly string[] }
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../spec/vectors/names.json', import.meta.url), 'utf8'),
) as Vectors

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const ofHex = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const key = fc.uint8Array({ minLength: 32, maxLength: 32 })

test.for(vectors.identities.accept)('[N2] $identity', ({ identity, publicKey }) => {
  expect(identityOfKey(ofHex(publicKey))).toBe(identity)
  expect(hexOf(identityKey(parseIdentity(identity)!))).toBe(publicKey)
})

test.for(vectors.identities.reject)('[N2] refuses an identity: $why', ({ identity }) => {
  expect(parseIdentity(identity)).toBeNull()
})

test.for(vectors.cids.accept)('[N3] $cid', ({ cid, bytes, raw }) => {
  const parsed = parseCid(cid)!
  expect(hexOf(cidBytes(parsed))).toBe(bytes)
  expect(cidOfBytes(ofHex(bytes))).toBe(cid)
  expect(isRawCid(parsed)).toBe(raw)
  expect(parseRawCid(cid)).toBe(raw ? cid : null)
  expect(rawCidDigest(cid)).toEqual(raw ? cidDigest(parsed) : null)
})

test.for(vectors.cids.reject)('[N3] refuses a CID: $why', ({ cid }) => {
  expect(parseCid(cid)).toBeNull()
  expect(parseRawCid(cid)).toBeNull()
  expect(rawCidDigest(cid)).toBeNull()
})

test.for(vectors.cids.blocks)('[N3] the CID of $utf8 is $cid', ({ utf8: text, cid }) => {
  expect(rawCid(utf8(text), sha256)).toBe(cid)
})

test('[N4] names are ordered by their bytes, not by their spelling', () => {
  const { identities, cids } = vectors.order
  expect([...identities].reverse().sort((a, b) => compareIdentities(a as Identity, b as Identity))).toEqual(
    identities,
  )
  expect([...cids].reverse().sort((a, b) => compareCids(a as Cid, b as Cid))).toEqual(cids)
  expect([...cids].sort()).not.toEqual(cids)
  fc.assert(
    fc.property(key, key, (a, b) => {
      const order = Math.sign(compareBytes(a, b))
      expect(Math.sign(compareIdentities(identityOfKey(a), identityOfKey(b)))).toBe(order)
      expect(Math.sign(compareCids(rawCidOfDigest(a), rawCidOfDigest(b)))).toBe(order)
    }),
  )
})

test('[N2] [N3] reading inverts writing', () => {
  fc.assert(
    fc.property(key, (bytes) => {
      const identity = identityOfKey(bytes)
      expect(identity).toMatch(/^did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/)
      expect(parseIdentity(identity)).toBe(identity)
      expect(identityKey(identity)).toEqual(bytes)
      for (const cid of [rawCidOfDigest(bytes), dagCidOfDigest(bytes)]) {
        expect(parseCid(cid)).toBe(cid)
        expect(cidDigest(cid)).toEqual(bytes)
        expect(cidOfBytes(cidBytes(cid))).toBe(cid)
      }
    }),
  )
})

test('[N2] [N3] no parser throws, and what it takes is canonical', () => {
  const identity = identityOfKey(ofHex('11'.repeat(32)))
  const cid = rawCidOfDigest(ofHex('22'.repeat(32)))
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ maxLength: 47 }).map((tail) => `did:key:z${tail}`),
    fc.uint8Array({ minLength: 33, maxLength: 37 }).map((bytes) => `b${encodeBase32(bytes)}`),
    fc
      .tuple(fc.constantFrom(identity, cid), fc.nat(70), fc.string({ maxLength: 2 }))
      .map(([name, at, middle]) => name.slice(0, at) + middle + name.slice(at + 1)),
  )
  fc.assert(
    fc.property(texts, (text) => {
      const parsedIdentity = parseIdentity(text)
      if (parsedIdentity !== null) expect(identityOfKey(identityKey(parsedIdentity).slice())).toBe(text)
      const parsedCid = parseCid(text)
      if (parsedCid !== null) expect(cidOfBytes(cidBytes(parsedCid))).toBe(text)
    }),
    { numRuns: 5000 },
  )
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => void cidOfBytes(bytes)))
})

test('[N2] [N3] each truncation and each changed character is another name or none', () => {
  for (const [name, parse] of [
    [identityOfKey(ofHex('33'.repeat(32))), parseIdentity],
    [rawCidOfDigest(ofHex('44'.repeat(32))), parseCid],
  ] as const) {
    for (let at = 0; at < name.length; at++) {
      expect(parse(name.slice(0, at))).toBeNull()
      for (let bit = 0; bit < 7; bit++) {
        const mutant =
          name.slice(0, at) + String.fromCharCode(name.charCodeAt(at) ^ (1 << bit)) + name.slice(at + 1)
        const parsed = parse(mutant)
        expect(parsed === null || parsed === mutant).toBe(true)
      }
    }
  }
})

test('the cache of identities never gives one key for another, however often it is emptied', () => {
  const keys = Array.from({ length: 20_000 }, (_, index) => sha256(utf8(`key ${index}`)))
  const identities = keys.map(identityOfKey)
  for (let index = 0; index < keys.length; index += 997) {
    expect(identityKey(identities[index]!)).toEqual(keys[index])
    expect(identityOfKey(keys[index]!)).toBe(identities[index])
  }
})

test('what only a bug can cause throws', () => {
  expect(() => identityOfKey(new Uint8Array(31))).toThrow(TypeError)
  expect(() => rawCidOfDigest(new Uint8Array(33))).toThrow(TypeError)
  expect(() => identityKey('did:key:z0' as Identity)).toThrow(TypeError)
  expect(() => cidBytes('b!' as Cid)).toThrow(TypeError)
})

test('shortName tells names apart without being one', () => {
  expect(shortName(identityOfKey(ofHex('55'.repeat(32))))).toHaveLength(8)
})

test('[N2] a key that comes as a view of a pooled Buffer is copied, not remembered as the view', () => {
  const pooled = Buffer.from(sha256(utf8('pooled key')))
  const key = Uint8Array.from(pooled)
  const identity = identityOfKey(pooled)
  pooled.fill(0)
  expect(identityKey(identity)).toEqual(key)
  expect(identityOfKey(key)).toBe(identity)
})
