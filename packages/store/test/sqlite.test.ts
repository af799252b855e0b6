/** What every port of SQLite does, over files: `node:sqlite`, and sqlite-wasm on OPFS (spec S1, S50). */
import { EffigyError } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { checkpoint, durableTransaction, holdFile, type Sqlite, transaction } from '../src/sqlite.ts'
import { isSlow, newFolder, openSqlite } from './medium.ts'

const newPath = (): string => `${newFolder()}/notes.sqlite`
const migrations = ['create table notes (id integer primary key, text text not null unique)']
const open = (path: string, more: readonly string[] = []): Sqlite =>
  openSqlite(path, { migrations: [...migrations, ...more] })

/** The code of what is thrown. */
function codeOf(work: () => unknown): string {
  try {
    work()
  } catch (cause) {
    if (cause instanceof EffigyError) return cause.code
    throw cause
  }
  return 'nothing thrown'
}

describe('statements', () => {
  test('a row, no row, many rows, how many changed', () => {
    using db = open(':memory:')
    expect(db.run('insert into notes (text) values (?), (?)', 'a', 'b')).toBe(2)
    expect(db.first('select text from notes where id = ?', 1)).toEqual({ text: 'a' })
    expect(db.first('select text from notes where id = ?', 9)).toBeNull()
    expect([...db.rows('select id, text from notes order by id')]).toEqual([
      { id: 1, text: 'a' },
      { id: 2, text: 'b' },
    ])
  })

  test('loops over the same statement do not disturb each other, and may be left', () => {
    using db = open(':memory:')
    db.run('insert into notes (text) values (?), (?), (?)', 'a', 'b', 'c')
    const sql = 'select text from notes order by id'
    const seen: string[] = []
    for (const outer of db.rows<{ text: string }>(sql)) {
      for (const inner of db.rows<{ text: string }>(sql)) {
        seen.push(outer.text + inner.text + db.first<{ text: string }>(sql)?.text)
        if (inner.text === 'b') break
      }
    }
    expect(seen).toEqual(['aaa', 'aba', 'baa', 'bba', 'caa', 'cba'])
    db.run('delete from notes')
    expect([...db.rows(sql)]).toEqual([])
  })

  test('bytes and whole numbers come back as they were', () => {
    using db = open(':memory:')
    const bytes = Uint8Array.of(0, 255, 1)
    expect(db.first('select ? as bytes, ? as number, ? as empty', bytes, 2 ** 53 - 1, null)).toEqual({
      bytes,
      number: 2 ** 53 - 1,
      empty: null,
    })
  })
})

describe('transactions', () => {
  test.for([transaction, durableTransaction])('[S3] all or nothing', (run) => {
    using db = open(newPath())
    const failing = (): void => {
      db.run('insert into notes (text) values (?)', 'a')
      throw new Error('no')
    }
    expect(() => run(db, failing)).toThrow('no')
    expect(db.first('select * from notes')).toBeNull()
    expect(run(db, () => db.run('insert into notes (text) values (?)', 'b'))).toBe(1)
    expect(db.first('select text from notes')).toEqual({ text: 'b' })
  })

  test('[S9] only durable transactions wait for the disk', () => {
    using db = open(newPath())
    const level = (): unknown => db.first('pragma synchronous')
    expect(level()).toEqual({ synchronous: 1 })
    durableTransaction(db, () => expect(level()).toEqual({ synchronous: 2 }))
    expect(level()).toEqual({ synchronous: 1 })
    expect(() =>
      durableTransaction(db, () => {
        throw new Error('no')
      }),
    ).toThrow()
    expect(level()).toEqual({ synchronous: 1 })
  })

  test.skipIf(isSlow)('[S1] the log is copied into the file before it grows without bound', () => {
    using db = open(newPath())
    const text = 'x'.repeat(4000)
    for (let round = 0; round < 12; round++) {
      transaction(db, () => {
        for (let at = 0; at < 500; at++)
          db.run('insert into notes (text) values (?)', `${round} ${at} ${text}`)
      })
    }
    const log = db.first<{ log: number }>('pragma wal_checkpoint(noop)')?.log
    expect(log).toBeGreaterThan(0)
    // The bound and one transaction; without it this would be above 12,000.
    expect(log).toBeLessThan(4096 + 2000)
  })

  test('[S1] a log that somebody still reads is not said to be copied', () => {
    using db = open(newPath())
    db.run('insert into notes (text) values (?)', 'a')
    const read: Sqlite = {
      ...db,
      first: (sql, ...values) =>
        sql.startsWith('pragma wal_checkpoint')
          ? ({ busy: 1, log: 2, checkpointed: 1 } as never)
          : db.first(sql, ...values),
    }
    expect(codeOf(() => checkpoint(read))).toBe('storage-locked')
    expect(codeOf(() => checkpoint(db))).toBe('nothing thrown')
  })

  test('[S57] a held file takes nothing of the log, until it is let go or somebody has to', () => {
    using db = open(newPath())
    let count = 0
    const inLog = (): number => db.first<{ log: number }>('pragma wal_checkpoint(noop)')?.log ?? 0
    const write = (): unknown =>
      durableTransaction(db, () => db.run('insert into notes (text) values (?)', `note ${++count}`))
    write()
    {
      using hold = holdFile(db)
      expect(inLog()).toBe(0)
      expect(holdFile(db)).toBeNull()
      write()
      expect([hold?.isHeld, inLog() > 0]).toEqual([true, true])
      checkpoint(db)
      expect(hold?.isHeld).toBe(false)
    }
    using again = holdFile(db)
    expect(again?.isHeld).toBe(true)
  })

  test('[S1] a new file gets the page size asked for, and keeps it', () => {
    const path = newPath()
    const pageSize = (pageBytes: number): unknown => {
      using db = openSqlite(path, { migrations, pageBytes })
      return db.first('pragma page_size')
    }
    expect(pageSize(16_384)).toEqual({ page_size: 16_384 })
    expect(pageSize(4096)).toEqual({ page_size: 16_384 })
  })

  test('a mistake of ours is no storage error', () => {
    using db = open(':memory:')
    db.run('insert into notes (text) values (?)', 'a')
    expect(() => db.run('insert into notes (text) values (?)', 'a')).not.toThrow(EffigyError)
    expect(() => db.run('insert into notes (text) values (?)', 'a')).toThrow('UNIQUE')
    expect(() => db.run('no sql')).toThrow('syntax')
  })
})

