/** Blocks written while others come: what is acknowledged is there, whatever comes between. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cid, EffigyError, type RawCid } from '@effigy/core'
import { createRandom } from '@effigy/testkit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rawBlob, sha256 } from '../../test/blob-world.ts'
import { blockDatabase } from '../blobs/index.ts'
import type { Sqlite } from '../sqlite.ts'
import type { Store } from '../store.ts'
import { createBlockFile } from './block-writer.ts'
import { openNodeStore } from './open-store.ts'
import { openSqlite } from './sqlite.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'effigy-writer-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

const { signal } = new AbortController()
const open = (): Store => openNodeStore(folder, { sha256, now: () => 1_000 })

type Block = readonly [RawCid, Uint8Array]

const blocksOf = (name: string, count: number, length = 100_000): Block[] =>
  Array.from({ length: count }, (_, index) => {
    const { cid, bytes } = rawBlob(`${name} ${index}`, length)
    return [cid, bytes]
  })

function write(store: Store, blocks: readonly Block[]): Promise<void> {
  const { writeBlocks } = store
  if (!writeBlocks) throw new Error('no writer')
  return writeBlocks(blocks)
}

const has = (store: Store, cids: readonly Cid[]): boolean[] => cids.map((cid) => store.block(cid) !== null)

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    return error instanceof EffigyError ? error.code : String(error)
  }
  return 'nothing thrown'
}

describe('[S16] blocks written beside other work', () => {
  test('are there when it resolves, long and short ones, once, and after the store was opened again', async () => {
    const long = blocksOf('long', 20)
    const short = blocksOf('short', 20, 900)
    const cids = [...long, ...short].map(([cid]) => cid)
    {
      using store = open()
      store.blobUsage()
      store.putBlocks(long.slice(0, 3))
      await write(store, [...long, ...short, ...blocksOf('short', 5, 900)])
      expect(has(store, cids)).not.toContain(false)
      expect(store.blobUsage()).toMatchObject({ blocks: 40, bytes: 20 * 100_000 + 20 * 900, heldBytes: 0 })
    }
    using again = open()
    expect(has(again, cids)).not.toContain(false)
    expect(again.blobUsage()).toMatchObject({ blocks: 40, bytes: 20 * 100_000 + 20 * 900 })
    expect(await again.check({ signal })).toEqual([])
  })

  test('need their bytes no longer than the call', async () => {
    using store = open()
    const blocks = blocksOf('given up', 30)
    const copies = blocks.map(([, bytes]) => bytes.slice())
    const writing = write(store, blocks)
    for (const [, bytes] of blocks) bytes.fill(0)
    await writing
    expect(blocks.map(([cid]) => store.block(cid))).toEqual(copies)
  })

  test('wait for the store, and the store for them: both write at the same time', async () => {
    using store = open()
    const cids: Cid[] = []
    const writing: Promise<void>[] = []
    for (let round = 0; round < 6; round++) {
      const beside = blocksOf(`beside ${round}`, 30)
      const here = blocksOf(`here ${round}`, 5)
      cids.push(...[...beside, ...here].map(([cid]) => cid))
      writing.push(write(store, beside))
      store.putBlocks(here)
      store.hold(here[0]![0], 'mine')
      await Promise.race([...writing, Promise.resolve()])
    }
    await Promise.all(writing)
    expect(has(store, cids)).not.toContain(false)
    expect(store.blobUsage()).toMatchObject({ blocks: cids.length, heldBytes: 6 * 100_000 })
  })

  test('that complete a root make it known', async () => {
    using store = open()
    const [[root, bytes]] = blocksOf('root', 1) as [Block]
    store.hold(root, 'wanted')
    await write(store, [[root, bytes]])
    expect(store.blobState(root)).toEqual({ type: 'complete', bytes: 100_000 })
    expect(store.blobUsage().heldBytes).toBe(100_000)
  })

  test('are refused over the quota, those under way included', async () => {
    using store = open()
    const held = blocksOf('held', 30)
    for (const [cid] of held) store.hold(cid, 'mine')
    store.setQuota(2_500_000)
    const first = write(store, held.slice(0, 20))
    expect(await codeOf(write(store, held.slice(20)))).toBe('storage-full')
    await first
    expect(
      has(
        store,
        held.map(([cid]) => cid),
      ).filter(Boolean).length,
    ).toBeGreaterThanOrEqual(20)
    expect(store.blobUsage().bytes).toBeLessThanOrEqual(2_500_000)
  })

  test('are all there or none when the store is closed meanwhile', async () => {
    for (let round = 0; round < 5; round++) {
      const blocks = blocksOf(`closing ${round}`, 40)
      const cids = blocks.map(([cid]) => cid)
      let writing: Promise<void>
      {
        using store = open()
        writing = write(store, blocks)
      }
      expect(['nothing thrown', 'closed']).toContain(await codeOf(writing))
      using again = open()
      expect(new Set(has(again, cids)).size).toBe(1)
    }
  })
})

describe('the file', () => {
  const path = (): string => join(folder, 'blocks.sqlite')
  const count = (db: Sqlite): unknown => db.first('select count(*) as n from block_bytes')?.n

  function openFile() {
    const db = openSqlite(path(), blockDatabase)
    return { raw: db, ...createBlockFile(path(), db) }
  }

  test('[S16] whoever else uses it has what is under way committed first', async () => {
    const file = openFile()
    using db = file.db
    const first = file.writer.write(blocksOf('first', 3), 1)
    expect(count(file.raw)).toBe(3)
    expect(count(db)).toBe(3)
    // No transaction is open any more.
    db.run('begin immediate')
    db.run('rollback')
    expect(await first).toMatchObject({ type: 'written', counts: { blocks: 3, heldBytes: 0 } })
    const second = file.writer.write(blocksOf('second', 3), 1)
    const third = file.writer.write(blocksOf('third', 3), 1)
    expect(await Promise.all([second, third])).toMatchObject([{ type: 'written' }, { type: 'written' }])
    expect(count(db)).toBe(9)
  })

  test('[S3] [T25] of blocks for which there is no room none is there, and it goes on', async () => {
    const file = openFile()
    using db = file.db
    const usual = db.first('pragma cache_size')
    const pages = Number(db.first('pragma page_count')?.page_count)
    db.script(`pragma max_page_count = ${pages + 75}`)
    const outcome = await file.writer.write(blocksOf('many', 40), 1)
    expect(outcome).toMatchObject({ type: 'failed', error: { code: 'storage-full' } })
    expect([count(db), db.first('select count(*) as n from blocks')?.n]).toEqual([0, 0])
    expect(db.first('pragma cache_size')).toEqual(usual)
    expect(await file.writer.write(blocksOf('few', 4), 1)).toMatchObject({ counts: { blocks: 4 } })
    expect(db.first('pragma integrity_check')).toEqual({ integrity_check: 'ok' })
  })

  test('a file that cannot be synced acknowledges nothing', async () => {
    const db = openSqlite(path(), blockDatabase)
    const file = createBlockFile(join(folder, 'elsewhere', 'x'), db)
    using _owner = file.db
    const outcome = await file.writer.write(blocksOf('lost', 2), 1)
    expect(outcome).toMatchObject({ type: 'failed', error: { code: 'storage-failed' } })
    expect(count(file.db)).toBe(0)
  })
})

test('[S1] [S16] a kill in the middle of writing loses no block that was acknowledged', async () => {
  const random = createRandom('kill')
  const program = new URL('../../test/writing-process.ts', import.meta.url)
  for (let round = 0; round < 2; round++) {
    const child = fork(program, [folder, `${round}`], { execArgv: [] })
    const acknowledged: RawCid[] = []
    const enough = 40 + random.integer(200)
    child.on('message', (cids: RawCid[]) => {
      acknowledged.push(...cids)
      if (acknowledged.length >= enough) child.kill('SIGKILL')
    })
    await once(child, 'exit')
    expect(acknowledged.length).toBeGreaterThanOrEqual(enough)
    using store = open()
    expect(has(store, acknowledged)).not.toContain(false)
    expect(await store.check({ signal })).toEqual([])
  }
})
