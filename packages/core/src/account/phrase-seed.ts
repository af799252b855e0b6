/**
 * What a phrase stands for (spec D2). Apart from phrase.ts: it needs no list of words.
 *
 * @module
 */
import { mnemonicToSeed } from '@scure/bip39'
import type { Phrase } from './phrase.ts'

/** The 64-byte BIP-39 seed, without a passphrase. Slow on purpose (2,048 rounds), yields between them. */
export function phraseSeed(phrase: Phrase): Promise<Uint8Array> {
  return mnemonicToSeed(phrase)
}
