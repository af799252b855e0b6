/**
 * By what a peer is recognised in its network by those who know it, and by nobody else (spec U1, U3).
 *
 *     identity, nonce ─HMAC─▶ tag ─mDNS─▶ whose of those whom I want? ─▶ identity, or nobody's
 *
 * @module
 */
import { encodeBase64url, type Identity, identityKey, parseBase64url } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'

export type TagCrypto = Pick<Crypto, 'sha256' | 'hmacSha256'>

/** Bytes by chance, so that no two tags of one peer are alike. */
export const tagNonceBytes = 8
const proofBytes = 16

const prefix = new TextEncoder().encode('effigy/lan/1\n')

/** What one has to know of a peer to recognise it. */
export function tagKey(crypto: TagCrypto, identity: Identity): Uint8Array {
  return crypto.sha256(identityKey(identity))
}

/** base64url of nonce ‖ proof. */
export function neighbourTag(crypto: TagCrypto, identity: Identity, nonce: Uint8Array): string {
  const tag = new Uint8Array(tagNonceBytes + proofBytes)
  tag.set(nonce)
  tag.set(proofOf(crypto, tagKey(crypto, identity), nonce), tagNonceBytes)
  return encodeBase64url(tag)
}

/** Null: of none of them, or no tag. `keys`: of each whom it may be. */
export function whoseTag(
  crypto: TagCrypto,
  tag: string,
  keys: ReadonlyMap<Identity, Uint8Array>,
): Identity | null {
  const bytes = tag.length === 32 ? parseBase64url(tag) : null
  if (bytes === null) return null
  const nonce = bytes.subarray(0, tagNonceBytes)
  const proof = bytes.subarray(tagNonceBytes)
  for (const [identity, key] of keys) {
    if (proofOf(crypto, key, nonce).every((byte, at) => byte === proof[at])) return identity
  }
  return null
}

function proofOf(crypto: TagCrypto, key: Uint8Array, nonce: Uint8Array): Uint8Array {
  const text = new Uint8Array(prefix.length + nonce.length)
  text.set(prefix)
  text.set(nonce, prefix.length)
  return crypto.hmacSha256(key, text).subarray(0, proofBytes)
}
