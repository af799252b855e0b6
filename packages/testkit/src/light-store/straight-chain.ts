/**
 * A feed that only ever grew: entries from the first on, without a gap; pure functions over it (spec F2-F6, R3, R4).
 *
 *     run ─straight?▶ chain ─▶ locatorOf, commonWith, servedFrom
 *
 * @module
 */
import { chainPoint, cidDigest, judgeHead, judgeLink, type SignedEntry } from '@effigy/core'
import {
  type AttestedRun,
  type FeedState,
  type FeedStore,
  type Locator,
  type ServedEntry,
  type StoredEntry,
  waitsForSignature,
} from '@effigy/store'

export interface LightEntry extends StoredEntry {
  /** What the verifier calls it. */
  readonly id: number
}

/** Lowest first. */
export type Chain = readonly LightEntry[]

/** Of each digest that a locator names. */
const prefixBytes = 8

/** Whether the run ends at the highest head, begins right above `held`, and has nothing rare in it. */
export function isStraight(
  { record, identity, policy }: FeedState,
  held: Chain,
  { entries, bodies }: AttestedRun,
): boolean {
  const top = entries.at(-1)
  if (record === null || top === undefined || bodies.size > 0 || policy.depth.type !== 'all') return false
  if (judgeHead(record.head, top) !== null) return false
  const last = held.at(-1)?.signed
  let below = last === undefined ? null : chainPoint(last)
  for (const signed of entries) {
    if (judgeLink(identity, below, signed) !== null || !isPlain(signed)) return false
    below = chainPoint(signed)
  }
  return true
}

/** Read and shown as it is: no detached text, nothing that acts. */
function isPlain({ entry }: SignedEntry): boolean {
  const type = /^\{"type":"([a-z_]+)"/.exec(entry.payload)?.[1]
  return type !== undefined && !waitsForSignature(type) && entry.links.length === 0 && entry.synod === null
}

/** Verified entries from that length downwards, oldest first. */
export function servedFrom(
  chain: Chain,
  from: number,
  { above, maxEntries, maxBytes }: Parameters<FeedStore['serve']>[2],
): readonly ServedEntry[] {
  const served: ServedEntry[] = []
  let left = maxBytes
  for (let length = from; length > above; length--) {
    const held = chain[length - 1]
    if (held === undefined || !held.verified || served.length === maxEntries) break
    left -= held.signed.bytes.length
    if (left < 0 && served.length > 0) break
    served.push({ entry: held.signed, body: null })
  }
  return served.reverse()
}

export function locatorOf(chain: Chain): Locator {
  const prefixes = positions(chain.length).map((length) =>
    cidDigest(chain[length - 1]!.signed.cid).subarray(0, prefixBytes),
  )
  const joined = new Uint8Array(prefixes.length * prefixBytes)
  for (const [at, prefix] of prefixes.entries()) joined.set(prefix, at * prefixBytes)
  return { length: chain.length, prefixes: joined }
}

/** The highest position of a locator that is on the chain with that prefix; 0 when none. */
export function commonWith(chain: Chain, { length: theirs, prefixes }: Locator): number {
  const count = Math.floor(prefixes.length / prefixBytes)
  for (const [at, length] of positions(theirs).slice(0, count).entries()) {
    const held = chain[length - 1]
    const digest = held === undefined ? null : cidDigest(held.signed.cid)
    const isThere = digest
      ?.subarray(0, prefixBytes)
      .every((byte, index) => byte === prefixes[at * prefixBytes + index])
    if (isThere === true) return length
  }
  return 0
}

/** n, n−1, n−2, n−4, n−8, … ≥ 1 */
function positions(length: number): readonly number[] {
  const found: number[] = length >= 1 ? [length] : []
  for (let back = 1; length - back >= 1; back *= 2) found.push(length - back)
  return found
}
