import { encodeBase64url, type Identity, maxInnerEntryBytes, parseUtf8, utf8 } from '@effigy/core'
import { createRandom, damaged, mutations, randomInputs, truncations } from '@effigy/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createNobleCrypto } from './noble.ts'
import { createNodeCrypto } from './node.ts'
import { openSealedEntry, sealEntry } from './sealed.ts'

const crypto = createNodeCrypto()
const identity = 'did:key:z6Mkon3Necd6NkkyfoGoHxid2znGc59LU3K7mubaRcFbLfLX' as Identity
const other = 'did:key:z6Mko9hTggMwjSTEaJaPUfE6tqcy2xvU6BnNq3e3o8qVBiyH' as Identity
const feedKey = new Uint8Array(32).fill(1)
const entry = utf8(`{"v":1}\n${'A'.repeat(86)}`)
const sealed = sealEntry(entry, identity, feedKey, crypto)

const codeOf = (bytes: Uint8Array, from = identity, key = feedKey): string => {
  const opened = openSealedEntry(bytes, from, key, crypto)
  return opened.ok ? 'ok' : opened.error.code
}

describe('a sealed entry', () => {
  test('[X4] opens to the same bytes, and is sealed to the same bytes again by any backend', () => {
    const inner = fc.uint8Array({ minLength: 1, maxLength: 2000 }).map((bytes) => Uint8Array.of(...bytes, 65))
    const noble = createNobleCrypto()
    fc.assert(
      fc.property(inner, (bytes) => {
        const once = sealEntry(bytes, identity, feedKey, crypto)
        expect(sealEntry(bytes, identity, feedKey, noble)).toEqual(once)
        expect(openSealedEntry(once, identity, feedKey, crypto)).toEqual({ ok: true, value: bytes })
      }),
    )
  })

  test('[X4] another feed or another key does not open it', () => {
    expect(codeOf(sealed)).toBe('ok')
    expect(codeOf(sealed, other)).toBe('altered')
    expect(codeOf(sealed, identity, new Uint8Array(32).fill(2))).toBe('no-key')
  })

  test('[X4] a nonce that is not of the entry is refused: one entry, one sealed form', () => {
    const chosen = { ...crypto, hmacSha256: () => new Uint8Array(32).fill(9) }
    const foreign = sealEntry(entry, identity, feedKey, chosen)
    expect(openSealedEntry(foreign, identity, feedKey, chosen).ok).toBe(true)
    expect(codeOf(foreign)).toBe('altered')
  })

  test('[E9] the longest entry fits, one byte more is our bug', () => {
    expect(codeOf(sealEntry(new Uint8Array(maxInnerEntryBytes).fill(65), identity, feedKey, crypto))).toBe(
      'ok',
    )
    const longer = new Uint8Array(maxInnerEntryBytes + 1).fill(65)
    expect(() => sealEntry(longer, identity, feedKey, crypto)).toThrow(RangeError)
  })

  test('[E9] every flipped bit and every truncation is refused with a code', () => {
    const codes = ['encoding', 'no-key', 'altered']
    for (const mutant of mutations(sealed)) expect(codes).toContain(codeOf(mutant))
    for (const cut of truncations(sealed)) expect(codeOf(cut)).toBe('encoding')
  })

  test('[E9] damage and random bytes give a code, never an error', () => {
    const random = createRandom('sealed')
    for (const mutant of damaged(random, sealed, 300)) {
      if (parseUtf8(mutant) !== parseUtf8(sealed)) expect(codeOf(mutant)).not.toBe('ok')
    }
    for (const input of randomInputs(random, 300)) {
      expect(codeOf(input)).toBe('encoding')
      const keyId = (parseUtf8(sealed) as string).slice(17, 39)
      const shaped = utf8(`{"v":1,"sealed":"${keyId}","box":"${encodeBase64url(input)}"}`)
      expect(['encoding', 'altered']).toContain(codeOf(shaped))
    }
  })

  test('[E9] the length is bounded before anything is read', () => {
    expect(codeOf(new Uint8Array(15_361))).toBe('too-large')
  })
})
