export * from './image.ts'
export type { ImageFault, ImageFormat, ImageInfo, MetadataKind, Orientation } from './scan.ts'
export { maxImageParts, maxImagePixels, maxImageSide } from './scan.ts'
