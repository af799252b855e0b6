/**
 * A text cut where somebody is named, or something tagged.
 *
 *     'with @Ada on #cats' ─▶ text, mention Ada, text, tag cats
 *
 * @module
 */

export type SaidPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'mention'; readonly name: string }
  | { readonly type: 'tag'; readonly label: string }

/** As long as labels are (P10), in characters. */
const maxLabel = 64

/** `names`: of people that the note means, as it writes them. */
export function saidParts(text: string, names: readonly string[]): readonly SaidPart[] {
  if (!text.includes('@') && !text.includes('#')) return [{ type: 'text', text }]
  // The longest first: `@Ada Lovelace` is not `@Ada`.
  const byLength = names.filter((name) => name !== '').sort((a, b) => b.length - a.length)
  const parts: SaidPart[] = []
  let from = 0
  let at = 0
  const take = (end: number, part: SaidPart): void => {
    if (at > from) parts.push({ type: 'text', text: text.slice(from, at) })
    parts.push(part)
    at = end
    from = end
  }
  while (at < text.length) {
    const sign = text[at]
    const isFree = at === 0 || /[\s([{"'«„“‘.,;:!?¿¡-]/u.test(text[at - 1] ?? '')
    if (sign === '@' && isFree) {
      const name = byLength.find((each) => text.startsWith(each, at + 1))
      if (name !== undefined) {
        take(at + 1 + name.length, { type: 'mention', name })
        continue
      }
    } else if (sign === '#' && isFree) {
      const [label] = /^[\p{L}\p{N}\p{M}_]+/u.exec(text.slice(at + 1, at + 1 + maxLabel)) ?? []
      if (label !== undefined && /\p{L}/u.test(label)) {
        take(at + 1 + label.length, { type: 'tag', label })
        continue
      }
    }
    at++
  }
  if (at > from) parts.push({ type: 'text', text: text.slice(from) })
  return parts
}
