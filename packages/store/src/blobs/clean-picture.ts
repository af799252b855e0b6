/**
 * A picture on its way to being published: cleaned, or refused with words for the person whose it is (spec I1 to I11; threats
 * T11, T12).
 *
 * @module
 */
import {
  err,
  type ImageFormat,
  type ImageInfo,
  inspectImage,
  type MetadataKind,
  ok,
  type Result,
  stripImage,
} from '@effigy/core'
import type { AddFileError } from './clean-source.ts'

/** Bytes of a picture that is held in memory to be stripped. */
export const maxStrippedBytes: number = 32 * 1024 * 1024

export interface PreparedImage {
  readonly bytes: Uint8Array
  readonly image: ImageInfo
  readonly removed: readonly MetadataKind[]
}

export function prepareImage(bytes: Uint8Array, strip: boolean): Result<PreparedImage, AddFileError> {
  const info = inspectImage(bytes)
  const stripped = strip && info.ok ? stripImage(bytes) : null
  if (!info.ok || (stripped !== null && !stripped.ok)) {
    const fault = info.ok ? (stripped !== null && !stripped.ok ? stripped.error : null) : info.error
    switch (fault?.code) {
      case 'too-large':
        return err({
          code: 'image-too-large',
          message: `This picture has ${fault.width} × ${fault.height} pixels, which is more than others would open. Make it smaller and try again.`,
        })
      case 'cannot-strip':
        return err({
          code: 'image-metadata',
          message: `This ${fault.format.toUpperCase()} picture says more than it shows (${fault.metadata.join(', ')}), and that cannot be taken out of this format. Save it as JPEG or PNG and add that.`,
        })
      default:
        return err({
          code: 'image-damaged',
          message: 'This picture is damaged or incomplete. Open it and save it anew, or choose another one.',
        })
    }
  }
  if (stripped !== null) {
    const clean = inspectImage(stripped.value.bytes)
    const image = clean.ok ? clean.value : info.value
    return ok({ bytes: stripped.value.bytes, image, removed: stripped.value.removed })
  }
  if (info.value.metadata.length === 0) return ok({ bytes, image: info.value, removed: [] })
  return err({
    code: 'image-metadata',
    message: `This picture says more than it shows (${info.value.metadata.join(', ')}). Others refuse such pictures: let it be taken out.`,
  })
}

export function pictureTooLong(format: ImageFormat): AddFileError {
  return {
    code: 'image-too-large',
    message: `This ${format.toUpperCase()} picture has more than ${maxStrippedBytes / 1024 / 1024} MiB. Make it smaller and try again.`,
  }
}
