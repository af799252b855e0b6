/**
 * The crypto port in JavaScript alone: for tests, simulations, and browsers
 * whose WebCrypto lacks something. Slow, and the same everywhere.
 *
 * @module
 */
import type { RandomBytes, SignatureCheck, Signer } from '@effigy/core'
import { chacha20poly1305, xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { AgreementKey, Crypto, Sha256Stream } from './crypto.ts'
import { boundedHkdf } from './hkdf.ts'
import { platformRandomBytes } from './random.ts'
import { createNobleSignatures } from './strict-noble.ts'

export interface NobleCryptoOptions {
  /** The platform's when left out. */
  readonly randomBytes?: RandomBytes
}

const tagLength = 16

/** Without the self-test of `selfTest`. */
export function createNobleCrypto({ randomBytes = platformRandomBytes }: NobleCryptoOptions = {}): Crypto {
  const signatures = createNobleSignatures()

  async function verify(checks: readonly SignatureCheck[]): Promise<readonly boolean[]> {
    return checks.map(signatures.verify)
  }

  return {
    name: 'noble',
    sha256: createSha256(),
    sha256Stream,
    hmacSha256: (key, bytes) => hmac(sha256, key, bytes),
    hkdfSha256: boundedHkdf((inputKey, salt, info, length) => hkdf(sha256, inputKey, salt, info, length)),
    seal: (key, nonce, associated, plaintext) => chacha20poly1305(key, nonce, associated).encrypt(plaintext),
    open: decryption(chacha20poly1305, 12),
    sealX: (key, nonce, associated, plaintext) =>
      xchacha20poly1305(key, nonce, associated).encrypt(plaintext),
    openX: decryption(xchacha20poly1305, 24),
    isSoundKey: signatures.isSoundKey,
    verify,
    signer: async (seed) => createNobleSigner(seed),
    agreementKey: async (secret) => createNobleAgreementKey(secret),
    randomBytes,
  }
}

/** The same memory for each: to set it up anew takes a third of the time for an entry. Nothing of what was hashed stays in it. */
function createSha256(): Crypto['sha256'] {
  const blank = sha256.create()
  const hash = sha256.create()
  return (bytes) => blank._cloneInto(hash).update(bytes).digest()
}

function sha256Stream(): Sha256Stream {
  const hash = sha256.create()
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() }
}

function decryption(cipher: typeof chacha20poly1305, nonceLength: number): Crypto['open'] {
  return (key, nonce, associated, sealed) => {
    if (key.length !== 32 || nonce.length !== nonceLength)
      throw new RangeError('key or nonce of a wrong length')
    if (sealed.length < tagLength) return null
    try {
      return cipher(key, nonce, associated).decrypt(sealed)
    } catch {
      return null
    }
  }
}

function createNobleSigner(seed: Uint8Array): Signer {
  const secret = seed.slice()
  return {
    publicKey: ed25519.getPublicKey(secret),
    signBytes: async (message) => ed25519.sign(message, secret),
  }
}

function createNobleAgreementKey(secret: Uint8Array): AgreementKey {
  const scalar = secret.slice()
  return {
    publicKey: x25519.getPublicKey(scalar),
    async agree(theirPublicKey) {
      if (theirPublicKey.length !== 32) return null
      try {
        return x25519.getSharedSecret(scalar, theirPublicKey)
      } catch {
        return null // noble's word for "all zero"
      }
    },
  }
}
