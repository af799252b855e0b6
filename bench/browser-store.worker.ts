/**
 * Fills a store on OPFS, inserts the same rows with nothing but SQLite, or opens the store and reads what a person sees first.
 *
 * @module
 */
import { parseUtf8, type SignedEntry } from '@effigy/core'
import { createBrowserCrypto } from '@effigy/crypto/browser'
import type { Store, WatchPolicy } from '@effigy/store'
import { openBrowserStore } from '@effigy/store/browser'
import { rawInsertSeconds } from './browser-raw.ts'
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
  return {
    entries: authors * entriesEach,
    seconds,
    search,
    ...(await rawInsertSeconds(name, textsOf(corpus))),
  }
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
