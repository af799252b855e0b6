/**
 * A TAR archive (POSIX ustar), read once from its beginning: what is wanted of it is kept, the rest passes by.
 *
 *     gzip? ─▶ header 512 ─▶ bytes, filled up to 512 ─▶ …
 *
 * @module
 */
import { type ByteQueue, createByteQueue, err, ok, parseUtf8, type Result } from '@effigy/core'
import type { Archive, ArchiveFault, ArchiveLimits } from './archive.ts'

const blockLength = 512

/** Taken of the stream at once, bytes. */
const portion = 256 * 1024

export async function openTar(
  source: Blob,
  isGzip: boolean,
  isWanted: (name: string) => boolean,
  signal: AbortSignal,
  limits: ArchiveLimits,
): Promise<Result<Archive, ArchiveFault>> {
  const bytes: ReadableStream<Uint8Array> = isGzip
    ? source.stream().pipeThrough(new DecompressionStream('gzip'))
    : source.stream()
  const queue = createByteQueue(piecesOf(bytes, signal))
  try {
    return await readTar(queue, isWanted, limits)
  } catch {
    signal.throwIfAborted()
    return err({ code: 'not-an-archive' })
  } finally {
    await queue.close().catch(() => {})
  }
}

async function* piecesOf(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (;;) {
      signal.throwIfAborted()
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    reader.cancel().catch(() => {})
  }
}

async function readTar(
  queue: ByteQueue,
  isWanted: (name: string) => boolean,
  limits: ArchiveLimits,
): Promise<Result<Archive, ArchiveFault>> {
  const kept = new Map<string, Blob>()
  let total = 0
  for (let count = 0; ; count++) {
    if (count > limits.maxFiles) return err({ code: 'archive-too-large' })
    const block = await queue.take(blockLength)
    // Two of zeros end it; some end with the last file.
    if (block.length === 0 || block.every((byte) => byte === 0)) break
    const header = headerOf(block)
    if (header === null) return err({ code: 'not-an-archive' })
    const { name, size, isFile } = header
    total += blockLength + size
    if (total > limits.maxBytes) return err({ code: 'archive-too-large' })
    const isKept = isFile && size <= limits.maxFileBytes && isWanted(name)
    const blob = await taken(queue, size, isKept)
    if (blob === null) return err({ code: 'not-an-archive' })
    if (isKept) kept.set(name, blob)
  }
  return ok({
    files: Array.from(kept, ([name, { size }]) => ({ name, size })),
    read: async (name) => kept.get(name) ?? null,
  })
}

/** Null: it ended before. Not kept, it is empty. */
async function taken(queue: ByteQueue, size: number, isKept: boolean): Promise<Blob | null> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  for (let left = size; left > 0; ) {
    const part = await queue.take(Math.min(left, portion))
    if (part.length === 0) return null
    if (isKept) parts.push(part.slice())
    left -= part.length
  }
  const over = size % blockLength
  if (over > 0) await queue.take(blockLength - over)
  return new Blob(parts)
}

function headerOf(
  block: Uint8Array,
): { readonly name: string; readonly size: number; readonly isFile: boolean } | null {
  if (block.length !== blockLength) return null
  const sum = block.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 0x20 : byte), 0)
  if (octal(block.subarray(148, 156)) !== sum) return null
  const size = octal(block.subarray(124, 136))
  const type = String.fromCharCode(block[156] ?? 0)
  const [prefix, name] = [textOf(block.subarray(345, 500)), textOf(block.subarray(0, 100))]
  if (size === null || name === null || prefix === null) return null
  const isUstar = textOf(block.subarray(257, 263))?.startsWith('ustar') === true
  return {
    name: isUstar && prefix !== '' ? `${prefix}/${name}` : name,
    size,
    isFile: type === '0' || type === '\0',
  }
}

/** Null: it is no number. */
function octal(field: Uint8Array): number | null {
  const text = String.fromCharCode(...field)
    .replace(/[\0 ]+$/, '')
    .trim()
  return /^[0-7]{1,12}$/.test(text) ? Number.parseInt(text, 8) : null
}

function textOf(field: Uint8Array): string | null {
  const end = field.indexOf(0)
  return parseUtf8(field.slice(0, end < 0 ? field.length : end))
}
