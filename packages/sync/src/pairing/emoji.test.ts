/** The four pictures (L12), and why both devices choose a part of them under a commitment (T15). */
import { readFileSync } from 'node:fs'
import { type Emoji, emojis, encodeHeadRecord, rawCidOfDigest, signHead } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import {
  bob,
  createParty,
  established,
  exchange,
  fill,
  mallory,
  testCrypto,
  testSigner,
} from '../../test/handshake-kit.ts'
import { pairingVectors } from '../../test/pairing-vectors.ts'
import { exporterKey } from '../session/transcript.ts'
import { emojiLabel, emojiOf } from './emoji.ts'

const { hkdfSha256 } = testCrypto
const namesOf = (shown: readonly Emoji[]): string => shown.map(({ name }) => name).join(' ')

test('[L12] the vectors are those in the repository', () => {
  const file = new URL('../../../../spec/vectors/pairing.json', import.meta.url)
  expect(pairingVectors()).toEqual(JSON.parse(readFileSync(file, 'utf8')))
})

describe('[L12] the list', () => {
  test('has 64 different pictures with different names', () => {
    expect(emojis.length).toBe(64)
    expect(new Set(emojis.map(({ emoji }) => emoji)).size).toBe(64)
    expect(new Set(emojis.map(({ name }) => name)).size).toBe(64)
    const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
    for (const { emoji, name } of emojis) {
      expect([...segmenter.segment(emoji)].length).toBe(1)
      expect(emoji).toMatch(/\p{Emoji}/u)
      expect(name).toMatch(/^[a-z]+( [a-z]+)?$/)
    }
  })

  test('every picture comes at every place', () => {
    const seen = [new Set(), new Set(), new Set(), new Set()]
    for (let nonce = 0; nonce < 1_000; nonce++) {
      const linked = new Uint8Array(32)
      new DataView(linked.buffer).setUint32(0, nonce)
      const shown = emojiOf(fill(1), { joining: fill(2), linked }, hkdfSha256)
      expect(shown.length).toBe(4)
      for (const [place, { name }] of shown.entries()) seen[place]?.add(name)
    }
    expect(seen.map(({ size }) => size)).toEqual([64, 64, 64, 64])
  })

  test('changes with the session and with either nonce', () => {
    const nonces = { joining: fill(2), linked: fill(3) }
    const all = [
      emojiOf(fill(1), nonces, hkdfSha256),
      emojiOf(fill(9), nonces, hkdfSha256),
      emojiOf(fill(1), { ...nonces, joining: fill(9) }, hkdfSha256),
      emojiOf(fill(1), { ...nonces, linked: fill(9) }, hkdfSha256),
      emojiOf(fill(1), { joining: fill(3), linked: fill(2) }, hkdfSha256),
    ].map(namesOf)
    expect(new Set(all).size).toBe(all.length)
  })
})

test('[L12] [T15] of the exporter alone who dials can try until it fits, in spite of its commitment (A9)', async () => {
  const secret = fill(5, 16)
  const wanted = emojis[17]?.name
  const { signer, identity } = await testSigner(mallory)
  const head = { identity, epoch: 1, length: 1, comparable: 1, bytes: 300, head: rawCidOfDigest(fill(1)) }
  let found: string | undefined
  // The same requests, commitment and all each time: only her last word differs, the `sessionauth`.
  for (let comparable = 1; comparable < 1_000 && found !== wanted; comparable++) {
    const record = encodeHeadRecord(await signHead({ ...head, comparable }, signer))
    const common = { pairingSecret: secret, demandProof: false, expect: null }
    const m = await createParty('dialler', mallory, { ...common, head: new TextDecoder().decode(record) })
    const b = await createParty('acceptor', bob, common)
    await exchange(m, b)
    const exporter = exporterKey(testCrypto, established(b).keys.exporter, emojiLabel)
    found = emojis[(exporter[0] as number) >> 2]?.name
  }
  expect(found).toBe(wanted)
})
