/**
 * Makes of any picture one that may be published (threats T11, T12, spec I20 to I26). Runs in a worker.
 *
 *     bytes ─header▶ size, kind │ refused undecoded ─decode, upright▶ bitmap ─scale, encode▶ files ─gate▶ PreparedPicture
 *                                                                         └─ 8 to 100 a side ▶ thumbhash
 *
 * Nothing is decoded whose header breaks the rules, and nothing comes out that others would refuse.
 *
 * @module
 */
import { err, type ImageFault, type ImageInfo, inspectImage, ok, type Result, stripImage } from '@effigy/core'
import { maxJudgedBytes } from '@effigy/store'
import type {
  PictureFault,
  PictureFaultCode,
  PictureFile,
  PictureSettings,
  PreparedPicture,
} from './picture.ts'
import { contextOf, hasTransparency, isDrawing, isTrueCanvas } from './pixels.ts'
import { leastThumbhashSide, mostThumbhashSide, thumbhashOf } from './thumbhash.ts'
import { browserTools, type PictureTools } from './tools.ts'
import { decodeUpright } from './upright.ts'

type Made<Value> = Result<Value, PictureFault>

/** Pixels that can be let go of: they are many. */
type Drawn = ImageBitmap | OffscreenCanvas

type Written = 'jpeg' | 'png' | 'webp'

export async function makePicture(
  source: Blob,
  settings: PictureSettings,
  tools: PictureTools = browserTools,
): Promise<Made<PreparedPicture>> {
  if (source.size > maxJudgedBytes) return fault('image-too-large', 'This file is too large for a picture.')
  const bytes = await bytesOf(source)
  if (bytes === null) {
    const message = 'This file cannot be read any more: it went, or was changed. Choose it again.'
    return fault('image-unreadable', message)
  }
  const header = inspectImage(bytes)
  if (!header.ok) return headerFault(header.error)
  const info = header.value
  if (!isTrueCanvas(tools.canvas)) {
    const message =
      'This browser alters what pages draw, which would spoil the picture. Allow canvas access for this site.'
    return fault('canvas-altered', message)
  }
  const bitmap = await decoded(bytes, info, tools)
  if (!bitmap.ok) return bitmap
  try {
    return await written(bytes, info, bitmap.value, settings, tools)
  } finally {
    bitmap.value.close()
  }
}

/** Null: what a person chose a while ago is not there any more, or is another file by now. */
async function bytesOf(source: Blob): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return new Uint8Array(await source.arrayBuffer())
  } catch {
    return null
  }
}

async function decoded(
  bytes: Uint8Array<ArrayBuffer>,
  info: ImageInfo,
  tools: PictureTools,
): Promise<Made<ImageBitmap>> {
  let bitmap: ImageBitmap
  try {
    bitmap = await decodeUpright(bytes, info, tools)
  } catch {
    const kind = info.format.toUpperCase()
    const message = `This browser cannot read this ${kind} picture. Convert it to JPEG or PNG.`
    return fault('image-undecodable', message)
  }
  const turned = info.orientation >= 5
  const [width, height] = turned ? [info.height, info.width] : [info.width, info.height]
  // Their header may crop the picture, and gives the largest of several: an upper bound.
  const isBound = info.format === 'heic' || info.format === 'avif'
  const isSame = bitmap.width === width && bitmap.height === height
  if (isSame || (isBound && bitmap.width <= width && bitmap.height <= height)) return ok(bitmap)
  bitmap.close()
  return fault('image-damaged', 'This picture has another size than it says.')
}

async function written(
  bytes: Uint8Array,
  info: ImageInfo,
  bitmap: ImageBitmap,
  settings: PictureSettings,
  tools: PictureTools,
): Promise<Made<PreparedPicture>> {
  const canvas = scaled(bitmap, settings.maxSide, tools)
  const transparent = info.format !== 'jpeg' && hasTransparency(canvas)
  const lossless = info.format === 'png' || info.format === 'gif'
  const drawing = lossless && isDrawing(bitmap, tools.canvas)
  const auto: Written = drawing ? 'png' : transparent ? 'webp' : 'jpeg'
  const format = settings.format === 'auto' ? auto : settings.format
  const encode = (drawn: OffscreenCanvas, as: Written): Promise<Made<PictureFile>> =>
    encoded(drawn, as, transparent, settings.quality, tools)

  const kept = info.animated && settings.animation === 'keep' ? stripped(bytes, bitmap) : null
  const picture = kept ?? (await encode(canvas, format))
  if (!picture.ok) return picture
  const longest = Math.max(picture.value.width, picture.value.height)
  const thumbnails: PictureFile[] = []
  for (const side of settings.thumbnails) {
    if (side >= longest) continue
    // Small ones are looked at in passing: never the large format of drawings.
    const thumbnail = await encode(scaled(canvas, side, tools), transparent ? 'webp' : 'jpeg')
    if (!thumbnail.ok) return thumbnail
    thumbnails.push(thumbnail.value)
  }
  return ok({
    ...picture.value,
    thumbnails,
    thumbhash: hashed(canvas, tools),
    removed: info.metadata,
    animated: kept !== null,
  })
}

