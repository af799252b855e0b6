/**
 * A ZIP archive, written piece by piece and not compressed: pictures are so already (APPNOTE 6.3.10).
 *
 *     file: header, bytes as they come, their CRC and length ─▶ … ─▶ directory, end
 *
 * @module
 */

export interface ZipFile {
  /** With `/` between folders. */
  readonly name: string
  readonly bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/** Larger ones need another format: 4 GiB, and 65,535 files. */
const maxBytes = 0xffff_ffff
const maxFiles = 0xffff

/** Names are UTF-8, lengths stand behind the bytes. */
const flags = 0x0808
const version = 20

interface Entry {
  readonly name: Uint8Array<ArrayBuffer>
  readonly crc: number
  readonly size: number
  readonly at: number
}

/** Throws RangeError where it does not fit, and what the files throw. `time`: ms, of all of them. */
export async function* writeZip(
  files: AsyncIterable<ZipFile>,
  time: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const when = dosTime(new Date(time))
  const entries: Entry[] = []
  let at = 0
  const given = (piece: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => {
    at += piece.length
    if (at > maxBytes) throw new RangeError('the archive is too large')
    return piece
  }
  for await (const { name, bytes } of files) {
    if (entries.length >= maxFiles) throw new RangeError('too many files')
    const encoded = new TextEncoder().encode(name)
    const start = at
    yield given(
      fields(
        [4, 0x04034b50],
        [2, version],
        [2, flags],
        [2, 0],
        [4, when],
        [4, 0],
        [4, 0],
        [4, 0],
        [2, encoded.length],
        [2, 0],
      ),
    )
    yield given(encoded)
    let crc = 0xffff_ffff
    let size = 0
    for await (const piece of bytes) {
      crc = crcOf(crc, piece)
      size += piece.length
      yield given(piece.slice())
    }
    crc = (crc ^ 0xffff_ffff) >>> 0
    yield given(fields([4, 0x08074b50], [4, crc], [4, size], [4, size]))
    entries.push({ name: encoded, crc, size, at: start })
  }
  const directory = at
  for (const entry of entries) {
    yield given(
      fields(
        [4, 0x02014b50],
        [2, version],
        [2, version],
        [2, flags],
        [2, 0],
        [4, when],
        [4, entry.crc],
        [4, entry.size],
        [4, entry.size],
        [2, entry.name.length],
        [2, 0],
        [2, 0],
        [2, 0],
        [2, 0],
        [4, 0],
        [4, entry.at],
      ),
    )
    yield given(entry.name)
  }
  const count = entries.length
  yield fields(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, at - directory],
    [4, directory],
    [2, 0],
  )
}

/** Little-endian. */
function fields(...all: readonly (readonly [bytes: 2 | 4, value: number])[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(all.reduce((sum, [bytes]) => sum + bytes, 0)))
  let at = 0
  for (const [bytes, value] of all) {
    if (bytes === 2) view.setUint16(at, value, true)
    else view.setUint32(at, value, true)
    at += bytes
  }
  return new Uint8Array(view.buffer)
}

/** Two seconds fine, from 1980 on; time of this place. */
function dosTime(date: Date): number {
  const time = (date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1)
  const day = (Math.max(0, date.getFullYear() - 1980) << 9) | ((date.getMonth() + 1) << 5) | date.getDate()
  return ((day << 16) | time) >>> 0
}

const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb8_8320 ^ (value >>> 1) : value >>> 1
  return value
})

function crcOf(crc: number, bytes: Uint8Array): number {
  let value = crc
  for (const byte of bytes) value = (table[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8)
  return value
}
