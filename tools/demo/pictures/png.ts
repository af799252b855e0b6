/**
 * Writes PNG files: for what has flat colours, a map or a poster.
 *
 * @module
 */
import { crc32, deflateSync } from 'node:zlib'

/** `rgb`: three bytes a pixel, rows from the top. */
export function encodePng(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const stride = width * 3
  const filtered = Buffer.alloc((stride + 1) * height)
  for (let row = 0; row < height; row++) {
    // Filter 2: each byte less the one above it.
    filtered[row * (stride + 1)] = 2
    for (let at = 0; at < stride; at++) {
      const above = row === 0 ? 0 : (rgb[(row - 1) * stride + at] ?? 0)
      filtered[row * (stride + 1) + 1 + at] = (rgb[row * stride + at] ?? 0) - above
    }
  }
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  const data = deflateSync(filtered, { level: 9 })
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(name: string, body: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body])
  const framed = Buffer.alloc(named.length + 8)
  framed.writeUInt32BE(body.length, 0)
  framed.set(named, 4)
  framed.writeUInt32BE(crc32(named), named.length + 4)
  return framed
}
