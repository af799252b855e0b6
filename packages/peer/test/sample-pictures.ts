/**
 * Pictures as cameras, programs and attackers make them, drawn in the browser of the test.
 *
 * @module
 */
import vectors from '../../../spec/vectors/images.json' with { type: 'json' }

/** Of `spec/vectors/images.json`, by its name. */
export function vectorPicture(name: string): Blob {
  const vector = vectors.find((one) => one.name === name)
  if (vector === undefined) throw new Error(`no vector ${name}`)
  return new Blob([Uint8Array.from(atob(vector.image), (character) => character.charCodeAt(0))])
}

/** Left half red, right half blue; as large as asked. */
export function halves(width: number, height: number, type: string): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height)
  const context = context2d(canvas)
  context.fillStyle = '#f00'
  context.fillRect(0, 0, width / 2, height)
  context.fillStyle = '#00f'
  context.fillRect(width / 2, 0, width, height)
  return canvas.convertToBlob({ type, quality: 0.95 })
}

/** Every pixel of another colour, as on a photograph. `hole`: a transparent corner. */
export function photograph(width: number, height: number, type: string, hole = false): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height)
  const image = new ImageData(width, height)
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)]
    image.data.set([(x * 255) / width, (y * 255) / height, (x * 7 + y * 13) % 256, 255], at * 4)
  }
  if (hole) image.data[3] = 0
  context2d(canvas).putImageData(image, 0, 0)
  return canvas.convertToBlob({ type, quality: 0.9 })
}

/** A JPEG with an Exif block behind its first two bytes: the way up, a maker's name, and a place (52° N, 13° E). */
export async function withExif(jpeg: Blob, orientation: number): Promise<Blob> {
  const gpsAt = 8 + 2 + 3 * 12 + 4
  const makerAt = gpsAt + 2 + 2 * 12 + 4
  const maker = ascii('Effigy Camera\0')
  const exif = [
    ...ascii('Exif\0\0MM'),
    ...short(42),
    ...long(8),
    ...short(3),
    ...[...short(0x010f), ...short(2), ...long(maker.length), ...long(makerAt)],
    ...[...short(0x0112), ...short(3), ...long(1), ...short(orientation), 0, 0],
    ...[...short(0x8825), ...short(4), ...long(1), ...long(gpsAt)],
    ...long(0),
    ...short(2),
    ...[...short(1), ...short(2), ...long(2), ...ascii('N\0\0\0')],
    ...[...short(2), ...short(5), ...long(3), ...long(makerAt + maker.length)],
    ...long(0),
    ...maker,
    ...[52, 31, 12].flatMap((value) => [...long(value), ...long(1)]),
  ]
  const bytes = new Uint8Array(await jpeg.arrayBuffer())
  const segment = Uint8Array.of(0xff, 0xe1, ...short(exif.length + 2), ...exif)
  return new Blob([bytes.subarray(0, 2), segment, bytes.subarray(2)], { type: 'image/jpeg' })
}

/** A WebP that says the way up in an Exif chunk, as its extended header announces. */
export async function webpWithExif(webp: Blob, orientation: number): Promise<Blob> {
  const small = (value: number, bytes: number) =>
    Array.from({ length: bytes }, (_, at) => (value >> (8 * at)) & 255)
  const tiff = [
    ...[0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8],
    ...[0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0],
  ]
  const bytes = [...new Uint8Array(await webp.arrayBuffer())]
  if (String.fromCharCode(...bytes.slice(12, 16)) !== 'VP8X') throw new Error('not an extended WebP')
  bytes[20] = (bytes[20] ?? 0) | 8
  const body = [...bytes.slice(8), ...ascii('EXIF'), ...small(tiff.length, 4), ...tiff]
  return new Blob([Uint8Array.from([...ascii('RIFF'), ...small(body.length, 4), ...body])])
}

/** Two frames of one pixel, for ever. */
export function movingGif(): Blob {
  const frame = [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]
  const start = [...[1, 0, 1, 0, 0x80, 0, 0], ...[255, 0, 0, 0, 0, 255]]
  const loop = [0x21, 0xff, 11, ...new TextEncoder().encode('NETSCAPE2.0'), 3, 1, 0, 0, 0]
  return new Blob(['GIF89a', Uint8Array.from([...start, ...loop, ...frame, ...frame, 0x3b])])
}

/** A black PNG of one bit a pixel, whole, with right checksums: small in bytes, `side`² × 4 bytes when it is decoded. */
export async function pictureBomb(side: number): Promise<Blob> {
  const rows = new Blob([new Uint8Array(side * (1 + Math.ceil(side / 8)))])
  const packed = rows.stream().pipeThrough(new CompressionStream('deflate'))
  const data = new Uint8Array(await new Response(packed).arrayBuffer())
  const header = Uint8Array.of(...long(side), ...long(side), 1, 0, 0, 0, 0)
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
  return new Blob([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', new Uint8Array(0))])
}

function chunk(type: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const named = Uint8Array.of(...ascii(type), ...body)
  return Uint8Array.of(...long(body.length), ...named, ...long(crc32(named)))
}

function crc32(bytes: Uint8Array): number {
  let crc = -1
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0)
  }
  return ~crc
}

const ascii = (text: string): number[] => [...text].map((character) => character.charCodeAt(0))
const short = (value: number): number[] => [(value >> 8) & 255, value & 255]
const long = (value: number): number[] => [...short(value >>> 16), ...short(value)]

export async function pixelAt(picture: Blob, x: number, y: number): Promise<readonly number[]> {
  const bitmap = await createImageBitmap(picture)
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
  context2d(canvas).drawImage(bitmap, 0, 0)
  return [...context2d(canvas).getImageData(x, y, 1, 1).data]
}

function context2d(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('no canvas')
  return context
}
