/**
 * Ed25519 over libsodium, under the strict rule (spec K1). Used by `node.ts` and
 * by the threads of `verify-pool.ts`.
 *
 * @module
 */
import type { SignatureCheck, Signer } from '@effigy/core'
import sodium from 'sodium-native'
import { rememberByKey } from '../key-table.ts'
import { mayBeSignature, publicKeyLength, signatureLength } from '../strict.ts'

export interface SodiumSignatures {
  isSoundKey(publicKey: Uint8Array): boolean
  verify(check: SignatureCheck): boolean
}

export function createSodiumSignatures(): SodiumSignatures {
  // Canonical, on the curve, in the prime subgroup and not of small order: exactly the key rule.
  const isSound = rememberByKey((publicKey) => sodium.crypto_core_ed25519_is_valid_point(publicKey))
  return {
    isSoundKey: (publicKey) => publicKey.length === publicKeyLength && isSound(publicKey),
    verify: (check) =>
      mayBeSignature(check) &&
      isSound(check.publicKey) &&
      sodium.crypto_sign_verify_detached(check.signature, check.message, check.publicKey),
  }
}

export function createSodiumSigner(seed: Uint8Array): Signer {
  const publicKey = new Uint8Array(publicKeyLength)
  const secretKey = new Uint8Array(64)
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, seed)
  return {
    publicKey,
    async signBytes(message) {
      const signature = new Uint8Array(signatureLength)
      sodium.crypto_sign_detached(signature, message, secretKey)
      return signature
    },
  }
}
