/**
 * Whether a text has something in it that nobody else may ever see: words of an account, or a secret link.
 *
 *     text ─▶ 'secret-link' │ twelve or more words in a row ─list, loaded then▶ 'secret-words' │ null
 *
 * @module
 */
import { EffigyError } from '@effigy/core'

export type SecretCode = 'secret-words' | 'secret-link'

/** Codes that link a device, the key of a hub's operator, and keys of files. */
const secretLink = /effigy-link-[\w-]{12}|\/admin\/?#[\w-]{16}|AGE-SECRET-KEY-1[A-Z0-9]{20}/i

/** Numbers and signs between them are how people list them. */
const between = /[^\p{L}]+/u
const maxWordLength = 8
const least = 12

export async function secretIn(text: string): Promise<SecretCode | null> {
  if (secretLink.test(text)) return 'secret-link'
  const runs = runsOf(text)
  if (runs.length === 0) return null
  const { hasPhrase } = await import('./phrase-in.ts')
  return runs.some((run) => hasPhrase(run)) ? 'secret-words' : null
}

/** Throws `EffigyError` 'secret-words', 'secret-link'. */
export async function demandNoSecret(...texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    const code = await secretIn(text)
    if (code !== null) throw new EffigyError(code, 'This says a secret that nobody else may see.')
  }
}

/** Words in a row that could be of the list: it has none shorter than three letters, and none longer than eight. */
function runsOf(text: string): readonly (readonly string[])[] {
  const runs: string[][] = []
  let run: string[] = []
  for (const word of text.normalize('NFKD').toLowerCase().split(between)) {
    if (word.length >= 3 && word.length <= maxWordLength) run.push(word)
    else if (word !== '') {
      if (run.length >= least) runs.push(run)
      run = []
    }
  }
  if (run.length >= least) runs.push(run)
  return runs
}
