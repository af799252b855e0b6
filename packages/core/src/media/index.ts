export { blankRanges } from './blank-ranges.ts'
export type { ByteRange, MediaCleaning, MediaFault, MediaKind, MediaMetadata, MediaReport } from './report.ts'
export { type MediaType, sniffMedia } from './sniff.ts'
