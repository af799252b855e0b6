/**
 * What the pure core asks of the world: a hash and a signer, both handed in.
 * `@effigy/crypto` has the implementations.
 *
 * @module
 */

/** SHA-256 of `bytes`, 32 bytes. Synchronous and pure. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array

/** Fills and returns `length` unpredictable bytes; seeded in simulations. Any length. */
export type RandomBytes = (length: number) => Uint8Array

/** Holds one Ed25519 key; the key itself may never be readable (vault). */
export interface Signer {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** RFC 8032 signature of `message`, 64 bytes. Call only through `sign` of `signing.ts`: nothing is signed raw. */
  signBytes(message: Uint8Array): Promise<Uint8Array>
}

/** One signature to check under the strict rule (spec K1). */
export interface SignatureCheck {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  /** 64 bytes. */
  readonly signature: Uint8Array
}
