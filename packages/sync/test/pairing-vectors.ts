/** The list of emoji and some runs of `spec/vectors/pairing.json` (L12); bytes in hexadecimal. */
import { emojis, utf8 } from '@effigy/core'
import { emojiCommitment, emojiOf } from '../src/pairing/emoji.ts'
import { hex } from './frame-vectors.ts'
import { testCrypto } from './handshake-kit.ts'

export function pairingVectors() {
  const { sha256, hkdfSha256 } = testCrypto
  const runs = [1, 2, 3, 4].map((run) => {
    const [exporter, joining, linked] = ['exporter', 'joining', 'linked'].map((name) =>
      sha256(utf8(`effigy/test/pairing ${name} ${run}`)),
    ) as [Uint8Array, Uint8Array, Uint8Array]
    const names = emojiOf(exporter, { joining, linked }, hkdfSha256).map(({ name }) => name)
    return {
      exporter: hex(exporter),
      joining: hex(joining),
      linked: hex(linked),
      commitment: hex(emojiCommitment(joining, sha256)),
      emoji: names,
    }
  })
  return { emojis: emojis.map(({ emoji, name }) => [emoji, name]), runs }
}
