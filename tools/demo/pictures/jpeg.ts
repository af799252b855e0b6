/**
 * Writes JPEG files: baseline, colours at full size, the usual Huffman tables; no Exif, nothing but the picture.
 *
 *     RGB ─▶ 8 × 8 blocks of Y, Cb, Cr ─cosines▶ quantised ─zigzag, run lengths, Huffman▶ bytes
 *
 * @module
 */

/** ITU T.81, table K.1 and K.2, row by row. */
const brightness = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22,
  29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103,
  121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
]
const tint = [
  17,
  18,
  24,
  47,
  99,
  99,
  99,
  99,
  18,
  21,
  26,
  66,
  99,
  99,
  99,
  99,
  24,
  26,
  56,
  99,
  99,
  99,
  99,
  99,
  47,
  66,
  99,
  99,
  ...new Array<number>(36).fill(99),
]

/** How many codes there are of each length, and what they stand for (K.3 to K.6); those of tints serve both. */
const directLengths = [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0]
const directValues = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
const runLengths = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125]
const runValues = [
  ...Buffer.from(
    '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa',
    'hex',
  ),
]

const zigzag: readonly number[] = Array.from({ length: 64 }, (_none, at) => at).sort((a, b) => {
  const [ra, ca] = [a >> 3, a & 7]
  const [rb, cb] = [b >> 3, b & 7]
  if (ra + ca !== rb + cb) return ra + ca - rb - cb
  return (ra + ca) % 2 === 0 ? rb - ra : ra - rb
})

/** `cosines[u * 8 + x]`, with the factor of its frequency. */
const cosines = Float64Array.from(
  { length: 64 },
  (_none, at) =>
    Math.cos(((2 * (at & 7) + 1) * (at >> 3) * Math.PI) / 16) * (at < 8 ? Math.SQRT1_2 : 1) * 0.5,
)

/** `rgb`: three bytes a pixel, rows from the top. `quality` from 1 to 100. */
export function encodeJpeg(rgb: Uint8Array, width: number, height: number, quality: number): Uint8Array {
  const scale = quality < 50 ? 5_000 / quality : 200 - quality * 2
  const scaled = (table: readonly number[]): number[] =>
    table.map((step) => Math.min(255, Math.max(1, Math.floor((step * scale + 50) / 100))))
  const tables = [scaled(brightness), scaled(tint)]
  const out: number[] = [0xff, 0xd8]
  const segment = (marker: number, ...body: number[]): void => {
    out.push(0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255, ...body)
  }
  segment(0xe0, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0)
  for (const [at, table] of tables.entries()) segment(0xdb, at, ...zigzag.map((place) => table[place] ?? 1))
  const size = [height >> 8, height & 255, width >> 8, width & 255]
  segment(0xc0, 8, ...size, 3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1)
  segment(0xc4, 0x00, ...directLengths, ...directValues, 0x10, ...runLengths, ...runValues)
  segment(0xda, 3, 1, 0x00, 2, 0x00, 3, 0x00, 0, 63, 0)

  const direct = codesOf(directLengths, directValues)
  const runs = codesOf(runLengths, runValues)
  const bits = bitWriter(out)
  const before = [0, 0, 0]
  const block = new Float64Array(64)
  for (let top = 0; top < height; top += 8) {
    for (let left = 0; left < width; left += 8) {
      for (let part = 0; part < 3; part++) {
        takeBlock(block, rgb, { width, height, top, left, part })
        const levels = quantised(block, tables[part === 0 ? 0 : 1] ?? [])
        const first = levels[0] ?? 0
        writeValue(bits, direct, 0, first - (before[part] ?? 0))
        before[part] = first
        writeRuns(bits, runs, levels)
      }
    }
  }
  bits.end()
  out.push(0xff, 0xd9)
  return Uint8Array.from(out)
}

interface Place {
  readonly width: number
  readonly height: number
  readonly top: number
  readonly left: number
  /** Y, Cb, Cr. */
  readonly part: number
}

const weights = [
  [0.299, 0.587, 0.114, -128],
  [-0.168736, -0.331264, 0.5, 0],
  [0.5, -0.418688, -0.081312, 0],
] as const

function takeBlock(block: Float64Array, rgb: Uint8Array, { width, height, top, left, part }: Place): void {
  const [red, green, blue, offset] = weights[part] ?? weights[0]
  for (let at = 0; at < 64; at++) {
    const y = Math.min(height - 1, top + (at >> 3))
    const x = Math.min(width - 1, left + (at & 7))
    const from = (y * width + x) * 3
    block[at] = red * (rgb[from] ?? 0) + green * (rgb[from + 1] ?? 0) + blue * (rgb[from + 2] ?? 0) + offset
  }
}

const rows = new Float64Array(64)

function quantised(block: Float64Array, table: readonly number[]): number[] {
  for (let y = 0; y < 8; y++) {
    for (let u = 0; u < 8; u++) {
      let sum = 0
      for (let x = 0; x < 8; x++) sum += (block[y * 8 + x] ?? 0) * (cosines[u * 8 + x] ?? 0)
      rows[y * 8 + u] = sum
    }
  }
  return zigzag.map((place) => {
    const v = place >> 3
    const u = place & 7
    let sum = 0
    for (let y = 0; y < 8; y++) sum += (rows[y * 8 + u] ?? 0) * (cosines[v * 8 + y] ?? 0)
    return Math.round(sum / (table[place] ?? 1))
  })
}

interface Code {
  readonly bits: number
  readonly length: number
}

function codesOf(lengths: readonly number[], values: readonly number[]): ReadonlyMap<number, Code> {
  const codes = new Map<number, Code>()
  let bits = 0
  let at = 0
  for (const [index, count] of lengths.entries()) {
    for (let i = 0; i < count; i++) codes.set(values[at++] ?? 0, { bits: bits++, length: index + 1 })
    bits <<= 1
  }
  return codes
}

interface BitWriter {
  write(bits: number, length: number): void
  end(): void
}

function bitWriter(out: number[]): BitWriter {
  let held = 0
  let count = 0
  const write = (bits: number, length: number): void => {
    for (let at = length - 1; at >= 0; at--) {
      held = (held << 1) | ((bits >> at) & 1)
      if (++count < 8) continue
      out.push(held)
      if (held === 0xff) out.push(0)
      held = 0
      count = 0
    }
  }
  return { write, end: () => write(0x7f, (8 - count) % 8) }
}

function writeValue(bits: BitWriter, codes: ReadonlyMap<number, Code>, run: number, value: number): void {
  const length = 32 - Math.clz32(Math.abs(value))
  const code = codes.get((run << 4) | length) ?? { bits: 0, length: 0 }
  bits.write(code.bits, code.length)
  bits.write(value < 0 ? value + 2 ** length - 1 : value, length)
}

function writeRuns(bits: BitWriter, codes: ReadonlyMap<number, Code>, levels: readonly number[]): void {
  let last = 63
  while (last > 0 && levels[last] === 0) last--
  let run = 0
  for (let at = 1; at <= last; at++) {
    const value = levels[at] ?? 0
    if (value === 0) {
      run++
      continue
    }
    for (; run > 15; run -= 16) bits.write(codes.get(0xf0)?.bits ?? 0, codes.get(0xf0)?.length ?? 0)
    writeValue(bits, codes, run, value)
    run = 0
  }
  const end = codes.get(0x00)
  if (last < 63 && end !== undefined) bits.write(end.bits, end.length)
}
