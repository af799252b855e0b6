import { createHash } from 'node:crypto'
import { type Cid, dagCidOfDigest, parseCid, rawCid } from '@effigy/core'
import { mutations, truncations } from '@effigy/testkit'
import { ownVectors } from '@effigy/testkit/node'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Block, type Blocks, checkBlock, createMemoryBlocks } from './blocks.ts'
import { listDirectory, resolvePath } from './directory.ts'
import { importDirectory } from './import-directory.ts'
import { importFile } from './import-file.ts'
import { decodeNode } from './node.ts'
import { fileSize, fileStream, readFile } from './read-file.ts'
import { dagBlock, directoryBlock, fileBlock, type ReferenceLink, rawLink, shardBlock } from './reference.ts'
import { decodeUnixfsData } from './unixfs-data.ts'
import { dagBlocks, dagSize, maxDepth, missingBlocks } from './walk.ts'

const { signal } = new AbortController()
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const utf8 = (text: string) => new TextEncoder().encode(text)
const leaf = rawLink(utf8('leaf'), sha256)

function keep(blocks: Blocks, ...list: readonly Block[]): void {
  for (const { cid, bytes } of list) blocks.put(cid, bytes)
}

function world(...list: readonly Block[]): Blocks {
  const blocks = createMemoryBlocks()
  keep(blocks, { cid: leaf.cid, bytes: utf8('leaf') }, ...list)
  return blocks
}

function link(block: Block, name: string, size = 0): ReferenceLink {
  return { cid: block.cid, name, size, linkSize: 0 }
}

/** Everything that reads a DAG; gives the codes, and fails the test by throwing or by not coming back. */
async function readEverything(root: Cid, blocks: Blocks): Promise<Record<string, string>> {
  const codes: Record<string, string> = {}
  const note = (name: string, result: { ok: true } | { ok: false; error: { code: string } }) => {
    codes[name] = result.ok ? 'ok' : result.error.code
  }
  note('missing', missingBlocks(root, blocks, { limit: 100 }))
  note('size', dagSize(root, blocks))
  note('list', listDirectory(root, blocks))
  note('resolve', resolvePath(root, 'a/b', blocks))
  for (const block of dagBlocks(root, blocks)) note('blocks', block)
  note('fileSize', fileSize(root, blocks))
  for await (const piece of readFile(root, blocks, { length: 1_000, signal })) note('read', piece)
  return codes
}

describe('checkBlock', () => {
  test('[B2] [T1] every flipped bit and every cut is noticed, in raw and dag-pb blocks', () => {
    const raw = utf8('a block of bytes')
    const dag = directoryBlock([{ ...leaf, name: 'a' }], sha256)
    for (const block of [{ cid: rawCid(raw, sha256), bytes: raw }, dag]) {
      expect(checkBlock(block.cid, block.bytes, sha256)).toBe(true)
      for (const bad of [...mutations(block.bytes), ...truncations(block.bytes)]) {
        expect(checkBlock(block.cid, bad, sha256)).toBe(false)
      }
    }
  })

  test('[B1] [B2] each bound at the bound and one above', () => {
    for (const [length, raw, dag] of [
      [262_144, true, true],
      [262_145, false, true],
      [393_216, false, true],
      [393_217, false, false],
    ] as const) {
      const bytes = new Uint8Array(length)
      expect(checkBlock(rawCid(bytes, sha256), bytes, sha256)).toBe(raw)
      expect(checkBlock(dagCidOfDigest(sha256(bytes)), bytes, sha256)).toBe(dag)
    }
  })

  test('[B2] what is no CID of ours names no block', () => {
    const bytes = utf8('x')
    const cid = rawCid(bytes, sha256)
    for (const text of [
      '',
      cid.toUpperCase(),
      `${cid} `,
      cid.slice(0, -1),
      'QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn',
    ]) {
      expect(checkBlock(text, bytes, sha256)).toBe(false)
    }
  })
})

