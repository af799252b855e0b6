/**
 * Four pictures that both persons compare (spec L12; T15): the same on both devices unless somebody sits between.
 *
 *     exporter `emoji` ─┐
 *     nonce joining  ───┼─HKDF▶ 24 bits ─▶ 4 of 64
 *     nonce linked   ───┘
 *
 * The joining device is committed to its nonce before it sees the other: nobody can try until the pictures fit.
 * The exporter alone would not do: who dials chooses the last bytes of the transcript, its own `sessionauth`.
 *
 * @module
 */
import { concatBytes, type Emoji, emojis, utf8 } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'

/** A12. */
export const emojiLabel = 'emoji'

export const pairingNonceBytes = 32

const shown = 4

/** What the joining device says of its nonce before it shows it: 32 bytes. */
export function emojiCommitment(nonce: Uint8Array, sha256: Crypto['sha256']): Uint8Array {
  return sha256(concatBytes(utf8('effigy/emoji/1\n'), nonce))
}

/** `exporter`: the session's, of `emojiLabel`, 32 bytes. */
export function emojiOf(
  exporter: Uint8Array,
  nonces: { readonly joining: Uint8Array; readonly linked: Uint8Array },
  hkdfSha256: Crypto['hkdfSha256'],
): readonly Emoji[] {
  const salt = concatBytes(nonces.joining, nonces.linked)
  const [a = 0, b = 0, c = 0] = hkdfSha256(exporter, salt, utf8('effigy/emoji/1'), 3)
  const bits = (a << 16) | (b << 8) | c
  return Array.from({ length: shown }, (_, index) => emojis[(bits >> (18 - 6 * index)) & 63] as Emoji)
}
