/** What a new device asks, and the words that are compared (spec Z24, Z25). */
import { encodeBase64url, identityOfKey, type Root } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { testSeed } from '@effigy/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  comparedWords,
  maxRequestBytes,
  readRequest,
  requestId,
  requestWords,
  type ShareRequest,
  writeRequest,
} from './request.ts'

const { sha256 } = createNodeCrypto()
const signerOf = (name: string) => createNodeCrypto().signer(testSeed(name))
const identityNamed = async (name: string) => identityOfKey((await signerOf(name)).publicKey)
const fill = (byte: number, length: number) => encodeBase64url(new Uint8Array(length).fill(byte))
const identity = await identityNamed('new device')
const request: ShareRequest = {
  account: fill(1, 32) as Root,
  name: 'Alice 🌻',
  identity,
  box: fill(2, 32),
  to: fill(3, 32) as Root,
  nonce: fill(4, 16),
  at: 1_800_000_000_000,
}

describe('[Z24] a request', () => {
  test('has one way of writing', () => {
    const text = writeRequest(request)
    expect(readRequest(text)).toEqual(request)
    expect(readRequest(writeRequest({ ...request, account: null }))?.account).toBeNull()
    expect(readRequest(`${text} `)).toBeNull()
    expect(readRequest(text.replace('"v":1', '"v":2'))).toBeNull()
    expect(readRequest(JSON.stringify({ ...JSON.parse(text), more: 1 }))).toBeNull()
  })

  test.for([
    { name: 'a\nb' },
    { name: 'a\u202eb' },
    { name: 'x'.repeat(97) },
    { box: fill(1, 31) },
    { nonce: fill(1, 15) },
    { to: 'x' },
    { account: '' },
    { at: -1 },
    { at: 0.5 },
    { identity: 'did:key:z6Mk' },
  ])('is refused with %o', (changed) => {
    expect(readRequest(JSON.stringify({ ...JSON.parse(writeRequest(request)), ...changed }))).toBeNull()
  })

  test('is read without throwing, truncated at each length, with any bit flipped, or as anything else', () => {
    const text = writeRequest(request)
    for (let length = 0; length < text.length; length++) expect(readRequest(text.slice(0, length))).toBeNull()
    for (let at = 0; at < text.length; at++) {
      const flipped = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1)
      const read = readRequest(flipped)
      if (read !== null) expect(requestId(read, sha256)).not.toBe(requestId(request, sha256))
    }
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (other) => void readRequest(other)))
    expect(readRequest('x'.repeat(maxRequestBytes + 1))).toBeNull()
  })
})

test('[Z25] six words of 66 bits, others for every change of the request', async () => {
  const words = await requestWords(request, sha256)
  expect(words).toBe(await requestWords({ ...request }, sha256))
  expect(words.split(' ')).toHaveLength(comparedWords)
  const changes: Partial<ShareRequest>[] = [
    { account: null },
    { name: 'Alice' },
    { identity: await identityNamed('phisher') },
    { box: fill(9, 32) },
    { to: fill(9, 32) as Root },
    { nonce: fill(9, 16) },
    { at: 1 },
  ]
  const others = await Promise.all(changes.map((change) => requestWords({ ...request, ...change }, sha256)))
  expect(new Set([words, ...others]).size).toBe(changes.length + 1)
})

test('[Z25] the words are those of the rule', async () => {
  // Written down from this rule once: another implementation has to show the same.
  expect(requestId(request, sha256)).toMatchInlineSnapshot(`"K17XQmkRg4-TEsYjgtbYksqt8nEPvRj3V4EnncKSROo"`)
  expect(await requestWords(request, sha256)).toMatchInlineSnapshot(`"faith pink lazy destroy van forward"`)
})
