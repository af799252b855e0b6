/**
 * A small valid PNG, another one each time.
 *
 * @module
 */
import { crc32, deflateSync } from 'node:zlib'
import { concatBytes, utf8 } from '@effigy/core'
import type { Random } from '@effigy/testkit'

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** 16 × 16 pixels, grey. */
export function pngOf(random: Random): Uint8Array {
  const header = concatBytes(uint32(16), uint32(16), Uint8Array.of(8, 0, 0, 0, 0))
  const rows = Array.from({ length: 16 }, () => concatBytes(Uint8Array.of(0), random.bytes(16)))
  return concatBytes(
    signature,
    chunk('IHDR', header),
    chunk('IDAT', new Uint8Array(deflateSync(concatBytes(...rows)))),
    chunk('IEND', new Uint8Array(0)),
  )
}

function chunk(name: string, body: Uint8Array): Uint8Array {
  const named = concatBytes(utf8(name), body)
  return concatBytes(uint32(body.length), named, uint32(crc32(named)))
}

function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
}
