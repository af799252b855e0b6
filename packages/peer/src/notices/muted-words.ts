/**
 * Words that a person does not want to be told of (spec S44): whole words or phrases, whatever their case.
 *
 *     'election' ─wordFilter▶ (payload) → 'election' where text, warning, tags or descriptions have it, else null
 *
 * @module
 */
import type { Payload } from '@effigy/core'

/** As `mutedWord` gives it. */
export type MutedWord = string & { readonly __mutedWord: true }

/** Bytes of UTF-8, as a tag has at most (P10). */
export const maxWordBytes = 96

/** As words are kept and compared; null: nothing is left of it, or too much. */
export function mutedWord(text: string): MutedWord | null {
  const word = fold(text).replace(/\s+/gu, ' ').trim()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: keys are lines (P4)
  if (word === '' || /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u.test(word)) return null
  return new TextEncoder().encode(word).length > maxWordBytes ? null : (word as MutedWord)
}

/** Which of the words a payload has; null: none. */
export function wordFilter(words: readonly string[]): (payload: Payload) => MutedWord | null {
  const known = words.flatMap((word) => mutedWord(word) ?? [])
  if (known.length === 0) return () => null
  return (payload) => {
    for (const each of textsOf(payload)) {
      const text = fold(each).replace(/\s+/gu, ' ')
      for (const word of known) if (has(text, word)) return word
    }
    return null
  }
}

/** No pattern: one of a thousand words, with what a letter is in all scripts, takes a second to compile. */
function has(text: string, word: string): boolean {
  const [first = '', last = ''] = [[...word].at(0), [...word].at(-1)]
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const end = at + word.length
    const isBegun = isPartOfWord(first) && isPartOfWord(letterBefore(text, at))
    const goesOn = isPartOfWord(last) && isPartOfWord(letterAt(text, end))
    if (!isBegun && !goesOn) return true
  }
  return false
}

const letterAt = (text: string, at: number): string => {
  const code = text.codePointAt(at)
  return code === undefined ? '' : String.fromCodePoint(code)
}

/** Of a pair of surrogates both. */
const letterBefore = (text: string, at: number): string =>
  /[\udc00-\udfff]/.test(text.charAt(at - 1)) ? letterAt(text, at - 2) : text.charAt(at - 1)

const fold = (text: string): string => text.normalize('NFKC').toLowerCase()

/** Scripts that put no space between words: there a word is found anywhere. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}]/u

const isPartOfWord = (letter: string): boolean => /[\p{L}\p{N}\p{M}_]/u.test(letter) && !unspaced.test(letter)

function textsOf(payload: Payload): readonly string[] {
  switch (payload.type) {
    case 'public_note':
    case 'private_note':
    case 'comment': {
      const pictures = (payload.attachments ?? []).flatMap((each) =>
        'alt' in each && typeof each.alt === 'string' ? [each.alt] : [],
      )
      return [payload.text, payload.cw ?? '', ...tagTexts(payload.tags), ...pictures]
    }
    case 'image':
    case 'media':
    case 'collection':
      return [payload.alt ?? '', ...tagTexts(payload.tags)]
    default:
      return []
  }
}

/** As a text would have them: `#tag` and `tag` both find it. */
const tagTexts = (tags: readonly string[] = []): readonly string[] => tags.map((tag) => `#${tag}`)
