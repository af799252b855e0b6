/**
 * CARv1 archives: feeds, files and directories carried by hand (spec B11-B12).
 *
 *     roots, blocks ─writeCar▶ bytes ─▶ disk ─▶ bytes ─readCar▶ roots, blocks, each checked
 *
 * Sections are cut here: the library's reader takes a length from the file and buffers that much before anything is
 * checked. It does the header (`car-header.ts`).
 *
 * @module
 */
import {
  type ByteQueue,
  type Cid,
  cidBytes,
  cidOfBytes,
  createByteQueue,
  createByteWriter,
  err,
  ok,
  type Result,
  type Sha256,
} from '@effigy/core'
import { loadCarHeader } from '#later'
import { type Block, checkBlock, isBlockLength, maxDagBlockBytes } from './blocks.ts'

export type CarItem =
  /** Once, first. */
  | { readonly type: 'roots'; readonly roots: readonly Cid[] }
  /** Hashed and found to be what its CID says. A file may hold one block several times. */
  | { readonly type: 'block'; readonly cid: Cid; readonly bytes: Uint8Array }

/**
 * - `not-a-car`: the header is not one of CARv1 (CARv2 is not read)
 * - `truncated`: the file ends in the middle of something
 * - `bad-length`: a section's length is not a canonical number, or too short for a CID
 * - `too-large`: a header or a block above its bound
 * - `foreign-cid`: not CIDv1, raw or dag-pb, SHA-256
 * - `wrong-hash`: bytes that are not what their CID says
 */
export type CarErrorCode =
  | 'not-a-car'
  | 'truncated'
  | 'bad-length'
  | 'too-large'
  | 'foreign-cid'
  | 'wrong-hash'

export interface CarError {
  readonly code: CarErrorCode
  /** Where in the file the header or section begins. Bytes. */
  readonly offset: number
}

export interface ReadCarOptions {
  readonly sha256: Sha256
  readonly signal: AbortSignal
  /** A lower bound than B1's for this file. Bytes. */
  readonly maxBlockBytes?: number
}

/** Roots in a header. */
export const maxCarRoots = 1_000

/** 41 bytes for each root, and the frame around them. */
const maxHeaderBytes: number = 64 * 1024
const cidLength = 36
/** Enough for any safe integer; a CAR made of longer lengths is not for us. */
const maxLengthBytes = 8

/** The archive in pieces, as fast as they are taken. Throws what `blocks` throws, and RangeError for too many roots. */
export async function* writeCar(
  roots: readonly Cid[],
  blocks: AsyncIterable<Block> | Iterable<Block>,
): AsyncGenerator<Uint8Array, void> {
  if (roots.length > maxCarRoots) throw new RangeError(`at most ${maxCarRoots} roots`)
  const { encodeHeader } = await loadCarHeader()
  yield encodeHeader(roots)
  for await (const { cid, bytes } of blocks) {
    const head = createByteWriter(maxLengthBytes + cidLength)
    head.varint(cidLength + bytes.length)
    head.bytes(cidBytes(cid))
    yield head.take()
    if (bytes.length > 0) yield bytes
  }
}

/** What a block takes in an archive. */
export function carSectionBytes({ bytes }: Block): number {
  const length = cidLength + bytes.length
  let digits = 1
  for (let rest = length; rest >= 128; rest = Math.floor(rest / 128)) digits++
  return digits + length
}

/**
 * Reads an archive a block at a time. The roots come first; a failure is the last item, and all blocks before it
 * are good. That the roots' DAGs are complete is not checked. Throws only what the source or the signal throws.
 */
export async function* readCar(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ReadCarOptions,
): AsyncGenerator<Result<CarItem, CarError>, void> {
  const queue = createByteQueue(source)
  const maxBlockBytes = Math.min(options.maxBlockBytes ?? maxDagBlockBytes, maxDagBlockBytes)
  let offset = 0
  try {
    options.signal.throwIfAborted()
    const header = await readSection(queue, 1, maxHeaderBytes)
    if (!header.ok) return yield failure(header.error, offset)
    const roots = header.value === null ? null : await readRoots(header.value.body)
    if (header.value === null || roots === null) return yield failure('not-a-car', offset)
    yield ok({ type: 'roots', roots })
    for (let last = header.value; ; ) {
      options.signal.throwIfAborted()
      offset += last.length
      const section = await readSection(queue, cidLength, cidLength + maxBlockBytes)
      if (!section.ok) return yield failure(section.error, offset)
      if (section.value === null) return
      last = section.value
      const block = decodeBlock(last.body, options.sha256)
      if (!block.ok) return yield failure(block.error, offset)
      yield ok({ type: 'block', ...block.value })
    }
  } finally {
    await queue.close()
  }
}

interface Section {
  readonly body: Uint8Array
  /** With the length in front. Bytes. */
  readonly length: number
}

/** Null at the end of the file. Nothing longer than `most` is read into memory. */
async function readSection(
  queue: ByteQueue,
  least: number,
  most: number,
): Promise<Result<Section | null, CarErrorCode>> {
  let length = 0
  for (let count = 1; count <= maxLengthBytes; count++) {
    const byte = (await queue.take(1))[0]
    if (byte === undefined) return count === 1 ? ok(null) : err('truncated')
    length += (byte & 0x7f) * 128 ** (count - 1)
    if (byte >= 0x80) continue
    if ((byte === 0 && count > 1) || length < least) return err('bad-length')
    if (length > most) return err('too-large')
    const body = await queue.take(length)
    return body.length < length ? err('truncated') : ok({ body, length: count + length })
  }
  return err('bad-length')
}

function decodeBlock(body: Uint8Array, sha256: Sha256): Result<Block, CarErrorCode> {
  const cid = cidOfBytes(body.subarray(0, cidLength))
  if (cid === null) return err('foreign-cid')
  const bytes = body.subarray(cidLength)
  if (!isBlockLength(cid, bytes.length)) return err('too-large')
  return checkBlock(cid, bytes, sha256) ? ok({ cid, bytes }) : err('wrong-hash')
}

async function readRoots(header: Uint8Array): Promise<readonly Cid[] | null> {
  const { decodeHeader } = await loadCarHeader()
  const roots = await decodeHeader(header)
  return roots !== null && roots.length <= maxCarRoots ? roots : null
}

function failure(code: CarErrorCode, offset: number): Result<never, CarError> {
  return err({ code, offset })
}
