/**
 * What the parts of the contract share: Alice's feed in a store, and what is seen of it.
 *
 * @module
 */
import { type RawCid, rawCid, type SignedEntry } from '@effigy/core'
import { followAll } from '../src/feeds/feed-table.ts'
import type { WatchPolicy } from '../src/index.ts'
import { deliverAll, sourceOf } from './deliver.ts'
import { headOf, sha256, testIdentity } from './feed-maker.ts'
import type { OpenFeeds } from './open-feeds.ts'

export const alice = testIdentity('alice')
export const bob = testIdentity('bob')

/** Lengths that views show of Alice, ascending. */
export const shownLengths = ({ shown, feeds }: OpenFeeds): number[] =>
  [...shown.values()]
    .filter(({ identity }) => identity === alice)
    .map(({ length }) => length)
    .sort((a, b) => a - b)
    .filter((length) => feeds.entryAt(alice, length) !== null)

export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

export const chainOf = ({ feeds }: OpenFeeds): string[] =>
  [...feeds.chain(alice)].map(({ signed }) => signed.cid)

export const cids = (chain: readonly SignedEntry[]): string[] => chain.map(({ cid }) => cid)

export const settleAll = ({ feeds }: OpenFeeds, bad: ReadonlySet<string> = new Set()): void => {
  feeds.settle(pendingOf(feeds).map(({ id, cid }) => ({ id, valid: !bad.has(cid) })))
}

/** What waits for its signature, by name: of a sealed entry that of what is inside. */
export const pendingOf = (feeds: OpenFeeds['feeds']): readonly { id: number; cid: RawCid }[] =>
  feeds.unverified(100_000).map(({ id, bytes }) => ({ id, cid: rawCid(bytes, sha256) }))

/** Every bound of `serve` out of the way. */
export const all = { above: 0, maxEntries: 2048, maxBytes: 1_000_000, bodies: true }

/** `open` gives an empty store. */
export function worldsOver(open: () => OpenFeeds) {
  const watching = (policy: WatchPolicy = followAll): OpenFeeds => {
    const world = open()
    world.feeds.watchFeed(alice, policy)
    return world
  }

  /** A store that holds all of a chain under its head. */
  const holding = (chain: readonly SignedEntry[], policy: WatchPolicy = followAll): OpenFeeds => {
    const world = watching(policy)
    world.feeds.acceptHead(headOf(chain))
    deliverAll(world.feeds, alice, sourceOf(chain))
    return world
  }

  return { watching, holding }
}
