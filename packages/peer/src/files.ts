/**
 * Files of a peer: in, out, and waited for (DESIGN 2.8).
 *
 * @module
 */
import { type Cid, EffigyError, type Identity, isRawCid } from '@effigy/core'
import { addFile, missingBlocks, type Progress, readFile, type Store, uploadHold } from '@effigy/store'
import type { Clock } from '@effigy/sync'
import { blobProgress } from './blob-progress.ts'
import type { Demands } from './demands.ts'
import { fileFailure, uploadMs } from './directories.ts'
import type { Pulse } from './live.ts'
import type { AddedFile, FileOptions } from './peer.ts'
import { rest } from './rest.ts'

export async function storeFile(
  store: Store,
  now: () => number,
  source: AsyncIterable<Uint8Array>,
  { strip = true, signal, onProgress }: FileOptions,
): Promise<AddedFile> {
  const added = await addFile(store, source, {
    strip,
    signal,
    now,
    ...(onProgress === undefined ? {} : { onProgress: (done: number) => onProgress({ done, total: done }) }),
  })
  if (!added.ok) throw new EffigyError(added.error.code, added.error.message)
  const { cid, size, image, removed } = added.value
  const upright = image !== null && image.orientation >= 5
  return {
    root: cid,
    size,
    removed,
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

export async function* fileBytes(
  store: Store,
  root: Cid,
  options: { readonly offset?: number; readonly length?: number; readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  const state = store.blobState(root)
  if (state.type === 'refused') throw refused(root, state.code)
  for await (const piece of readFile(root, store.asBlocks, options)) {
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
