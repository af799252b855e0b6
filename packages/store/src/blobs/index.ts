/**
 * Blobs of the store (spec S).
 *
 * @module
 */
export { type AddedFile, type AddFileOptions, addFile, uploadHold } from './add-file.ts'
export { type BlobDeps, type Blobs, createBlobs } from './blobs.ts'
export { blockDatabase } from './block-database.ts'
export { maxStrippedBytes } from './clean-picture.ts'
export {
  type AddFileError,
  type CleanOptions,
  type CleanSource,
  cleanBytes,
  type FileFacts,
  type MetadataState,
  NotClean,
  openClean,
} from './clean-source.ts'
export { type ImageRefusal, maxJudgedBytes } from './image-gate.ts'
export { readBlob } from './read-blob.ts'
export { blockPageBytes } from './tables.ts'
export type { BlobPolicy } from './want-order.ts'
