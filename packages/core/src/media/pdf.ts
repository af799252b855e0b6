/**
 * PDF, held whole: properties, XMP and what programs keep for themselves are overwritten where they stand, so that no
 * offset moves (spec I39).
 *
 *     bytes ─pdfParts▶ trailers say which object is `Info` ─▶ it becomes `null` │ metadata streams too │ JPEGs inside are cleaned
 *
 * @module
 */
import { hasText, latin1Bytes } from '../images/read.ts'
import { err, type Result } from '../result.ts'
import { createMediaReader, isBlank } from './media-reader.ts'
import { blankJpegSegments } from './pdf-jpeg.ts'
import { maxInflatedTotal, siftObjectStream } from './pdf-object-stream.ts'
import { nameOf, type PdfKey, type PdfObject, pdfParts } from './pdf-syntax.ts'
import {
  type ByteRange,
  createFindings,
  type Findings,
  type MediaCleaning,
  type MediaFault,
  mediaDamaged,
  mediaTooLarge,
  mediaTruncated,
} from './report.ts'

/** Bytes of a document, held whole. */
const maxPdfBytes = 64 * 1024 * 1024

/** Objects of one document. */
const maxObjects = 1_000_000

/** Bytes at most of a comment that stays: the mark that a file is binary is one. */
const shortComment = 16

export async function* cleanPdf(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): MediaCleaning {
  const reader = createMediaReader(source)
  try {
    const bytes = await reader.take(maxPdfBytes + 1)
    if (bytes.length > maxPdfBytes) return mediaTooLarge('pdf', 'document')
    const findings = createFindings()
    const cleaned = await blankProperties(bytes, findings)
    if (!cleaned.ok) return cleaned
    yield bytes
    return findings.done()
  } finally {
    await reader.close()
  }
}

async function blankProperties(bytes: Uint8Array, findings: Findings): Promise<Result<null, MediaFault>> {
  if (!hasText(bytes, 0, '%PDF-')) return mediaDamaged('pdf', 'no header')
  const objects: PdfObject[] = []
  const trailers: (readonly PdfKey[])[] = []
  const comments: ByteRange[] = []
  for (const part of pdfParts(bytes)) {
    if (part.type === 'damage') return mediaDamaged('pdf', 'values that do not end')
    if (part.type === 'comment') comments.push(part)
    else if (part.type === 'trailer') trailers.push(part.keys)
    else {
      if (objects.length >= maxObjects) return mediaTooLarge('pdf', 'objects')
      objects.push(part.object)
      if (typeOf(bytes, part.object) === 'XRef') trailers.push(part.object.keys)
    }
  }
  if (objects.length === 0 || trailers.length === 0) return mediaTruncated('pdf')
  if (trailers.some((keys) => keys.some(({ name }) => name === 'Encrypt'))) return cannotClean('encrypted')

  const properties = new Set<number>()
  for (const key of trailers.flat()) {
    if (key.name !== 'Info') continue
    if (key.reference !== null) properties.add(key.reference)
    else if (blankRange(bytes, key)) findings.add('text')
  }
  for (const object of objects) for (const number of textsOf(object, properties)) properties.add(number)

  const budget = { left: maxInflatedTotal }
  for (const object of objects) {
    const { number, stream, keys } = object
    if (isXmp(bytes, object)) {
      nothing(bytes, object.body)
      findings.add('xmp')
    } else if (properties.has(number) && mayBeProperty(bytes, object)) {
      if (nothing(bytes, object.body)) findings.add('text')
    } else {
      for (const key of keys) {
        if (key.name === 'PieceInfo' && blankRange(bytes, key)) findings.add('unknown')
      }
      if (stream !== null && isJpeg(bytes, object)) findings.add(...blankJpegSegments(bytes, stream))
      if (stream !== null && typeOf(bytes, object) === 'ObjStm') {
        const sifted = await siftObjectStream(bytes, object, properties, findings, budget)
        if (sifted === 'variant') return cannotClean('compressed')
      }
    }
  }
  for (const { start, end } of comments) {
    const isMark = hasText(bytes, start, '%PDF-') || hasText(bytes, start, '%%EOF')
    if (!isMark && end - start > shortComment && blankRange(bytes, { start, end })) findings.add('text')
  }
  return { ok: true, value: null }
}

/** Of the texts that properties may have as objects of their own. */
function textsOf(object: PdfObject, properties: ReadonlySet<number>): readonly number[] {
  if (!properties.has(object.number) || object.value.type !== 'dictionary') return []
  return object.keys.flatMap(({ reference }) => reference ?? [])
}

/** Numbers may be used again: what has another type, or a stream, is something else. */
function mayBeProperty(bytes: Uint8Array, object: PdfObject): boolean {
  const type = typeOf(bytes, object)
  return object.stream === null && object.value.type !== 'array' && (type === null || type === 'Info')
}

function isXmp(bytes: Uint8Array, object: PdfObject): boolean {
  const { stream } = object
  if (stream === null) return false
  if (typeOf(bytes, object) === 'Metadata' || nameAt(bytes, object, 'Subtype') === 'XML') return true
  return hasText(bytes, stream.start, '<?xpacket') || hasText(bytes, stream.start, '<x:xmpmeta')
}

function isJpeg(bytes: Uint8Array, object: PdfObject): boolean {
  return object.stream !== null && hasText(bytes, object.stream.start, '\xff\xd8\xff')
}

const typeOf = (bytes: Uint8Array, object: PdfObject) => nameAt(bytes, object, 'Type')

function nameAt(bytes: Uint8Array, { keys }: PdfObject, name: string): string | null {
  const key = keys.find((other) => other.name === name)
  return key === undefined || bytes[key.value.start] !== 0x2f ? null : nameOf(bytes, key.value)
}

/** Puts `null` in place of what stood there; returns whether that told something. */
function nothing(bytes: Uint8Array, { start, end }: ByteRange): boolean {
  if (end - start <= 4) return false
  blankRange(bytes, { start, end })
  bytes.set(latin1Bytes('null'), start)
  return true
}

/** Spaces, which mean nothing between values; returns whether there was anything else. */
function blankRange(bytes: Uint8Array, { start, end }: ByteRange): boolean {
  const range = bytes.subarray(start, end)
  if (range.every((byte) => byte === 0x20) || isBlank(range)) return false
  range.fill(0x20)
  return true
}

const cannotClean = (reason: 'encrypted' | 'compressed'): Result<never, MediaFault> =>
  err({ code: 'media-cannot-clean', kind: 'pdf', reason })
