/**
 * Notes as a page that any browser shows, with nothing in it that runs or asks anybody.
 *
 *     notes ─every text escaped▶ index.html
 *
 * @module
 */

export interface ReadableNote {
  /** Ms, as its author says. */
  readonly at: number
  readonly text: string
  /** Of tags and kinds: what the entry says it is. */
  readonly type: string
  readonly pictures: readonly ReadablePicture[]
}

export interface ReadablePicture {
  /** In the archive; null: it is not on this device. */
  readonly file: string | null
  readonly alt: string
}

const style = `
  body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; font: 1.05rem/1.5 system-ui, sans-serif; color-scheme: light dark }
  article { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: 1rem 0 }
  time { opacity: 0.7; font-size: 0.9rem }
  p { white-space: pre-wrap; overflow-wrap: anywhere }
  img { max-width: 100%; height: auto; border-radius: 0.5rem }
`

/** `language`: of the person, for dates. */
export function* readablePage(
  name: string,
  language: string,
  notes: Iterable<ReadableNote>,
): Generator<string, void> {
  const dates = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short' })
  yield `<!doctype html>\n<html lang="${escaped(language)}">\n<head>\n<meta charset="utf-8">\n`
  yield `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'">\n`
  yield `<meta name="viewport" content="width=device-width">\n<title>${escaped(name)}</title>\n<style>${style}</style>\n</head>\n<body>\n`
  yield `<h1 dir="auto">${escaped(name)}</h1>\n`
  for (const { at, text, pictures } of notes) {
    const date = new Date(at)
    const isDate = !Number.isNaN(date.getTime())
    yield '<article>\n'
    if (isDate) yield `<time datetime="${date.toISOString()}">${escaped(dates.format(date))}</time>\n`
    yield `<p dir="auto">${escaped(text)}</p>\n`
    for (const { file, alt } of pictures) {
      yield file === null
        ? `<p dir="auto">[${escaped(alt)}]</p>\n`
        : `<img src="${escaped(file)}" alt="${escaped(alt)}" loading="lazy">\n`
    }
    yield '</article>\n'
  }
  yield '</body>\n</html>\n'
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => entities[letter] ?? '')
}
