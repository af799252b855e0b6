/**
 * Directories of a peer: many files under one root.
 *
 *     (path, content)… ─each cleaned▶ importDirectory ─▶ blocks, held for a day ─▶ root
 *
 * @module
 */
import { type Cid, EffigyError } from '@effigy/core'
import {
  type Blocks,
  cleanBytes,
  type DirectoryEntry,
  type DirectorySource,
  type FileError,
  importDirectory,
  listDirectory,
  NotClean,
  openClean,
  resolvePath,
  type Store,
  uploadHold,
} from '@effigy/store'
import type { DirectoryOptions } from './files.ts'
import type { AddedDirectory, DirectoryFile } from './peer.ts'

/** Blocks put in one transaction: 4 MiB. */
const blocksPerPut = 16

/** How long what is not published yet is kept, ms. */
export const uploadMs: number = 24 * 60 * 60 * 1000

export async function storeDirectory(
  store: Store,
  now: () => number,
  entries: AsyncIterable<DirectoryFile> | Iterable<DirectoryFile>,
  { strip = true, keepMedia = false, signal, onProgress }: DirectoryOptions,
): Promise<AddedDirectory> {
  using _protection = store.protectNewBlocks()
  const cleaned: { readonly path: string; readonly removed: readonly string[] }[] = []
  const { blocks, flush } = batchedBlocks(store)
  async function* sources(): AsyncGenerator<DirectorySource> {
    for await (const { path, content } of entries) {
      const note = (removed: readonly string[]) => void cleaned.push({ path, removed })
      yield {
        path,
        content:
          content === null ? null : cleanContent(content, blocks, { path, strip, keepMedia, signal, note }),
      }
    }
  }
  const imported = await importDirectory(sources(), blocks, {
    signal,
    ...(onProgress === undefined ? {} : { onProgress: (done: number) => onProgress({ done, total: done }) }),
  })
  if (!imported.ok) throw unsafeName(imported.error)
  flush()
  store.syncBlocks()
  const { cid, size, files } = imported.value
  store.holdUntil(cid, uploadHold, now() + uploadMs)
  store.completeBlob(cid)
  return { root: cid, size, files, cleaned }
}

export function listAt(store: Store, root: Cid, path: string): readonly DirectoryEntry[] {
  const found = resolvePath(root, path, store.asBlocks)
  const listed = found.ok ? listDirectory(found.value.cid, store.asBlocks) : found
  if (listed.ok) return listed.value
  throw fileFailure(root, listed.error)
}

/** What a `FileError` means to whoever asked for `root`. */
export function fileFailure(root: Cid, { code, detail }: FileError): EffigyError {
  switch (code) {
    case 'missing':
      return new EffigyError(
        'blob-absent',
        `Not all of ${root} is on this device. Fetch it, from somebody who has it.`,
      )
    case 'not-found':
    case 'bad-path':
      return new EffigyError(
        'not-found',
        `There is nothing of that name in ${root}. List it to see what there is.`,
      )
    case 'not-a-directory':
      return new EffigyError('not-a-directory', 'This is a file. Read it instead of listing it.')
    case 'not-a-file':
      return new EffigyError('not-a-file', 'This is a directory. List it and read one of its files.')
    default:
      return new EffigyError(
        'blob-damaged',
        `${root} is not as files are (${code}${detail === '' ? '' : `, ${detail}`}). Its author has to publish it again.`,
      )
  }
}

function unsafeName({ code }: FileError): EffigyError {
  const what =
    code === 'duplicate-path' ? 'Two files have one name.' : 'A name cannot be kept on every device.'
  return new EffigyError('name-unsafe', `${what} Rename it and add the directory again.`)
}

interface Cleaning {
  readonly path: string
  readonly strip: boolean
  readonly keepMedia: boolean
  readonly signal: AbortSignal
  readonly note: (removed: readonly string[]) => void
}

/** Others refuse a directory with a picture that says more than it shows (I2). */
async function* cleanContent(
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  blocks: Blocks,
  { path, strip, keepMedia, signal, note }: Cleaning,
): AsyncGenerator<Uint8Array> {
  try {
    const clean = await openClean(content, { strip, keepMedia, signal })
    if (!clean.ok) throw new NotClean(clean.error)
    yield* cleanBytes(clean.value, blocks, signal)
    const { removed } = clean.value.facts()
    if (removed.length > 0) note(removed)
  } catch (cause) {
    if (cause instanceof NotClean) throw new EffigyError(cause.error.code, `${path}: ${cause.error.message}`)
    throw cause
  }
}

function batchedBlocks(store: Store): { readonly blocks: Blocks; flush(): void } {
  const waiting = new Map<Cid, Uint8Array>()
  const flush = (): void => {
    store.putBlocks(waiting)
    waiting.clear()
  }
  return {
    flush,
    blocks: {
      get: (cid) => waiting.get(cid) ?? store.block(cid),
      has: (cid) => waiting.has(cid) || store.hasBlock(cid),
      put(cid, bytes) {
        waiting.set(cid, bytes)
        if (waiting.size >= blocksPerPut) flush()
      },
    },
  }
}
