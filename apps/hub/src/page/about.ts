/**
 * Who runs the hub and what they ask of its people, on each page that somebody reads before joining.
 *
 * @module
 */
import { type Html, html, raw } from './html.ts'
import { type Language, strings } from './strings.ts'

/** Null where the operator says nothing. */
export interface About {
  readonly contact: string | null
  readonly terms: string | null
}

export function aboutSections(language: Language, { contact, terms }: About): Html {
  const { contactTitle, termsTitle } = strings[language]
  return html`${section(termsTitle, terms)}${section(contactTitle, contact)}`
}

function section(title: string, text: string | null): Html {
  if (text === null) return raw('')
  return html`<section><h2>${title}</h2>
<p>${linked(text)}</p></section>
`
}

/** An address of a page leads there. */
export function linked(text: string): string | Html {
  return /^https?:\/\/[!-~]+$/.test(text) && URL.canParse(text)
    ? html`<a href="${text}" rel="noreferrer">${text}</a>`
    : text
}
