/**
 * A feed of 10,000 entries whose last 100 are written anew: what that costs on the wire, both ways, frames
 * sealed (rewritten feeds cross as signatures only).
 *
 *     10,000 synced ─edit of entry 9,901, or its removal▶ next epoch ─▶ bytes until the receiver has it, checked
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  chainPoint,
  type HeadRecord,
  planRebase,
  type RebaseEdit,
  type SignedEntry,
  signHead,
  signRebase,
} from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import type { Store } from '@effigy/store'
import { type CorpusFeed, makeCorpus } from './corpus.ts'
import { type Figure, figure } from './figure.ts'
import { listen, openBenchPeer } from './peers.ts'

const total = 10_000
const rewritten = 100
const everything = { depth: { type: 'all' }, blobs: { type: 'all' } } as const

/** What others need for the same, measured on the same kind of machine (PERF.md), bytes. */
const hypercoreBytes = 40_000

export async function* bench(): AsyncGenerator<Figure> {
  const edit = {
    type: 'replace',
    payload: '{"type":"public_note","at":1,"text":"edited"}',
    links: [],
  } as const
  yield await rewrite('rewrite of the last 100 of 10,000', edit)
  yield await rewrite('the same, one of them taken out', { type: 'delete' })
}

async function rewrite(name: string, edit: RebaseEdit): Promise<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-bench-'))
  try {
    const [feed] = await makeCorpus(createNodeCrypto(), { authors: 1, entriesEach: total, seed: 'rewrite' })
    if (feed === undefined) throw new Error('the corpus has one feed')
    await using source = await openBenchPeer(join(folder, 'source'), { kind: 'hub' })
    await using receiver = await openBenchPeer(join(folder, 'receiver'))
    own(source.store, feed)
    const { address, close } = await listen(source.peer)
    receiver.store.watchFeed(feed.identity, everything)
    receiver.peer.connect(address)
    await until(receiver.store, feed.record)
    const bytesBefore = receiver.receivedBytes + receiver.sentBytes
    const record = await publishRewrite(source.store, feed, edit)
    await until(receiver.store, record)
    const bytes = receiver.receivedBytes + receiver.sentBytes - bytesBefore
    await close()
    return figure(name, bytes, 'bytes', { ratio: hypercoreBytes / bytes, of: 'hypercore' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function own(store: Store, { identity, record, entries, bodies }: CorpusFeed): void {
  store.watchFeed(identity, everything)
  store.appendOwn(
    entries.map((entry) => ({ entry, body: bodies.get(entry.entry.payload as never) ?? null })),
    record,
  )
}

async function publishRewrite(store: Store, feed: CorpusFeed, edit: RebaseEdit): Promise<HeadRecord> {
  const { entries, signer, identity } = feed
  const first = entries[total - rewritten] as SignedEntry
  const plan = planRebase(entries, new Map([[first.cid, edit]]), '{"type":"void","at":1}')
  if (plan === null) throw new Error('the edit names an entry of the chain')
  const written: SignedEntry[] = []
  for await (const entry of signRebase(plan, signer, identity, createNodeCrypto().sha256)) written.push(entry)
  const point = chainPoint(written.at(-1) as SignedEntry)
  const kept = entries.slice(0, total - rewritten)
  const bytes = [...kept, ...written].reduce((sum, entry) => sum + entry.bytes.length, 0)
  const head = {
    identity,
    epoch: 2,
    length: point.length,
    comparable: point.comparable,
    bytes,
    head: point.cid,
  }
  const record = await signHead(head, signer)
  store.replaceOwn(
    total - rewritten,
    written.map((entry) => ({ entry, body: null })),
    record,
  )
  return record
}

/** Resolves when the store has the whole feed under that head, each signature checked. */
async function until(store: Store, { head }: HeadRecord): Promise<void> {
  for (;;) {
    await pause(20)
    const state = store.feed(head.identity)
    const isHere =
      state?.heldCount === head.length && store.entryAt(head.identity, head.length)?.signed.cid === head.head
    if (isHere && store.unverifiedCount() === 0) return
  }
}
