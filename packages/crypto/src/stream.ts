/**
 * Encrypted files: STREAM over ChaCha20-Poly1305 (spec K7), as in the payload of age files.
 *
 *     file ─segments of 64 KiB▶ seal(key, number ‖ last?) ─▶ ciphertext blob        key, hash, bytes ─▶ the payload
 *
 * Any range is read from its segments alone. That nothing was cut off, left out, repeated or moved is told by their
 * numbers, and by the last one saying that it is.
 *
 * @module
 */
import { createByteQueue, equalBytes, err, ok, type Result } from '@effigy/core'
import type { Crypto } from './crypto.ts'

/** Bytes of plaintext in every segment but the last. */
export const segmentBytes: number = 64 * 1024

/** What opens an encrypted file. */
export interface StreamSecret {
  /** 32 bytes, for this file alone. */
  readonly key: Uint8Array
  /** SHA-256 of the plaintext. */
  readonly hash: Uint8Array
  /** Of the plaintext. */
  readonly bytes: number
}

/**
 * 'length': the ciphertext is shorter or longer than `bytes` asks for; 'altered': a segment is not what was sealed
 * there, or the key is another; 'hash': the whole is not what its author read.
 */
export interface OpenStreamFault {
  readonly code: 'length' | 'altered' | 'hash'
}

export interface OpenStreamOptions extends Omit<StreamSecret, 'hash'> {
  /** Null where nobody said what it is: the segments alone are checked. */
  readonly hash: Uint8Array | null
  /** First byte of plaintext; default 0. Beyond the end nothing is read. */
  readonly offset?: number
  /** Bytes of plaintext at most; default all. */
  readonly length?: number
  readonly crypto: Crypto
}

/** Bytes of ciphertext from `offset` on, at most `length` of them. */
export type ReadCiphertext = (range: {
  readonly offset: number
  readonly length: number
}) => AsyncIterable<Uint8Array> | Iterable<Uint8Array>

type Source = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

const tagBytes = 16
const sealedSegmentBytes: number = segmentBytes + tagBytes
const nothing = new Uint8Array(0)

/** Bytes of ciphertext that `bytes` of plaintext become. */
export function sealedStreamBytes(bytes: number): number {
  return bytes + tagBytes * segmentCount(bytes)
}

/** Undoes `sealedStreamBytes`; null where no plaintext becomes that long. */
export function openedStreamBytes(sealed: number): number | null {
  const bytes = sealed - tagBytes * Math.ceil(sealed / sealedSegmentBytes)
  return bytes >= 0 && sealedStreamBytes(bytes) === sealed ? bytes : null
}

/**
 * Seals a file under a new key and gives, at the end, what opens it. Keys are drawn until `accepts` takes the first
 * segment of ciphertext. Holds two segments at most; throws what the source throws.
 */
export async function* sealStream(
  source: Source,
  { crypto, accepts = () => true }: SealStreamOptions,
): AsyncGenerator<Uint8Array, StreamSecret, void> {
  const queue = createByteQueue(source)
  const hash = crypto.sha256Stream()
  try {
    let segment = await queue.take(segmentBytes)
    let next = await queue.take(segmentBytes)
    let key: Uint8Array
    let sealed: Uint8Array
    do {
      key = crypto.randomBytes(32)
      sealed = crypto.seal(key, segmentNonce(0, next.length === 0), nothing, segment)
    } while (!accepts(sealed))
    let bytes = 0
    for (let index = 0; ; ) {
      hash.update(segment)
      bytes += segment.length
      yield sealed
      if (next.length === 0) return { key, hash: hash.digest(), bytes }
      segment = next
      next = await queue.take(segmentBytes)
      sealed = crypto.seal(key, segmentNonce(++index, next.length === 0), nothing, segment)
    }
  } finally {
    await queue.close()
  }
}

export interface SealStreamOptions {
  readonly crypto: Crypto
  /** Of ciphertext, the first segment. */
  readonly accepts?: (segment: Uint8Array) => boolean
}

/**
 * The plaintext of a file or a range of it, in order, in pieces of up to 64 KiB: each is as it was sealed when it comes. A
 * fault is the last item; `hash` can only be told of the whole, after all of it. Throws what the source throws.
 */
export async function* openStream(
  read: ReadCiphertext,
  { key, hash, bytes, offset = 0, length = Number.POSITIVE_INFINITY, crypto }: OpenStreamOptions,
): AsyncGenerator<Result<Uint8Array, OpenStreamFault>, void, void> {
  const end = Math.min(offset + length, bytes)
  const isWhole = offset === 0 && end === bytes
  if (end <= offset && !isWhole) return
  const last = segmentCount(bytes) - 1
  const first = Math.floor(offset / segmentBytes)
  const until = isWhole ? last : Math.floor((end - 1) / segmentBytes)
  // One byte more, behind the last: there must be none.
  const through = until === last ? sealedStreamBytes(bytes) + 1 : (until + 1) * sealedSegmentBytes
  const from = first * sealedSegmentBytes
  const queue = createByteQueue(read({ offset: from, length: through - from }))
  const whole = isWhole && hash !== null ? crypto.sha256Stream() : null
  try {
    for (let index = first; index <= until; index++) {
      const at = index * segmentBytes
      const expected = (index === last ? bytes - at : segmentBytes) + tagBytes
      const sealed = await queue.take(expected)
      if (sealed.length !== expected) return yield err({ code: 'length' })
      const plaintext = crypto.open(key, segmentNonce(index, index === last), nothing, sealed)
      if (plaintext === null) return yield err({ code: 'altered' })
      whole?.update(plaintext)
      const piece = plaintext.subarray(Math.max(offset - at, 0), end - at)
      if (piece.length > 0) yield ok(piece)
    }
    if (until === last && (await queue.take(1)).length > 0) return yield err({ code: 'length' })
    if (whole !== null && hash !== null && !equalBytes(whole.digest(), hash))
      return yield err({ code: 'hash' })
  } finally {
    await queue.close()
  }
}

/** An empty file has one empty segment. */
function segmentCount(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / segmentBytes))
}

/** The number, 11 bytes, most significant first, and whether it is the last; age has the same. */
export function segmentNonce(index: number, isLast: boolean): Uint8Array {
  const nonce = new Uint8Array(12)
  // Numbers of segments are below 2^37.
  const view = new DataView(nonce.buffer)
  view.setUint32(3, Math.floor(index / 2 ** 32))
  view.setUint32(7, index % 2 ** 32)
  nonce[11] = isLast ? 1 : 0
  return nonce
}
