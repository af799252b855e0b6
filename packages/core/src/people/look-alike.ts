/**
 * Names that look alike, and names that hide something (spec Y44, Y45). Facts only: what to make of them is a person's business.
 *
 *     'Аlісе ✔' ─NFKD, invisible ones out, look-alikes to one letter, signs out▶ 'allce' ◀─ 'Alice'
 *
 * @module
 */
import { alikeLetters, confusableCapitals, confusableLetters } from './confusables.ts'

/**
 * - `direction`: characters that turn the direction of what stands behind them
 * - `invisible`: characters that show nothing, where no script or emoji needs them
 * - `mixed-scripts`: a word of letters of more than one of Latin, Cyrillic and Greek
 */
export type NameFact = 'direction' | 'invisible' | 'mixed-scripts'

/** Of longer texts only the beginning is looked at, UTF-16 units: names have 96 bytes. */
const maxNameLength = 256

const unseen = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]/gu
const notSaid = /[^\p{L}\p{N}\p{M}|]/gu
const turning = /[\u202a-\u202e\u2066-\u2069]/gu
const notLetters = /[^\p{L}\p{M}]+/u

/** What emoji and scripts are written with; the rest of what is ignorable has no place in a name. */
const needed =
  /\p{Emoji}(?:\ufe0e|\ufe0f)|(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d(?=\p{Extended_Pictographic})|\u{1f3f4}[\u{e0020}-\u{e007f}]+|(?<=[\p{L}\p{M}])(?<![\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}])(?:\u200c|\u200d)|[\u200e\u200f\u061c]/gu
const ignorable = /\p{Default_Ignorable_Code_Point}/u

const scripts = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u]

/**
 * What two names that look alike have in common: equal skeletons, look-alikes. Empty for a name that shows nothing.
 * Never show it: it is no word.
 */
export function nameSkeleton(name: string): string {
  const plain = name.slice(0, maxNameLength).normalize('NFKD').replace(unseen, '')
  const small = mapped(plain, confusableCapitals).toLowerCase()
  // A Turkish İ is an i with a dot.
  const letters = mapped(small, confusableLetters).replaceAll('i\u0307', 'i')
  const said = letters.replace(notSaid, '')
  return mapped(said === '' ? letters.replace(/\p{Z}/gu, '') : said, alikeLetters)
}

/** What is odd about a name, each once, in the order of `NameFact`. */
export function nameFacts(name: string): readonly NameFact[] {
  const text = name.slice(0, maxNameLength)
  const facts: NameFact[] = []
  const straight = text.replace(turning, '')
  if (straight !== text) facts.push('direction')
  if (ignorable.test(straight.replace(needed, ''))) facts.push('invisible')
  const words = text.normalize('NFKC').replace(unseen, '').split(notLetters)
  if (words.some(isMixed)) facts.push('mixed-scripts')
  return facts
}

function isMixed(word: string): boolean {
  return scripts.filter((script) => script.test(word)).length > 1
}

function mapped(text: string, table: ReadonlyMap<string, string>): string {
  let result = ''
  for (const letter of text) result += table.get(letter) ?? letter
  return result
}