describe('decodeNode', () => {
  const { refused } = JSON.parse(ownVectors('unixfs.json')) as { refused: { name: string; hex: string }[] }

  test.for(refused)('[B3] refuses $name', ({ hex }) => {
    const bytes = new Uint8Array(Buffer.from(hex, 'hex'))
    expect(decodeNode(dagCidOfDigest(sha256(bytes)), bytes)).toMatchObject({
      ok: false,
      error: { code: 'bad-block' },
    })
  })

  test('[B10] never throws: cut off, with a wrong bit, random', () => {
    const cid = dagCidOfDigest(sha256(utf8('')))
    const names = ['a', 'b', 'Ü']
    const nodes = [
      directoryBlock(
        names.map((name) => ({ ...leaf, name })),
        sha256,
      ),
      fileBlock([leaf, leaf], { size: 8 }, sha256),
      shardBlock([{ ...leaf, name: '00a' }], sha256),
    ]
    for (const { bytes } of nodes) {
      expect(decodeNode(cid, bytes).ok).toBe(true)
      for (const bad of [...truncations(bytes), ...mutations(bytes)]) decodeNode(cid, bad)
      for (const bad of truncations(bytes.subarray(bytes.length - 12))) decodeUnixfsData(bad, 10)
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeNode(cid, bytes)))
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void decodeUnixfsData(bytes, 10)))
  })

  test('[B3] numbers in a longer form, repeated fields, numbers beyond 2^53 are refused', () => {
    for (const hex of [
      '08820018 00',
      '0802 0802',
      '0802 18ffffffffffffffff7f',
      '0802 1880808080808080808001',
      '0802 4a00',
      '',
      '1800',
    ]) {
      expect(decodeUnixfsData(Buffer.from(hex.replaceAll(' ', ''), 'hex'), 10)).toBeNull()
    }
    expect(decodeUnixfsData(Buffer.from('080218ffffffffffffff0f', 'hex'), 10)?.fileSize).toBe(
      Number.MAX_SAFE_INTEGER,
    )
  })

  test('[B3] ten thousand links and no more', () => {
    const many = (count: number) =>
      directoryBlock(
        Array.from({ length: count }, (_, index) => ({
          cid: leaf.cid,
          name: index.toString(36),
          size: 0,
          linkSize: 0,
        })),
        sha256,
      )
    // Without a Tsize of more than one byte, 7,000 links stay below the block's own bound.
    expect(decodeNode(many(7_000).cid, many(7_000).bytes).ok).toBe(true)
    expect(decodeNode(many(10_001).cid, many(10_001).bytes)).toMatchObject({ error: { code: 'bad-block' } })
  })

  test('[B3] a link to a block under another hash or codec is refused', () => {
    const node = directoryBlock([{ ...leaf, name: 'a' }], sha256)
    for (const [at, value] of [
      [5, 0x71],
      [6, 0x13],
      [7, 0x1f],
      [4, 0x02],
    ] as const) {
      const bytes = node.bytes.slice()
      bytes[at] = value
      expect(decodeNode(node.cid, bytes)).toMatchObject({ error: { code: 'bad-block' } })
    }
  })
})

