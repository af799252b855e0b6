import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  assembleEntry,
  type Cid,
  cidBytes,
  cidDigest,
  EffigyError,
  type Entry,
  equalBytes,
  identityOfKey,
  type RawCid,
  rawCid,
} from '@effigy/core'
import { createRandom } from '@effigy/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWorld, rawBlob, sha256, type World } from '../../test/blob-world.ts'
import { fileBlock, rawLink } from '../files/reference.ts'
import { digestKey } from '../schema.ts'
import { checkpoint } from '../sqlite.ts'

const { signal } = new AbortController()
const all = { type: 'all' } as const
const author = identityOfKey(new Uint8Array(32).fill(1))
/** More in the nightly run: `EFFIGY_FLIPS=200000`. */
const flips = Number(process.env.EFFIGY_FLIPS ?? 1000)

/** Entries, bodies and blocks in two files. Gives every name with its bytes. */
function fill(world: World) {
  const blocks = new Map<Cid, Uint8Array>()
  const bodies = new Map<RawCid, Uint8Array>()
  const entries: RawCid[] = []
  world.setPolicy(1, all)
  const parts = Array.from({ length: 6 }, (_, at) => new Uint8Array(3000 + at * 700).fill(at + 1))
  const links = parts.map((part) => rawLink(part, sha256))
  const file = fileBlock(links, { size: parts.reduce((sum, part) => sum + part.length, 0) }, sha256)
  for (const [at, part] of parts.entries()) blocks.set(links[at]!.cid, part)
  blocks.set(file.cid, file.bytes)
  const size = [...blocks.values()].reduce((sum, bytes) => sum + bytes.length, 0)
  world.show(1, 1, [[file.cid, size]])
  for (let at = 2; at < 8; at++) {
    const { cid, bytes, link } = rawBlob(`blob ${at}`, at * 1100)
    blocks.set(cid, bytes)
    world.show(at, 1, [link])
  }
  world.blobs.putBlocks(blocks)
  world.blobs.completeBlob(file.cid)
  world.changes.commit(() => {
    for (let at = 0; at < 20; at++) {
      const body = new TextEncoder().encode(`{"type":"x-test","at":${at},"text":"${'body '.repeat(60)}"}`)
      const content = rawCid(body, sha256)
      const entry: Entry = {
        identity: author,
        parent: at === 0 ? null : rawCid(Uint8Array.of(at), sha256),
        length: at + 1,
        comparable: at + 1,
        synod: null,
        links: [[content, body.length]],
        payload: content,
      }
      const signed = assembleEntry(entry, new Uint8Array(64), sha256)
      const [cid, digest] = [cidDigest(signed.cid), cidDigest(content)]
      entries.push(signed.cid)
      bodies.set(content, body)
      world.main.run(
        `insert into entries (id, key, feed, length, place, comparable, seen, type, content_key, cid, content, bytes)
          values (?, ?, 1, ?, 0, ?, ?, 0, ?, ?, ?, ?)`,
        100 + at,
        digestKey(cid),
        at + 1,
        at + 1,
        world.clock.now,
        digestKey(digest),
        cid,
        digest,
        signed.bytes,
      )
      world.main.run('insert into bodies (entry, bytes) values (?, ?)', 100 + at, body)
    }
  })
  return { blocks, bodies, entries, file: file.cid, size }
}

