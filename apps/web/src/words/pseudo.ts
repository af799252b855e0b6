/**
 * English that shows which texts were forgotten, and which have no room: `Save` ─▶ `[Šåvé·~]`.
 *
 * @module
 */

const accents: Readonly<Record<string, string>> = {
  ...{ a: 'å', c: 'ç', e: 'é', i: 'î', n: 'ñ', o: 'ö', s: 'š', u: 'ü', y: 'ý' },
  ...{ A: 'Å', C: 'Ç', E: 'É', I: 'Î', N: 'Ñ', O: 'Ö', S: 'Š', U: 'Ü', Y: 'Ý' },
}

/** A third longer, as German is; tags (`<b>`) and places (`{{name}}`) stay what they are. */
export function pseudo(text: string): string {
  if (text === '') return text
  const said = text.replace(/<[^>]*>|\{\{[^}]*\}\}|[a-zA-Z]/g, (match) => accents[match] ?? match)
  return `[${said}·${'~'.repeat(Math.ceil(text.length / 3))}]`
}
