/**
 * Whether anything can be sealed to an X25519 key (spec X9). No secret is at hand here: published keys alone.
 *
 *     32 bytes ─u of the curve▶ of small order? every secret it agrees upon is zero: none
 *
 * @module
 */

const p = 2n ** 255n - 19n

/** As `agree` of the crypto port tells, and at once. */
export function isSoundBox(key: Uint8Array): boolean {
  // The highest bit says nothing (RFC 7748, 5).
  const u = key.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n) % 2n ** 255n
  const a = u * u - 1n
  // Of order 2: 0. Of order 4: 1 and -1. Of order 8: what comes to 1 when it is doubled.
  return key.length === 32 && (u * a * (a * a - 4n * u * (a + 486_662n * u + 2n))) % p !== 0n
}
