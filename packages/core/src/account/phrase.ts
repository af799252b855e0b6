/**
 * The phrase of an account: BIP-39, English, 12 words (24 are taken too) (spec D2).
 *
 *     words ─normalise▶ Phrase ─phrase-seed.ts▶ 64-byte seed ─▶ keys.ts
 *
 * @module
 */
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import type { RandomBytes } from '../ports.ts'
import { err, ok, type Result } from '../result.ts'

declare const brand: unique symbol

/** 12 or 24 lower-case English words, single spaces between, checksum right. A secret: never logged, shown on purpose only. */
export type Phrase = string & { readonly [brand]: 'phrase' }

export type PhraseFault =
  | { readonly code: 'phrase-length'; readonly words: number }
  /** `position` counts from 1; `word` is as typed, lower-case. */
  | { readonly code: 'phrase-word'; readonly position: number; readonly word: string }
  /** Every word exists, but not in this order: one is wrong or two are swapped. */
  | { readonly code: 'phrase-checksum' }

export type PhraseWords = 12 | 24

/** Far above 24 words and their spaces, UTF-16 code units: pasted text beyond it is not looked at. */
const maxPhraseLength = 1024

const known: ReadonlySet<string> = new Set(wordlist)

/** A fresh phrase from 16 or 32 unpredictable bytes. */
export function createPhrase(random: RandomBytes, words: PhraseWords = 12): Phrase {
  return phraseOfEntropy(random((words / 3) * 4))
}

/** The phrase of 16 or 32 bytes of entropy, as Shamir shares carry it; throws a TypeError on any other length. */
export function phraseOfEntropy(entropy: Uint8Array): Phrase {
  if (entropy.length !== 16 && entropy.length !== 32) throw new TypeError('entropy has 16 or 32 bytes')
  return entropyToMnemonic(entropy, wordlist) as Phrase
}

/** Reads what a person typed: any case, any white space, composed or not. */
export function parsePhrase(typed: string): Result<Phrase, PhraseFault> {
  if (typed.length > maxPhraseLength) return err({ code: 'phrase-length', words: maxPhraseLength })
  const words = typed
    .normalize('NFKD')
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '')
  if (words.length !== 12 && words.length !== 24) return err({ code: 'phrase-length', words: words.length })
  for (const [index, word] of words.entries()) {
    if (!known.has(word)) return err({ code: 'phrase-word', position: index + 1, word })
  }
  const phrase = words.join(' ')
  return hasChecksum(phrase) ? ok(phrase as Phrase) : err({ code: 'phrase-checksum' })
}

/** The 16 or 32 bytes behind the words: what social recovery splits. */
export function phraseEntropy(phrase: Phrase): Uint8Array {
  return mnemonicToEntropy(phrase, wordlist)
}

/** Up to `count` words that begin with what was typed so far, for completion; four letters always suffice. */
export function wordsBeginning(typed: string, count: number): readonly string[] {
  const prefix = typed.trim().toLowerCase()
  return prefix === '' ? [] : wordlist.filter((word) => word.startsWith(prefix)).slice(0, count)
}

function hasChecksum(phrase: string): boolean {
  try {
    mnemonicToEntropy(phrase, wordlist)
    return true
  } catch {
    return false
  }
}
