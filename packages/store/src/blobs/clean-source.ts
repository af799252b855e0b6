/**
 * What is to be published, cleaned by its kind (spec I3, I30 to I39; threat T12).
 *
 *     source ─first 4 KiB▶ picture │ video, sound, document │ plain text │ what nobody here understands ─▶ content, and what was found
 *
 * @module
 */
import {
  type ByteRange,
  blankRanges,
  type Cid,
  concatBytes,
  err,
  type ImageInfo,
  type MediaFault,
  type MediaKind,
  type MediaMetadata,
  type MediaType,
  type MetadataKind,
  ok,
  parseUtf8,
  type Result,
  sniffImage,
  sniffMedia,
} from '@effigy/core'
import { type Cleaning, loadCleaning } from '#later'
import { type Blocks, maxRawBlockBytes } from '../files/blocks.ts'
import type { ByteSource } from '../files/import-file.ts'
import { importFile } from '../files/make.ts'
import { FileReadFailure, readFile } from '../files/read-file.ts'
import { maxStrippedBytes, pictureTooLong, prepareImage } from './clean-picture.ts'

/** `message` is for the person whose file it is. */
export interface AddFileError {
  readonly code:
    | 'image-metadata'
    | 'image-damaged'
    | 'image-too-large'
    | 'media-metadata'
    | 'media-damaged'
    | 'media-too-large'
  readonly message: string
}

export interface CleanOptions {
  /** False: pictures that say more than they show are an error; other files stay as they are. */
  readonly strip: boolean
  /** Videos, sounds and documents stay as they are, as with `strip: false`; pictures do not. False when omitted. */
  readonly keepMedia?: boolean
  readonly signal: AbortSignal
}

/** What a file says besides its content: nothing (any more), or nobody looked. */
export type MetadataState = 'none' | 'unknown'

export interface FileFacts {
  /** Null when it is none of the pictures that are understood. */
  readonly image: ImageInfo | null
  /** Null when it is no video, sound or document that is understood. */
  readonly media: MediaType | null
  /** What was taken out. */
  readonly removed: readonly (MetadataKind | MediaMetadata)[]
  /** `unknown`: a kind that cannot be looked into, or that was to stay as it is; its owner is to be told. */
  readonly metadata: MetadataState
}

export interface CleanSource {
  /** Once. Throws `NotClean`, and what the source and the signal throw. */
  readonly content: AsyncIterable<Uint8Array>
  /** To be asked when all of `content` was read. */
  readonly facts: () => FileFacts
  /** Whether `blank` may say something. */
  readonly isLate: boolean
  /** Bytes of `content` that are to be zero yet, known when all of it was read. */
  readonly blank: () => readonly ByteRange[]
}

/** Carries the error through an importer, which only passes on what a source throws. */
export class NotClean extends Error {
  override readonly name = 'NotClean'
  readonly error: AddFileError

  constructor(error: AddFileError) {
    super(error.message)
    this.error = error
  }
}

/** Bytes from which the kind of a file is told. */
const headBytes = 4096

/**
 * Reads the beginning of `source` (a picture whole), and gives what may be published of it. An error is about the file itself; rejects
 * with what the source throws, and with the reason of `signal`. What is wrong further in a video, sound or document comes out of `content`.
 */
export async function openClean(
  source: ByteSource,
  { strip, keepMedia = false, signal }: CleanOptions,
): Promise<Result<CleanSource, AddFileError>> {
  const { head, rest } = await readHead(source, signal)
  const format = sniffImage(head)
  if (format !== null) {
    const bytes = await readWhole(rest, signal)
    if (bytes === null) return err(pictureTooLong(format))
    const prepared = prepareImage(bytes, strip)
    if (!prepared.ok) return prepared
    const { image, removed } = prepared.value
    return ok(settled(chunks(prepared.value.bytes), { image, media: null, removed, metadata: 'none' }))
  }
  const media = sniffMedia(head)
  const facts: FileFacts = { image: null, media, removed: [], metadata: 'unknown' }
  if (media === null || !strip || keepMedia) {
    return ok(settled(rest, media === null && isPlainText(head) ? { ...facts, metadata: 'none' } : facts))
  }
  const { cleanMedia } = await loadCleaning()
  return ok(cleaned(rest, media, cleanMedia))
}

