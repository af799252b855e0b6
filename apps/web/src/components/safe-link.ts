/**
 * Where links of other people may lead (T9): the web, a mail program, this app.
 *
 * @module
 */

export interface SafeLink {
  readonly href: string
  /** What a person has to know of it: `example.org`, a mail address. */
  readonly host: string
}

const schemes = new Set(['https:', 'http:', 'mailto:', 'web+effigy:'])

/** Characters; longer ones are no addresses. */
const maxLength = 2_048

/** Null: it stays text. */
export function safeLink(address: string): SafeLink | null {
  if (address.length > maxLength || !URL.canParse(address)) return null
  const url = new URL(address)
  if (!schemes.has(url.protocol) || url.username !== '' || url.password !== '') return null
  // As browsers show it: a host in letters of two scripts stands in its ASCII form.
  return { href: url.href, host: url.host === '' ? url.pathname : url.host }
}
