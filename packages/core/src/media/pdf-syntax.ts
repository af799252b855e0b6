/**
 * Reading a PDF file as text: values, objects, trailers, in the order of the bytes (spec I39). The cross-reference
 * table is not believed: what is in the file is found, referred to or not.
 *
 * @module
 */
import { latin1 } from '../images/read.ts'
import { indexOfText } from './index-of-text.ts'
import type { ByteRange } from './report.ts'

export interface PdfValue extends ByteRange {
  readonly type: 'dictionary' | 'array' | 'string' | 'name' | 'word'
}

/** A key of a dictionary with its value; `start` to `end` are both. */
export interface PdfKey extends ByteRange {
  readonly name: string
  readonly value: ByteRange
  /** Of the object referred to; null when the value stands there itself. */
  readonly reference: number | null
}

export interface PdfObject {
  readonly number: number
  readonly value: PdfValue
  /** Of its dictionary; empty when it is none. */
  readonly keys: readonly PdfKey[]
  /** The bytes of its stream; null without one. */
  readonly stream: ByteRange | null
  /** Of value and stream together, with the word `endstream`. */
  readonly body: ByteRange
}

export type PdfPart =
  | { readonly type: 'object'; readonly object: PdfObject }
  | { readonly type: 'trailer'; readonly keys: readonly PdfKey[] }
  | ({ readonly type: 'comment' } & ByteRange)
  /** The last part: what follows is not read. */
  | { readonly type: 'damage' }

const maxDepth = 200

/** Bytes of one string, array or dictionary. */
const maxValueBytes = 8 * 1024 * 1024

/** Values that do not end: each costs a look ahead. */
const maxUnended = 32

/** Bytes between the end of a stream, as it says, and `endstream`: a line's end, and a few more of careless writers. */
const maxEndSpace = 16

const space = (byte: number | undefined) =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0x0c || byte === 0
const delimiters = new Set([...'()<>[]{}/%'].map((character) => character.charCodeAt(0)))
const opening = new Set([...'(<['].map((character) => character.charCodeAt(0)))
const regular = (byte: number | undefined) => byte !== undefined && !space(byte) && !delimiters.has(byte)

/** Every object, trailer and comment, in their order; linear in the bytes. */
export function* pdfParts(bytes: Uint8Array): Generator<PdfPart> {
  // The last two words: before `obj` they are number and generation.
  let words: readonly PdfValue[] = []
  let unended = 0
  for (let at = 0; at < bytes.length; ) {
    if (space(bytes[at])) {
      at++
      continue
    }
    if (bytes[at] === 0x25) {
      const end = endOfLine(bytes, at)
      yield { type: 'comment', start: at, end }
      at = end
      continue
    }
    const value = readValue(bytes, at)
    if (value === null) {
      words = []
      if (opening.has(bytes[at] ?? 0) && ++unended > maxUnended) return yield { type: 'damage' }
      at++
      continue
    }
    at = value.end
    if (value.type !== 'word') {
      words = []
      continue
    }
    const text = latin1(bytes, value.start, Math.min(value.end - value.start, 16))
    const number = numberOf(bytes, words.at(-2))
    if (text === 'obj' && number !== null) {
      const object = readObject(bytes, at, number)
      // It may be what says who made this.
      if (object === null) return yield { type: 'damage' }
      yield { type: 'object', object }
      at = object.body.end
      words = []
    } else if (text === 'trailer') {
      const dictionary = readValue(bytes, skipSpace(bytes, at))
      if (dictionary?.type === 'dictionary') {
        yield { type: 'trailer', keys: keysOf(bytes, dictionary) }
        at = dictionary.end
      }
    } else words = [...words.slice(-1), value]
  }
}

function readObject(bytes: Uint8Array, from: number, number: number): PdfObject | null {
  const value = readValue(bytes, skipSpace(bytes, from))
  if (value === null) return null
  const keys = value.type === 'dictionary' ? keysOf(bytes, value) : []
  const after = skipSpace(bytes, value.end)
  if (value.type !== 'dictionary' || latin1(bytes, after, 6) !== 'stream') {
    return { number, value, keys, stream: null, body: { start: value.start, end: value.end } }
  }
  let start = after + 6
  if (bytes[start] === 0x0d) start++
  if (bytes[start] === 0x0a) start++
  const length = keys.find(({ name, reference }) => name === 'Length' && reference === null)
  const stated = length === undefined ? null : numberOf(bytes, length.value)
  const word = 'endstream'
  if (stated !== null && start + stated <= bytes.length) {
    let next = start + stated
    // No further, and no comments: streams that say where they end may all name the same place.
    while (next < start + stated + maxEndSpace && space(bytes[next])) next++
    if (latin1(bytes, next, word.length) === word) {
      const whole = { start: value.start, end: next + word.length }
      return { number, value, keys, stream: { start, end: start + stated }, body: whole }
    }
  }
  const found = indexOfText(bytes, word, start)
  const end = found === -1 ? bytes.length : found
  const body = { start: value.start, end: Math.min(end + word.length, bytes.length) }
  return { number, value, keys, stream: { start, end }, body }
}