/** As `openClean`, with nothing left to be done later: where that is needed, the file passes through `blocks` first. */
export async function* cleanBytes(
  clean: CleanSource,
  blocks: Blocks,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  if (!clean.isLate) return yield* clean.content
  const { cid } = await importFile(clean.content, blocks, { signal })
  yield* blankRanges(storedFile(cid, blocks, signal), clean.blank())
}

/** The bytes of a file that is here for certain. */
export async function* storedFile(cid: Cid, blocks: Blocks, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const piece of readFile(cid, blocks, { signal })) {
    if (!piece.ok) throw new FileReadFailure(piece.error)
    yield piece.value
  }
}

function settled(content: ByteSource, facts: FileFacts): CleanSource {
  const pieces = Symbol.asyncIterator in content ? content : asAsync(content)
  return { content: pieces, facts: () => facts, isLate: false, blank: () => [] }
}

function cleaned(
  source: AsyncIterable<Uint8Array>,
  media: MediaType,
  cleanMedia: Cleaning['cleanMedia'],
): CleanSource {
  let facts: FileFacts = { image: null, media, removed: [], metadata: 'unknown' }
  let blank: readonly ByteRange[] = []
  async function* content(): AsyncGenerator<Uint8Array> {
    const pieces = cleanMedia(source, media.kind)
    try {
      for (;;) {
        const next = await pieces.next()
        if (next.done !== true) {
          yield next.value
          continue
        }
        if (!next.value.ok) throw new NotClean(mediaError(next.value.error))
        facts = { ...facts, removed: next.value.value.removed, metadata: 'none' }
        blank = next.value.value.blank
        return
      }
    } finally {
      await pieces.return({ ok: false, error: { code: 'media-truncated', kind: media.kind } })
    }
  }
  return { content: content(), facts: () => facts, isLate: media.kind === 'mp4', blank: () => blank }
}

const kindNames: Readonly<Record<MediaKind, string>> = {
  mp4: 'video or sound',
  webm: 'WebM',
  ogg: 'Ogg',
  mp3: 'MP3',
  flac: 'FLAC',
  wav: 'WAV',
  pdf: 'PDF',
}

function mediaError(fault: MediaFault): AddFileError {
  const what = kindNames[fault.kind]
  switch (fault.code) {
    case 'media-truncated':
    case 'media-damaged':
      return {
        code: 'media-damaged',
        message: `This ${what} file is damaged or incomplete, so what it says besides its content cannot be taken out. Save it anew, or send it as it is.`,
      }
    case 'media-too-large':
      return {
        code: 'media-too-large',
        message: `This ${what} file is too large for what it says besides its content to be taken out. Make it smaller, or send it as it is.`,
      }
    case 'media-cannot-clean': {
      const why = {
        encrypted: 'it is encrypted',
        compressed: 'that is compressed in a way that is not understood here',
        fragments: 'it was recorded in pieces, with measurements among them',
        variant: 'it is of a variant that is not understood here',
      }[fault.reason]
      return {
        code: 'media-metadata',
        message: `What this ${what} file says besides its content, such as names or places, cannot be taken out: ${why}. Save it anew, or send it as it is.`,
      }
    }
  }
}

/** Text says what it says, and nothing else. */
function isPlainText(head: Uint8Array): boolean {
  // A character may be cut at the end.
  for (const cut of [0, 1, 2, 3]) {
    const text = head.length > cut || cut === 0 ? parseUtf8(head.subarray(0, head.length - cut)) : null
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells text from the rest
    if (text !== null) return !/[\u0000-\u0008\u000e-\u001f]/.test(text) && !/^\s*(?:<|\{\\rtf)/.test(text)
    if (head.length < headBytes) return false
  }
  return false
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

async function* asAsync(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* pieces
}
