/**
 * Texts bounded by their UTF-8 bytes, counted without encoding them (spec P4).
 *
 * @module
 */

/** Bytes of a well-formed text in UTF-8. */
export function utf8Length(text: string): number {
  let length = text.length
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code < 0x80) continue
    // Both halves of a surrogate pair come by: two units here and two there make four bytes.
    length += code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2
  }
  return length
}

/** Whether `text` has at most `maxBytes` in UTF-8. Cheap for texts far below the bound. */
export function fitsBytes(text: string, maxBytes: number): boolean {
  if (text.length * 3 <= maxBytes) return true
  return text.length <= maxBytes && utf8Length(text) <= maxBytes
}

/** Whether `text` is one line: no control characters (C0, DEL, C1) and no line or paragraph separator. */
export function isLine(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code < 0x20 || (code >= 0x7f && code <= 0x9f) || code === 0x2028 || code === 0x2029) return false
  }
  return true
}
