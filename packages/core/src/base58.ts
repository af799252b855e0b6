/**
 * base58btc by limbs (spec N1): a list of a thousand identities is read in about a millisecond.
 *
 *     bytes, two at a time ─▶ limbs of 5 characters      characters, four at a time ─▶ limbs of 3 bytes
 *
 * Each limb takes the next group in: limb × 2^16 or 58^4 stays below 2^53, so plain numbers are exact.
 * A leading zero byte is a leading `1`, so one value has one text.
 *
 * @module
 */

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const codes = Uint8Array.from(alphabet, (character) => character.charCodeAt(0))
const values = new Uint8Array(128).fill(255)
for (const [value, code] of codes.entries()) values[code] = value

const zeroCode = codes[0] as number
const limbOfCharacters: number = 58 ** 5
const limbOfBytes: number = 2 ** 24

/** Room for names, which are all that stands on a hot path; longer ones get room of their own. */
const scratch = new Float64Array(16)

/** Quadratic: meant for names. */
export function encodeBase58(bytes: Uint8Array): string {
  const { length } = bytes
  let zeros = 0
  while (zeros < length && bytes[zeros] === 0) zeros++
  // Five characters hold 29 bits.
  const limbs = roomFor(Math.ceil(((length - zeros) * 8) / 29))
  let count = 0
  for (let at = zeros; at < length; ) {
    // The first group is the odd one, so that all others have two bytes.
    const isPair = (length - at) % 2 === 0
    const scale = isPair ? 65_536 : 256
    let carry = isPair ? ((bytes[at] as number) << 8) | (bytes[at + 1] as number) : (bytes[at] as number)
    at += isPair ? 2 : 1
    for (let index = 0; index < count; index++) {
      const sum = (limbs[index] as number) * scale + carry
      carry = Math.floor(sum / limbOfCharacters)
      limbs[index] = sum - carry * limbOfCharacters
    }
    if (carry > 0) limbs[count++] = carry
  }
  const text = new Array<number>(zeros + count * 5)
  let end = text.length
  for (let index = 0; index < count; index++) {
    let limb = limbs[index] as number
    for (let character = 0; character < 5; character++) {
      const rest = (limb / 58) | 0
      text[--end] = codes[limb - rest * 58] as number
      limb = rest
    }
  }
  while (end > 0) text[--end] = zeroCode
  // The highest limb may have begun with zeros that stand for no byte.
  let start = zeros
  while (start < text.length && text[start] === zeroCode) start++
  return String.fromCharCode.apply(null, start === zeros ? text : text.slice(start - zeros))
}

/** The bytes, or null when `text` is not base58. Quadratic: bound the length first. */
export function parseBase58(text: string): Uint8Array | null {
  const { length } = text
  let zeros = 0
  while (zeros < length && text.charCodeAt(zeros) === zeroCode) zeros++
  // Three bytes hold more than four characters.
  const limbs = roomFor(Math.ceil((length - zeros) / 4))
  let count = 0
  for (let at = zeros; at < length; ) {
    let carry = 0
    let scale = 1
    // The first group is the odd one, so that all others have four characters.
    for (const stop = at + ((length - at) % 4 || 4); at < stop; at++) {
      const value = values[text.charCodeAt(at)] ?? 255
      if (value === 255) return null
      carry = carry * 58 + value
      scale *= 58
    }
    for (let index = 0; index < count; index++) {
      const sum = (limbs[index] as number) * scale + carry
      carry = Math.floor(sum / limbOfBytes)
      limbs[index] = sum - carry * limbOfBytes
    }
    if (carry > 0) limbs[count++] = carry
  }
  const highest = count === 0 ? 0 : (limbs[count - 1] as number)
  const size = zeros + count * 3 - (highest < 256 ? 2 : highest < 65_536 ? 1 : 0)
  const bytes = new Uint8Array(count === 0 ? zeros : size)
  let end = bytes.length
  for (let index = 0; index < count; index++) {
    const limb = limbs[index] as number
    for (let shift = 0; shift < 24 && end > zeros; shift += 8) bytes[--end] = limb >> shift
  }
  return bytes
}

function roomFor(limbs: number): Float64Array {
  return limbs <= scratch.length ? scratch : new Float64Array(limbs)
}
