/**
 * The words of an account, as they are made and read, and what they stand for.
 *
 * @module
 */
import { EffigyError, type Phrase, parsePhrase } from '@effigy/core'

export { createPhrase, phraseEntropy, phraseOfEntropy, phraseSeed } from '@effigy/core'

/** Throws `EffigyError` 'phrase-invalid'. */
export function phraseOf(typed: string): Phrase {
  const parsed = parsePhrase(typed)
  if (parsed.ok) return parsed.value
  const message = `These are not the words of an account (${parsed.error.code}). Compare them with the paper.`
  throw new EffigyError('phrase-invalid', message)
}

export function wrongPhrase(): EffigyError {
  return new EffigyError('wrong-phrase', 'These are not the words that this account has now.')
}
