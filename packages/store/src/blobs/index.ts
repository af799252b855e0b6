/**
 * Blobs of the store (DESIGN 2.8, spec S).
 *
 * @module
 */
export {
  type AddedFile,
  type AddFileError,
  type AddFileOptions,
  addFile,
  maxStrippedBytes,
  uploadHold,
} from './add-file.ts'
export { type BlobDeps, type Blobs, createBlobs } from './blobs.ts'
export { blockDatabase } from './block-database.ts'
export { type ImageRefusal, maxJudgedBytes } from './image-gate.ts'
export { readBlob } from './read-blob.ts'
export type { BlobPolicy } from './root-table.ts'
export { blockPageBytes } from './tables.ts'
