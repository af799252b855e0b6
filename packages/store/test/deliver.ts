/**
 * A source that answers needs, as sync would (R3): newest batch first, cut where a test wants it.
 *
 * @module
 */
import { cidDigest, type Identity, type RawCid, type SignedEntry } from '@effigy/core'
import type { FeedStore } from '../src/index.ts'
import { runOf } from './feed-maker.ts'

export interface Source {
  /** Every entry that exists anywhere, by CID. */
  readonly entries: ReadonlyMap<RawCid, SignedEntry>
}

export function sourceOf(...chains: readonly (readonly SignedEntry[])[]): Source {
  return { entries: new Map(chains.flat().map((entry) => [entry.cid, entry])) }
}

export interface DeliverOptions {
  /** Entries a batch. */
  readonly batch?: number
  /** Batches that arrive before the connection breaks. */
  readonly batches?: number
  /** What the source claims as the fork point; by default the truth. */
  readonly lieAboutBase?: (base: number) => number
}

/** Answers one need. Gives false when there was none, or nothing came of it. */
export function deliver(
  feeds: FeedStore,
  identity: Identity,
  source: Source,
  options: DeliverOptions = {},
): boolean {
  const need = feeds.need(identity)
  if (need === null) return false
  const { batch = 3, batches = Number.MAX_SAFE_INTEGER, lieAboutBase = (base) => base } = options
  const branch: SignedEntry[] = []
  for (let cid: RawCid | null = need.from; cid !== null; ) {
    const entry: SignedEntry | undefined = source.entries.get(cid)
    if (entry === undefined) break
    branch.push(entry)
    cid = entry.entry.parent
  }
  const base = lieAboutBase(commonWith(branch, need.locator))
  if (need.rewinds) feeds.rewind(identity, need.epoch, base)
  const wanted = branch.filter(
    ({ entry }, index) =>
      entry.length > base &&
      (need.limit === null || index < need.limit) &&
      (need.since === null || entry.comparable >= need.since),
  )
  let sent = 0
  for (let at = 0; at < wanted.length && sent < batches; at += batch, sent++) {
    const run = wanted.slice(at, at + batch).reverse()
    const outcome = feeds.appendRun(runOf(run))
    if (outcome.type === 'unattached') return false
  }
  return sent > 0 || need.rewinds
}

/** The highest named position at which the branch has that prefix. */
function commonWith(
  branch: readonly SignedEntry[],
  { length, prefixes }: { readonly length: number; readonly prefixes: Uint8Array },
): number {
  const byLength = new Map(branch.map((entry) => [entry.entry.length, entry]))
  const positions = [length]
  for (let back = 1; length - back >= 1; back *= 2) positions.push(length - back)
  for (const [at, position] of positions.entries()) {
    const entry = byLength.get(position)
    const prefix = prefixes.subarray(at * 8, at * 8 + 8)
    if (prefix.length < 8 || entry === undefined) continue
    if (digestPrefix(entry).every((byte, index) => byte === prefix[index])) return position
  }
  return 0
}

function digestPrefix({ cid }: SignedEntry): Uint8Array {
  return cidDigest(cid).subarray(0, 8)
}

/** Answers needs until nothing changes. Throws when that takes forever. */
export function deliverAll(
  feeds: FeedStore,
  identity: Identity,
  source: Source,
  options: DeliverOptions = {},
): void {
  for (let round = 0; round < 200; round++) {
    const before = JSON.stringify([feeds.need(identity), feeds.feed(identity)], (_, value) =>
      value instanceof Uint8Array ? [...value] : value,
    )
    if (!deliver(feeds, identity, source, options)) return
    const after = JSON.stringify([feeds.need(identity), feeds.feed(identity)], (_, value) =>
      value instanceof Uint8Array ? [...value] : value,
    )
    if (before === after) return
  }
  throw new Error('deliveries never come to an end')
}
