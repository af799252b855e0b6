/**
 * Files out of the store as streams (spec B9).
 *
 *     root ─▶ block ─▶ bytes from `offset` on
 *
 * @module
 */
import type { Cid } from '@effigy/core'
import { fileStream, type ReadOptions } from '../files/read-file.ts'
import type { BlobStore } from '../store.ts'

/**
 * The bytes of a file, or a range of it; each block is hashed as it is read. The stream fails with a
 * `FileReadFailure`: `missing` names the block that is not here, `not-a-file` says that it is a directory.
 */
export function readBlob(
  blobs: Pick<BlobStore, 'block' | 'hasBlock' | 'putBlock'>,
  root: Cid,
  options: ReadOptions,
): ReadableStream<Uint8Array> {
  return fileStream(root, { get: blobs.block, has: blobs.hasBlock, put: blobs.putBlock }, options)
}
