/**
 * Objects that a PDF keeps compressed together: properties among them are overwritten, and the stream is written anew in
 * its place (spec I39).
 *
 *     stream ─inflate▶ "number offset …" values ─▶ properties become spaces ─deflate▶ no longer than before
 *
 * @module
 */
import { latin1, latin1Bytes } from '../images/read.ts'
import { deflate, inflate } from './deflate.ts'
import { keysOf, nameOf, numberOf, type PdfObject, readValue, skipSpace } from './pdf-syntax.ts'
import type { ByteRange, Findings } from './report.ts'

/** Bytes of one such stream, inflated. */
const maxInflatedBytes = 32 * 1024 * 1024

/** Bytes of all such streams of one document, inflated. */
export const maxInflatedTotal: number = 512 * 1024 * 1024

/** `budget`: bytes that may be inflated yet. `variant`: it is not written as is understood here, and may hide anything. */
export async function siftObjectStream(
  bytes: Uint8Array,
  { keys, stream }: PdfObject,
  properties: ReadonlySet<number>,
  findings: Findings,
  budget: { left: number },
): Promise<'clean' | 'sifted' | 'variant'> {
  const key = (name: string) => keys.find((other) => other.name === name)
  const number = (name: string) => numberOf(bytes, key(name)?.value)
  const [count, first, filter, length] = [number('N'), number('First'), key('Filter'), key('Length')]
  if (stream === null || count === null || first === null || key('DecodeParms') !== undefined)
    return 'variant'
  const isPlain = filter === undefined
  const isDeflated = filter !== undefined && filterName(bytes, filter.value) === 'FlateDecode'
  if (!isPlain && !isDeflated) return 'variant'
  const stored = bytes.subarray(stream.start, stream.end)
  const inflated = isPlain ? stored : await inflateStream(stored)
  if (inflated === null || first > inflated.length) return 'variant'
  budget.left -= inflated.length
  if (budget.left < 0) return 'variant'

  let isFound = false
  let at = 0
  const numbers: number[] = []
  for (let index = 0; index < count * 2; index++) {
    const value = readValue(inflated, skipSpace(inflated, at))
    const read = value === null ? null : numberOf(inflated, value)
    if (value === null || read === null || value.end > first) return 'variant'
    numbers.push(read)
    at = value.end
  }
  let unread = inflated.length
  for (let index = 0; index < count; index++) {
    const [id, offset] = [numbers[index * 2] ?? 0, numbers[index * 2 + 1] ?? 0]
    const value = readValue(inflated, skipSpace(inflated, first + offset))
    if (value === null) return 'variant'
    // Each has its own place: of objects that overlap each would cost as much as all.
    unread -= value.end - first - offset
    if (unread < 0) return 'variant'
    if (value.type === 'dictionary') {
      const inner = keysOf(inflated, value)
      const type = inner.find(({ name }) => name === 'Type')
      if (properties.has(id) && (type === undefined || nameOf(inflated, type.value) === 'Info')) {
        for (const { start, end } of inner) isFound = blank(inflated, { start, end }) || isFound
      }
      for (const { name, start, end } of inner) {
        if (name === 'PieceInfo') isFound = blank(inflated, { start, end }) || isFound
      }
    } else if (properties.has(id) && value.type === 'string' && value.end - value.start > 2) {
      isFound = blank(inflated, { start: value.start + 1, end: value.end - 1 }) || isFound
    }
  }
  if (!isFound) return 'clean'
  findings.add('text')
  if (isPlain) return 'sifted'
  const anew = await deflate(inflated)
  if (length === undefined || length.reference !== null || anew.length > stored.length) return 'variant'
  return write(bytes, stream, length.value, anew) ? 'sifted' : 'variant'
}

function blank(bytes: Uint8Array, { start, end }: ByteRange): boolean {
  const range = bytes.subarray(start, end)
  if (range.every((byte) => byte === 0x20)) return false
  range.fill(0x20)
  return true
}

/** The only filter's name, alone or in an array of one. */
function filterName(bytes: Uint8Array, { start, end }: ByteRange): string | null {
  const from = bytes[start] === 0x5b ? skipSpace(bytes, start + 1) : start
  const name = readValue(bytes, from)
  if (name === null || name.type !== 'name' || name.end > end) return null
  if (from !== start && bytes[skipSpace(bytes, name.end)] !== 0x5d) return null
  return nameOf(bytes, name)
}

/** Some writers count the line's end before `endstream` in. */
async function inflateStream(stored: Uint8Array): Promise<Uint8Array | null> {
  for (const extra of [0, 1, 2]) {
    const end = stored.length - extra
    if (extra > 0 && stored[end] !== 0x0a && stored[end] !== 0x0d) return null
    const inflated = await inflate(stored.subarray(0, end), maxInflatedBytes)
    if (inflated !== null) return inflated
  }
  return null
}

/** The shorter stream with its length, then `endstream` and spaces up to where that word ended before. */
function write(bytes: Uint8Array, stream: ByteRange, length: ByteRange, anew: Uint8Array): boolean {
  const digits = String(anew.length)
  if (digits.length > length.end - length.start) return false
  const word = bytes.subarray(stream.end, stream.end + 16)
  const wordEnd = stream.end + latin1(word, 0, word.length).indexOf('endstream') + 'endstream'.length
  if (wordEnd < stream.end + 'endstream'.length) return false
  if (stream.start + anew.length + '\nendstream'.length > wordEnd) return false
  bytes.fill(0x20, length.start, length.end)
  bytes.set(latin1Bytes(digits), length.start)
  bytes.fill(0x20, stream.start, wordEnd)
  bytes.set(anew, stream.start)
  bytes.set(latin1Bytes('\nendstream'), stream.start + anew.length)
  return true
}
