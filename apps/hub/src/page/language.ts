/**
 * Which of our languages a browser would rather read (RFC 9110, 12.5.4).
 *
 *     'de-AT,de;q=0.9,en;q=0.5' ─▶ 'de'
 *
 * @module
 */

/** Longer headers are read no further; browsers send a handful of languages. */
const maxRanges = 20

/** The first of `known` when the header names none of them. */
export function chooseLanguage<Language extends string>(
  header: string | undefined,
  known: readonly [Language, ...Language[]],
): Language {
  let best: Language = known[0]
  let bestWeight = 0
  for (const range of (header ?? '').split(',', maxRanges)) {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const weight = parseWeight(parameters)
    const language = tag === '*' ? known[0] : known.find((each) => each === tag.split('-', 1)[0])
    // Only a greater weight wins: of equals the one named first counts.
    if (language !== undefined && weight > bestWeight) {
      best = language
      bestWeight = weight
    }
  }
  return best
}

function parseWeight(parameters: readonly string[]): number {
  const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
  if (q === undefined) return 1
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(q) ? Number(q) : 0
}