describe('a hostile DAG', () => {
  test('[B6] a chain deeper than the bound ends with a code, one at the bound is read', async () => {
    for (const [levels, code] of [
      [maxDepth, 'ok'],
      [maxDepth + 1, 'too-deep'],
      [5_000, 'too-deep'],
    ] as const) {
      const blocks = world()
      let top = leaf
      for (let level = 1; level < levels; level++) {
        const block = fileBlock([top], { size: 4 }, sha256)
        keep(blocks, block)
        top = { cid: block.cid, name: '', size: 4, linkSize: 4 }
      }
      expect(await readEverything(top.cid, blocks)).toMatchObject({
        missing: code,
        size: code,
        blocks: code,
        read: code,
      })
    }
  })

  test('[B6] a few blocks that stand for 10^60 paths are walked once each', async () => {
    const blocks = world()
    let below: ReferenceLink = leaf
    for (let level = 1; level < maxDepth; level++) {
      const block = directoryBlock(
        Array.from({ length: 100 }, (_, index) => ({ ...below, name: `n${index}` })),
        sha256,
      )
      keep(blocks, block)
      below = link(block, '')
    }
    expect(await readEverything(below.cid, blocks)).toMatchObject({
      missing: 'ok',
      size: 'ok',
      list: 'ok',
      read: 'not-a-file',
    })
    expect([...dagBlocks(below.cid, blocks)]).toHaveLength(maxDepth)
  })

  test('[B6] a file of 10^15 bytes made of eight blocks is as long as it says, and read a piece at a time', async () => {
    const blocks = world()
    let top: ReferenceLink = leaf
    for (let level = 0; level < 7; level++) {
      const size = top.size * 100
      const block = fileBlock(
        Array.from({ length: 100 }, () => top),
        { size },
        sha256,
      )
      keep(blocks, block)
      top = { cid: block.cid, name: '', size, linkSize: 0 }
    }
    expect(fileSize(top.cid, blocks)).toEqual({ ok: true, value: 4e14 })
    const pieces: string[] = []
    for await (const piece of readFile(top.cid, blocks, { offset: 3e14 + 2, length: 8, signal })) {
      pieces.push(piece.ok ? new TextDecoder().decode(piece.value) : piece.error.code)
    }
    expect(pieces).toEqual(['af', 'leaf', 'le'])
  })

  test('[B9] [T29] a file of a few blocks that says millions of parts of a byte is read no further than its bytes are worth', async () => {
    const byte = rawLink(utf8('x'), sha256)
    const inner = fileBlock(
      Array.from({ length: 8_000 }, () => byte),
      { size: 8_000 },
      sha256,
    )
    const below = link(inner, '', 8_000)
    const root = fileBlock(
      Array.from({ length: 450 }, () => below),
      { size: 3_600_000 },
      sha256,
    )
    const blocks = world(inner, root)
    blocks.put(byte.cid, utf8('x'))
    let looks = 0
    const counted: Blocks = {
      ...blocks,
      get: (cid) => {
        looks++
        return blocks.get(cid)
      },
    }
    let last = ''
    for await (const piece of readFile(root.cid, counted, { signal }))
      last = piece.ok ? 'ok' : piece.error.code
    expect(last).toBe('too-large')
    expect(looks).toBeLessThan(2_000)
  })

  test('[B9] files that others cut into pieces of 1 KiB are read whole, and small ones of any pieces', async () => {
    for (const [pieces, pieceBytes] of [
      [20_000, 1_024],
      [900, 1],
    ] as const) {
      const bytes = new Uint8Array(pieceBytes).fill(7)
      const blocks = world()
      const leaf = rawLink(bytes, sha256)
      blocks.put(leaf.cid, bytes)
      const parts: ReferenceLink[] = []
      for (let left = pieces; left > 0; left -= 174) {
        const size = Math.min(left, 174) * pieceBytes
        const block = fileBlock(
          Array.from({ length: Math.min(left, 174) }, () => leaf),
          { size },
          sha256,
        )
        keep(blocks, block)
        parts.push(link(block, '', size))
      }
      const root = fileBlock(parts, { size: pieces * pieceBytes }, sha256)
      keep(blocks, root)
      let length = 0
      for await (const piece of readFile(root.cid, blocks, { signal }))
        length += piece.ok ? piece.value.length : Number.NaN
      expect(length).toBe(pieces * pieceBytes)
    }
  })

  test('[B9] [T29] sizes that lie are found out, above and below', async () => {
    const wrong = { ...leaf, size: 5 }
    const inner = fileBlock([leaf, leaf], { size: 8 }, sha256)
    for (const [root, expected] of [
      [
        fileBlock([wrong], { size: 5 }, sha256),
        { missing: 'ok', size: 'size-mismatch', read: 'size-mismatch' },
      ],
      [fileBlock([leaf, wrong], { size: 9 }, sha256), { missing: 'size-mismatch', read: 'size-mismatch' }],
      [fileBlock([leaf], { size: 5 }, sha256), { missing: 'bad-block', read: 'bad-block' }],
      [fileBlock([{ ...leaf, size: 0 }], { size: 0 }, sha256), { missing: 'bad-block', read: 'bad-block' }],
      [
        fileBlock([link(inner, '', 9)], { size: 9 }, sha256),
        { missing: 'size-mismatch', read: 'size-mismatch' },
      ],
      [fileBlock([{ ...leaf, size: 2 ** 53 - 1 }, leaf], { size: 1 }, sha256), { missing: 'bad-block' }],
    ] as const) {
      expect(await readEverything(root.cid, world(inner, root))).toMatchObject(expected)
    }
  })

  test('[B6] a directory, a shard or a symlink where a part of a file should be', async () => {
    const directory = directoryBlock([], sha256)
    const shard = shardBlock([{ ...leaf, name: '00a' }], sha256)
    const symlink = dagBlock([], Uint8Array.of(0x08, 4, 0x12, 1, 0x2f), sha256)
    for (const bad of [directory, shard, symlink]) {
      const root = fileBlock([link(bad, '', 4)], { size: 4 }, sha256)
      expect(await readEverything(root.cid, world(bad, root))).toMatchObject({
        missing: 'size-mismatch',
        read: 'not-a-file',
        list: 'not-a-directory',
        resolve: 'not-a-directory',
      })
    }
    const listed = directoryBlock([link(symlink, 'a')], sha256)
    expect(listDirectory(listed.cid, world(symlink, listed))).toMatchObject({
      value: [{ name: 'a', type: 'symlink' }],
    })
  })

  test('[B4] shards: a wrong bucket, a bucket twice, an empty shard, a loop of labels, another fan-out', async () => {
    const empty = shardBlock([], sha256)
    const other = dagBlock([], Uint8Array.of(0x08, 5, 0x28, 0x22, 0x30, 0x80, 0x04), sha256)
    const misplaced = shardBlock([{ ...leaf, name: '00a' }], sha256)
    for (const [root, list] of [
      [misplaced, 'bad-block'],
      [
        shardBlock(
          [
            { ...leaf, name: '00a' },
            { ...leaf, name: '00b' },
          ],
          sha256,
        ),
        'bad-block',
      ],
      [shardBlock([{ ...leaf, name: 'zza' }], sha256), 'bad-block'],
      [shardBlock([{ ...leaf, name: '0fa/b' }], sha256), 'bad-block'],
      [shardBlock([link(empty, '00')], sha256), 'bad-block'],
      [shardBlock([{ ...leaf, name: '00' }], sha256), 'bad-block'],
      [other, 'bad-block'],
      [empty, 'ok'],
    ] as const) {
      const codes = await readEverything(root.cid, world(empty, other, root))
      expect(codes).toMatchObject({ list })
    }
  })

  test('[B4] [T29] ten blocks that stand for 256^9 shards cost less than ten reads', () => {
    const blocks = world()
    const label = (index: number) => index.toString(16).toUpperCase().padStart(2, '0')
    let below = shardBlock([{ ...leaf, name: '00a' }], sha256)
    keep(blocks, below)
    for (let level = 0; level < 9; level++) {
      const same = link(below, '')
      below = shardBlock(
        Array.from({ length: 256 }, (_, index) => ({ ...same, name: label(index) })),
        sha256,
      )
      keep(blocks, below)
    }
    let reads = 0
    const counted: Blocks = {
      ...blocks,
      get: (cid) => {
        reads++
        return blocks.get(cid)
      },
    }
    expect(listDirectory(below.cid, counted)).toMatchObject({ error: { code: 'too-deep' } })
    expect(reads).toBeLessThan(10)
    expect(missingBlocks(below.cid, blocks, { limit: 1 }).ok).toBe(true)
  })

  test('[B5] names twice, and names of bytes that are not UTF-8', async () => {
    const twice = directoryBlock(
      [
        { ...leaf, name: 'a' },
        { ...leaf, name: 'a' },
      ],
      sha256,
    )
    expect(await readEverything(twice.cid, world(twice))).toMatchObject({
      missing: 'bad-block',
      list: 'bad-block',
    })
    const good = directoryBlock([{ ...leaf, name: 'ab' }], sha256)
    const bytes = good.bytes.slice()
    bytes[bytes.indexOf(0x61, 40)] = 0xff
    expect(decodeNode(good.cid, bytes)).toMatchObject({ error: { code: 'bad-block' } })
  })

  test('[B10] blocks missing or broken anywhere in a good DAG give a code, never an exception', async () => {
    const whole = createMemoryBlocks()
    const content = new Uint8Array(600_000).fill(7)
    const imported = await importDirectory(
      [
        { path: 'a/b', content: [content] },
        { path: 'c', content: [utf8('c')] },
      ],
      whole,
      { signal },
    )
    const root = imported.ok ? imported.value.cid : parseCid('')
    const all = [...dagBlocks(root!, whole)].flatMap((block) => (block.ok ? [block.value] : []))
    for (const block of all) {
      const without: Blocks = { ...whole, get: (cid) => (cid === block.cid ? null : whole.get(cid)) }
      expect((await readEverything(root!, without)).size).toBe('missing')
      const broken: Blocks = { ...whole, get: (cid) => (cid === block.cid ? utf8('???') : whole.get(cid)) }
      await readEverything(root!, broken)
    }
  })

  test('[B9] a missing block stops a reader where it is; it goes on when the block has come', async () => {
    const whole = createMemoryBlocks()
    const { cid, size } = await importFile([new Uint8Array(600_000).map((_, at) => at % 251)], whole, {
      signal,
    })
    const some = createMemoryBlocks()
    let at = 0
    for (let round = 0; at < size; round++) {
      for await (const piece of readFile(cid, some, { offset: at, signal })) {
        if (piece.ok) at += piece.value.length
        else {
          expect(piece.error.code).toBe('missing')
          some.put(piece.error.cid!, whole.get(piece.error.cid!)!)
        }
      }
      expect(round).toBeLessThan(5)
    }
    expect(at).toBe(size)
  })

  test('[B9] a stream fails with the same code, and an abort with its reason', async () => {
    const stream = fileStream(leaf.cid, createMemoryBlocks(), { signal })
    await expect(new Response(stream).arrayBuffer()).rejects.toMatchObject({ error: { code: 'missing' } })
    expect(await new Response(fileStream(leaf.cid, world(), { signal })).text()).toBe('leaf')
    const aborted = readFile(leaf.cid, world(), { signal: AbortSignal.abort(new Error('enough')) })
    await expect(aborted.next()).rejects.toThrow('enough')
  })
})
