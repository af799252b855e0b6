import { createHash } from 'node:crypto'
import { ownVectors } from '@effigy/testkit/node'
import { exporter } from 'ipfs-unixfs-exporter'
import { CID } from 'multiformats/cid'
import { describe, expect, test } from 'vitest'
import { type Blocks, createMemoryBlocks } from './blocks.ts'
import { listDirectory, resolvePath } from './directory.ts'
import { type DirectorySource, importDirectory } from './import-directory.ts'
import { type ImportedFile, importFile } from './import-file.ts'
import { readFile } from './read-file.ts'
import { directoryBlock, type ReferenceLink, rawLink, referenceFile } from './reference.ts'
import { dagBlocks, dagSize, missingBlocks } from './walk.ts'

const { signal } = new AbortController()
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const utf8 = (text: string) => new TextEncoder().encode(text)

type Content = { text: string } | { byte: number; length: number }
interface Vectors {
  files: { name: string; content: Content; cid: string; blocks: number }[]
  directories: { name: string; files: Record<string, string>; cid: string }[]
}
const vectors = JSON.parse(ownVectors('unixfs.json')) as Vectors

function* repeated(byte: number, length: number, pieceLength = 1_000_003): Generator<Uint8Array> {
  for (let left = length; left > 0; left -= pieceLength)
    yield new Uint8Array(Math.min(left, pieceLength)).fill(byte)
}

function contentOf(content: Content): Iterable<Uint8Array> {
  return 'text' in content ? [utf8(content.text)] : repeated(content.byte, content.length)
}

async function importFiles(files: Record<string, string>, blocks: Blocks = createMemoryBlocks()) {
  const sources: DirectorySource[] = Object.entries(files).map(([path, text]) => ({
    path,
    content: [utf8(text)],
  }))
  const imported = await importDirectory(sources, blocks, { signal })
  if (!imported.ok) throw new Error(imported.error.code)
  return imported.value
}

async function readAll(
  cid: ImportedFile['cid'],
  blocks: Blocks,
  range: { offset?: number; length?: number } = {},
) {
  const pieces: Uint8Array[] = []
  for await (const piece of readFile(cid, blocks, { ...range, signal })) {
    if (!piece.ok) throw new Error(piece.error.code)
    pieces.push(piece.value)
  }
  return Buffer.concat(pieces)
}

/** The library's exporter over our blocks. */
function libraryStore(blocks: Blocks): Parameters<typeof exporter>[1] {
  return {
    async *get(cid: CID) {
      const bytes = blocks.get(cid.toString() as ImportedFile['cid'])
      if (bytes === null) throw new Error(`${cid} is not here`)
      yield bytes
    },
  } as Parameters<typeof exporter>[1]
}

/** Pseudo-random, so that no two chunks are alike. */
function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  const words = new Uint32Array(bytes.buffer, 0, length >> 2)
  let state = 1
  for (let at = 0; at < words.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    words[at] = state
  }
  return bytes
}