describe('check', () => {
  test('finds nothing wrong with a sound store, and tells how far it is', async () => {
    using world = openWorld(null)
    fill(world)
    const seen: number[] = []
    const damage = await world.blobs.check({
      signal,
      onProgress: ({ done, total }) => seen.push(done / total),
    })
    expect(damage).toEqual([])
    expect(seen.at(-1)).toBe(1)
    expect(seen).toEqual(seen.toSorted())
  })

  test('stops between two slices', async () => {
    using world = openWorld(null)
    fill(world)
    const stop = new AbortController()
    const checking = world.blobs.check({
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('enough')),
    })
    await expect(checking).rejects.toThrow('enough')
  })

  test('names what is damaged and whose it is; repaired, it is wanted again', async () => {
    using world = openWorld(null)
    const { blobs } = world
    const { blocks, bodies, entries, file, size } = fill(world)
    const [part] = [...blocks.keys()]
    const [body] = [...bodies.keys()]
    world.blocks.run(
      'update block_bytes set bytes = zeroblob(3000) where id = (select id from blocks where cid = ?)',
      cidBytes(part!),
    )
    world.main.run('update bodies set bytes = zeroblob(10) where entry = 100')
    world.main.run('update entries set bytes = zeroblob(10) where id = 119')
    const damage = await blobs.check({ signal })
    expect(damage).toEqual([
      { kind: 'entry', cid: entries[19], identity: author },
      { kind: 'body', cid: body, identity: author },
      { kind: 'block', cid: part, identity: null },
    ])
    expect(blobs.repair(damage)).toEqual([damage[0]])
    expect(
      blobs
        .wantedBlobs(10)
        .map(({ root }) => root)
        .toSorted(),
    ).toEqual([file, body!].toSorted())
    expect(blobs.missingBlocks(file, 10)).toEqual([part])
    blobs.putBlock(part!, blocks.get(part!)!)
    expect(blobs.completeBlob(file)).toEqual({ type: 'complete', bytes: size })
    blobs.putBlock(body!, bodies.get(body!)!)
    expect(blobs.block(body!)).toEqual(bodies.get(body!))
    expect(blobs.wantedBlobs(10)).toEqual([])
  })

  test('[B16] a damaged block is not served; the next write takes it away', () => {
    using world = openWorld(null)
    const { blobs } = world
    const { blocks, file } = fill(world)
    const [part] = [...blocks.keys()]
    world.blocks.run(
      'update block_bytes set bytes = zeroblob(3000) where id = (select id from blocks where cid = ?)',
      cidBytes(part!),
    )
    expect(blobs.block(part!)).toBeNull()
    expect(blobs.hasBlock(part!)).toBe(false)
    expect(blobs.wantedBlobs(1).map(({ root }) => root)).toEqual([file])
    blobs.putBlock(part!, blocks.get(part!)!)
    expect(blobs.block(part!)).toEqual(blocks.get(part!))
    expect(blobs.completeBlob(file).type).toBe('complete')
  })
})

describe('flipped bits', () => {
  let whole: string
  let work: string
  let names: ReturnType<typeof fill>
  let files: ReadonlyMap<string, Uint8Array>

  beforeAll(() => {
    whole = mkdtempSync(join(tmpdir(), 'flips-'))
    work = mkdtempSync(join(tmpdir(), 'flips-'))
    using world = openWorld(whole)
    names = fill(world)
    checkpoint(world.main)
    checkpoint(world.blocks)
    world[Symbol.dispose]()
    files = new Map(
      ['main', 'blocks'].map((name) => [name, new Uint8Array(readFileSync(join(whole, `${name}.sqlite`)))]),
    )
  })
  afterAll(() => {
    for (const directory of [whole, work]) rmSync(directory, { recursive: true })
  })

  test(
    `[B16] ${flips} of them: noticed, named, or without effect; no wrong byte is served`,
    async () => {
      const random = createRandom('flips')
      const outcomes = { reported: 0, named: 0, harmless: 0 }
      for (let at = 0; at < flips; at++) {
        const name = random.pick(['main', 'blocks', 'blocks'])
        for (const [other] of files) {
          for (const end of ['-wal', '-shm']) rmSync(join(work, `${other}.sqlite${end}`), { force: true })
          copyFileSync(join(whole, `${other}.sqlite`), join(work, `${other}.sqlite`))
        }
        const bytes = files.get(name)!.slice()
        bytes[random.integer(bytes.length)]! ^= 1 << random.integer(8)
        writeFileSync(join(work, `${name}.sqlite`), bytes)
        outcomes[await outcome(`${random} ${at}`)]++
      }
      // Each was met, so that none is claimed for nothing.
      expect(Math.min(outcomes.reported, outcomes.named, outcomes.harmless)).toBeGreaterThan(0)
    },
    30_000 + 100 * flips,
  )

  async function outcome(where: string): Promise<'reported' | 'named' | 'harmless'> {
    let world: World | null = null
    try {
      world = openWorld(work)
      const { blobs, main } = world
      const lost: Cid[] = []
      for (const [cid, bytes] of names.blocks) {
        const served = blobs.block(cid)
        if (served === null) lost.push(cid)
        else expect(equalBytes(served, bytes), where).toBe(true)
      }
      const damage = await blobs.check({ signal })
      for (const row of main.rows<{ cid: Uint8Array; bytes: Uint8Array }>('select cid, bytes from entries')) {
        const isSound = row.bytes instanceof Uint8Array && equalBytes(sha256(row.bytes), row.cid)
        expect(isSound || damage.some(({ kind }) => kind === 'entry'), where).toBe(true)
      }
      if (damage.length > 0) {
        blobs.repair(damage)
        expect(await blobs.check({ signal }), where).toEqual(damage.filter(({ kind }) => kind === 'entry'))
        return 'named'
      }
      expect(lost, where).toEqual([])
      return 'harmless'
    } catch (cause) {
      if (!(cause instanceof EffigyError)) throw new Error(where, { cause })
      expect(['storage-damaged', 'storage-failed', 'storage-newer'], where).toContain(cause.code)
      return 'reported'
    } finally {
      try {
        world?.[Symbol.dispose]()
      } catch {
        // Closing writes, and may find the damage too.
      }
    }
  }
})
