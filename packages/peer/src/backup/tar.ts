/**
 * Plain tar (POSIX ustar): regular files with short names, as every `tar` reads and writes them.
 *
 *     name, size ─tarHead▶ 512 bytes ‖ content ‖ zeros up to 512 … 1,024 zeros
 *
 * @module
 */
import { createByteQueue, EffigyError, err, ok, parseUtf8, type Result, utf8 } from '@effigy/core'

const blockBytes = 512

/** Above it a size is written in binary, as GNU, BSD and Python read it. */
const maxOctalSize: number = 8 ** 11 - 1

/** Names are ASCII of at most 100 characters; `modifiedMs`: wall clock. */
export function tarHead(name: string, size: number, modifiedMs: number): Uint8Array {
  const block = new Uint8Array(blockBytes)
  const write = (at: number, text: string): void => block.set(utf8(text), at)
  if (name.length > 100) throw new TypeError('a name too long for tar')
  write(0, name)
  write(100, '0000600\0')
  write(108, '0000000\0')
  write(116, '0000000\0')
  if (size <= maxOctalSize) write(124, `${octal(size, 11)}\0`)
  else {
    const view = new DataView(block.buffer)
    view.setUint8(124, 0x80)
    view.setUint32(128, Math.floor(size / 2 ** 32))
    view.setUint32(132, size % 2 ** 32)
  }
  write(136, `${octal(Math.floor(modifiedMs / 1000), 11)}\0`)
  write(148, '        ')
  write(156, '0')
  write(257, 'ustar\x0000')
  write(148, `${octal(checksum(block), 6)}\0 `)
  return block
}

/** Zeros behind a content of that size. */
export function tarPadding(size: number): Uint8Array {
  return new Uint8Array((blockBytes - (size % blockBytes)) % blockBytes)
}

export const tarEnd: Uint8Array = new Uint8Array(2 * blockBytes)

/** With head and padding. */
export function tarBytes(size: number): number {
  return blockBytes + size + tarPadding(size).length
}

export interface TarFile {
  readonly name: string
  readonly size: number
  /** Where its content begins in the archive. */
  readonly offset: number
  /** Empty where it is not kept. */
  readonly content: Uint8Array
}

/** `tar`: not an archive of ours, or cut off. */
export interface TarFault {
  readonly code: 'tar'
}

export interface ReadTarOptions {
  /** Whose contents are kept. */
  readonly keeps: (name: string) => boolean
  /** One that is kept and longer is a fault. */
  readonly maxContentBytes: number
  readonly maxFiles: number
}

/** Reads all of an archive, and what is behind its end. Throws what the source throws. */
export async function readTar(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { keeps, maxContentBytes, maxFiles }: ReadTarOptions,
): Promise<Result<readonly TarFile[], TarFault>> {
  const queue = createByteQueue(source)
  const files: TarFile[] = []
  const names = new Set<string>()
  const cut = err({ code: 'tar' } as const)
  try {
    for (let at = 0; ; ) {
      const head = await queue.take(blockBytes)
      if (head.length < blockBytes) return cut
      at += blockBytes
      if (head.every((byte) => byte === 0)) break
      const parsed = parseHead(head)
      if (parsed === null || files.length >= maxFiles) return cut
      const { name, size } = parsed
      // Twice the same name: what is kept would be kept many times, and which one counts is anybody's guess.
      if (names.has(name)) return cut
      names.add(name)
      const isKept = keeps(name)
      if (isKept && size > maxContentBytes) return cut
      const content = isKept ? await queue.take(size) : new Uint8Array(0)
      if (isKept && content.length < size) return cut
      if (!isKept && !(await skip(queue.take, size))) return cut
      const padding = tarPadding(size).length
      if ((await queue.take(padding)).length < padding) return cut
      files.push({ name, size, offset: at, content })
      at += size + padding
    }
    // Whoever verifies the source verifies it to its end.
    while ((await queue.take(blockBytes)).length > 0);
    return ok(files)
  } finally {
    await queue.close()
  }
}

/** One file of an archive, whose content is read before the next one comes. */
export interface TarMember {
  readonly name: string
  readonly size: number
  /** Once; throws `EffigyError` 'backup-damaged' when the archive ends in it. What is left of it is skipped. */
  readonly content: AsyncIterable<Uint8Array>
}

/** The files of an archive of any size, one by one. A fault is the last item; twice the same name is none here. */
export async function* tarMembers(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Result<TarMember, TarFault>> {
  const queue = createByteQueue(source)
  try {
    for (;;) {
      const head = await queue.take(blockBytes)
      const parsed = head.length < blockBytes ? null : parseHead(head)
      if (parsed === null) {
        const isEnd = head.length === blockBytes && head.every((byte) => byte === 0)
        if (!isEnd) return yield err({ code: 'tar' })
        while ((await queue.take(blockBytes)).length > 0);
        return
      }
      const { name, size } = parsed
      let left = size
      async function* content(): AsyncGenerator<Uint8Array> {
        while (left > 0) {
          const bytes = await queue.take(Math.min(left, 64 * 1024))
          if (bytes.length === 0) throw new EffigyError('backup-damaged', 'The archive is cut off.')
          left -= bytes.length
          yield bytes
        }
      }
      yield ok({ name, size, content: content() })
      const padding = tarPadding(size).length
      if (!(await skip(queue.take, left)) || (await queue.take(padding)).length < padding) {
        return yield err({ code: 'tar' })
      }
    }
  } finally {
    await queue.close()
  }
}

async function skip(take: (length: number) => Promise<Uint8Array>, size: number): Promise<boolean> {
  for (let left = size; left > 0; ) {
    const bytes = await take(Math.min(left, 64 * 1024))
    if (bytes.length === 0) return false
    left -= bytes.length
  }
  return true
}

function parseHead(block: Uint8Array): { readonly name: string; readonly size: number } | null {
  const field = (at: number, length: number): string =>
    parseUtf8(block.subarray(at, at + length))?.replace(/[\0 ]+$/, '') ?? '?'
  // Of a Buffer, `slice` would be the same bytes.
  const sum = new Uint8Array(block)
  sum.fill(0x20, 148, 156)
  const type = block[156]
  const isFile = type === 0x30 || type === 0
  if (field(257, 5) !== 'ustar' || !isFile || field(345, 155) !== '') return null
  if (Number.parseInt(field(148, 7), 8) !== checksum(sum)) return null
  const name = field(0, 100)
  const size = block[124] === 0x80 ? binarySize(block) : octalSize(field(124, 12))
  return name === '' || size === null ? null : { name, size }
}

function octalSize(text: string): number | null {
  return /^[0-7]{1,12}$/.test(text) ? Number.parseInt(text, 8) : null
}

function binarySize(block: Uint8Array): number | null {
  const view = new DataView(block.buffer, block.byteOffset)
  const size = view.getUint32(128) * 2 ** 32 + view.getUint32(132)
  return block.subarray(125, 128).every((byte) => byte === 0) && Number.isSafeInteger(size) ? size : null
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0')
}

function checksum(block: Uint8Array): number {
  return block.reduce((sum, byte) => sum + byte, 0)
}
