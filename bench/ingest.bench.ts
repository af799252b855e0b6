/**
 * 100,000 entries into the Node store with all indexes and search, beside raw SQLite inserts of the same rows.
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
import { cpuSeconds, type Figure, figure } from './figure.ts'
import { rawInsertSeconds } from './raw-copy.ts'

const authors = 2_000
const entriesEach = 50
const total = authors * entriesEach
/** Feeds appended in one transaction: 1,000 entries. */
const feedsPerTransaction = 20
/** Search is indexed behind every 2,000 entries. */
const transactionsPerSearch = 2

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
    yield figure('ingest with search', total / of(({ seconds }) => seconds), 'entries/CPU s', {
      ratio: of(({ seconds, rawSeconds }) => rawSeconds / seconds),
      of: rawInserts,
    })
    const appending = ({ seconds, search }: Round): number => seconds - search
    yield figure('ingest without search', total / of(appending), 'entries/CPU s', {
      ratio: of((round) => (round.rawSeconds - round.rawSearch) / appending(round)),
      of: rawInserts,
    })
    yield figure(
      'ingest, of that watching and heads',
      of(({ heads }) => heads),
      'CPU s',
    )
    yield* reading(() => openNodeStore(join(folder, '0'), options))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** CPU seconds. */
interface Round {
  readonly seconds: number
  /** Of these, for heads and for search. */
  readonly heads: number
  readonly search: number
  readonly rawSeconds: number
  readonly rawSearch: number
}

/** A new store, and right after it the raw rows, so that both meet the machine in the same mood. */
function round(
  path: string,
  corpus: readonly CorpusFeed[],
  texts: readonly string[],
  options: NodeStoreOptions,
): Round {
  const store = openNodeStore(path, options)
  const started = cpuSeconds()
  for (const { identity, record } of corpus) {
    store.watchFeed(identity, everything)
    store.acceptHead(record)
  }
  const heads = cpuSeconds() - started
  const search = ingest(store, corpus)
  const seconds = cpuSeconds() - started
  store[Symbol.dispose]()
  const source = join(path, 'main.sqlite')
  const rawSeconds = rawInsertSeconds(source, join(path, 'raw-search.sqlite'), texts)
  const withoutSearch = rawInsertSeconds(source, join(path, 'raw.sqlite'), [])
  return { seconds, heads, search, rawSeconds, rawSearch: rawSeconds - withoutSearch }
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

/** Appends everything, indexing right behind it as a peer does; gives the CPU seconds that search took of it. */
function ingest(store: Store, corpus: readonly CorpusFeed[]): number {
  let search = 0
  for (let at = 0; at < corpus.length; at += feedsPerTransaction) {
    store.appendRuns(
      corpus
        .slice(at, at + feedsPerTransaction)
        .map(({ identity, entries, bodies }) => ({ identity, entries, bodies })),
    )
    const started = cpuSeconds()
    if ((at / feedsPerTransaction) % transactionsPerSearch === transactionsPerSearch - 1) {
      while (store.indexSearch(2_000).behind > 0);
    }
    search += cpuSeconds() - started
  }
  return search
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

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}

function time(work: () => void): number {
  const started = performance.now()
  work()
  return performance.now() - started
}
