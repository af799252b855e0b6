/**
 * The crypto port: every backend gives the same bytes and the same verdicts.
 *
 *     node.ts (sodium-native) ┐
 *     browser.ts (WebCrypto)  ├─▶ Crypto ─▶ core, store, sync
 *     noble.ts (pure)         ┘
 *
 * Small symmetric work is synchronous; public-key work is asynchronous and comes
 * in batches, so that a backend may use threads.
 *
 * @module
 */
import type { RandomBytes, SignatureCheck, Signer } from '@effigy/core'

/** SHA-256 of what comes in pieces. Ends with `digest`. */
export interface Sha256Stream {
  update(bytes: Uint8Array): void
  /** 32 bytes; once, and the last call. */
  digest(): Uint8Array
}

export interface Crypto {
  /** For logs and figures: `sodium`, `webcrypto`, `noble`, … */
  readonly name: string

  /** SHA-256, 32 bytes. */
  sha256(bytes: Uint8Array): Uint8Array

  /** The same of more than should be in memory at once. */
  sha256Stream(): Sha256Stream

  /** HMAC-SHA-256, 32 bytes. */
  hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array

  /** HKDF-SHA-256 (RFC 5869); `length` from 1 to 8,160 bytes, `info` at most 1,024; else a RangeError. */
  hkdfSha256(inputKey: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array

  /** ChaCha20-Poly1305 (RFC 8439): key 32, nonce 12; gives ciphertext ‖ 16-byte tag. */
  seal(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, plaintext: Uint8Array): Uint8Array

  /** Undoes `seal`; null when anything was altered. */
  open(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, sealed: Uint8Array): Uint8Array | null

  /** XChaCha20-Poly1305: key 32, nonce 24; gives ciphertext ‖ 16-byte tag. */
  sealX(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, plaintext: Uint8Array): Uint8Array

  /** Undoes `sealX`; null when anything was altered. */
  openX(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, sealed: Uint8Array): Uint8Array | null

  /** Whether a 32-byte Ed25519 public key is canonical, torsion-free and not of small order (K1). Cached. */
  isSoundKey(publicKey: Uint8Array): boolean

  /** One verdict a check, in order, under the strict rule (K1). Wrong lengths are false, never an error. */
  verify(checks: readonly SignatureCheck[]): Promise<readonly boolean[]>

  /** The signer of a 32-byte RFC 8032 seed. */
  signer(seed: Uint8Array): Promise<Signer>

  /** The X25519 key (RFC 7748) of a 32-byte secret. */
  agreementKey(secret: Uint8Array): Promise<AgreementKey>

  /** Unpredictable bytes of any length. */
  readonly randomBytes: RandomBytes
}

/** Holds one X25519 key. */
export interface AgreementKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** The shared secret, 32 bytes; null when it is all zero (a peer's key of small order). */
  agree(theirPublicKey: Uint8Array): Promise<Uint8Array | null>
}
