import { createHash } from 'node:crypto'
import { type Cid, concatBytes, rawCid } from '@effigy/core'
import { mutations, pieces, truncations } from '@effigy/testkit'
import { CarReader, CarWriter } from '@ipld/car'
import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import { describe, expect, test } from 'vitest'
import { type Block, createMemoryBlocks } from './blocks.ts'
import { type CarError, type CarItem, readCar, writeCar } from './car.ts'
import { importFile } from './import-file.ts'
import { dagBlocks } from './walk.ts'

const { signal } = new AbortController()
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const block = (text: string): Block => {
  const bytes = new TextEncoder().encode(text)
  return { cid: rawCid(bytes, sha256), bytes }
}
const blocks = ['first', 'second', '', 'x'.repeat(300)].map(block)
const roots = [blocks[0]!.cid, blocks[2]!.cid]

async function collect(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of source) parts.push(part)
  return concatBytes(...parts)
}

async function read(source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, maxBlockBytes?: number) {
  const items: CarItem[] = []
  let error: CarError | null = null
  const options = { sha256, signal, ...(maxBlockBytes === undefined ? {} : { maxBlockBytes }) }
  for await (const item of readCar(source, options)) {
    expect(error).toBeNull()
    if (item.ok) items.push(item.value)
    else error = item.error
  }
  return { items, error }
}

const archive = () => collect(writeCar(roots, blocks))
const expected = [{ type: 'roots', roots }, ...blocks.map((one) => ({ type: 'block', ...one }))]

describe('writeCar', () => {
  test('[B11] gives the bytes that the library gives', async () => {
    for (const list of [roots, [], roots.slice(0, 1)]) {
      const { writer, out } = CarWriter.create(list.map((cid) => CID.parse(cid)))
      const theirs = collect(out)
      for (const { cid, bytes } of blocks) await writer.put({ cid: CID.parse(cid), bytes })
      await writer.close()
      expect(await collect(writeCar(list, blocks))).toEqual(await theirs)
    }
  })

  test('[B11] a library reads it', async () => {
    const reader = await CarReader.fromBytes(await archive())
    expect((await reader.getRoots()).map(String)).toEqual(roots)
    const cids: string[] = []
    for await (const { cid } of reader.blocks()) cids.push(String(cid))
    expect(cids).toEqual(blocks.map(({ cid }) => cid))
  })

  test('[B11] a thousand roots, and no more', async () => {
    const many = Array.from({ length: 1_001 }, (_, index) => block(String(index)).cid)
    const bytes = await collect(writeCar(many.slice(0, 1_000), []))
    expect((await read([bytes])).items).toEqual([{ type: 'roots', roots: many.slice(0, 1_000) }])
    await expect(collect(writeCar(many, []))).rejects.toThrow(RangeError)
  })
})

describe('readCar', () => {
  test('[B12] reads what was written, in whatever pieces', async () => {
    const bytes = await archive()
    for (const source of [[bytes], pieces(bytes), [new Uint8Array(0), bytes, new Uint8Array(0)]]) {
      expect(await read(source)).toEqual({ items: expected, error: null })
    }
  })

  test('[B12] [T1] every flipped bit: what is handed on is either unchanged or not there', async () => {
    const bytes = await archive()
    let accepted = 0
    for (const bad of mutations(bytes)) {
      const { items, error } = await read([bad])
      for (const item of items) {
        if (item.type === 'block') expect(item.cid).toBe(rawCid(item.bytes, sha256))
      }
      if (error === null) accepted++
    }
    // Bits in the roots of the header have nothing to be checked against; a raw root may become another codec's.
    expect(accepted).toBeLessThanOrEqual(2 * 32 * 8 + 8)
  })

  test('[B12] cut off at each length: whole blocks and then a code', async () => {
    const bytes = await archive()
    const ends = new Set<number>()
    let at = 0
    for await (const part of writeCar(roots, blocks)) {
      at += part.length
      ends.add(at)
    }
    for (const cut of truncations(bytes)) {
      const { items, error } = await read([cut])
      expect(items).toEqual(expected.slice(0, items.length))
      if (cut.length === 0) expect(error?.code).toBe('not-a-car')
      else if (error !== null) expect(error.code).toBe('truncated')
      else expect(ends.has(cut.length)).toBe(true)
    }
  })

  test('[B12] random bytes never throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (bytes) => void (await read([bytes]))),
    )
    const header = await collect(writeCar([], []))
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (bytes) => {
        const { items } = await read([header, bytes])
        expect(items[0]).toEqual({ type: 'roots', roots: [] })
      }),
    )
  })

  test('[B12] [T29] a length that promises gigabytes is refused before anything is read', async () => {
    const header = await collect(writeCar([], []))
    let taken = 0
    const endless = function* () {
      yield header
      yield Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x7f)
      for (;;) {
        taken++
        yield new Uint8Array(1 << 20)
      }
    }
    expect((await read(endless())).error).toEqual({ code: 'too-large', offset: header.length })
    expect(taken).toBe(0)
    expect((await read([Uint8Array.of(0xff, 0xff, 0xff, 0x7f)])).error?.code).toBe('too-large')
  })

  test('[B12] the code of each fault', async () => {
    const header = await collect(writeCar([], []))
    const { cid, bytes } = block('content')
    const section = (await collect(writeCar([], [{ cid, bytes }]))).subarray(header.length)
    const changed = section.slice()
    changed[changed.length - 1]! ^= 1
    const foreign = section.slice()
    foreign[2] = 0x71
    const long = section.slice()
    const big = block('x'.repeat(262_145))
    for (const [parts, code] of [
      [[header, changed], 'wrong-hash'],
      [[header, foreign], 'foreign-cid'],
      [[header, long.subarray(0, -1)], 'truncated'],
      [[header, Uint8Array.of(0)], 'bad-length'],
      [[header, Uint8Array.of(0xab, 0x00)], 'bad-length'],
      [[header, Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01)], 'bad-length'],
      [[header, (await collect(writeCar([], [big]))).subarray(header.length)], 'too-large'],
      [[Uint8Array.of(0x01, 0xa0)], 'not-a-car'],
      // CARv2's first bytes.
      [[Uint8Array.of(0x0a, 0xa1, 0x67, 0x76, 0x65, 0x72, 0x73, 0x69, 0x6f, 0x6e, 0x02)], 'not-a-car'],
      [[], 'not-a-car'],
    ] as const) {
      expect((await read(parts)).error?.code).toBe(code)
    }
    expect((await read([header, section], bytes.length)).error).toBeNull()
    expect((await read([header, section], bytes.length - 1)).error?.code).toBe('too-large')
  })

  test('the source is closed when the reader stops early', async () => {
    let closed = false
    const bytes = await archive()
    const source = (function* () {
      try {
        yield bytes
        yield bytes
      } finally {
        closed = true
      }
    })()
    for await (const item of readCar(source, { sha256, signal })) {
      expect(item.ok).toBe(true)
      break
    }
    expect(closed).toBe(true)
  })

  test('a file goes from one store to another', async () => {
    const from = createMemoryBlocks()
    const to = createMemoryBlocks()
    const { cid, blocks: count } = await importFile([new Uint8Array(800_000).fill(3)], from, { signal })
    const present = function* (root: Cid) {
      for (const one of dagBlocks(root, from)) if (one.ok) yield one.value
    }
    const { items } = await read(writeCar([cid], present(cid)))
    for (const item of items) if (item.type === 'block') to.put(item.cid, item.bytes)
    expect(to.size).toBe(count)
    expect([...dagBlocks(cid, to)]).toEqual([...dagBlocks(cid, from)])
  })
})
