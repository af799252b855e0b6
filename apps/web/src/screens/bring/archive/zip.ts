/**
 * A ZIP archive, read by its directory (APPNOTE 6.3.10): stored and deflated files, up to 4 GiB, not encrypted.
 *
 *     end record ─▶ directory ─▶ names, sizes, places ─read▶ slice ─inflate, no byte more than was said▶ Blob
 *
 * @module
 */
import { err, ok, parseUtf8, type Result } from '@effigy/core'
import type { Archive, ArchiveFault, ArchiveLimits } from './archive.ts'
import { collected } from './collected.ts'

interface Entry {
  readonly name: string
  readonly size: number
  readonly packed: number
  readonly at: number
  readonly isDeflated: boolean
}

const endLength = 22
const maxComment = 0xffff
const fieldsLength = 46
const headLength = 30
const maxDirectoryBytes = 64 * 1024 * 1024
const maxNameBytes = 1024

export async function openZip(source: Blob, limits: ArchiveLimits): Promise<Result<Archive, ArchiveFault>> {
  const end = await endOf(source)
  if (end === null) return err({ code: 'not-an-archive' })
  if (end.count > limits.maxFiles || end.size > maxDirectoryBytes) return err({ code: 'archive-too-large' })
  const directory = new Uint8Array(await source.slice(end.at, end.at + end.size).arrayBuffer())
  const entries = entriesOf(directory, end.count, end.at)
  if (entries === null) return err({ code: 'not-an-archive' })
  const total = entries.reduce((sum, { size }) => sum + size, 0)
  if (total > limits.maxBytes) return err({ code: 'archive-too-large' })
  const byName = new Map(entries.map((entry) => [entry.name, entry]))
  return ok({
    files: entries.map(({ name, size }) => ({ name, size })),
    async read(name, signal) {
      const entry = byName.get(name)
      if (entry === undefined || entry.size > limits.maxFileBytes) return null
      const packed = await packedOf(source, entry, end.at)
      if (packed === null) return null
      const stream = packed.stream()
      const bytes = entry.isDeflated ? stream.pipeThrough(new DecompressionStream('deflate-raw')) : stream
      return collected(bytes, entry.size, signal)
    },
  })
}

async function endOf(
  source: Blob,
): Promise<{ readonly count: number; readonly size: number; readonly at: number } | null> {
  const from = Math.max(0, source.size - endLength - maxComment)
  const tail = new Uint8Array(await source.slice(from).arrayBuffer())
  const view = new DataView(tail.buffer)
  for (let at = tail.length - endLength; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue
    // Its comment ends with the file, so nothing in the comment passes for a record.
    if (at + endLength + view.getUint16(at + 20, true) !== tail.length) continue
    const count = view.getUint16(at + 10, true)
    const size = view.getUint32(at + 12, true)
    const place = view.getUint32(at + 16, true)
    const isWhole =
      view.getUint16(at + 4, true) === 0 &&
      view.getUint16(at + 6, true) === 0 &&
      view.getUint16(at + 8, true) === count &&
      place + size <= from + at
    return isWhole ? { count, size, at: place } : null
  }
  return null
}

/** `before`: where the directory begins; no file reaches into it. Null: damaged. */
function entriesOf(directory: Uint8Array, count: number, before: number): readonly Entry[] | null {
  const view = new DataView(directory.buffer)
  const entries: Entry[] = []
  let at = 0
  for (let number = 0; number < count; number++) {
    if (at + fieldsLength > directory.length || view.getUint32(at, true) !== 0x02014b50) return null
    const isEncrypted = (view.getUint16(at + 8, true) & 1) !== 0
    const method = view.getUint16(at + 10, true)
    const packed = view.getUint32(at + 20, true)
    const size = view.getUint32(at + 24, true)
    const nameLength = view.getUint16(at + 28, true)
    const place = view.getUint32(at + 42, true)
    const next =
      at + fieldsLength + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    if (next > directory.length) return null
    const name =
      nameLength > maxNameBytes
        ? null
        : parseUtf8(directory.slice(at + fieldsLength, at + fieldsLength + nameLength))
    at = next
    const isKnown = !isEncrypted && (method === 0 || method === 8) && place + headLength + packed <= before
    if (name === null || name === '' || name.endsWith('/') || !isKnown) continue
    if (method === 0 && packed !== size) continue
    entries.push({ name, size, packed, at: place, isDeflated: method === 8 })
  }
  return entries
}

async function packedOf(source: Blob, { at, packed }: Entry, before: number): Promise<Blob | null> {
  const view = new DataView(await source.slice(at, at + headLength).arrayBuffer())
  if (view.byteLength < headLength || view.getUint32(0, true) !== 0x04034b50) return null
  const from = at + headLength + view.getUint16(26, true) + view.getUint16(28, true)
  return from + packed <= before ? source.slice(from, from + packed) : null
}
