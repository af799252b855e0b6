/**
 * A file of settings of coturn, as coturn reads it.
 *
 *     '  realm = effigy' ─▶ { name: 'realm', value: 'effigy' }
 *
 * @module
 */

export interface CoturnLine {
  readonly name: string
  /** Empty for a switch. */
  readonly value: string
}

/** Characters: ten times what the hub writes. */
export const maxCoturnFileLength: number = 256 * 1024

/** Lines that begin with `#` are none; a name ends at the first blank or `=`. */
export function parseCoturnFile(text: string): readonly CoturnLine[] {
  return text.split('\n').flatMap((line) => {
    const [, name, value = ''] = /^[ \t-]*([A-Za-z0-9-]+)[ \t=]*(.*?)\s*$/.exec(line) ?? []
    return name === undefined ? [] : [{ name, value: unquoted(value) }]
  })
}

/** The last one counts; null: it is not there. */
export function lastOf(lines: readonly CoturnLine[], name: string): string | null {
  return lines.findLast((line) => line.name === name)?.value ?? null
}

export function allOf(lines: readonly CoturnLine[], name: string): readonly string[] {
  return lines.filter((line) => line.name === name).map(({ value }) => value)
}

/** A switch is on where its name stands alone, or with anything but a no. */
export function isOn(lines: readonly CoturnLine[], name: string): boolean {
  const value = lastOf(lines, name)
  return value !== null && !/^[0nf]/i.test(value)
}

function unquoted(value: string): string {
  return /^(["']).*\1$/.test(value) && value.length >= 2 ? value.slice(1, -1) : value
}
