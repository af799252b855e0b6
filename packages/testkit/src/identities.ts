/**
 * People for tests: a name gives a seed, the seed a key, always the same.
 *
 *     'alice' ─SHA-256▶ 32-byte seed ─▶ Signer
 *
 * @module
 */
import type { Signer } from '@effigy/core'
import { createNobleCrypto } from '@effigy/crypto/noble'
import { sha256 } from '@noble/hashes/sha2.js'

const crypto = createNobleCrypto()
const signersByName = new Map<string, Promise<Signer>>()

/** 32 bytes, an RFC 8032 seed: SHA-256 of `effigy/test-seed/1\n` and the name in UTF-8. */
export function testSeed(name: string): Uint8Array {
  return sha256(new TextEncoder().encode(`effigy/test-seed/1\n${name}`))
}

/** The signer of `testSeed(name)`, made once a name. */
export function testSigner(name: string): Promise<Signer> {
  const known = signersByName.get(name) ?? crypto.signer(testSeed(name))
  signersByName.set(name, known)
  return known
}
