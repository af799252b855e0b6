/**
 * @module
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rawBlob, sha256 } from '../../test/blob-world.ts'
import { openSqlite } from '../node/sqlite.ts'
import { blockMigrations } from '../schema.ts'
import type { Sqlite } from '../sqlite.ts'
import { blockDatabase } from './block-database.ts'
import { createBlockTable } from './block-table.ts'
import { blockPageBytes } from './tables.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'effigy-blocks-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

const tableOf = (db: Sqlite) => createBlockTable({ db, sha256, now: () => 1 })
const journalOf = (db: Sqlite) => db.first('pragma journal_mode')?.journal_mode

/** As it was before: a write-ahead log, and pages that nothing gives back. */
const former = { migrations: blockMigrations, pageBytes: blockPageBytes }

test('[S2] a block file of a former version, killed with a full log beside it, opens with all its blocks', () => {
  const { cid, bytes } = rawBlob('old', 200_000)
  const killed = join(folder, 'killed')
  {
    using db = openSqlite(join(folder, 'former'), former)
    const table = tableOf(db)
    table.write(() => table.put(cid, bytes))
    expect(journalOf(db)).toBe('wal')
    // What a kill leaves behind: the log is not in the file yet.
    for (const end of ['', '-wal']) copyFileSync(join(folder, `former${end}`), `${killed}${end}`)
  }
  for (let time = 0; time < 2; time++) {
    using db = openSqlite(killed, blockDatabase)
    expect(journalOf(db)).toBe('persist')
    expect(tableOf(db).read(cid)).toEqual(bytes)
  }
})

test('[S1] of a transaction that a kill cuts short nothing is there, of those before it everything', () => {
  const first = rawBlob('first', 200_000)
  const second = rawBlob('second', 200_000)
  const killed = join(folder, 'killed')
  {
    using db = openSqlite(join(folder, 'live'), { ...blockDatabase, cacheKiB: 32 })
    const table = tableOf(db)
    table.write(() => table.put(first.cid, first.bytes))
    table.write(() => {
      table.put(second.cid, second.bytes)
      // The cache is too small for it: pages are in the file before the commit.
      for (const end of ['', '-journal']) copyFileSync(join(folder, `live${end}`), `${killed}${end}`)
    })
  }
  using db = openSqlite(killed, blockDatabase)
  const table = tableOf(db)
  expect(table.read(first.cid)).toEqual(first.bytes)
  expect(table.size(second.cid)).toBeNull()
  expect(db.first('pragma integrity_check')?.integrity_check).toBe('ok')
})
