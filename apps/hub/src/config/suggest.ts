/**
 * "Did you mean": the known name that is nearest to a mistyped one.
 *
 *     'prot' in [port, host] ─▶ 'port'
 *
 * @module
 */

/** Longer names are not compared: the table of distances grows with both lengths. */
const maxComparedLength = 64

/** The nearest of `names` with at most a third of its letters wrong, or null. */
export function suggest(name: string, names: Iterable<string>): string | null {
  if (name.length > maxComparedLength) return null
  let best: string | null = null
  let bestDistance = Number.POSITIVE_INFINITY
  for (const known of names) {
    const distance = editDistance(name.toLowerCase(), known.toLowerCase())
    if (distance <= Math.max(1, Math.floor(known.length / 3)) && distance < bestDistance) {
      best = known
      bestDistance = distance
    }
  }
  return best
}

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let distance = Math.min(
        at(above, column) + 1,
        at(current, column - 1) + 1,
        at(above, column - 1) + (same ? 0 : 1),
      )
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        distance = Math.min(distance, at(before, column - 2) + 1)
      }
      current.push(distance)
    }
    before = above
    above = current
  }
  return at(above, b.length)
}

const at = (row: readonly number[], column: number): number => row[column] ?? Number.POSITIVE_INFINITY
