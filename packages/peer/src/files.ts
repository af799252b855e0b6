/**
 * Files of a peer: in, out, and waited for.
 *
 * @module
 */
import { type Cid, EffigyError, type FileSecret, type Identity, isRawCid } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import {
  addFile,
  type MetadataState,
  missingBlocks,
  type Progress,
  readFile,
  type Store,
  uploadHold,
} from '@effigy/store'
import type { Clock } from '@effigy/sync'
import { blobProgress } from './blob-progress.ts'
import type { Demands } from './demands.ts'
import { fileFailure, uploadMs } from './directories.ts'
import { createFileSealing, openFile } from './encrypted-files.ts'
import { judgedPicture } from './judged-picture.ts'
import type { Pulse } from './live.ts'
import { rest } from './rest.ts'

export interface FileOptions {
  /**
   * Takes out what a file says besides its content; true unless said otherwise. False, when a person was asked: videos, sounds and
   * documents stay as they are, a picture that says more than it shows is refused.
   */
  readonly strip?: boolean
  /** The same for all but pictures, which are stripped as `strip` says. */
  readonly keepMedia?: boolean
  /** Stores ciphertext, for a payload that is private itself: `secret` opens it. */
  readonly encrypted?: boolean
  readonly signal: AbortSignal
  readonly onProgress?: (progress: Progress) => void
}

/** There are no encrypted directories. */
export type DirectoryOptions = Omit<FileOptions, 'encrypted'>

export interface AddedFile {
  readonly root: Cid
  /** Bytes of the file as stored. */
  readonly size: number
  /** Kinds of metadata that were taken out: exif, xmp, location, … */
  readonly removed: readonly string[]
  /** `unknown`: nobody looked into it, because its kind is not understood or because it was to stay as it is. Tell its owner. */
  readonly metadata: MetadataState
  /** By its first bytes: `video/mp4`, `audio/mpeg`, `application/pdf`, …; null when it is none that is understood. */
  readonly mediaType: string | null
  /** Stands in the payload beside the root; null when it was not encrypted. */
  readonly secret: FileSecret | null
  readonly image: { readonly width: number; readonly height: number; readonly mime: string } | null
}

export interface ReadFileOptions {
  /** First byte; default 0. */
  readonly offset?: number
  /** Bytes at most; default all. */
  readonly length?: number
  /** Of an encrypted file; what is read is its plaintext then. */
  readonly secret?: FileSecret
  /** It is about to be decoded as a picture: all of it is judged before any is given (spec I41), and a part is none. */
  readonly picture?: boolean
  readonly signal: AbortSignal
}

export interface FilePorts {
  readonly store: Store
  readonly crypto: Crypto
}

export async function storeFile(
  { store, crypto, clock }: FilePorts & { readonly clock: Pick<Clock, 'now'> },
  source: AsyncIterable<Uint8Array>,
  { strip = true, keepMedia = false, encrypted = false, signal, onProgress }: FileOptions,
): Promise<AddedFile> {
  const sealing = encrypted ? createFileSealing(crypto) : null
  const added = await addFile(store, source, {
    strip,
    keepMedia,
    signal,
    now: clock.now,
    ...(sealing === null ? {} : { encode: sealing.seal }),
    ...(onProgress === undefined ? {} : { onProgress: (done: number) => onProgress({ done, total: done }) }),
  })
  if (!added.ok) throw new EffigyError(added.error.code, added.error.message)
  const { cid, size, image, media, removed, metadata } = added.value
  const upright = image !== null && image.orientation >= 5
  return {
    root: cid,
    size,
    removed,
    metadata,
    mediaType: media?.mime ?? null,
    secret: sealing?.secret() ?? null,
    image:
      image === null
        ? null
        : {
            // A picture turned by a quarter is shown the other way round.
            width: upright ? image.height : image.width,
            height: upright ? image.width : image.height,
            mime: `image/${image.format}`,
          },
  }
}

/** What an upload was held for is now held by its entry. */
export function releaseUploads(store: Store, roots: readonly Cid[]): void {
  for (const root of roots) store.release(root, uploadHold)
}

export function fileBytes(
  ports: FilePorts,
  root: Cid,
  { picture = false, ...options }: ReadFileOptions,
): AsyncGenerator<Uint8Array, void> {
  const bytes = plainBytes(ports, root, options)
  return picture ? judgedPicture(bytes) : bytes
}

function plainBytes(
  { store, crypto }: FilePorts,
  root: Cid,
  { secret, ...range }: ReadFileOptions,
): AsyncGenerator<Uint8Array, void> {
  if (secret === undefined) return storedBytes(store, root, range)
  const { signal, ...part } = range
  return openFile(root, (stored) => storedBytes(store, root, { ...stored, signal }), {
    ...part,
    secret,
    crypto,
  })
}

