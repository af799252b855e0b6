/**
 * What boxes, sealed entries and encrypted files are with every backend: `spec/vectors/box.json` (X3), `sealed.json` (E9, X4)
 * and `stream.json` (K7).
 *
 * @module
 */
import { concatBytes, type Identity, parseBase64url, parseUtf8, utf8 } from '@effigy/core'
import { bytesToHex } from '@noble/hashes/utils.js'
import { expect } from 'vitest'
import { openBox, sealBox } from '../src/box.ts'
import type { Crypto } from '../src/crypto.ts'
import { feedKeyId, openSealedEntry, sealEntry } from '../src/sealed.ts'
import { openStream, type ReadCiphertext, sealedStreamBytes, sealStream } from '../src/stream.ts'
import { type Suite, suiteHere } from './suite.ts'
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

interface StreamCase {
  readonly bytes: number
  readonly hash: string
  readonly ciphertext: string
}

/** spec/vectors/stream.json */
export interface StreamVectors {
  readonly key: string
  readonly files: readonly (StreamCase & { readonly ciphertextBytes: number })[]
  readonly short: StreamCase
  readonly refused: readonly {
    readonly name: string
    readonly parts: readonly (readonly number[])[]
    readonly ciphertext: string
    readonly code: string
  }[]
  readonly others: readonly (StreamCase & { readonly name: string; readonly code: string })[]
}

export interface PrivateVectors {
  readonly box: BoxVectors
  readonly sealed: SealedVectors
  readonly stream: StreamVectors
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
  vectors: PrivateVectors,
  { describe, test }: Suite = suiteHere,
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

  describe(`${name}: spec/vectors/stream.json`, () => {
    const { files, short, refused, others } = vectors.stream
    const key = hex(vectors.stream.key)
    const contentOf = (bytes: number) => Uint8Array.from({ length: bytes }, (_, at) => at % 251)

    async function sealed(content: Uint8Array, crypto: Crypto): Promise<Uint8Array> {
      const pieces: Uint8Array[] = []
      const stream = sealStream([content], { crypto: { ...crypto, randomBytes: () => key } })
      for await (const piece of stream) pieces.push(piece)
      return concatBytes(...pieces)
    }

    async function opened(ciphertext: Uint8Array, { bytes, hash }: Omit<StreamCase, 'ciphertext'>) {
      const crypto = await open()
      const pieces: Uint8Array[] = []
      const read: ReadCiphertext = (range) => [ciphertext.subarray(range.offset, range.offset + range.length)]
      for await (const piece of openStream(read, { key, hash: hex(hash), bytes, crypto })) {
        if (!piece.ok) return piece.error.code
        pieces.push(piece.value)
      }
      return concatBytes(...pieces)
    }

    test.for(files)('[K7] a file of $bytes bytes is sealed so, and opens', async (item) => {
      const crypto = await open()
      const content = contentOf(item.bytes)
      expect(bytesToHex(crypto.sha256(content))).toBe(item.hash)
      const ciphertext = await sealed(content, crypto)
      expect(ciphertext.length).toBe(item.ciphertextBytes)
      expect(sealedStreamBytes(item.bytes)).toBe(item.ciphertextBytes)
      expect(bytesToHex(crypto.sha256(ciphertext))).toBe(item.ciphertext)
      expect(await opened(ciphertext, item)).toEqual(content)
    })

    test('[K7] a short file as a whole', async () => {
      const ciphertext = parseBase64url(short.ciphertext) as Uint8Array
      expect(await sealed(contentOf(short.bytes), await open())).toEqual(ciphertext)
      expect(await opened(ciphertext, short)).toEqual(contentOf(short.bytes))
    })

    test.for(refused)('[K7] refused: $name', async ({ parts, ciphertext, code }) => {
      const crypto = await open()
      const content = contentOf(150_000)
      const whole = await sealed(content, crypto)
      const changed = concatBytes(
        ...(parts as readonly (readonly [number, number, number])[]).map(([at, from, to]) =>
          whole.subarray(at * 65_552 + from, at * 65_552 + to),
        ),
      )
      expect(bytesToHex(crypto.sha256(changed))).toBe(ciphertext)
      const hash = bytesToHex(crypto.sha256(content))
      expect(await opened(changed, { bytes: content.length, hash })).toBe(code)
    })

    test.for(others)('[K7] refused: $name', async (item) => {
      expect(await opened(parseBase64url(item.ciphertext) as Uint8Array, item)).toBe(item.code)
    })
  })
}
