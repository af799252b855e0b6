/**
 * What a benchmark's source serves.
 *
 * @module
 */
import { createNodeCrypto } from '@effigy/crypto/node'
import { openNodeStore } from '@effigy/store/node'
import type { CorpusFeed } from './corpus.ts'

const everything = { depth: { type: 'all' }, blobs: { type: 'all' } } as const

/** A store that holds the corpus, its signatures taken as checked: we made them. */
export function prepareSource(folder: string, corpus: readonly CorpusFeed[]): void {
  const { sha256 } = createNodeCrypto()
  using store = openNodeStore(folder, { sha256, now: () => Date.now() })
  for (const { identity, record, entries, bodies } of corpus) {
    store.watchFeed(identity, everything)
    store.acceptHead(record)
    store.appendRun({ identity, entries, bodies })
  }
  for (;;) {
    const pending = store.unverified(5_000)
    if (pending.length === 0) return
    store.settle(pending.map(({ id }) => ({ id, valid: true })))
  }
}
