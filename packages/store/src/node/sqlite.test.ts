import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { EffigyError } from '@effigy/core'
import { afterAll, describe, expect, test } from 'vitest'
import type { Sqlite } from '../sqlite.ts'
import { openSqlite } from './sqlite.ts'

const root = mkdtempSync(join(tmpdir(), 'effigy-sqlite-'))
afterAll(() => rmSync(root, { recursive: true }))

let made = 0
const newPath = (): string => join(root, `${made++}.sqlite`)

const migrations = ['create table notes (id integer primary key, text text not null unique)']
const open = (path: string, more: readonly string[] = []): Sqlite =>
  openSqlite(path, { migrations: [...migrations, ...more], busyTimeoutMs: 10 })

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

describe('opening', () => {
  test('[S2] [T25] migrations run once, in order, and a newer file is refused unchanged', () => {
    const path = newPath()
    open(path)[Symbol.dispose]()
    const more = ["insert into notes (text) values ('second')", "insert into notes (text) values ('third')"]
    open(path, more)[Symbol.dispose]()
    const before = readFileSync(path)
    expect(codeOf(() => open(path))).toBe('storage-newer')
    expect(readFileSync(path).equals(before)).toBe(true)
    using db = open(path, more)
    expect([...db.rows('select text from notes order by id')]).toEqual([
      { text: 'second' },
      { text: 'third' },
    ])
  })

  test('[S1] another program’s file is not touched', () => {
    const path = newPath()
    const other = new DatabaseSync(path)
    other.exec('create table theirs (id integer)')
    other.close()
    expect(codeOf(() => open(path))).toBe('storage-failed')
  })

  test('[S1] no directory, a directory in its place, rubbish, a cut file', () => {
    expect(codeOf(() => open(join(root, 'missing', 'x.sqlite')))).toBe('storage-failed')
    const folder = newPath()
    mkdirSync(folder)
    expect(codeOf(() => open(folder))).toBe('storage-failed')
    const rubbish = newPath()
    writeFileSync(rubbish, 'rubbish '.repeat(1000))
    expect(codeOf(() => open(rubbish))).toBe('storage-damaged')
    const cut = newPath()
    using db = open(cut)
    for (let at = 0; at < 200; at++) db.run('insert into notes (text) values (?)', `${at} ${'x'.repeat(200)}`)
    db[Symbol.dispose]()
    writeFileSync(cut, readFileSync(cut).subarray(0, 12_000))
    expect(
      codeOf(() => {
        using half = open(cut)
        return [...half.rows('select text from notes')]
      }),
    ).toBe('storage-damaged')
  })

  const isRoot = process.getuid?.() === 0
  test.skipIf(isRoot)(
    `[S1] a file that may not be written${isRoot ? ' (root may write anything)' : ''}`,
    () => {
      const path = newPath()
      open(path)[Symbol.dispose]()
      chmodSync(path, 0o400)
      expect(codeOf(() => open(path))).toBe('storage-failed')
    },
  )
})
