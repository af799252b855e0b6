/**
 * The part of sodium-native 5 that is used here. It has no types of its own.
 * Functions throw when libsodium returns a failure, unless they return boolean.
 */
declare module 'sodium-native' {
  export interface Sodium {
    crypto_sign_seed_keypair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void
    crypto_sign_detached(signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array): void
    crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean
    crypto_core_ed25519_is_valid_point(point: Uint8Array): boolean
    crypto_scalarmult_base(point: Uint8Array, scalar: Uint8Array): void
    crypto_scalarmult(point: Uint8Array, scalar: Uint8Array, theirs: Uint8Array): void
    crypto_aead_chacha20poly1305_ietf_encrypt: AeadEncrypt
    crypto_aead_chacha20poly1305_ietf_decrypt: AeadDecrypt
    crypto_aead_xchacha20poly1305_ietf_encrypt: AeadEncrypt
    crypto_aead_xchacha20poly1305_ietf_decrypt: AeadDecrypt
    sodium_memzero(bytes: Uint8Array): void
  }
  export type AeadEncrypt = (
    sealed: Uint8Array,
    plaintext: Uint8Array,
    associated: Uint8Array | null,
    unused: null,
    nonce: Uint8Array,
    key: Uint8Array,
  ) => number
  export type AeadDecrypt = (
    plaintext: Uint8Array,
    unused: null,
    sealed: Uint8Array,
    associated: Uint8Array | null,
    nonce: Uint8Array,
    key: Uint8Array,
  ) => number
  const sodium: Sodium
  // biome-ignore lint/style/noDefaultExport: what a CommonJS module gives
  export default sodium
}
