/**
 * @module
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWorld, rawBlob, sha256 } from '../../test/blob-world.ts'
import { openSqlite } from '../node/sqlite.ts'
import { blockMigrations } from '../schema.ts'
import { blockDatabase } from './block-database.ts'
import { createBlockTable } from './block-table.ts'
import { giveBack } from './give-back.ts'
import { blockPageBytes } from './tables.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'effigy-room-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

const blobLength = 262_144
const names = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `${from + index}`)
const blobOf = (name: string) => rawBlob(name, blobLength)
const mebibytes = (file: string) => statSync(join(folder, file)).size / 1024 / 1024

test('[B18] a feed that is forgotten gives its room back to the disk, a part a call; what others hold stays', () => {
  using world = openWorld(folder)
  const { blobs } = world
  world.setPolicy(1, { type: 'all' })
  world.setPolicy(2, { type: 'all' })
  // In turns, so that what stays lies everywhere in the file.
  for (const [index, name] of names(0, 160).entries()) {
    const { cid, bytes, link } = blobOf(name)
    world.show(index + 1, index % 10 === 0 ? 2 : 1, [link])
    blobs.putBlock(cid, bytes)
  }
  const full = mebibytes('blocks.sqlite')
  expect(full).toBeGreaterThan(40)

  world.setPolicy(1, null)
  blobs.settleHolds()
  expect(mebibytes('blocks.sqlite')).toBe(full)
  let last = full
  let calls = 1
  for (; blobs.sweepBlobs(); calls++) {
    const now = mebibytes('blocks.sqlite')
    expect(last - now).toBeLessThanOrEqual(16.1)
    expect(now).toBeLessThan(last)
    last = now
  }
  expect(calls).toBeGreaterThan(2)
  expect(mebibytes('blocks.sqlite')).toBeLessThan(8)
  expect(mebibytes('blocks.sqlite-journal')).toBeLessThanOrEqual(4)
  for (const name of names(0, 160).filter((_, index) => index % 10 === 0)) {
    expect(blobs.block(blobOf(name).cid)).toEqual(blobOf(name).bytes)
  }
})

test('[B18] unheld blocks go in parts too', () => {
  using world = openWorld(null)
  const { blobs } = world
  blobs.putBlocks(
    names(0, 5000).map((name) => {
      const { cid, bytes } = rawBlob(name, 100)
      return [cid, bytes] as const
    }),
  )
  world.clock.now += 25 * 60 * 60 * 1000
  expect(blobs.sweepBlobs()).toBe(true)
  expect(blobs.blobUsage().blocks).toBe(5000 - 4096)
  expect(blobs.sweepBlobs()).toBe(false)
  expect(blobs.blobUsage().blocks).toBe(0)
})

test('[B18] the file of a former version is written anew once it is little enough', () => {
  const path = join(folder, 'former')
  {
    using db = openSqlite(path, { migrations: blockMigrations, pageBytes: blockPageBytes })
    const table = createBlockTable({ db, sha256, now: () => 1 })
    table.write(() => {
      for (const name of names(0, 40)) table.put(blobOf(name).cid, blobOf(name).bytes)
    })
  }
  using db = openSqlite(path, blockDatabase)
  const table = createBlockTable({ db, sha256, now: () => 1 })
  expect(giveBack(db)).toBe(false)
  table.write(() => {
    for (const name of names(2, 40)) table.remove(blobOf(name).cid, 'delete')
  })
  while (giveBack(db));
  expect(mebibytes('former')).toBeLessThan(2)
  expect(db.first('pragma auto_vacuum')?.auto_vacuum).toBe(2)
  expect(table.read(blobOf('1').cid)).toEqual(blobOf('1').bytes)
})