/** The keys of a dictionary, not of those within it. */
export function keysOf(bytes: Uint8Array, dictionary: ByteRange): readonly PdfKey[] {
  const keys: PdfKey[] = []
  const end = dictionary.end - 2
  for (let at = skipSpace(bytes, dictionary.start + 2); at < end; ) {
    const key = readValue(bytes, at)
    if (key === null || key.type !== 'name') return keys
    const first = readValue(bytes, skipSpace(bytes, key.end))
    if (first === null || first.end > end) return keys
    const reference = readReference(bytes, first)
    const value = reference === null ? first : { start: first.start, end: reference.end }
    const name = nameOf(bytes, key)
    keys.push({ name, start: key.start, end: value.end, value, reference: reference?.number ?? null })
    at = skipSpace(bytes, value.end)
  }
  return keys
}

/** `12 0 R` from its first number on; null when that is a plain number. */
function readReference(
  bytes: Uint8Array,
  first: PdfValue,
): { readonly number: number; readonly end: number } | null {
  const number = numberOf(bytes, first)
  if (number === null) return null
  const generation = readValue(bytes, skipSpace(bytes, first.end))
  if (generation === null || numberOf(bytes, generation) === null) return null
  const word = readValue(bytes, skipSpace(bytes, generation.end))
  if (word === null || word.end - word.start !== 1 || bytes[word.start] !== 0x52) return null
  return { number, end: word.end }
}

/** A name without its slash, `#xx` read. */
export function nameOf(bytes: Uint8Array, { start, end }: ByteRange): string {
  return latin1(bytes, start + 1, Math.min(end - start - 1, 127)).replace(
    /#([0-9a-f]{2})/gi,
    (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

/** A whole number that stands there; null for anything else. */
export function numberOf(bytes: Uint8Array, value: ByteRange | undefined): number | null {
  if (value === undefined || value.end - value.start > 12) return null
  const text = latin1(bytes, value.start, value.end - value.start)
  return /^\d+$/.test(text) ? Number(text) : null
}

/** The value that begins here; null when none does, or it does not end. */
export function readValue(bytes: Uint8Array, at: number): PdfValue | null {
  const byte = bytes[at]
  if (byte === undefined) return null
  if (byte === 0x28) return ended('string', at, endOfString(bytes, at))
  if (byte === 0x3c && bytes[at + 1] !== 0x3c) {
    const close = bytes.subarray(at, at + maxValueBytes).indexOf(0x3e)
    return ended('string', at, close === -1 ? null : at + close + 1)
  }
  if (byte === 0x2f) return ended('name', at, endOfWord(bytes, at + 1))
  if (byte === 0x5b || byte === 0x3c) {
    return ended(byte === 0x5b ? 'array' : 'dictionary', at, endOfContainer(bytes, at))
  }
  return regular(byte) ? ended('word', at, endOfWord(bytes, at)) : null
}

function ended(type: PdfValue['type'], start: number, end: number | null): PdfValue | null {
  return end === null ? null : { type, start, end }
}

function endOfWord(bytes: Uint8Array, from: number): number {
  let at = from
  while (regular(bytes[at])) at++
  return at
}

function endOfString(bytes: Uint8Array, from: number): number | null {
  let depth = 0
  const last = Math.min(bytes.length, from + maxValueBytes)
  for (let at = from; at < last; at++) {
    const byte = bytes[at]
    if (byte === 0x5c) at++
    else if (byte === 0x28) depth++
    else if (byte === 0x29 && --depth === 0) return at + 1
  }
  return null
}

/** Of an array or dictionary with all that is in it. */
function endOfContainer(bytes: Uint8Array, from: number): number | null {
  const open: ('array' | 'dictionary')[] = []
  const last = Math.min(bytes.length, from + maxValueBytes)
  for (let at = from; at < last; ) {
    const byte = bytes[at]
    const isPair = bytes[at + 1] === byte
    if (byte === 0x5b || (byte === 0x3c && isPair)) {
      open.push(byte === 0x5b ? 'array' : 'dictionary')
      if (open.length > maxDepth) return null
      at += byte === 0x5b ? 1 : 2
    } else if (byte === 0x5d || (byte === 0x3e && isPair)) {
      if (open.pop() !== (byte === 0x5d ? 'array' : 'dictionary')) return null
      at += byte === 0x5d ? 1 : 2
      if (open.length === 0) return at
    } else if (space(byte)) at++
    else if (byte === 0x25) at = endOfLine(bytes, at)
    else {
      const value = readValue(bytes, at)
      if (value === null) return null
      if (value.type === 'word' && latin1(bytes, value.start, 6) === 'endobj') return null
      at = value.end
    }
  }
  return null
}

function endOfLine(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && bytes[at] !== 0x0a && bytes[at] !== 0x0d) at++
  return at
}

export function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from
  for (;;) {
    if (space(bytes[at])) at++
    else if (bytes[at] === 0x25) at = endOfLine(bytes, at)
    else return at
  }
}