describe('opening', () => {
  test('[S1] one process a store: a second one is refused, and told so', () => {
    const path = newPath()
    using db = open(path)
    expect(codeOf(() => open(path))).toBe('storage-locked')
    db.run('insert into notes (text) values (?)', 'still mine')
    db[Symbol.dispose]()
    using again = open(path)
    expect(again.first('select text from notes')).toEqual({ text: 'still mine' })
  })

  test('[S2] [T25] migrations run once, in order, and a newer file is refused unchanged', () => {
    const path = newPath()
    open(path)[Symbol.dispose]()
    const more = ["insert into notes (text) values ('second')", "insert into notes (text) values ('third')"]
    open(path, more)[Symbol.dispose]()
    expect(codeOf(() => open(path))).toBe('storage-newer')
    using db = open(path, more)
    expect([...db.rows('select text from notes order by id')]).toEqual([
      { text: 'second' },
      { text: 'third' },
    ])
  })

  test('[S2] how far the migrations of an old file are is told; a new file has none of before', () => {
    const path = newPath()
    const told: string[] = []
    const onMigration = ({ done, total }: { readonly done: number; readonly total: number }): void =>
      void told.push(`${done}/${total}`)
    openSqlite(path, { migrations, onMigration })[Symbol.dispose]()
    expect(told).toEqual([])
    const more = [...migrations, 'create table more (id integer)', 'create table most (id integer)']
    openSqlite(path, { migrations: more, onMigration })[Symbol.dispose]()
    expect(told).toEqual(['0/2', '1/2', '2/2'])
    openSqlite(path, { migrations: more, onMigration })[Symbol.dispose]()
    expect(told).toHaveLength(3)
  })

  test('[S2] a migration that fails leaves the file as it was', () => {
    const path = newPath()
    open(path)[Symbol.dispose]()
    expect(() => open(path, ['create table more (id integer)', 'no sql'])).toThrow('syntax')
    using db = open(path)
    expect(db.first("select 1 from sqlite_schema where name = 'more'")).toBeNull()
  })

  test('[S1] a full file', () => {
    using db = open(newPath())
    db.script('pragma max_page_count = 20')
    const fill = (): void => {
      for (let at = 0; at < 100; at++)
        db.run('insert into notes (text) values (?)', `${at} ${'x'.repeat(4000)}`)
    }
    expect(codeOf(() => transaction(db, fill))).toBe('storage-full')
    expect(db.first('select 1 from notes')).toBeNull()
  })

  test('[S1] after disposal everything is closed', () => {
    const db = open(':memory:')
    db[Symbol.dispose]()
    db[Symbol.dispose]()
    for (const work of [
      () => db.run('select 1'),
      () => db.first('select 1'),
      () => [...db.rows('select 1')],
      () => db.script('select 1'),
    ]) {
      expect(codeOf(work)).toBe('closed')
    }
  })
})
