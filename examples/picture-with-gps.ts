/**
 * Writes a small real JPEG that tells where it was taken: 64 × 48 stripes of grey, with an Exif GPS position.
 *
 *     node examples/picture-with-gps.ts FILE
 *
 * @module
 */
import { writeFileSync } from 'node:fs'

const width = 64
const height = 48

const [, , path] = process.argv
if (path === undefined) {
  process.stderr.write('Say where to write it: node examples/picture-with-gps.ts FILE\n')
  process.exit(2)
}
writeFileSync(path, picture())

function picture(): Uint8Array {
  return Uint8Array.from([
    ...[0xff, 0xd8],
    ...segment(0xe1, [...ascii('Exif\0\0'), ...exifWithPosition()]),
    // One quantisation table, all ones: values are brightness times eight.
    ...segment(0xdb, [0, ...new Array<number>(64).fill(1)]),
    // 8 bits, one component, no subsampling.
    ...segment(0xc0, [8, ...uint16(height), ...uint16(width), 1, 1, 0x11, 0]),
    // Brightness steps: "0" no change, "10" a change of ten bits. Details: "0" none at all.
    ...segment(0xc4, [0x00, 1, 1, ...zeros(14), 0, 10]),
    ...segment(0xc4, [0x10, 1, 0, ...zeros(14), 0]),
    ...segment(0xda, [1, 1, 0x00, 0, 63, 0]),
    ...scan(),
    ...[0xff, 0xd9],
  ])
}

/** Blocks of 8 × 8 pixels, row by row: every second one lighter than the one before. */
function scan(): readonly number[] {
  let bits = ''
  for (let block = 0; block < (width / 8) * (height / 8); block++) {
    const step = block % 2 === 0 ? 600 : -600
    // A negative step is written as the complement of its size.
    const value = step > 0 ? step : 1023 + step
    bits += `10${value.toString(2).padStart(10, '0')}0`
  }
  bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1')
  const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))
  return bytes.flatMap((byte) => (byte === 0xff ? [byte, 0] : [byte]))
}

/** A TIFF block with the maker, the way up, and 52° 31' 12" N, 13° 24' 18" E. */
function exifWithPosition(): readonly number[] {
  const [short, long, text, rational] = [3, 4, 2, 5]
  const gpsAt = 8 + 2 + 3 * 12 + 4
  const makerAt = gpsAt + 2 + 4 * 12 + 4
  const maker = ascii('Effigy Camera\0')
  const latitudeAt = makerAt + maker.length
  const longitudeAt = latitudeAt + 24
  return [
    ...[...ascii('MM'), ...uint16(42), ...uint32(8)],
    ...uint16(3),
    ...field(0x010f, text, maker.length, uint32(makerAt)),
    ...field(0x0112, short, 1, [...uint16(1), 0, 0]),
    ...field(0x8825, long, 1, uint32(gpsAt)),
    ...uint32(0),
    ...uint16(4),
    ...field(1, text, 2, ascii('N\0\0\0')),
    ...field(2, rational, 3, uint32(latitudeAt)),
    ...field(3, text, 2, ascii('E\0\0\0')),
    ...field(4, rational, 3, uint32(longitudeAt)),
    ...uint32(0),
    ...maker,
    ...[52, 31, 12].flatMap((value) => [...uint32(value), ...uint32(1)]),
    ...[13, 24, 18].flatMap((value) => [...uint32(value), ...uint32(1)]),
  ]
}

function field(
  tag: number,
  type: number | undefined,
  count: number,
  value: readonly number[],
): readonly number[] {
  return [...uint16(tag), ...uint16(type ?? 0), ...uint32(count), ...value]
}

function segment(marker: number, body: readonly number[]): readonly number[] {
  return [0xff, marker, ...uint16(body.length + 2), ...body]
}

function ascii(text: string): readonly number[] {
  return [...text].map((character) => character.charCodeAt(0))
}

function zeros(count: number): readonly number[] {
  return new Array<number>(count).fill(0)
}

function uint16(value: number): readonly number[] {
  return [(value >> 8) & 0xff, value & 0xff]
}

function uint32(value: number): readonly number[] {
  return [...uint16(value >>> 16), ...uint16(value & 0xffff)]
}
