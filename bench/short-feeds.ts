/**
 * Feeds of short notes that grow by one entry at a time, signed, for benchmarks of heads.
 *
 * @module
 */
import {
  type Entry,
  type HeadRecord,
  type Identity,
  identityOfKey,
  type SignedEntry,
  type Signer,
  signEntry,
  signHead,
} from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import type { Store } from '@effigy/store'
import { createRandom } from '@effigy/testkit'

export interface ShortFeed {
  readonly identity: Identity
  readonly signer: Signer
  top: SignedEntry | null
  bytes: number
}

export interface Grown {
  readonly entry: SignedEntry
  readonly record: HeadRecord
}

const crypto = createNodeCrypto()

/** The same for the same seed. */
export async function makeShortFeeds(count: number, seed: string): Promise<ShortFeed[]> {
  const random = createRandom(seed)
  const feeds: ShortFeed[] = []
  for (let index = 0; index < count; index++) {
    const signer = await crypto.signer(random.bytes(32))
    feeds.push({ signer, identity: identityOfKey(signer.publicKey), top: null, bytes: 0 })
  }
  return feeds
}

/** One entry more in each of these. */
export async function growAll(feeds: readonly ShortFeed[]): Promise<readonly Grown[]> {
  const grown: Grown[] = []
  for (const feed of feeds) {
    const { identity, signer, top } = feed
    const entry: Entry = {
      identity,
      parent: top?.cid ?? null,
      length: (top?.entry.length ?? 0) + 1,
      comparable: (top?.entry.comparable ?? 1_800_000_000_000) + 1_000,
      synod: null,
      links: [],
      payload: '{"type":"public_note","at":1800000000000,"text":"a short note"}',
    }
    const signed = await signEntry(entry, signer, crypto.sha256)
    feed.top = signed
    feed.bytes += signed.bytes.length
    const { length, comparable } = entry
    const head = { identity, epoch: 1, length, comparable, bytes: feed.bytes, head: signed.cid }
    grown.push({ entry: signed, record: await signHead(head, signer) })
  }
  return grown
}

/** Whoever made the signatures need not check them. */
export function keepGrown(store: Store, grown: readonly Grown[]): void {
  for (const { record } of grown) store.acceptHead(record)
  store.appendRuns(
    grown.map(({ entry, record }) => ({
      identity: record.head.identity,
      entries: [entry],
      bodies: new Map(),
    })),
  )
  store.settleEntries(grown.map(({ entry }) => ({ cid: entry.cid, valid: true })))
}
