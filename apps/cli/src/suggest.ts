/**
 * "Did you mean": the known names that are nearest to a mistyped one.
 *
 *     'timout' in [timeout, limit] ─▶ '. Did you mean "timeout"?'
 *
 * @module
 */
import { say } from './messages/index.ts'

/** Longer names are not compared: the table of distances grows with both lengths. */
const maxComparedLength = 64

/** The end of a sentence with the nearest names, or nothing. */
export function suggestion(typed: string, names: Iterable<string>): string {
  const nearest = nearestNames(typed, names)
  return nearest.length === 0 ? '' : say.didYouMean(nearest.map((name) => `"${name}"`).join(' or '))
}

/** Those with the fewest wrong letters, when at most a third of their letters are wrong. */
export function nearestNames(typed: string, names: Iterable<string>): readonly string[] {
  if (typed.length > maxComparedLength) return []
  let best: string[] = []
  let bestDistance = Number.POSITIVE_INFINITY
  for (const name of names) {
    const distance = editDistance(typed.toLowerCase(), name.toLowerCase())
    if (distance > Math.max(1, Math.floor(name.length / 3)) || distance > bestDistance) continue
    best = distance < bestDistance ? [name] : [...best, name]
    bestDistance = distance
  }
  return best
}

/** Insertions, deletions and replacements that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      current.push(Math.min(replaced, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    above = current
  }
  return above[b.length] ?? 0
}