/** A moving picture without what it tells besides; null where that cannot be told apart (AVIF). */
function stripped(bytes: Uint8Array, { width, height }: ImageBitmap): Made<PictureFile> | null {
  const clean = stripImage(bytes)
  if (!clean.ok) return null
  return gated(clean.value.bytes, (info) => ({ info, width, height }))
}

async function encoded(
  drawn: OffscreenCanvas,
  format: Written,
  transparent: boolean,
  quality: number,
  tools: PictureTools,
): Promise<Made<PictureFile>> {
  const canvas = transparent && format === 'jpeg' ? onWhite(drawn, tools) : drawn
  const { width, height } = canvas
  const blob = await canvas.convertToBlob({ type: `image/${format}`, quality })
  const clean = stripImage(new Uint8Array(await blob.arrayBuffer()))
  if (!clean.ok) return unclean()
  return gated(clean.value.bytes, (info) =>
    info.width === width && info.height === height && info.orientation === 1 ? { info, width, height } : null,
  )
}

/** The gate that everybody else puts before it (I2): asked here of what goes out, whoever encoded it. */
function gated(
  bytes: Uint8Array,
  fits: (
    info: ImageInfo,
  ) => { readonly info: ImageInfo; readonly width: number; readonly height: number } | null,
): Made<PictureFile> {
  const judged = inspectImage(bytes)
  if (!judged.ok || judged.value.metadata.length > 0 || bytes.length > maxJudgedBytes) return unclean()
  const file = fits(judged.value)
  if (file === null) return unclean()
  const blob = new Blob([bytes as Uint8Array<ArrayBuffer>], { type: `image/${file.info.format}` })
  return ok({ blob, width: file.width, height: file.height })
}

/** With the longest side of at most `side`; never larger than it was. */
function scaled(drawn: Drawn, side: number, { canvas }: PictureTools): OffscreenCanvas {
  const factor = Math.min(1, side / Math.max(drawn.width, drawn.height))
  return resized(drawn, Math.max(1, drawn.width * factor), Math.max(1, drawn.height * factor), canvas)
}

function resized(drawn: Drawn, w: number, h: number, canvas: PictureTools['canvas']): OffscreenCanvas {
  const [width, height] = [Math.round(w), Math.round(h)]
  const target = canvas(width, height)
  const context = contextOf(target)
  context.imageSmoothingQuality = 'high'
  context.drawImage(drawn, 0, 0, width, height)
  return target
}

function hashed(drawn: OffscreenCanvas, { canvas }: PictureTools): string {
  const factor = Math.min(1, mostThumbhashSide / Math.max(drawn.width, drawn.height))
  const side = (pixels: number): number => Math.max(leastThumbhashSide, Math.round(pixels * factor))
  const { width, height } = { width: side(drawn.width), height: side(drawn.height) }
  const { data } = contextOf(resized(drawn, width, height, canvas)).getImageData(0, 0, width, height)
  return thumbhashOf({ width, height, rgba: Uint8ClampedArray.from(data) })
}

function onWhite(drawn: OffscreenCanvas, { canvas }: PictureTools): OffscreenCanvas {
  const target = canvas(drawn.width, drawn.height)
  const context = contextOf(target)
  context.fillStyle = '#fff'
  context.fillRect(0, 0, drawn.width, drawn.height)
  context.drawImage(drawn, 0, 0)
  return target
}

function headerFault(error: ImageFault): Made<never> {
  switch (error.code) {
    case 'not-an-image':
      return fault(
        'not-an-image',
        'This is no picture that is known here: JPEG, PNG, WebP, GIF, AVIF or HEIC.',
      )
    case 'too-large': {
      const { width, height } = error
      const most = 'at most 40 million pixels, and 16,384 a side'
      return fault(
        'image-too-large',
        `A picture has ${most}; this one has ${width} × ${height}. Scale it down.`,
      )
    }
    case 'truncated':
      return fault(
        'image-damaged',
        'This picture ends before its end. Take it from where it came from again.',
      )
    case 'damaged':
    case 'too-many-parts':
    case 'cannot-strip':
      return fault('image-damaged', 'This picture is damaged. Save it anew with a picture program.')
  }
}

const unclean = (): Made<never> =>
  fault('image-unclean', 'This browser wrote a picture that others would refuse. Choose another format.')

const fault = (code: PictureFaultCode, message: string): Made<never> => err({ code, message })
