/**
 * A file on its way into a note: cleaned, made fit, stored, described (I20 to I39).
 *
 *     File ─picture? preparePicture─┐
 *          └─video, sound, document ┴▶ peer.addFile ─▶ what stands in the note, and what was taken out
 *
 * @module
 */
import type { Attachment, FileSecret, ImageFile, MediaFile } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'
import { preparePicture } from '@effigy/peer/pictures'
import { asTouch } from '../../app/idle-lock.ts'
import { codeOf } from '../../faults/code-of.ts'
import { playFacts } from './play-facts.ts'

export type AttachedFile = (ImageFile & { readonly type: 'image' }) | (MediaFile & { readonly type: 'media' })

export interface Added {
  readonly file: AttachedFile
  /** What is shown here; nobody else is given it. */
  readonly blob: Blob
  /** Kinds of what it told besides. */
  readonly removed: readonly string[]
  /** Nobody could look into it: its owner is to be asked. */
  readonly isUnknown: boolean
}

export interface AddOptions {
  /** For notes that not everybody reads. */
  readonly isEncrypted: boolean
  /** The person was told, and wants it as it is. */
  readonly asItIs: boolean
  readonly signal: AbortSignal
  /** From 0 to 1. */
  readonly onShare: (share: number) => void
}

/** Pixels of the longest side: sharp on every screen, a few hundred KB. */
const pictureSide = 2048

/** Pictures by the words of the system; the bytes decide. */
export function isPicture({ type }: Blob): boolean {
  return /^image\/(jpeg|png|webp|gif|avif|heic|heif|bmp)$/.test(type)
}

/** Rejects with the codes of pictures, `media-…`, and of `addFile`. */
export async function addAttached(peer: RemotePeer, source: File, options: AddOptions): Promise<Added> {
  return isPicture(source) ? addPicture(peer, source, options) : addMedia(peer, source, options)
}

async function addPicture(
  peer: RemotePeer,
  source: File,
  { isEncrypted, signal }: AddOptions,
): Promise<Added> {
  const picture = await preparePicture(source, { maxSide: pictureSide, thumbnails: [], signal })
  const { root, image, secret } = await peer.addFile(picture.blob, { encrypted: isEncrypted, signal })
  const file: AttachedFile = {
    type: 'image',
    blob: root,
    mime: image?.mime ?? picture.blob.type,
    width: picture.width,
    height: picture.height,
    alt: '',
    thumbhash: picture.thumbhash,
    ...withSecret(secret),
  }
  return { file, blob: picture.blob, removed: picture.removed, isUnknown: false }
}

async function addMedia(
  peer: RemotePeer,
  source: File,
  { isEncrypted, asItIs, signal, onShare }: AddOptions,
): Promise<Added> {
  const { root, size, secret, mediaType, removed, metadata } = await peer.addFile(source, {
    encrypted: isEncrypted,
    keepMedia: asItIs,
    signal,
    onProgress: asTouch(({ done }) => onShare(source.size === 0 ? 1 : Math.min(1, done / source.size))),
  })
  const mime = mediaType ?? plainMime(source.type)
  const kind = mime.startsWith('video/') ? 'video' : mime.startsWith('audio/') ? 'audio' : 'document'
  const { facts, still } =
    kind === 'document' ? { facts: {}, still: null } : await playFacts(source, kind, signal)
  signal.throwIfAborted()
  // What is for some shows its colours alone until it plays: a poster cannot be sealed (P6).
  const poster = still === null || isEncrypted ? null : await peer.addFile(still.blob, { signal })
  const name = fileName(source.name)
  const file: AttachedFile = {
    type: 'media',
    kind,
    blob: root,
    mime,
    bytes: secret?.bytes ?? size,
    ...(name === '' ? {} : { name }),
    ...facts,
    ...(still === null ? {} : { thumbhash: still.thumbhash }),
    ...(poster === null ? {} : { poster: poster.root }),
    ...withSecret(secret),
  }
  return { file, blob: source, removed, isUnknown: metadata === 'unknown' && !asItIs }
}

/** The same file for other readers: what is for some is sealed, what is for all is not. Rejects as `readFile` does. */
export async function sealedAs(
  peer: RemotePeer,
  attached: AttachedFile,
  { isEncrypted, signal }: Pick<AddOptions, 'isEncrypted' | 'signal'>,
): Promise<AttachedFile> {
  if ((attached.secret !== undefined) === isEncrypted) return attached
  const { secret: old, ...all } = attached
  const rest = isEncrypted ? withoutPoster(all) : all
  const bytes = peer.readFile(attached.blob, { signal, ...withSecret(old ?? null) })
  // It was cleaned when it came in, or its owner wanted it as it is.
  const { root, secret } = await peer.addFile(bytes, { encrypted: isEncrypted, keepMedia: true, signal })
  return { ...rest, blob: root, ...withSecret(secret) } as AttachedFile
}

/** Whether the person may still send it as it is, having been told. */
export function mayGoAsItIs(error: unknown): boolean {
  return codeOf(error).startsWith('media-')
}

const faultsOfPictures = new Set([
  'not-an-image',
  'image-damaged',
  'image-metadata',
  'image-too-large',
  'image-unclean',
  'image-undecodable',
])

/** Nothing else would come of it another time: the file is to blame, not the machine or the line. */
export function isFaultOfFile(error: unknown): boolean {
  const code = codeOf(error)
  return faultsOfPictures.has(code) || code.startsWith('media-')
}

export function isFileOf(attachment: Attachment): attachment is AttachedFile {
  return attachment.type === 'image' || attachment.type === 'media'
}

/** Its colours stay: they are inside of what is sealed. */
function withoutPoster(file: AttachedFile): AttachedFile {
  if (file.type !== 'media') return file
  const { poster: _clear, ...rest } = file
  return rest
}

const withSecret = (secret: FileSecret | null) => (secret === null ? {} : { secret })

/** A name that is a line, and short enough for every disk (P6). */
function fileName(name: string): string {
  const line = name.replace(/[\p{Cc}\p{Cf}/\\]/gu, ' ').trim()
  return new TextEncoder().encode(line).length <= 255 ? line : ''
}

function plainMime(type: string): string {
  return /^[a-z]+\/[a-z0-9][a-z0-9.+-]*$/.test(type) ? type : 'application/octet-stream'
}
