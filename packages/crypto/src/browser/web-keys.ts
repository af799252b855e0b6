/**
 * Private keys that WebCrypto holds, as the port's `Signer` and `AgreementKey`.
 *
 *     CryptoKey ─sign, deriveBits▶ Signer, AgreementKey        32 bytes ─pkcs8▶ what WebCrypto imports
 *
 * @module
 */
import type { Signer } from '@effigy/core'
import type { AgreementKey } from '../crypto.ts'

export type WebAlgorithm = 'Ed25519' | 'X25519'

/** What a private key of each kind may be used for: this, and nothing else. */
export const privateUsages: Readonly<Record<WebAlgorithm, readonly KeyUsage[]>> = {
  Ed25519: ['sign'],
  X25519: ['deriveBits'],
}

/** Of a private Ed25519 key and its public one, 32 bytes. */
export function webSigner(subtle: SubtleCrypto, key: CryptoKey, publicKey: Uint8Array): Signer {
  return {
    publicKey,
    signBytes: async (message) => new Uint8Array(await subtle.sign('Ed25519', key, source(message))),
  }
}

/** Of a private X25519 key and its public one, 32 bytes. `agree` rejects where that key cannot be used. */
export function webAgreementKey(subtle: SubtleCrypto, key: CryptoKey, publicKey: Uint8Array): AgreementKey {
  return {
    publicKey,
    async agree(theirPublicKey) {
      if (theirPublicKey.length !== 32) return null
      try {
        return await derive(theirPublicKey)
      } catch {
        // WebCrypto's word for "all zero", and for a key of ours that does not work: that one fails with ours, too.
        await derive(publicKey)
        return null
      }
    },
  }

  async function derive(bytes: Uint8Array): Promise<Uint8Array> {
    const theirs = await subtle.importKey('raw', source(bytes), 'X25519', false, [])
    return new Uint8Array(await subtle.deriveBits({ name: 'X25519', public: theirs }, key, 256))
  }
}

/** The last byte of the algorithm identifiers 1.3.101.112 and 1.3.101.110. */
const algorithmBytes: Readonly<Record<WebAlgorithm, number>> = { Ed25519: 0x70, X25519: 0x6e }

/** What stands before the secret (RFC 8410). */
function pkcs8Head(algorithm: WebAlgorithm): Uint8Array {
  const version = [0x30, 0x2e, 0x02, 0x01, 0x00]
  const identifier = [0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, algorithmBytes[algorithm]]
  return Uint8Array.of(...version, ...identifier, 0x04, 0x22, 0x04, 0x20)
}

/** Private keys are only taken in this wrapping. Throws a RangeError when `secret` has not 32 bytes. */
export function pkcs8(algorithm: WebAlgorithm, secret: Uint8Array): Uint8Array<ArrayBuffer> {
  if (secret.length !== 32) throw new RangeError('a secret has 32 bytes')
  return Uint8Array.of(...pkcs8Head(algorithm), ...secret)
}

/** Undoes `pkcs8`; null for anything else. The secret is a view of `bytes`. */
export function pkcs8Secret(algorithm: WebAlgorithm, bytes: Uint8Array): Uint8Array | null {
  const head = pkcs8Head(algorithm)
  const isOurs = bytes.length === head.length + 32 && head.every((byte, index) => bytes[index] === byte)
  return isOurs ? bytes.subarray(head.length) : null
}

/** WebCrypto does not take shared memory; nothing here is in any. */
export function source(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>
}
