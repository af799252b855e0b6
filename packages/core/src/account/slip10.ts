/**
 * SLIP-0010 for ed25519: a tree of 32-byte secrets under one seed (spec D3).
 *
 *     seed ─HMAC-SHA512▶ master ─▶ m/7423' ─▶ m/7423'/0' ─▶ …
 *
 * Only hardened steps exist for this curve, so a secret says nothing about its
 * siblings or parents.
 *
 * @module
 */
import { hmac } from '@noble/hashes/hmac.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { utf8 } from '../bytes.ts'

/** A secret of the tree with what its children need. */
export interface TreeSecret {
  /** 32 bytes: an Ed25519 seed, or an X25519 private key. */
  readonly secret: Uint8Array
  /** 32 bytes. */
  readonly chainCode: Uint8Array
}

const masterKey = utf8('ed25519 seed')
const hardened = 0x8000_0000

/** The secret at `path` below the seed, each step hardened: `[7423, 0, 5]` is m/7423'/0'/5'. Seed: 16 to 64 bytes. */
export function deriveSecret(seed: Uint8Array, path: readonly number[]): TreeSecret {
  if (seed.length < 16 || seed.length > 64) throw new TypeError('a seed has 16 to 64 bytes')
  return path.reduce(child, split(hmac(sha512, masterKey, seed)))
}

function child(parent: TreeSecret, index: number): TreeSecret {
  if (!Number.isInteger(index) || index < 0 || index >= hardened)
    throw new TypeError('a step is 0 to 2^31 - 1')
  const data = new Uint8Array(37)
  data.set(parent.secret, 1)
  new DataView(data.buffer).setUint32(33, index + hardened)
  return split(hmac(sha512, parent.chainCode, data))
}

function split(digest: Uint8Array): TreeSecret {
  return { secret: digest.slice(0, 32), chainCode: digest.slice(32) }
}
