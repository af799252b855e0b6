/**
 * Decoders of what is sealed: boxes, entries of private feeds, encrypted files. Each has the key, so that damage reaches
 * everything behind the cipher that it can.
 *
 * @module
 */
import { type Identity, parseUtf8, utf8 } from '@effigy/core'
import {
  ageHeaderLength,
  type Crypto,
  isPassphraseHeader,
  openBox,
  openSealedEntry,
  openStream,
  sealBox,
  sealEntry,
} from '@effigy/crypto'
import type { Decoder } from './list.ts'

export function privateDecoders(crypto: Crypto, author: Identity): readonly Decoder[] {
  const key = new Uint8Array(32).fill(9)
  const box = { conversation: 'A'.repeat(22), generation: 1, key }
  const payload = '{"type":"private_note","at":1,"text":"for some"}'
  const entry = utf8(`{"v":1}\n${'A'.repeat(86)}`)
  const plaintext = utf8('an encrypted file')
  const secret = { key, hash: crypto.sha256(plaintext), bytes: plaintext.length }
  const ciphertext = crypto.seal(key, Uint8Array.of(...new Uint8Array(11), 1), new Uint8Array(0), plaintext)
  const ageFile = utf8(
    `age-encryption.org/v1\n-> scrypt ${'A'.repeat(22)} 18\n${'A'.repeat(43)}\n--- ${'A'.repeat(43)}\n`,
  )
  return [
    {
      name: 'box',
      samples: [utf8(sealBox({ author, ...box, payload, crypto }))],
      share: 1,
      decode: (input) => openBox(parseUtf8(input) ?? '', author, [box], crypto),
    },
    {
      name: 'sealed entry',
      samples: [sealEntry(entry, author, key, crypto)],
      share: 1,
      decode: (input) => openSealedEntry(input, author, key, crypto),
    },
    {
      name: 'encrypted file',
      samples: [ciphertext],
      share: 1,
      async decode(input) {
        let bytes = 0
        const read = (range: { readonly offset: number; readonly length: number }) => [
          input.subarray(range.offset, range.offset + range.length),
        ]
        for await (const piece of openStream(read, { ...secret, crypto })) {
          bytes += piece.ok ? piece.value.length : 0
        }
        return bytes
      },
    },
    {
      name: 'age header',
      samples: [ageFile],
      share: 1,
      decode: (input) => [ageHeaderLength(input), isPassphraseHeader(input)],
    },
  ]
}
