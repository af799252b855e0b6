/**
 * Fills a store on OPFS, inserts the same rows with nothing but SQLite, or opens the store and reads what a person sees first.
 *
 * @module
 */
import { parseUtf8, type SignedEntry } from '@effigy/core'
import { createBrowserCrypto } from '@effigy/crypto/browser'
import type { Sqlite, SqlValue, Store, WatchPolicy } from '@effigy/store'
import { openBrowserStore } from '@effigy/store/browser'
import { openPool } from '../packages/store/src/browser/pool.ts'
import { migrations } from '../packages/store/src/schema.ts'
import { type CorpusFeed, makeCorpus } from './corpus.ts'

export type Task =
  | { readonly type: 'fill'; readonly name: string; readonly authors: number; readonly entriesEach: number }
  | { readonly type: 'open'; readonly name: string }

export interface Filled {
  readonly entries: number
  readonly seconds: number
  readonly search: number
  readonly rawSeconds: number
  readonly rawSearch: number
}

export interface Opened {
  /** From when the worker's code is loaded, ms. */
  readonly openMs: number
  readonly postsMs: number
  readonly posts: number
}

const headsPerTransaction = 256
const feedsPerTransaction = 20
const searchSlice = 2_000
const rowsPerTransaction = 1_000
const everything: WatchPolicy = { depth: { type: 'all' }, blobs: { type: 'all' } }
const { signal } = new AbortController()

addEventListener('message', async ({ data }: MessageEvent<Task>) => {
  try {
    postMessage({ done: data.type === 'fill' ? await fill(data) : await open(data) })
  } catch (cause) {
    postMessage({ failed: cause instanceof Error ? `${cause.stack}` : String(cause) })
  }
})

async function openStore(name: string) {
  const { sha256 } = await createBrowserCrypto()
  return openBrowserStore({ name, sha256, now: Date.now, signal, whenTaken: 'wait' })
}

async function fill({ name, authors, entriesEach }: Task & { readonly type: 'fill' }): Promise<Filled> {
  const crypto = await createBrowserCrypto()
  const corpus = await makeCorpus(crypto, { authors, entriesEach, seed: 'ingest' })
  const opened = await openStore(name)
  const { seconds, search } = ingest(opened.store, corpus, entriesEach)
  opened[Symbol.dispose]()
  return { entries: authors * entriesEach, seconds, search, ...(await raw(name, textsOf(corpus))) }
}

function ingest(store: Store, corpus: readonly CorpusFeed[], entriesEach: number) {
  const started = performance.now()
  let searchMs = 0
  for (const { identity } of corpus) store.watchFeed(identity, everything)
  // As many together as sync takes.
  for (let at = 0; at < corpus.length; at += headsPerTransaction) {
    store.acceptHeads?.(corpus.slice(at, at + headsPerTransaction).map(({ record }) => record))
  }
  let waiting = 0
  for (let at = 0; at < corpus.length; at += feedsPerTransaction) {
    const feeds = corpus.slice(at, at + feedsPerTransaction)
    store.appendRuns(feeds.map(({ identity, entries, bodies }) => ({ identity, entries, bodies })))
    waiting += feeds.length * entriesEach
    if (waiting < searchSlice && at + feedsPerTransaction < corpus.length) continue
    waiting = 0
    const before = performance.now()
    while (store.indexSearch(searchSlice).behind > 0);
    searchMs += performance.now() - before
  }
  return { seconds: (performance.now() - started) / 1000, search: searchMs / 1000 }
}

interface TableRows {
  readonly clear: string | null
  readonly insert: string
  readonly rows: readonly (readonly SqlValue[])[]
}

/** As raw-copy.ts in Node: every row of every table, by ascending id. */
async function raw(name: string, texts: readonly string[]) {
  const pool = await openPool(name, signal, { capacity: 12 })
  const source = pool.connect('main.sqlite')
  source.script('pragma locking_mode = exclusive')
  const tables = tablesOf(source, texts)
  source[Symbol.dispose]()
  const seconds = insertAll(pool.connect('raw.sqlite'), tables)
  for (const end of ['', '-wal', '-journal']) pool.delete(`raw.sqlite${end}`)
  const withoutSearch = tables.filter(({ insert }) => !insert.startsWith('insert into search'))
  const rawSeconds = seconds
  const rest = insertAll(pool.connect('raw.sqlite'), withoutSearch)
  for (const end of ['', '-wal', '-journal']) pool.delete(`raw.sqlite${end}`)
  pool[Symbol.dispose]()
  return { rawSeconds, rawSearch: rawSeconds - rest }
}

function tablesOf(db: Sqlite, texts: readonly string[]): readonly TableRows[] {
  const names = [
    ...db.rows<{ name: string }>(
      `select name from sqlite_schema where type = 'table' and sql not like 'create virtual%'
       and name not like 'search%' and name not like 'sqlite_%'`,
    ),
  ]
  const rowsOf = (name: string): SqlValue[][] => Array.from(db.rows(`select * from ${name}`), Object.values)
  const tables = names.map(({ name }) => ({ name, rows: rowsOf(name) }))
  const searchable = rowsOf('searchable') as [number, number][]
  tables.push({ name: 'searchable', rows: searchable })
  tables.push({
    name: 'search (rowid, text)',
    rows: searchable.map(([id, entry]) => [id, texts[entry - 1] ?? '']),
  })
  return tables
    .filter(({ rows }) => rows.length > 0)
    .map(({ name, rows }) => {
      const marks = Array.from(rows[0] ?? [], () => '?').join(', ')
      const clear = name.startsWith('search') ? null : `delete from ${name}`
      return { clear, insert: `insert into ${name} values (${marks})`, rows }
    })
}

function insertAll(db: Sqlite, tables: readonly TableRows[]): number {
  db.script('pragma page_size = 16384; pragma locking_mode = exclusive')
  db.script('pragma journal_mode = wal; pragma synchronous = normal')
  db.script('pragma cache_size = -32768; pragma temp_store = memory; pragma wal_autocheckpoint = 512')
  for (const migration of migrations) db.script(migration)
  for (const { clear } of tables) if (clear !== null) db.script(clear)
  const started = performance.now()
  for (const { insert, rows } of tables) {
    for (let at = 0; at < rows.length; at += rowsPerTransaction) {
      db.run('begin')
      for (const row of rows.slice(at, at + rowsPerTransaction)) db.run(insert, ...row)
      db.run('commit')
    }
  }
  const seconds = (performance.now() - started) / 1000
  db[Symbol.dispose]()
  return seconds
}

async function open({ name }: Task & { readonly type: 'open' }): Promise<Opened> {
  const started = performance.now()
  const opened = await openStore(name)
  const openMs = performance.now() - started
  const posts = opened.store.timeline({ limit: 50 }).items.length
  const postsMs = performance.now() - started
  opened[Symbol.dispose]()
  return { openMs, postsMs, posts }
}

function textsOf(corpus: readonly CorpusFeed[]): readonly string[] {
  return corpus.flatMap(({ entries, bodies }) => entries.map((entry) => textOf(entry, bodies)))
}

function textOf({ entry }: SignedEntry, bodies: CorpusFeed['bodies']): string {
  const body = bodies.get(entry.payload as never)
  const payload = JSON.parse(body === undefined ? entry.payload : (parseUtf8(body) ?? '{}')) as {
    text: string
  }
  return payload.text
}
