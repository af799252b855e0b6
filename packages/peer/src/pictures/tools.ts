/**
 * What pictures are decoded and drawn with: the browser's own, or what a test puts in its place.
 *
 * @module
 */

/** What the platform decodes and draws with. */
export interface PictureTools {
  /** Upright, but for WebP (`upright.ts`). Rejects for what it cannot read. */
  readonly decode: (picture: Blob) => Promise<ImageBitmap>
  readonly canvas: (width: number, height: number) => OffscreenCanvas
}

export const browserTools: PictureTools = {
  decode: (picture) => createImageBitmap(picture, { imageOrientation: 'from-image' }),
  canvas: (width, height) => new OffscreenCanvas(width, height),
}
