import { encodeBase64url, type Identity, parseBase64url, parseIdentity } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { ownVectors } from '@effigy/testkit/node'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { neighbourTag, tagKey, whoseTag } from './tag.ts'

const crypto = createNodeCrypto()

const vectors = JSON.parse(ownVectors('lan.json')) as { identity: string; nonce: string; t: string }[]
const identities = [...new Set(vectors.map(({ identity }) => parseIdentity(identity) as Identity))]
const keys = new Map(identities.map((identity) => [identity, tagKey(crypto, identity)] as const))

test.for(vectors)('[U1] the tag of $identity with $nonce', ({ identity, nonce, t }) => {
  const bytes = parseBase64url(nonce)
  if (bytes === null) throw new Error('no nonce')
  expect(neighbourTag(crypto, identity as Identity, bytes)).toBe(t)
  expect(whoseTag(crypto, t, keys)).toBe(identity)
})

test('[U3] who does not know the identity recognises nobody', () => {
  for (const { identity, t } of vectors) {
    const others = new Map([...keys].filter(([one]) => one !== identity))
    expect(whoseTag(crypto, t, others)).toBeNull()
  }
})

test('[U1] one changed bit, a cut, anything else: nobody’s', () => {
  const tag = parseBase64url(vectors[0]!.t) as Uint8Array
  for (let bit = 0; bit < tag.length * 8; bit++) {
    const changed = tag.slice()
    changed[bit >> 3]! ^= 1 << (bit & 7)
    expect(whoseTag(crypto, encodeBase64url(changed), keys)).toBeNull()
  }
  for (let length = 0; length < vectors[0]!.t.length; length++) {
    expect(whoseTag(crypto, vectors[0]!.t.slice(0, length), keys)).toBeNull()
  }
  fc.assert(fc.property(fc.string({ maxLength: 40 }), (text) => whoseTag(crypto, text, keys) === null))
})
