import { copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as turn } from 'node:timers/promises'
import { rawCid } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { describe, expect, test } from 'vitest'
import { applicationId } from '../migrate.ts'
import { migrations } from '../schema.ts'
import { transaction } from '../sqlite.ts'
import { copyDatabase, copyMainFile, inspectDatabase } from './copy.ts'
import { openNodeStore } from './open-store.ts'
import { openSqlite } from './sqlite.ts'

const { sha256 } = createNodeCrypto()
const signal = new AbortController().signal

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'effigy-copy-'))
  return {
    path,
    at: (name: string) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true }),
  }
}

const table = ['create table t (id integer primary key, pair integer not null, bytes blob not null)']

/** Rows in pairs, each pair in one transaction. */
function writer(db: ReturnType<typeof openSqlite>) {
  let pair = 0
  return () =>
    transaction(db, () => {
      for (const _ of [1, 2]) {
        db.run('insert into t (pair, bytes) values (?, ?)', pair, new Uint8Array(3_000))
      }
      pair++
    })
}

describe('[S23] a copy of a file in use', () => {
  test('is as of one moment, whatever is written while it is made, and for nobody else to read', async () => {
    using at = folder()
    using db = openSqlite(at.at('in-use.sqlite'), { migrations: table })
    const write = writer(db)
    for (let count = 0; count < 1_000; count++) write()
    let isDone = false
    let written = 0
    const writing = (async () => {
      while (!isDone) {
        write()
        written++
        await turn()
      }
    })()
    const steps: number[] = []
    await copyDatabase(db, at.at('copy.sqlite'), { signal, onProgress: ({ done }) => steps.push(done) })
    isDone = true
    await writing
    expect(written).toBeGreaterThan(0)
    expect(steps.length).toBeGreaterThan(2)
    expect(statSync(at.at('copy.sqlite')).mode & 0o777).toBe(0o600)
    using copy = openSqlite(at.at('copy.sqlite'), { migrations: table })
    expect(copy.first<{ ok: string }>('pragma integrity_check(1)')).toEqual({ integrity_check: 'ok' })
    const odd = copy.first('select pair from t group by pair having count(*) <> 2')
    expect(odd).toBe(null)
    expect(copy.first<{ n: number }>('select count(*) as n from t')?.n).toBeGreaterThanOrEqual(2_000)
  })

  test('waits for a transaction that is open, and holds nothing of it when that is rolled back', async () => {
    using at = folder()
    using db = openSqlite(at.at('in-use.sqlite'), { migrations: table })
    const write = writer(db)
    write()
    db.run('begin immediate')
    db.run('insert into t (pair, bytes) values (99, ?)', new Uint8Array(3))
    const copying = copyDatabase(db, at.at('copy.sqlite'), { signal })
    await turn()
    db.run('rollback')
    await copying
    using copy = openSqlite(at.at('copy.sqlite'), { migrations: table })
    expect(copy.first('select count(*) as n from t')).toEqual({ n: 2 })
  })

  test('ends with the signal', async () => {
    using at = folder()
    using db = openSqlite(at.at('in-use.sqlite'), { migrations: table })
    const write = writer(db)
    for (let count = 0; count < 1_000; count++) write()
    const stop = new AbortController()
    const copying = copyDatabase(db, at.at('copy.sqlite'), {
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('enough')),
    })
    await expect(copying).rejects.toThrow('enough')
    write()
  })

  test('never writes over a file', async () => {
    using at = folder()
    using db = openSqlite(at.at('in-use.sqlite'), { migrations: table })
    writeFileSync(at.at('copy.sqlite'), 'mine')
    await expect(copyDatabase(db, at.at('copy.sqlite'), { signal })).rejects.toThrow('EEXIST')
  })
})

describe('[S24] blocks while they are kept', () => {
  test('stay when nothing holds them any more, and go later', () => {
    using at = folder()
    let nowMs = 1_700_000_000_000
    using store = openNodeStore(at.at('store'), { sha256, now: () => nowMs })
    const bytes = new Uint8Array(1_000).fill(7)
    const cid = rawCid(bytes, sha256)
    store.hold(cid, 'test')
    store.putBlock(cid, bytes)
    const kept = store.copying?.keepBlocks()
    store.release(cid, 'test')
    store.evict(10_000)
    expect(store.hasBlock(cid)).toBe(true)
    expect(store.blobUsage()).toMatchObject({ blocks: 1, bytes: 1_000, heldBytes: 0 })
    expect(store.copying?.blocksAfter(0, 10)).toMatchObject([{ cid, size: 1_000 }])
    kept?.[Symbol.dispose]()
    kept?.[Symbol.dispose]()
    nowMs += 25 * 60 * 60 * 1000
    store.sweepBlobs()
    expect(store.hasBlock(cid)).toBe(false)
  })
})

describe('[S25] a file that somebody else made', () => {
  async function copied(at: ReturnType<typeof folder>, change: (db: DatabaseSync) => void) {
    using store = openNodeStore(at.at('store'), { sha256, now: () => 1 })
    await copyMainFile(store, at.at('copy.sqlite'), { signal })
    const db = new DatabaseSync(at.at('copy.sqlite'))
    db.exec('pragma journal_mode = delete')
    change(db)
    db.close()
    return inspectDatabase(at.at('copy.sqlite'), migrations)
  }

  test('ours is found to be ours', async () => {
    using at = folder()
    expect(await copied(at, () => {})).toEqual({ ok: true, value: { version: migrations.length } })
  })

  test.for([
    ['newer', `pragma user_version = ${migrations.length + 1}`],
    ['foreign', 'pragma application_id = 7'],
    ['foreign', 'create trigger mine after insert on meta begin delete from feeds; end'],
    ['foreign', 'drop index entries_key'],
    ['foreign', 'pragma user_version = 0'],
  ] as const)('%s: %s', async ([code, sql]) => {
    using at = folder()
    expect(await copied(at, (db) => db.exec(sql))).toEqual({ ok: false, error: { code } })
  })

  test('[S25] ours in another encoding of texts is none of ours', () => {
    using at = folder()
    const db = new DatabaseSync(at.at('wide.sqlite'))
    db.exec(`pragma encoding = 'UTF-16le'; pragma application_id = ${applicationId}`)
    for (const migration of migrations) db.exec(migration)
    db.exec(`pragma user_version = ${migrations.length}`)
    db.close()
    expect(inspectDatabase(at.at('wide.sqlite'), migrations)).toEqual({
      ok: false,
      error: { code: 'foreign' },
    })
  })

  test('one that is none, and one that is cut off', async () => {
    using at = folder()
    writeFileSync(at.at('text.sqlite'), 'not a database, but long enough to look at it twice'.repeat(100))
    expect(inspectDatabase(at.at('text.sqlite'), migrations).ok).toBe(false)
    await copied(at, () => {})
    copyFileSync(at.at('copy.sqlite'), at.at('cut.sqlite'))
    const { truncateSync } = await import('node:fs')
    truncateSync(at.at('cut.sqlite'), Math.floor(statSync(at.at('copy.sqlite')).size / 2))
    expect(inspectDatabase(at.at('cut.sqlite'), migrations).ok).toBe(false)
  })
})
