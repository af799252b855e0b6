/**
 * A file on its way into a note: cleaned, made fit, stored, described (I20 to I39).
 *
 *     File ─picture? preparePicture─┐
 *          └─video, sound, document ┴▶ peer.addFile ─▶ what stands in the note, and what was taken out
 *
 * @module
 */
import { type Attachment, EffigyError, type FileSecret, type ImageFile, type MediaFile } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'
import { preparePicture } from '@effigy/peer/pictures'
import { codeOf } from '../../faults/code-of.ts'

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

/** ms to learn how long a film is. */
const factsMs = 5_000

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
    onProgress: ({ done }) => onShare(source.size === 0 ? 1 : Math.min(1, done / source.size)),
  })
  const mime = mediaType ?? plainMime(source.type)
  const kind = mime.startsWith('video/') ? 'video' : mime.startsWith('audio/') ? 'audio' : 'document'
  const facts = kind === 'document' ? {} : await playFacts(source, kind)
  const name = fileName(source.name)
  const file: AttachedFile = {
    type: 'media',
    kind,
    blob: root,
    mime,
    bytes: secret?.bytes ?? size,
    ...(name === '' ? {} : { name }),
    ...facts,
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
  const { secret: old, ...rest } = attached
  const bytes = peer.readFile(attached.blob, { signal, ...withSecret(old ?? null) })
  // It was cleaned when it came in, or its owner wanted it as it is.
  const { root, secret } = await peer.addFile(bytes, { encrypted: isEncrypted, keepMedia: true, signal })
  return { ...rest, blob: root, ...withSecret(secret) } as AttachedFile
}

/** Whether the person may still send it as it is, having been told. */
export function mayGoAsItIs(error: unknown): boolean {
  return codeOf(error).startsWith('media-')
}

export function isFileOf(attachment: Attachment): attachment is AttachedFile {
  return attachment.type === 'image' || attachment.type === 'media'
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

interface PlayFacts {
  /** ms. */
  readonly duration?: number
  readonly width?: number
  readonly height?: number
}

/** What the browser can tell of it; nothing when it cannot play it. */
async function playFacts(source: Blob, kind: 'video' | 'audio'): Promise<PlayFacts> {
  const player = document.createElement(kind)
  const url = URL.createObjectURL(source)
  try {
    player.preload = 'metadata'
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    player.onloadedmetadata = () => resolve()
    player.onerror = () => reject(new EffigyError('media-unplayable', 'This browser cannot play it.'))
    const timer = setTimeout(() => reject(new EffigyError('timeout', 'This takes too long.')), factsMs)
    player.src = url
    await promise.finally(() => clearTimeout(timer))
    const ms = Math.round(player.duration * 1_000)
    const { videoWidth = 0, videoHeight = 0 } = player as Partial<HTMLVideoElement>
    return {
      ...(Number.isSafeInteger(ms) && ms > 0 ? { duration: ms } : {}),
      ...(videoWidth > 0 && videoHeight > 0 ? { width: videoWidth, height: videoHeight } : {}),
    }
  } catch {
    return {}
  } finally {
    player.removeAttribute('src')
    URL.revokeObjectURL(url)
  }
}
