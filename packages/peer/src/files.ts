/**
 * Files of a peer: in, out, and waited for (DESIGN 2.8).
 *
 * @module
 */
import { type Cid, EffigyError } from '@effigy/core'
import { addFile, type Progress, readBlob, type Store, uploadHold } from '@effigy/store'
import type { Pulse } from './live.ts'
import type { AddedFile, FileOptions } from './peer.ts'

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
  if (state.type === 'refused') {
    throw new EffigyError(
      'blob-refused',
      `${root} was refused (${state.code}): its author has to publish it again`,
    )
  }
  try {
    for await (const chunk of readBlob(store, root, options) as unknown as AsyncIterable<Uint8Array>)
      yield chunk
  } catch (cause) {
    options.signal.throwIfAborted()
    if (cause instanceof EffigyError) throw cause
    const message = `${root} is not whole on this device: connect to somebody who has it`
    throw new EffigyError('blob-absent', message, { cause })
  }
}

/** Waits until a blob is complete, holding it meanwhile so that it is wanted. */
export async function waitForBlob(
  store: Store,
  pulse: Pulse,
  root: Cid,
  {
    signal,
    onProgress,
  }: { readonly signal: AbortSignal; readonly onProgress?: (progress: Progress) => void },
): Promise<void> {
  const reason = 'fetch'
  store.hold(root, reason)
  try {
    for (;;) {
      signal.throwIfAborted()
      const asked = pulse.count
      const state = store.blobState(root)
      if (state.type === 'complete') return
      if (state.type === 'refused') {
        throw new EffigyError(
          'blob-refused',
          `${root} was refused (${state.code}): its author has to publish it again`,
        )
      }
      if (state.type === 'partial') onProgress?.({ done: 0, total: state.missing })
      await pulse.after(asked, signal)
    }
  } finally {
    store.release(root, reason)
  }
}
