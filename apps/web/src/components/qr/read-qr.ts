/**
 * Reads QR codes from pictures: of a camera, again and again, or of a file once.
 *
 * @module
 */
import { preparePicture } from '@effigy/peer/pictures'

/** Pixels of the longer side that are looked at: more only takes longer. */
const maxSide = 960

/** ms between two looks: a phone shall not grow warm. */
const everyMs = 120

type Decode = typeof import('qr/decode.js')['decodeQR']

let loaded: Promise<Decode> | null = null
const loadDecode = (): Promise<Decode> => {
  loaded ??= import('qr/decode.js').then(({ decodeQR }) => decodeQR)
  return loaded
}

/** Resolves with the first text that is seen and wanted, or null with the signal. */
export async function watchForQr(
  video: HTMLVideoElement,
  isWanted: (text: string) => boolean,
  signal: AbortSignal,
): Promise<string | null> {
  const decode = await loadDecode()
  const canvas = document.createElement('canvas')
  while (!signal.aborted) {
    const text = lookAt(video, video.videoWidth, video.videoHeight, canvas, decode)
    if (text !== null && isWanted(text)) return text
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
  return null
}

/** Null: there is none in it. Rejects with the codes of pictures. */
export async function readQrFile(file: Blob, signal: AbortSignal): Promise<string | null> {
  // What somebody sent may be larger than memory when it is unpacked: this looks before.
  const prepared = await preparePicture(file, {
    maxSide: 2 * maxSide,
    thumbnails: [],
    animation: 'still',
    signal,
  })
  const [decode, bitmap] = await Promise.all([loadDecode(), createImageBitmap(prepared.blob)])
  const canvas = document.createElement('canvas')
  try {
    return lookAt(bitmap, bitmap.width, bitmap.height, canvas, decode, 2 * maxSide)
  } finally {
    bitmap.close()
  }
}

function lookAt(
  source: CanvasImageSource,
  sourceWidth: number,
  sourceHeight: number,
  canvas: HTMLCanvasElement,
  decode: Decode,
  limit: number = maxSide,
): string | null {
  if (sourceWidth === 0 || sourceHeight === 0) return null
  const scale = Math.min(1, limit / Math.max(sourceWidth, sourceHeight))
  const width = Math.max(1, Math.round(sourceWidth * scale))
  const height = Math.max(1, Math.round(sourceHeight * scale))
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null) return null
  context.drawImage(source, 0, 0, width, height)
  try {
    return decode({ width, height, data: context.getImageData(0, 0, width, height).data })
  } catch {
    // Most pictures of a camera show no code.
    return null
  }
}
