/**
 * The strict Ed25519 rule (spec K1), as far as it needs no curve arithmetic.
 *
 *     check ─lengths, S < L, R ≠ 0─▶ isSoundKey(A), cached ─▶ backend's own verifier ─▶ verdict
 *
 * Verifiers differ on odd inputs, so a hostile key could split a feed between a
 * phone and a server. What is decided here and by the key check is exactly what
 * they differ about; behind it each backend is left with one question, "are the
 * bytes of [S]B − [k]A those of R?", and all answer it alike:
 *
 * - **libsodium** (`crypto_sign_verify_detached`) refuses A that is not canonical
 *   or of small order, S ≥ L and R of small order, and then compares. It takes A
 *   with a torsion part: the key check is needed. That it refuses *every* R of
 *   small order and not only the identity changes nothing: A is in the prime
 *   subgroup, so [S]B − [k]A is too, and the identity is the only point of small
 *   order there. No other R of small order can ever compare equal.
 * - **BoringSSL** (Chromium's WebCrypto) and **OpenSSL** (`node:crypto`) check
 *   S < L and compare bytes, but take any A that decodes, non-canonical, torsioned
 *   and of small order included, and R = 0: key check and R check are needed.
 * - **noble**'s own `verify` multiplies by the cofactor and so takes R + torsion:
 *   it is not used. `strict-noble.ts` does the comparison from noble's points.
 *
 * A non-canonical R needs no check of its own: the bytes that it is compared with
 * are always canonical.
 *
 * @module
 */
import type { SignatureCheck } from '@effigy/core'

export const publicKeyLength = 32
export const signatureLength = 64

/** The order of the prime subgroup, 2^252 + 27742317777372353535851937790883648493, little-endian. */
const order = Uint8Array.of(
  ...[0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14],
  ...[0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10],
)

/** Everything of the rule that the bytes show: a check that fails here is false, whatever the key. */
export function mayBeSignature(check: SignatureCheck): boolean {
  return (
    check.publicKey.length === publicKeyLength &&
    check.signature.length === signatureLength &&
    isScalarBelowOrder(check.signature) &&
    !isIdentity(check.signature)
  )
}

/** S < L for S in bytes 32 to 63. All but one in 2^126 honest signatures end at the first comparison. */
function isScalarBelowOrder(signature: Uint8Array): boolean {
  for (let index = 31; index >= 0; index--) {
    const difference = (signature[32 + index] as number) - (order[index] as number)
    if (difference !== 0) return difference < 0
  }
  return false
}

/** Whether R, bytes 0 to 31, is the one canonical encoding of the identity, y = 1. */
function isIdentity(signature: Uint8Array): boolean {
  if (signature[0] !== 1) return false
  for (let index = 1; index < 32; index++) {
    if (signature[index] !== 0) return false
  }
  return true
}
