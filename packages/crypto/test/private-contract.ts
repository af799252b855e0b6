/**
 * What boxes and sealed entries are with every backend: `spec/vectors/box.json` (X3) and `sealed.json` (E9, X4).
 *
 * @module
 */
import { type Identity, parseUtf8, utf8 } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { openBox, sealBox } from '../src/box.ts'
import type { Crypto } from '../src/crypto.ts'
import { feedKeyId, openSealedEntry, sealEntry } from '../src/sealed.ts'
import { hex } from './vectors.ts'

type Candidate = readonly [conversation: string, generation: number, key: string]

interface BoxCase {
  readonly name: string
  readonly author: string
  readonly candidates: readonly (readonly (string | number)[])[]
  readonly text: string
}

/** spec/vectors/box.json */
export interface BoxVectors {
  readonly opened: readonly (BoxCase & { readonly payload: string; readonly opens: number })[]
  readonly refused: readonly (BoxCase & { readonly code: string })[]
}

interface SealedCase {
  readonly name: string
  readonly identity: string
  readonly feedKey: string
  readonly sealed: string
}

/** spec/vectors/sealed.json */
export interface SealedVectors {
  readonly keyIds: readonly (readonly string[])[]
  readonly sealed: readonly (SealedCase & { readonly entry: string })[]
  readonly refused: readonly (SealedCase & { readonly code: string })[]
}

const keysOf = ({ candidates }: BoxCase) =>
  (candidates as readonly Candidate[]).map(([conversation, generation, key]) => ({
    conversation,
    generation,
    key: hex(key),
  }))

/** The nonce stands at the beginning of a box: with it for chance, sealing gives the same text. */
function withNonceOf(crypto: Crypto, text: string): Crypto {
  const nonce = Uint8Array.from(atob(text.slice(4, 36).replaceAll('-', '+').replaceAll('_', '/')), (one) =>
    one.charCodeAt(0),
  )
  return { ...crypto, randomBytes: () => nonce }
}

export function privateContract(
  name: string,
  open: () => Promise<Crypto>,
  vectors: { readonly box: BoxVectors; readonly sealed: SealedVectors },
): void {
  describe(`${name}: spec/vectors/box.json`, () => {
    test.for(vectors.box.opened)('[X3] opens, and is sealed the same: $name', async (item) => {
      const crypto = await open()
      const keys = keysOf(item)
      const key = keys[item.opens] as (typeof keys)[number]
      const author = item.author as Identity
      const { payload, text } = item
      expect(openBox(text, author, keys, crypto)).toEqual({ ok: true, value: { payload, key } })
      expect(sealBox({ author, ...key, payload, crypto: withNonceOf(crypto, text) })).toBe(text)
    })

    test.for(vectors.box.refused)('[X3] refused: $name', async (item) => {
      const opened = openBox(item.text, item.author as Identity, keysOf(item), await open())
      expect(opened).toEqual({ ok: false, error: { code: item.code } })
    })
  })

  describe(`${name}: spec/vectors/sealed.json`, () => {
    test('[X4] key ids', async () => {
      const crypto = await open()
      for (const [key = '', id] of vectors.sealed.keyIds) expect(feedKeyId(hex(key), crypto)).toBe(id)
    })

    test.for(vectors.sealed.sealed)('[E9] [X4] is sealed so, and opens: $name', async (item) => {
      const crypto = await open()
      const [identity, feedKey] = [item.identity as Identity, hex(item.feedKey)]
      expect(parseUtf8(sealEntry(utf8(item.entry), identity, feedKey, crypto))).toBe(item.sealed)
      const opened = openSealedEntry(utf8(item.sealed), identity, feedKey, crypto)
      expect(opened.ok && parseUtf8(opened.value)).toBe(item.entry)
    })

    test.for(vectors.sealed.refused)('[E9] [X4] refused: $name', async (item) => {
      const { sealed, identity, feedKey } = item
      const opened = openSealedEntry(utf8(sealed), identity as Identity, hex(feedKey), await open())
      expect(opened).toEqual({ ok: false, error: { code: item.code } })
    })
  })
}
