/**
 * A file on its way to being published: it loses what it tells besides, and becomes blocks (threats T11, T12).
 *
 *     source ─openClean▶ content ─▶ encode? ─▶ importFile ─▶ blocks, held for a day
 *
 * @module
 */
import { blankRanges, type Cid, err, ok, type Result } from '@effigy/core'
import type { Block } from '../files/blocks.ts'
import type { ByteSource, ImportedFile } from '../files/import-file.ts'
import { importFile } from '../files/make.ts'
import type { Blobs } from './blobs.ts'
import {
  type AddFileError,
  type CleanOptions,
  type CleanSource,
  cleanBytes,
  type FileFacts,
  NotClean,
  openClean,
  storedFile,
} from './clean-source.ts'

/** What an upload does with the store. */
type UploadTarget = Pick<
  Blobs,
  'protectNewBlocks' | 'putBlocks' | 'block' | 'hasBlock' | 'syncBlocks' | 'holdUntil' | 'completeBlob'
>

export interface AddFileOptions extends CleanOptions {
  /** What is stored instead of the content, after it was cleaned: its ciphertext. */
  readonly encode?: (content: ByteSource) => AsyncIterable<Uint8Array>
  /** Bytes read so far. */
  readonly onProgress?: (bytesRead: number) => void
}

export interface AddedFile extends ImportedFile, FileFacts {}

/** `hold` reason of what was added and is not published yet. */
export const uploadHold = 'upload'

/** How long an unpublished upload is kept, ms. */
const uploadMs = 24 * 60 * 60 * 1000

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
  const opened = await openClean(source, options)
  if (!opened.ok) return opened
  const clean = opened.value
  const { sink, flush } = batched(blobs)
  let imported: ImportedFile
  try {
    imported = await importClean(clean, sink, options)
  } catch (cause) {
    if (cause instanceof NotClean) return err(cause.error)
    throw cause
  }
  flush()
  blobs.syncBlocks()
  blobs.holdUntil(imported.cid, uploadHold, options.now() + uploadMs)
  blobs.completeBlob(imported.cid)
  return ok({ ...imported, ...clean.facts() })
}

/** What had to be stored before it was known to be unclean goes by itself, as all that is unheld. */
async function importClean(
  clean: CleanSource,
  sink: Blobs['asBlocks'],
  options: AddFileOptions,
): Promise<ImportedFile> {
  const { signal, onProgress, encode } = options
  const first = onProgress === undefined ? { signal } : { signal, onProgress }
  if (encode !== undefined) return importFile(encode(cleanBytes(clean, sink, signal)), sink, first)
  const imported = await importFile(clean.content, sink, first)
  const blank = clean.blank()
  if (blank.length === 0) return imported
  return importFile(blankRanges(storedFile(imported.cid, sink, signal), blank), sink, { signal })
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