describe('importFile', () => {
  test.for(vectors.files)('[B1] [B8] $name', async ({ content, cid, blocks: count }) => {
    const blocks = createMemoryBlocks()
    const imported = await importFile(contentOf(content), blocks, { signal })
    expect(imported).toMatchObject({ cid, blocks: count })
    expect(blocks.size).toBe(count)
    expect(dagSize(imported.cid, blocks)).toEqual({ ok: true, value: imported.dagSize })
    if ('byte' in content) {
      expect(imported.size).toBe(content.length)
      expect(referenceFile(content.byte, content.length, sha256).cid).toBe(cid)
    }
  })

  test('[B1] the pieces that the source comes in make no difference', async () => {
    const bytes = noise(600_000)
    const whole = await importFile([bytes], createMemoryBlocks(), { signal })
    const inPieces = await importFile(split(bytes, 997), createMemoryBlocks(), { signal })
    const inBytes = await importFile(split(bytes.subarray(0, 3_000), 1), createMemoryBlocks(), { signal })
    expect(inPieces).toEqual(whole)
    expect(inBytes.cid).toBe(
      (await importFile([bytes.subarray(0, 3_000)], createMemoryBlocks(), { signal })).cid,
    )
  })

  test('[B1] the source is read only as fast as blocks are written', async () => {
    let given = 0
    let written = 0
    let most = 0
    const blocks: Blocks = {
      ...createMemoryBlocks(),
      put: (_, bytes) => {
        written += bytes.length
      },
    }
    const source = (function* () {
      const bytes = noise(1 << 20)
      for (let index = 0; index < 40; index++) {
        for (let at = 0; at < bytes.length; at += 1 << 18) new DataView(bytes.buffer).setUint32(at, index)
        given += bytes.length
        most = Math.max(most, given - written)
        yield bytes.slice()
      }
    })()
    await importFile(source, blocks, { signal })
    expect(most).toBeLessThan(8 << 20)
  })

  test('progress counts the bytes read, an abort passes its reason on', async () => {
    const seen: number[] = []
    await importFile(repeated(1, 300, 100), createMemoryBlocks(), {
      signal,
      onProgress: (read) => seen.push(read),
    })
    expect(seen).toEqual([100, 200, 300])
    const stop = new AbortController()
    const source = (function* () {
      yield utf8('a')
      stop.abort(new Error('enough'))
      yield utf8('b')
    })()
    await expect(importFile(source, createMemoryBlocks(), { signal: stop.signal })).rejects.toThrow('enough')
  })

  test('[B9] what was imported is read back, by us and by the library, whole and in ranges', async () => {
    const blocks = createMemoryBlocks()
    const bytes = noise(1_500_000)
    const { cid } = await importFile([bytes], blocks, { signal })
    expect((await readAll(cid, blocks)).equals(bytes)).toBe(true)
    const entry = await exporter(CID.parse(cid), libraryStore(blocks))
    const theirs: Uint8Array[] = []
    if (entry.type === 'file') for await (const piece of entry.content()) theirs.push(piece)
    expect(Buffer.concat(theirs).equals(bytes)).toBe(true)
    for (const [offset, length] of [
      [0, 1],
      [262_143, 2],
      [262_144, 262_144],
      [1_499_999, 10],
      [1_500_000, 1],
      [2_000_000, 1],
      [10, 0],
    ] as const) {
      expect(
        (await readAll(cid, blocks, { offset, length })).equals(bytes.subarray(offset, offset + length)),
      ).toBe(true)
    }
  })
})

