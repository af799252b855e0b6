/**
 * The words of an account, as they are made and read: what needs the list of them.
 *
 * @module
 */
import { EffigyError, type Phrase, parsePhrase } from '@effigy/core'

export { createPhrase, phraseEntropy, phraseOfEntropy } from '@effigy/core'

/** Throws `EffigyError` 'phrase-invalid'. */
export function phraseOf(typed: string): Phrase {
  const parsed = parsePhrase(typed)
  if (parsed.ok) return parsed.value
  const message = `These are not the words of an account (${parsed.error.code}). Compare them with the paper.`
  throw new EffigyError('phrase-invalid', message)
}
