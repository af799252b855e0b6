/** Archives as people get them are made by others' programs in bring.test.ts; here are those that somebody altered. */
import fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import { writeZip } from '../../apps/web/src/screens/account/readable/zip.ts'
import { archiveLimits, openArchive } from '../../apps/web/src/screens/bring/archive/archive.ts'
import { collected } from '../../apps/web/src/screens/bring/archive/collected.ts'

const never = new AbortController().signal
const everything = (): boolean => true
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

async function zip(files: Readonly<Record<string, string>>): Promise<Uint8Array<ArrayBuffer>> {
  async function* given() {
    for (const [name, text] of Object.entries(files)) yield { name, bytes: [bytes(text)] }
  }
  const parts: Uint8Array<ArrayBuffer>[] = []
  for await (const part of writeZip(given(), 0)) parts.push(part)
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}

async function tar(files: Readonly<Record<string, string>>): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  for (const [name, text] of Object.entries(files)) {
    const header = new Uint8Array(512)
    header.set(bytes(name))
    header.set(bytes(text.length.toString(8).padStart(11, '0')), 124)
    header.set(bytes('        '), 148)
    header.set(bytes('0'), 156)
    header.set(bytes('ustar'), 257)
    const sum = header.reduce((all, byte) => all + byte, 0)
    header.set(bytes(`${sum.toString(8).padStart(6, '0')}\0 `), 148)
    parts.push(header, bytes(text), new Uint8Array((512 - (text.length % 512)) % 512))
  }
  return new Blob([...parts, new Uint8Array(1024)])
}

/** Bytes that unpackers have given until the test is over. */
function countUnpacked(): () => number {
  let bytes = 0
  const Real = DecompressionStream
  vi.stubGlobal(
    'DecompressionStream',
    class {
      readonly readable: ReadableStream<Uint8Array>
      readonly writable: WritableStream
      constructor(format: CompressionFormat) {
        const real = new Real(format)
        this.writable = real.writable
        this.readable = real.readable.pipeThrough(
          new TransformStream<Uint8Array, Uint8Array>({
            transform(piece, next) {
              bytes += piece.length
              next.enqueue(piece)
            },
          }),
        )
      }
    },
  )
  onTestFinished(() => void vi.unstubAllGlobals())
  return () => bytes
}

const textOf = async (blob: Blob | null) => (blob === null ? null : blob.text())

test('names and files of a ZIP and of a TAR', async () => {
  for (const source of [
    new Blob([await zip({ 'a/b.txt': 'one', c: 'two' })]),
    await tar({ 'a/b.txt': 'one', c: 'two' }),
  ]) {
    const opened = await openArchive(source, everything, never)
    if (!opened.ok) throw new Error(opened.error.code)
    expect(opened.value.files).toEqual([
      { name: 'a/b.txt', size: 3 },
      { name: 'c', size: 3 },
    ])
    expect(await textOf(await opened.value.read('c', never))).toBe('two')
    expect(await opened.value.read('d', never)).toBeNull()
  }
  const gzip = (await tar({ 'outbox.json': '{}' })).stream().pipeThrough(new CompressionStream('gzip'))
  const opened = await openArchive(await new Response(gzip).blob(), everything, never)
  expect(opened.ok && (await textOf(await opened.value.read('outbox.json', never)))).toBe('{}')
})

test('[T29] a file that unpacks to more than it says, or to more than anybody needs, is not unpacked', async () => {
  const packed = new Uint8Array(
    await new Response(
      new Blob([new Uint8Array(5_000_000)]).stream().pipeThrough(new CompressionStream('deflate-raw')),
    ).arrayBuffer(),
  )
  const file = await zip({ bomb: String.fromCharCode(...packed.map((byte) => byte & 0x7f)) })
  // The bytes themselves, deflated, of which the directory says that they are 10.
  const view = new DataView(file.buffer)
  const at = 30 + 4
  file.set(packed, at)
  const directory = view.getUint32(file.length - 6, true)
  view.setUint16(directory + 10, 8, true)
  view.setUint32(directory + 24, 10, true)
  const opened = await openArchive(new Blob([file]), everything, never)
  expect(opened.ok && opened.value.files).toEqual([{ name: 'bomb', size: 10 }])
  const unpacked = countUnpacked()
  expect(opened.ok && (await opened.value.read('bomb', never))).toBeNull()
  // Of five million no more than what an unpacker gives at once, and has ready.
  expect(unpacked()).toBeGreaterThan(10)
  expect(unpacked()).toBeLessThan(300_000)

  const limits = { ...archiveLimits, maxBytes: 1_000 }
  const large = { a: 'x'.repeat(600), b: 'x'.repeat(600) }
  const refused = { ok: false, error: { code: 'archive-too-large' } }
  expect(await openArchive(new Blob([await zip(large)]), everything, never, limits)).toEqual(refused)
  expect(await openArchive(await tar(large), everything, never, limits)).toEqual(refused)
  const few = { ...archiveLimits, maxFiles: 1 }
  expect(await openArchive(new Blob([await zip(large)]), everything, never, few)).toEqual(refused)
})

test('an archive that can be read no more is no damaged file of it', async () => {
  const failing = (reason: unknown) =>
    new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(reason) })
  const gone = new DOMException('The disk was taken out.', 'NotReadableError')
  await expect(collected(failing(gone), 10, never)).rejects.toBe(gone)
  expect(await collected(failing(new TypeError('damaged')), 10, never)).toBeNull()
})

test('[T21] truncated at each length, single bytes changed, random bytes: a value, never an exception', async () => {
  const whole = await zip({ 'outbox.json': '{"a":1}', b: 'two' })
  const small = new Uint8Array(await (await tar({ 'outbox.json': '{"a":1}' })).arrayBuffer())
  const readAll = async (file: Uint8Array<ArrayBuffer>): Promise<void> => {
    const opened = await openArchive(new Blob([file]), everything, never)
    if (opened.ok) for (const { name } of opened.value.files) await opened.value.read(name, never)
  }
  for (let length = 0; length < whole.length; length += 3) await readAll(whole.slice(0, length))
  for (let length = 0; length < small.length; length += 97) await readAll(small.slice(0, length))
  for (let at = 0; at < whole.length; at += 2) {
    const file = whole.slice()
    file[at] = (file[at] ?? 0) ^ 0x81
    await readAll(file)
  }
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), (noise) =>
      readAll(new Uint8Array([...bytes('PK'), ...noise])),
    ),
    { numRuns: 30 },
  )
  expect(await openArchive(new Blob(['x']), everything, never)).toEqual({
    ok: false,
    error: { code: 'not-an-archive' },
  })
})
