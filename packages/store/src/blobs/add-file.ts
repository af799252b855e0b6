/**
 * A file on its way to being published: pictures lose what they tell besides, everything becomes blocks
 * (DESIGN 2.4, 2.8; threats T11, T12).
 *
 *     source ─first 4 KiB▶ a picture? ─yes▶ all of it ─stripImage▶ ┐
 *                                     └no─────────────────────────┴▶ encode? ─▶ importFile ─▶ blocks, held for a day
 *
 * @module
 */
import {
  type Cid,
  concatBytes,
  err,
  type ImageFormat,
  type ImageInfo,
  inspectImage,
  type MetadataKind,
  ok,
  type Result,
  sniffImage,
  stripImage,
} from '@effigy/core'
import { type Block, maxRawBlockBytes } from '../files/blocks.ts'
import type { ByteSource, ImportedFile } from '../files/import-file.ts'
import { importFile } from '../files/make.ts'
import type { Blobs } from './blobs.ts'

/** What an upload does with the store. */
type UploadTarget = Pick<
  Blobs,
  'protectNewBlocks' | 'putBlocks' | 'block' | 'hasBlock' | 'syncBlocks' | 'holdUntil' | 'completeBlob'
>

export interface AddFileOptions {
  /** Takes metadata out of pictures. Without, a picture with metadata is an error: nobody would take it. */
  readonly strip: boolean
  readonly signal: AbortSignal
  /** What is stored instead of the content, after a picture was cleaned: its ciphertext. */
  readonly encode?: (content: ByteSource) => AsyncIterable<Uint8Array>
  /** Bytes read so far. */
  readonly onProgress?: (bytesRead: number) => void
}

export interface AddedFile extends ImportedFile {
  /** Null when it is none of the pictures that are understood. */
  readonly image: ImageInfo | null
  /** What was taken out. */
  readonly removed: readonly MetadataKind[]
}

/** `message` is for the person whose file it is. */
export interface AddFileError {
  readonly code: 'image-metadata' | 'image-damaged' | 'image-too-large'
  readonly message: string
}

/** Bytes of a picture that is held in memory to be stripped. */
export const maxStrippedBytes: number = 32 * 1024 * 1024

/** `hold` reason of what was added and is not published yet. */
export const uploadHold = 'upload'

/** How long an unpublished upload is kept, ms. */
const uploadMs = 24 * 60 * 60 * 1000

/** Bytes from which the kind of a file is told. */
const headBytes = 4096

/** Blocks put in one transaction: 4 MiB. */
const blocksPerPut = 16

/**
 * Blocks are on the medium when it returns, and held for a day as `upload`: publish an entry that links
 * to `cid` with size `dagSize`, then release that hold. Throws what the source and the signal throw, and
 * `storage-full`; blocks put by then are unheld and go by themselves.
 */
export async function addFile(
  blobs: UploadTarget,
  source: ByteSource,
  options: AddFileOptions & { readonly now: () => number },
): Promise<Result<AddedFile, AddFileError>> {
  using _protection = blobs.protectNewBlocks()
  const { head, rest } = await readHead(source, options.signal)
  const format = sniffImage(head)
  let content: ByteSource = rest
  let image: ImageInfo | null = null
  let removed: readonly MetadataKind[] = []
  if (format !== null) {
    const bytes = await readWhole(rest, options.signal)
    if (bytes === null) return err(tooLong(format))
    const prepared = prepareImage(bytes, options.strip)
    if (!prepared.ok) return prepared
    ;({ image, removed } = prepared.value)
    content = chunks(prepared.value.bytes)
  }
  const { sink, flush } = batched(blobs)
  const { signal, onProgress, encode } = options
  const imported = await importFile(
    encode === undefined ? content : encode(content),
    sink,
    onProgress === undefined ? { signal } : { signal, onProgress },
  )
  flush()
  blobs.syncBlocks()
  blobs.holdUntil(imported.cid, uploadHold, options.now() + uploadMs)
  blobs.completeBlob(imported.cid)
  return ok({ ...imported, image, removed })
}

