/**
 * The crypto port on Node: libsodium for signatures, X25519 and AEAD, OpenSSL's one-shot hash for SHA-256
 * (it uses the processor's SHA instructions) and its cipher for long frames (long-frames.ts).
 *
 * @module
 */
import { createHash, randomFillSync } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { SignatureCheck } from '@effigy/core'
import { EffigyError, shortBytes } from '@effigy/core'
import sodium, { type AeadDecrypt, type AeadEncrypt } from 'sodium-native'
import type { AgreementKey, Crypto, Sha256Stream } from './crypto.ts'
import { boundedHkdf } from './hkdf.ts'
import { leastLongFrame, openLong, sealLong } from './node/long-frames.ts'
import { hkdfSha256, hmacSha256, sha256 } from './node/one-shot.ts'
import { nodeScrypt } from './node/scrypt.ts'
import { createSodiumSignatures, createSodiumSigner } from './node/sodium-signatures.ts'
import { createVaultFile } from './node/vault-file.ts'
import type { VerifyPool } from './node/verify-pool.ts'
import { selfTest } from './self-test.ts'
import type { LockableVault } from './vault.ts'

export { nodeScrypt } from './node/scrypt.ts'
export { isVaultFile } from './node/vault-file.ts'
export { createVerifyPool, type VerifyPool, type VerifyPoolOptions } from './node/verify-pool.ts'

export interface NodeCryptoOptions {
  /** Takes batches larger than one slice. Owned, and disposed, by the caller. */
  readonly pool?: VerifyPool
}

/** Signatures checked in one turn of the event loop: some 5 ms on a slow core. */
const sliceLength = 64

const tagLength = 16

/** Without the self-test of `openNodeCrypto`. */
export function createNodeCrypto({ pool }: NodeCryptoOptions = {}): Crypto {
  const signatures = createSodiumSignatures()

  async function verify(checks: readonly SignatureCheck[]): Promise<readonly boolean[]> {
    if (pool !== undefined && checks.length > sliceLength) return pool.verify(checks)
    const verdicts: boolean[] = []
    for (const check of checks) {
      if (verdicts.length > 0 && verdicts.length % sliceLength === 0) await nextTurn()
      verdicts.push(signatures.verify(check))
    }
    return verdicts
  }

  return {
    name: 'sodium',
    sha256,
    sha256Stream,
    hmacSha256,
    hkdfSha256: boundedHkdf(hkdfSha256),
    // Frames of sessions, which are soon forgotten.
    seal: byLength(encryption(sodium.crypto_aead_chacha20poly1305_ietf_encrypt, shortBytes), sealLong),
    open: byLength(decryption(sodium.crypto_aead_chacha20poly1305_ietf_decrypt, 12, shortBytes), openLong),
    sealX: encryption(sodium.crypto_aead_xchacha20poly1305_ietf_encrypt, ownBytes),
    openX: decryption(sodium.crypto_aead_xchacha20poly1305_ietf_decrypt, 24, ownBytes),
    isSoundKey: signatures.isSoundKey,
    verify,
    signer: async (seed) => createSodiumSigner(seed),
    agreementKey: async (secret) => createAgreementKey(secret),
    randomBytes: (length) => randomFillSync(new Uint8Array(length)),
  }
}

/** As `createNodeCrypto`, proven by the self-test; throws `EffigyError` 'self-test' when it fails. */
export async function openNodeCrypto(options?: NodeCryptoOptions): Promise<Crypto> {
  const crypto = createNodeCrypto(options)
  const { failed } = await selfTest(crypto)
  if (failed.length > 0) {
    throw new EffigyError('self-test', `libsodium does not work as it must: ${failed.join(', ')}`)
  }
  return crypto
}

export interface OpenVaultOptions {
  /** Of the passphrase's work (spec Z1), for tests; 18 when omitted. */
  readonly factor?: number
}

/** Opens the vault at `path`; its directory is made (0700) when it is first written. */
export function openVaultFile(path: string, { factor }: OpenVaultOptions = {}): LockableVault {
  const ports = { crypto: createNodeCrypto(), scrypt: nodeScrypt }
  return createVaultFile(path, factor === undefined ? ports : { ...ports, factor })
}

function sha256Stream(): Sha256Stream {
  const open = createHash('sha256')
  return { update: (bytes) => void open.update(bytes), digest: () => new Uint8Array(open.digest()) }
}

const ownBytes = (length: number): Uint8Array => new Uint8Array(length)

function encryption(encrypt: AeadEncrypt, bytesFor: (length: number) => Uint8Array): Crypto['seal'] {
  return (key, nonce, associated, plaintext) => {
    const sealed = bytesFor(plaintext.length + tagLength)
    encrypt(sealed, plaintext, associated.length > 0 ? associated : null, null, nonce, key)
    return sealed
  }
}

function decryption(
  decrypt: AeadDecrypt,
  nonceLength: number,
  bytesFor: (length: number) => Uint8Array,
): Crypto['open'] {
  return (key, nonce, associated, sealed) => {
    if (key.length !== 32 || nonce.length !== nonceLength)
      throw new RangeError('key or nonce of a wrong length')
    if (sealed.length < tagLength) return null
    const plaintext = bytesFor(sealed.length - tagLength)
    try {
      decrypt(plaintext, null, sealed, associated.length > 0 ? associated : null, nonce, key)
      return plaintext
    } catch {
      return null
    }
  }
}

/** Keys and nonces of a wrong length go to libsodium, which throws. */
function byLength<Kind extends Crypto['seal'] | Crypto['open']>(short: Kind, long: Kind): Kind {
  const either: Crypto['open'] = (key, nonce, associated, bytes) =>
    bytes.length >= leastLongFrame && key.length === 32 && nonce.length === 12
      ? long(key, nonce, associated, bytes)
      : short(key, nonce, associated, bytes)
  return either as Kind
}

function createAgreementKey(secret: Uint8Array): AgreementKey {
  const scalar = secret.slice()
  const publicKey = new Uint8Array(32)
  sodium.crypto_scalarmult_base(publicKey, scalar)
  return {
    publicKey,
    async agree(theirPublicKey) {
      if (theirPublicKey.length !== 32) return null
      const shared = new Uint8Array(32)
      try {
        sodium.crypto_scalarmult(shared, scalar, theirPublicKey)
        return shared
      } catch {
        return null // libsodium's word for "all zero"
      }
    },
  }
}
