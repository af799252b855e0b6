/**
 * Which words of a text a search found, as the index finds them: whatever their case and accents; `*` for a beginning.
 *
 * @module
 */

export interface MarkedPart {
  readonly text: string
  readonly isMarked: boolean
}

/** `query`: as it was typed. */
export function markedParts(text: string, query: string): readonly MarkedPart[] {
  const wanted = query.split(/\s+/u).flatMap(wordOf)
  if (wanted.length === 0) return [{ text, isMarked: false }]
  const parts: MarkedPart[] = []
  let end = 0
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}\p{M}\p{Co}]+/gu)) {
    const folded = fold(word)
    const isFound = wanted.some((each) =>
      each.isPrefix ? folded.startsWith(each.word) : folded === each.word,
    )
    if (!isFound) continue
    if (index > end) parts.push({ text: text.slice(end, index), isMarked: false })
    parts.push({ text: word, isMarked: true })
    end = index + word.length
  }
  if (end < text.length) parts.push({ text: text.slice(end), isMarked: false })
  return parts
}

/** `foo-bar*` is two words for the index, of which the last is a beginning. */
function wordOf(typed: string): readonly { readonly word: string; readonly isPrefix: boolean }[] {
  const words = typed.match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu) ?? []
  return words.map((word, at) => ({
    word: fold(word),
    isPrefix: typed.endsWith('*') && at === words.length - 1,
  }))
}

const fold = (word: string): string => word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
