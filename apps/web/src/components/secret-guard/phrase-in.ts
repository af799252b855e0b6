/**
 * Whether words of an account stand in a row of words: what needs the list of them.
 *
 * @module
 */
import { parsePhrase } from '@effigy/core'

const lengths = [12, 24] as const

/**
 * Sums that are reckoned for one row, of different words: whoever writes at random in words of the list is found among the
 * first dozens, since one in sixteen is right.
 */
const maxSums = 1_000

export function hasPhrase(words: readonly string[], parse = parsePhrase): boolean {
  return lengths.some((length) => hasOne(words, length, parse))
}

function hasOne(words: readonly string[], length: number, parse: typeof parsePhrase): boolean {
  const wrong = new Set<string>()
  for (let from = 0; from + length <= words.length && wrong.size < maxSums; from++) {
    const some = words.slice(from, from + length).join(' ')
    if (wrong.has(some)) continue
    const found = parse(some)
    if (found.ok) return true
    // Nothing that has this word in it is one.
    if (found.error.code === 'phrase-word') from += found.error.position - 1
    else wrong.add(some)
  }
  return false
}
