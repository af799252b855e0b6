export * from './media.ts'
export type { ByteRange, MediaCleaning, MediaFault, MediaKind, MediaMetadata, MediaReport } from './report.ts'
