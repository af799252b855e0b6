/**
 * Text of other people on its way to a terminal: nothing that steers it survives.
 *
 *     "\x1b[2Jhi\u202e" ─calmText▶ "�[2Jhi�"
 *
 * @module
 */

/** C0 but tab and newline, DEL, C1, line and paragraph separators, marks that turn the direction of writing. */
const steering = /(?![\t\n])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu

/** Newlines and tabs stay. */
export function calmText(text: string): string {
  return text.replaceAll(steering, '\ufffd')
}

/** The same for what must stay within one line: names, titles. */
export function calmLine(text: string): string {
  return calmText(text).replaceAll(/[\n\t]+/g, ' ')
}

/** One JSON text in one line, safe to show on a terminal: JSON escapes C0 itself, this does the rest. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    steering,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow'

const styles: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
}

export type Paint = (style: Style, text: string) => string

/** Colours the text, or leaves it alone. */
export function createPaint(colours: boolean): Paint {
  return (style, text) => (colours ? `\u001b[${styles[style][0]}m${text}\u001b[${styles[style][1]}m` : text)
}