describe('importDirectory', () => {
  test.for(vectors.directories)('[B4] $name', async ({ files, cid }) => {
    const blocks = createMemoryBlocks()
    const imported = await importFiles(files, blocks)
    expect(imported.cid).toBe(cid)
    expect(imported.files).toBe(Object.keys(files).length)
    expect(dagSize(imported.cid, blocks)).toEqual({ ok: true, value: imported.dagSize })
    expect(referenceTree(files).cid).toBe(cid)
    for (const [path, text] of Object.entries(files)) {
      const found = resolvePath(imported.cid, path, blocks)
      expect(found).toMatchObject({ ok: true, value: { type: 'file' } })
      if (found.ok) expect((await readAll(found.value.cid, blocks)).toString()).toBe(text)
    }
  })

  test('[B4] the order in which files come makes no difference', async () => {
    const files = { b: '1', 'a/z': '2', 'a/b': '3', é: '4' }
    const reversed = Object.fromEntries(Object.entries(files).reverse())
    expect(await importFiles(reversed)).toEqual(await importFiles(files))
  })

  test('[B4] above 256 KiB of names and CIDs a directory is sharded, subdirectories counted', async () => {
    const name = (index: number) => `${'n'.repeat(96)}${String(index).padStart(4, '0')}`
    const paths = (count: number, suffix: string) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`${name(index)}${suffix}`, '']))
    for (const suffix of ['', '/x']) {
      const blocks = createMemoryBlocks()
      // 136 bytes each: 1,927 of them are 262,072 bytes, one more is above 262,144.
      const plain = await importFiles(paths(1_927, suffix), blocks)
      const sharded = await importFiles(paths(1_928, suffix), blocks)
      expect(blocks.get(plain.cid)!.length).toBeGreaterThan(262_144)
      expect(blocks.get(sharded.cid)!.length).toBeLessThan(65_536)
      for (const [{ cid }, count] of [
        [plain, 1_927],
        [sharded, 1_928],
      ] as const) {
        const listed = listDirectory(cid, blocks)
        expect(listed.ok && listed.value.map((entry) => entry.name)).toEqual(
          Array.from({ length: count }, (_, index) => name(index)),
        )
        expect(resolvePath(cid, `${name(1_000)}${suffix}`, blocks)).toMatchObject({
          ok: true,
          value: { type: 'file' },
        })
        expect(resolvePath(cid, 'nothing', blocks)).toMatchObject({ error: { code: 'not-found' } })
        expect(missingBlocks(cid, blocks, { limit: 1 })).toEqual({
          ok: true,
          value: { missing: [], complete: true },
        })
      }
      const theirs: string[] = []
      const entry = await exporter(CID.parse(sharded.cid), libraryStore(blocks))
      if (entry.type === 'directory') for await (const child of entry.entries()) theirs.push(child.name)
      expect(theirs).toHaveLength(1_928)
    }
  })

  test('[B5] names and paths that no directory may hold are refused, and nothing twice', async () => {
    const one = (path: string): DirectorySource => ({ path, content: [utf8('x')] })
    for (const path of [
      '/a',
      'a/',
      'a//b',
      '.',
      'a/../b',
      'a\0',
      'n'.repeat(256),
      '\uD800',
      '\uFFFD',
      `${'a/'.repeat(16)}a`,
    ]) {
      const imported = await importDirectory([one(path)], createMemoryBlocks(), { signal })
      expect(imported, JSON.stringify(path)).toMatchObject({ ok: false, error: { code: 'bad-path' } })
    }
    for (const sources of [[one('a'), one('a')], [one('a'), one('a/b')], [one('a/b'), one('a')], [one('')]]) {
      const imported = await importDirectory(sources, createMemoryBlocks(), { signal })
      expect(imported).toMatchObject({ ok: false, error: { code: 'duplicate-path' } })
    }
    const odd = await importFiles({ 'back\\slash': '1', 'ends\\': '2', '...': '3', ['__proto__']: '4' })
    expect(odd.files).toBe(4)
  })

  test('an empty directory inside is kept', async () => {
    const blocks = createMemoryBlocks()
    const imported = await importDirectory([{ path: 'a/empty', content: null }], blocks, { signal })
    const cid = imported.ok ? imported.value.cid : null
    expect(resolvePath(cid!, 'a/empty', blocks)).toMatchObject({
      value: { type: 'directory', cid: 'bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354' },
    })
  })

  test('[B7] a DAG comes over level by level, each block once', async () => {
    const here = createMemoryBlocks()
    const there = createMemoryBlocks()
    const big = noise(700_000)
    const imported = await importDirectory(
      [
        { path: 'big', content: [big] },
        { path: 'again/big', content: [big] },
        { path: 'small', content: [utf8('small')] },
      ],
      there,
      { signal },
    )
    const root = imported.ok ? imported.value.cid : null
    const rounds: number[] = []
    for (;;) {
      const found = missingBlocks(root!, here, { limit: 2 })
      if (!found.ok) throw new Error(found.error.code)
      if (found.value.missing.length === 0) break
      expect(found.value.missing.length).toBeLessThanOrEqual(2)
      rounds.push(found.value.missing.length)
      for (const cid of found.value.missing) {
        expect(here.has(cid)).toBe(false)
        here.put(cid, there.get(cid)!)
      }
    }
    expect(rounds[0]).toBe(1)
    expect(rounds.reduce((sum, count) => sum + count)).toBe(there.size)
    expect([...dagBlocks(root!, here)]).toHaveLength(there.size)
    expect(await readAll(root!, here).catch((error: Error) => error.message)).toBe('not-a-file')
  })
})

function* split(bytes: Uint8Array, length: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

/** Small files only. */
function referenceTree(files: Record<string, string>): ReferenceLink {
  const groups = new Map<string, Record<string, string>>()
  const links: ReferenceLink[] = []
  for (const [path, text] of Object.entries(files)) {
    const [name = '', ...rest] = path.split('/')
    if (rest.length === 0) links.push({ ...rawLink(utf8(text), sha256), name })
    else groups.set(name, { ...groups.get(name), [rest.join('/')]: text })
  }
  for (const [name, group] of groups) links.push({ ...referenceTree(group), name })
  links.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
  const { cid, bytes } = directoryBlock(links, sha256)
  return { cid, name: '', size: 0, linkSize: links.reduce((sum, link) => sum + link.linkSize, bytes.length) }
}
