/**
 * HTML from text: whatever is put in is text, unless this module made it (T9).
 *
 *     html`<p>${name}</p>` ─▶ Html, with < > & " ' of `name` escaped
 *
 * @module
 */

/** Markup that is safe to send. A class, so that a text can never be taken for it. */
export class Html {
  readonly markup: string
  constructor(markup: string) {
    this.markup = markup
  }
}

/** Markup of our own, as it is. */
export function raw(markup: string): Html {
  return new Html(markup)
}

export function html(
  texts: TemplateStringsArray,
  ...values: readonly (string | Html | readonly Html[])[]
): Html {
  let markup = texts[0] ?? ''
  for (const [index, value] of values.entries()) markup += write(value) + (texts[index + 1] ?? '')
  return new Html(markup)
}

function write(value: string | Html | readonly Html[]): string {
  if (typeof value === 'string') return escapeText(value)
  return value instanceof Html ? value.markup : value.map(({ markup }) => markup).join('\n')
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? '')
}
