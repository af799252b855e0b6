/**
 * Pictures before they are published and before they are here, for pages: `@effigy/peer/pictures`.
 *
 * @module
 */
export type {
  PictureFaultCode,
  PictureFile,
  PictureOptions,
  PreparedPicture,
} from './picture.ts'
export {
  createPictureQueue,
  type PictureQueue,
  type PictureQueueOptions,
  preparePicture,
} from './pictures.ts'
export { type Pixels, thumbhashPixels } from './thumbhash.ts'
