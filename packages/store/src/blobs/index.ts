/**
 * Blobs of the store (DESIGN 2.8, spec S).
 *
 * @module
 */
export { type BlobDeps, type Blobs, createBlobs } from './blobs.ts'
export { type ImageRefusal, maxJudgedBytes } from './image-gate.ts'
export type { BlobPolicy } from './root-table.ts'