interface PreparedImage {
  readonly bytes: Uint8Array
  readonly image: ImageInfo
  readonly removed: readonly MetadataKind[]
}

function prepareImage(bytes: Uint8Array, strip: boolean): Result<PreparedImage, AddFileError> {
  const info = inspectImage(bytes)
  const stripped = strip && info.ok ? stripImage(bytes) : null
  if (!info.ok || (stripped !== null && !stripped.ok)) {
    const fault = info.ok ? (stripped !== null && !stripped.ok ? stripped.error : null) : info.error
    switch (fault?.code) {
      case 'too-large':
        return err({
          code: 'image-too-large',
          message: `This picture has ${fault.width} × ${fault.height} pixels, which is more than others would open. Make it smaller and try again.`,
        })
      case 'cannot-strip':
        return err({
          code: 'image-metadata',
          message: `This ${fault.format.toUpperCase()} picture says more than it shows (${fault.metadata.join(', ')}), and that cannot be taken out of this format. Save it as JPEG or PNG and add that.`,
        })
      default:
        return err({
          code: 'image-damaged',
          message: 'This picture is damaged or incomplete. Open it and save it anew, or choose another one.',
        })
    }
  }
  if (stripped !== null) {
    const clean = inspectImage(stripped.value.bytes)
    const image = clean.ok ? clean.value : info.value
    return ok({ bytes: stripped.value.bytes, image, removed: stripped.value.removed })
  }
  if (info.value.metadata.length === 0) return ok({ bytes, image: info.value, removed: [] })
  return err({
    code: 'image-metadata',
    message: `This picture says more than it shows (${info.value.metadata.join(', ')}). Others refuse such pictures: let it be taken out.`,
  })
}

function tooLong(format: ImageFormat): AddFileError {
  return {
    code: 'image-too-large',
    message: `This ${format.toUpperCase()} picture has more than ${maxStrippedBytes / 1024 / 1024} MiB. Make it smaller and try again.`,
  }
}

/** The first bytes, and a source that gives all. */
async function readHead(
  source: ByteSource,
  signal: AbortSignal,
): Promise<{ readonly head: Uint8Array; readonly rest: AsyncIterable<Uint8Array> }> {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
  const pieces: Uint8Array[] = []
  let length = 0
  let isOver = false
  while (length < headBytes && !isOver) {
    signal.throwIfAborted()
    const next = await iterator.next()
    if (next.done === true) isOver = true
    else {
      pieces.push(next.value)
      length += next.value.length
    }
  }
  async function* rest(): AsyncGenerator<Uint8Array> {
    try {
      yield* pieces
      while (!isOver) {
        const next = await iterator.next()
        if (next.done === true) isOver = true
        else yield next.value
      }
    } finally {
      if (!isOver) await iterator.return?.()
    }
  }
  return { head: concatBytes(...pieces), rest: rest() }
}

/** Null when it is longer than `maxStrippedBytes`. */
async function readWhole(source: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of source) {
    signal.throwIfAborted()
    length += piece.length
    if (length > maxStrippedBytes) return null
    pieces.push(piece)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

function* chunks(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += maxRawBlockBytes) yield bytes.subarray(at, at + maxRawBlockBytes)
}

/** Puts several blocks in one transaction. */
function batched(blobs: UploadTarget): { readonly sink: Blobs['asBlocks']; flush(): void } {
  const waiting = new Map<Cid, Block['bytes']>()
  const flush = (): void => {
    blobs.putBlocks(waiting)
    waiting.clear()
  }
  return {
    flush,
    sink: {
      get: (cid) => waiting.get(cid) ?? blobs.block(cid),
      has: (cid) => waiting.has(cid) || blobs.hasBlock(cid),
      put(cid, bytes) {
        waiting.set(cid, bytes)
        if (waiting.size >= blocksPerPut) flush()
      },
    },
  }
}