async function* storedBytes(
  store: Store,
  root: Cid,
  range: Omit<ReadFileOptions, 'secret'>,
): AsyncGenerator<Uint8Array, void> {
  const state = store.blobState(root)
  if (state.type === 'refused') throw refused(root, state.code)
  for await (const piece of readFile(root, store.asBlocks, range)) {
    if (!piece.ok) throw fileFailure(root, piece.error)
    yield piece.value
  }
}

export interface FetchPorts {
  readonly store: Store
  readonly clock: Clock
  readonly demands: Demands
  /** Fires when blocks may have come. */
  readonly pulse: Pulse
  /** What is wanted has changed; feeds as well, but for the empty list. */
  readonly refresh: (feeds?: readonly Identity[]) => void
}

/** Between two looks at how far it is, ms. */
const progressEveryMs = 250

/** Each look is a walk through what is here of it; that takes one part in so many of the time at most. */
export const walkShare = 20

/** Holds are told apart by it. */
export const fetchHold = 'fetch'

export interface FetchOptions {
  readonly signal: AbortSignal
  readonly onProgress?: (progress: Progress) => void
  /** Bytes of content; more is not fetched. */
  readonly maxBytes?: number
}

/** Waits until a blob is complete, wanting and holding it meanwhile. */
export async function waitForBlob(
  { store, clock, demands, pulse, refresh }: FetchPorts,
  root: Cid,
  { signal, onProgress, maxBytes }: FetchOptions,
): Promise<void> {
  signal.throwIfAborted()
  // For a day, not until it is here: else it would go the moment it has come, and half of it with each cut.
  let heldMs = clock.monotonic()
  store.holdUntil(root, fetchHold, clock.now() + uploadMs)
  using _demand = demands.demand(root)
  refresh([])
  // Its last blocks may have come for another root.
  store.completeBlob(root)
  let arrival = new AbortController()
  using _watching = store.watch(({ blobs }) => {
    if (blobs.has(root)) arrival.abort()
  })
  const progress = progressTeller(onProgress)
  for (let isNew = true; ; isNew = arrival.signal.aborted) {
    signal.throwIfAborted()
    const seen = pulse.count
    if (clock.monotonic() - heldMs > uploadMs / 2) {
      heldMs = clock.monotonic()
      store.holdUntil(root, fetchHold, clock.now() + uploadMs)
    }
    if (isNew) arrival = new AbortController()
    // Where it has many blocks, its state is a walk through them; the store says when that is another.
    const state = isNew || isRawCid(root) ? store.blobState(root) : null
    if (state?.type === 'refused') throw refused(root, state.code)
    const startedMs = clock.monotonic()
    if (onProgress !== undefined || maxBytes !== undefined) {
      const now = blobProgress(root, store.asBlocks)
      if (maxBytes !== undefined && isLarger(store, root, now, maxBytes)) {
        store.release(root, fetchHold)
        throw tooLarge(root, maxBytes)
      }
      progress.tell(now)
    }
    if (state?.type === 'complete') return progress.end()
    const restMs = Math.max(progressEveryMs, (clock.monotonic() - startedMs) * walkShare)
    const until = AbortSignal.any([signal, arrival.signal])
    await pulse.after(seen, until)
    await rest(clock, restMs, until)
  }
}

/** By what it says of itself, or by what has come of it already: a directory may say anything. */
export function isLarger(store: Store, root: Cid, progress: Progress | null, maxBytes: number): boolean {
  if (maxBytes === Number.POSITIVE_INFINITY) return false
  if ((progress?.total ?? 0) > maxBytes) return true
  let bytes = 0
  const { get, put } = store.asBlocks
  missingBlocks(
    root,
    {
      put,
      get(cid) {
        const block = get(cid)
        bytes += block?.length ?? 0
        return block
      },
      has(cid) {
        const size = store.blockSize(cid)
        bytes += size ?? 0
        return size !== null
      },
    },
    { limit: Number.POSITIVE_INFINITY },
  )
  // Nodes name parts and files; that is more than their content.
  return bytes > maxBytes + maxBytes / 32 + 1024 * 1024
}

/** Counts that never fall, and end at their total. */
export function progressTeller(onProgress: ((progress: Progress) => void) | undefined): {
  tell(progress: Progress | null): void
  end(): void
} {
  let told: Progress = { done: 0, total: 0 }
  return {
    tell(progress) {
      if (progress === null || onProgress === undefined) return
      const total = Math.max(progress.total, told.total)
      const done = Math.max(Math.min(progress.done, total), told.done)
      if (done === told.done && total === told.total) return
      told = { done, total }
      onProgress(told)
    },
    end() {
      if (told.done < told.total || told.total === 0) onProgress?.({ done: told.total, total: told.total })
    },
  }
}

export function tooLarge(root: Cid, maxBytes: number): EffigyError {
  return new EffigyError(
    'blob-too-large',
    `${root} has more than ${maxBytes} bytes, which is more than was asked for. Fetch it without a limit.`,
  )
}

export function refused(root: Cid, code: string): EffigyError {
  return new EffigyError('blob-refused', `${root} was refused (${code}). Its author has to publish it again.`)
}
