/**
 * Whether words of an account stand in a row of words: what needs the list of them.
 *
 * @module
 */
import { parsePhrase } from '@effigy/core'

const lengths = [12, 24] as const

export function hasPhrase(words: readonly string[]): boolean {
  return lengths.some((length) =>
    words.some((_, from) => {
      const some = words.slice(from, from + length)
      return some.length === length && parsePhrase(some.join(' ')).ok
    }),
  )
}
