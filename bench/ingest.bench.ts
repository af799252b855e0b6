/**
 * 100,000 entries into the Node store with all indexes and search, beside raw SQLite inserts of the same rows.
 *
 * Search is indexed in two ways: `with search` right behind the entries, while their texts are still in
 * memory, and `search afterwards`, when all of them are read from the bytes again.
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseUtf8, type SignedEntry } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import type { Store, WatchPolicy } from '@effigy/store'
import { type NodeStoreOptions, openNodeStore } from '@effigy/store/node'
import { type CorpusFeed, makeCorpus } from './corpus.ts'
import { cpuSeconds, type Figure, figure, median } from './figure.ts'
import { rawInsertSeconds } from './raw-copy.ts'

const authors = 2_000
const entriesEach = 50
const total = authors * entriesEach
/** Feeds appended in one transaction: 1,000 entries. */
const feedsPerTransaction = 20
/** As many as a session takes in one transaction. */
const headsAtOnce = 256
/** Entries indexed in one transaction. A peer indexes 500, for the sake of who waits. */
const searchSlice = 2_000
/** Indexing right behind the entries finds their texts in memory; a peer in a long sync does so in part. */
const entriesPerSearch = 2_000

/** The middle of so many is told: single figures are off by a third when others use the machine. */
const rounds = 3

const everything: WatchPolicy = { depth: { type: 'all' }, blobs: { type: 'all' } }

export async function* bench(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-bench-'))
  try {
    const crypto = createNodeCrypto()
    const corpus = await makeCorpus(crypto, { authors, entriesEach, seed: 'ingest' })
    const texts = textsOf(corpus)
    const options = { sha256: crypto.sha256, now: () => Date.now() }
    const taken: Round[] = []
    for (let at = 0; at < rounds; at++) taken.push(round(join(folder, `${at}`), corpus, texts, options))
    const of = (value: (round: Round) => number): number => median(taken.map(value))

    const rawInserts = 'raw node:sqlite inserts of the same rows'
    yield figure('ingest with search', total / of(({ behind }) => behind.seconds), 'entries/CPU s', {
      ratio: of(({ behind, rawSeconds }) => rawSeconds / behind.seconds),
      of: rawInserts,
    })
    yield figure('ingest, search afterwards', total / of(({ after }) => after.seconds), 'entries/CPU s', {
      ratio: of(({ after, rawSeconds }) => rawSeconds / after.seconds),
      of: rawInserts,
    })
    const appending = ({ after }: Round): number => after.seconds - after.search
    yield figure('ingest without search', total / of(appending), 'entries/CPU s', {
      ratio: of((one) => (one.rawSeconds - one.rawSearch) / appending(one)),
      of: rawInserts,
    })
    yield figure(
      'ingest, of that watching and heads',
      of(({ after }) => after.heads),
      'CPU s',
    )
    yield* reading(() => openNodeStore(join(folder, '0', 'behind'), options))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** CPU seconds. */
interface Round {
  readonly behind: Filling
  readonly after: Filling
  readonly rawSeconds: number
  readonly rawSearch: number
}

interface Filling {
  readonly seconds: number
  /** Of these, for heads and for search. */
  readonly heads: number
  readonly search: number
}

/** Two new stores, and right after them the raw rows, so that all meet the machine in the same mood. */
function round(
  path: string,
  corpus: readonly CorpusFeed[],
  texts: readonly string[],
  options: NodeStoreOptions,
): Round {
  const after = fill(join(path, 'after'), corpus, options, Number.POSITIVE_INFINITY)
  const behind = fill(join(path, 'behind'), corpus, options, entriesPerSearch)
  const source = join(path, 'behind', 'main.sqlite')
  const rawSeconds = rawInsertSeconds(source, join(path, 'raw-search.sqlite'), texts)
  const withoutSearch = rawInsertSeconds(source, join(path, 'raw.sqlite'), [])
  return { behind, after, rawSeconds, rawSearch: rawSeconds - withoutSearch }
}

/** Watches and appends everything; search is indexed whenever so many entries have come, and at the end. */
function fill(
  path: string,
  corpus: readonly CorpusFeed[],
  options: NodeStoreOptions,
  entriesBetween: number,
): Filling {
  using store = openNodeStore(path, options)
  const started = cpuSeconds()
  for (const { identity } of corpus) store.watchFeed(identity, everything)
  for (let at = 0; at < corpus.length; at += headsAtOnce) {
    store.acceptHeads?.(corpus.slice(at, at + headsAtOnce).map(({ record }) => record))
  }
  const heads = cpuSeconds() - started
  let search = 0
  let waiting = 0
  for (let at = 0; at < corpus.length; at += feedsPerTransaction) {
    const feeds = corpus.slice(at, at + feedsPerTransaction)
    store.appendRuns(feeds.map(({ identity, entries, bodies }) => ({ identity, entries, bodies })))
    waiting += feeds.length * entriesEach
    if (waiting < entriesBetween && at + feedsPerTransaction < corpus.length) continue
    waiting = 0
    const before = cpuSeconds()
    while (store.indexSearch(searchSlice).behind > 0);
    search += cpuSeconds() - before
  }
  return { seconds: cpuSeconds() - started, heads, search }
}

function* reading(open: () => Store): Generator<Figure> {
  const opened = performance.now()
  using store = open()
  store.timeline({ limit: 1 })
  yield figure('open a store of 100,000', performance.now() - opened, 'ms')
  const latest = (): number => time(() => store.timeline({ limit: 50 }))
  yield figure('latest 50 of 100,000, cold', latest(), 'ms')
  yield figure('latest 50 of 100,000, warm', median(Array.from({ length: 20 }, latest)), 'ms')
  yield figure(
    'search newest 50 of 100,000',
    time(() => store.search('bacese dicese', { limit: 50 })),
    'ms',
  )
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

function time(work: () => void): number {
  const started = performance.now()
  work()
  return performance.now() - started
}
