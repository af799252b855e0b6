/**
 * The feed rules (spec F): is this the next link of that chain?
 * A verdict over bytes alone, the same for every peer; no clock, no luck.
 *
 *     head record ─▶ head entry ─parent▶ … ─parent▶ entry 1
 *     every byte under a verified head is attested; signatures are checked behind
 *
 * @module
 */
import type { SignedEntry } from './entry.ts'
import type { Head } from './head-record.ts'
import { compareCids, type Identity, type RawCid } from './names.ts'

/** One code a rule (spec F), in the order in which they are judged. */
export type FeedFaultCode =
  | 'too-large'
  | 'encoding'
  | 'hash'
  | 'signature'
  | 'identity'
  | 'length'
  | 'comparable'
  | 'parent'
  /** Sealed above an entry that is not, or under another key, or the other way round (X20). */
  | 'mixed'

export interface FeedFault {
  readonly code: FeedFaultCode
  /** The entry from which on the feed is invalid, when it could be named. */
  readonly cid: RawCid | null
}

/** What a link must continue: the entry below it. */
export interface ChainPoint {
  readonly cid: RawCid
  readonly length: number
  readonly comparable: number
  /** The id of the key that it is sealed under; left out where it is not sealed. */
  readonly keyId?: string
}

/** Judges `next` as the link above `below` (null: the first entry) in the feed of `identity` (F2-F5, X20). */
export function judgeLink(identity: Identity, below: ChainPoint | null, next: SignedEntry): FeedFault | null {
  const { entry, cid } = next
  if (entry.identity !== identity) return { code: 'identity', cid }
  if (entry.length !== (below?.length ?? 0) + 1) return { code: 'length', cid }
  if (entry.comparable <= (below?.comparable ?? 0)) return { code: 'comparable', cid }
  if (entry.parent !== (below?.cid ?? null)) return { code: 'parent', cid }
  if (below !== null && below.keyId !== next.sealed?.keyId) return { code: 'mixed', cid }
  return null
}

/** Judges whether the entry that a head record names is what the record claims (F6). */
export function judgeHead(head: Head, entry: SignedEntry): FeedFault | null {
  const { cid } = entry
  if (head.head !== cid) return { code: 'hash', cid }
  if (head.identity !== entry.entry.identity) return { code: 'identity', cid }
  if (head.length !== entry.entry.length) return { code: 'length', cid }
  if (head.comparable !== entry.entry.comparable) return { code: 'comparable', cid }
  return null
}

/** Of an entry, what the next one is judged by. */
export function chainPoint({ cid, entry, sealed }: SignedEntry): ChainPoint {
  const point = { cid, length: entry.length, comparable: entry.comparable }
  return sealed === undefined ? point : { ...point, keyId: sealed.keyId }
}

/**
 * How a head stands to the highest one known, by the records alone (H4, F8):
 * `ahead` still has to descend from it, which its entries will show.
 */
export type HeadRelation = 'same' | 'ahead' | 'behind' | 'rebased' | 'superseded' | 'fork'

/** Both of one identity; signatures are not looked at. */
export function relateHeads(known: Head, offered: Head): HeadRelation {
  if (offered.epoch !== known.epoch) return offered.epoch > known.epoch ? 'rebased' : 'superseded'
  if (offered.length === known.length) return offered.head === known.head ? 'same' : 'fork'
  return offered.length > known.length ? 'ahead' : 'behind'
}

/** F9: of two branches of one epoch with equal contents in equal order, the lesser head CID is the feed. */
export function lesserHead(a: Head, b: Head): Head {
  return compareCids(a.head, b.head) <= 0 ? a : b
}

/** `max(now, parent's + 1)`: the comparable of a new entry (E4). `now` in ms. */
export function nextComparable(now: number, below: ChainPoint | null): number {
  return Math.max(Math.floor(now), (below?.comparable ?? 0) + 1, 1)
}
