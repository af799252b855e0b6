/**
 * What pixels tell: whether something shows through, whether it is a drawing, whether the browser hands out what was drawn.
 *
 * @module
 */

type MakeCanvas = (width: number, height: number) => OffscreenCanvas

/** A canvas without its context: out of memory, which ends the worker. */
export function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null) throw new Error('no canvas')
  return context
}

/** Bytes of pixels that are looked at together. */
const stripBytes = 4 * 1024 * 1024

/** Whether any pixel is not opaque, all of them looked at: in a JPEG each of those would be another colour. */
export function hasTransparency(canvas: OffscreenCanvas): boolean {
  const { width, height } = canvas
  const context = contextOf(canvas)
  const rows = Math.max(1, Math.floor(stripBytes / (width * 4)))
  for (let top = 0; top < height; top += rows) {
    const { data } = context.getImageData(0, top, width, Math.min(rows, height - top))
    for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return true
  }
  return false
}

/** Pixels a side that are looked at for colours. */
const sampleSide = 64

/** Colours of 4,096 pixels that are picked out: photographs have thousands, screenshots and drawings some dozens. */
const mostDrawingColours = 256

export function isDrawing(picture: ImageBitmap, canvas: MakeCanvas): boolean {
  const width = Math.min(sampleSide, picture.width)
  const height = Math.min(sampleSide, picture.height)
  const context = contextOf(canvas(width, height))
  // Picked, not mixed: mixing makes colours that it does not have.
  context.imageSmoothingEnabled = false
  context.drawImage(picture, 0, 0, width, height)
  const { data } = context.getImageData(0, 0, width, height)
  const pixels = new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4)
  return new Set(pixels).size <= mostDrawingColours
}

/** Colours that survive a canvas exactly, all channels opaque. */
const probe: readonly number[] = [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 37, 119, 201, 255]

/** False in browsers that answer with noise or white, against recognition by how they draw. */
export function isTrueCanvas(canvas: MakeCanvas): boolean {
  const context = contextOf(canvas(2, 2))
  context.putImageData(new ImageData(Uint8ClampedArray.from(probe), 2, 2), 0, 0)
  const { data } = context.getImageData(0, 0, 2, 2)
  return probe.every((value, at) => data[at] === value)
}
