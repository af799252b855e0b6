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
import { openNodeStore } from '@effigy/store/node'
import { type CorpusFeed, makeCorpus } from './corpus.ts'
import { cpuSeconds, type Figure, figure } from './figure.ts'
import { rawInsertSeconds } from './raw-copy.ts'

const authors = 2_000
const entriesEach = 50
const total = authors * entriesEach
/** Feeds appended in one transaction: 1,000 entries. */
const feedsPerTransaction = 20

const everything: WatchPolicy = { depth: { type: 'all' }, blobs: { type: 'all' } }

export async function* bench(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-bench-'))
  try {
    const crypto = createNodeCrypto()
    const corpus = await makeCorpus(crypto, { authors, entriesEach, seed: 'ingest' })
    const path = join(folder, 'store')
    const options = { sha256: crypto.sha256, now: () => Date.now() }

    let store = openNodeStore(path, options)
    const started = cpuSeconds()
    for (const { identity, record } of corpus) {
      store.watchFeed(identity, everything)
      store.acceptHead(record)
    }
    const heads = cpuSeconds() - started
    ingest(store, corpus)
    const withoutSearch = cpuSeconds() - started
    while (store.indexSearch(2_000).behind > 0);
    const seconds = cpuSeconds() - started
    store[Symbol.dispose]()

    const source = join(path, 'main.sqlite')
    const raw = rawInsertSeconds(source, join(folder, 'raw.sqlite'), [])
    const rawSearch = rawInsertSeconds(source, join(folder, 'raw-search.sqlite'), textsOf(corpus))
    const rawInserts = 'raw node:sqlite inserts of the same rows'
    yield figure('ingest with search', total / seconds, 'entries/CPU s', {
      ratio: rawSearch / seconds,
      of: rawInserts,
    })
    yield figure('ingest without search', total / withoutSearch, 'entries/CPU s', {
      ratio: raw / withoutSearch,
      of: rawInserts,
    })
    yield figure('ingest, of that watching and heads', heads, 'CPU s')

    const opened = performance.now()
    store = openNodeStore(path, options)
    store.timeline({ limit: 1 })
    yield figure('open a store of 100,000', performance.now() - opened, 'ms')
    yield figure(
      'latest 50 of 100,000, cold',
      time(() => store.timeline({ limit: 50 })),
      'ms',
    )
    const warm = Array.from({ length: 20 }, () => time(() => store.timeline({ limit: 50 }))).sort(
      (a, b) => a - b,
    )
    yield figure('latest 50 of 100,000, warm', warm[10] ?? 0, 'ms')
    yield figure(
      'search newest 50 of 100,000',
      time(() => store.search('bacese dicese', { limit: 50 })),
      'ms',
    )
    store[Symbol.dispose]()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function ingest(store: Store, corpus: readonly CorpusFeed[]): void {
  for (let at = 0; at < corpus.length; at += feedsPerTransaction) {
    store.appendRuns(
      corpus
        .slice(at, at + feedsPerTransaction)
        .map(({ identity, entries, bodies }) => ({ identity, entries, bodies })),
    )
  }
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
