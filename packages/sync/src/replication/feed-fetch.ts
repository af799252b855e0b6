/**
 * One `getfeed` under way: what was asked, what may come next, and what came (spec R3, R6).
 *
 *     need ─▶ asked ─feed▶ started ─batch▶ … ─batch {end}▶ over      each batch ─stored▶ rebuilt, proven
 *
 * Judges every answer against what was asked before anything is rebuilt; no store, no effects.
 *
 * @module
 */
import {
  cidOfBytes,
  concatBytes,
  type Entry,
  err,
  type Head,
  type Identity,
  identityKey,
  isRawCid,
  maxEntryBytes,
  ok,
  type RawCid,
  type Result,
  type Sha256,
  type SignedEntry,
} from '@effigy/core'
import type { AttestedRun, FeedNeed, Unseal } from '@effigy/store'
import type { Batch, FeedStart, GetFeed } from '../messages.ts'
import { writeCids } from '../messages-bytes.ts'
import { maxBodyBytes } from './batch.ts'
import { minWindowBytes } from './feed-source.ts'
import { type BatchFault, type Chunks, rebuildBatch } from './rebuild.ts'

export interface Fetch {
  readonly identity: Identity
  readonly need: FeedNeed
  readonly verbatim: boolean
  /** Rebuilt bytes that were granted at first: its share of what the session may bring. */
  readonly granted: number
  /** The number of the request. */
  id: number
  /** Rebuilt bytes that may still come. */
  window: number
  /** Null before `feed`. */
  base: number | null
  /** Entries that are still to come. */
  left: number
  /** What the next batch must end with, and its length. */
  top: RawCid | null
  topLength: number
  /** Entries that came and wait to be stored, and about how many bytes they are once rebuilt. */
  waiting: number
  waitingBytes: number
  /** Entries that were new. */
  stored: number
  rewound: boolean
  /** When something of it was stored last, or it was asked for; ms. */
  progressMs: number
  /** No more credit: others wait, and it had its turn. */
  yields: boolean
  /** Nothing more of it will come. */
  over: boolean
  /** What is to be done after it; null: whatever `need` says then. */
  sequel: 'lacking' | 'again' | { readonly retryMs: number } | null
}

/** A batch as it came. */
export interface Arrived {
  readonly fetch: Fetch
  readonly first: number
  readonly count: number
  /** The CID of its newest entry, if it is what it says. */
  readonly top: RawCid
  readonly bytes: Uint8Array
}

export interface TakenRun {
  readonly run: AttestedRun
  /** Rebuilt bytes: what a credit gives back. */
  readonly bytes: number
}

export type FetchFault =
  | Exclude<BatchFault, { readonly code: 'feed' }>
  /** `top`: the newest entry of the batch, which is tied to the head and ties the faulty one. */
  | (Extract<BatchFault, { readonly code: 'feed' }> & { readonly top: RawCid })
  | { readonly code: 'bad-message' }
  | { readonly code: 'bad-batch' }
  /** It came, and is not wanted any more. */
  | { readonly code: 'unwatched' }
  /** All of it is older than was asked for. */
  | { readonly code: 'too-old' }

export function createFetch(need: FeedNeed, granted: number, verbatim: boolean, nowMs: number): Fetch {
  return {
    identity: need.identity,
    need,
    verbatim,
    granted,
    id: 0,
    window: granted,
    base: null,
    left: 0,
    top: need.from,
    topLength: need.fromLength,
    waiting: 0,
    waitingBytes: 0,
    stored: 0,
    rewound: !need.rewinds,
    progressMs: nowMs,
    yields: false,
    over: false,
    sequel: null,
  }
}

export function fetchRequest({ need, granted, verbatim }: Fetch): Omit<GetFeed, 'id'> {
  const { locator, limit, since } = need
  return { type: 'getfeed', length: locator.length, limit, since, window: granted, bodies: true, verbatim }
}

export function fetchBytes({ identity, need }: Fetch): Uint8Array {
  return concatBytes(identityKey(identity), writeCids([need.from]), need.locator.prefixes)
}

/** What a batch leaves out of an entry that has no links and the same synod as the one before. */
const derivedBytes = 330

/** Bodies come on top of what a head record counts. */
const bodyGuessBytes = 400

/** About how many rebuilt bytes will come: what a head claims is only good for a guess. */
export function guessBytes({ fromLength, locator, limit }: FeedNeed, head: Head | null): number {
  const entryBytes = head === null ? 1024 : head.bytes / head.length
  const count = Math.min(Math.max(1, fromLength - locator.length), limit ?? Number.POSITIVE_INFINITY)
  return Math.ceil(count * (entryBytes + bodyGuessBytes))
}

/** False when it cannot be an answer to what was asked. */
export function takeStart(fetch: Fetch, { base, total }: FeedStart): boolean {
  const { locator, fromLength, limit } = fetch.need
  if (limit !== null && total > limit) return false
  if (fetch.base !== null || total > Math.max(0, fromLength - base)) return false
  if (base > locator.length) return false
  fetch.base = base
  fetch.left = total
  return true
}

/**
 * A batch that is the next one of what was asked for; null when it only says that this is the end. What its bytes
 * say is proven later, when it is stored: until then only they are kept.
 */
export function takeBatch(
  fetch: Fetch,
  { first, count, end }: Batch,
  bytes: Uint8Array,
): Result<Arrived | null, FetchFault> {
  const { base } = fetch
  if (base === null) return err({ code: 'bad-message' })
  if (count === 0) return end ? ok(null) : err({ code: 'bad-message' })
  const { top } = fetch
  const isNext = first + count - 1 === fetch.topLength && first > base && count <= fetch.left
  if (!isNext || top === null) return err({ code: 'bad-batch' })
  const parent = first === 1 ? null : cidOfBytes(bytes.subarray(0, 36))
  if (parent !== null && !isRawCid(parent)) return err({ code: 'batch-encoding' })
  if (parent === null && first > 1) return err({ code: 'batch-encoding' })
  fetch.left -= count
  fetch.waiting += count
  fetch.waitingBytes += bytes.length + count * derivedBytes
  fetch.top = parent
  fetch.topLength = first - 1
  return ok({ fetch, first, count, top, bytes })
}

export interface RebuildPorts {
  readonly sha256: Sha256
  readonly unseal: Unseal
  readonly oldEntry: (length: number) => Entry | null
  readonly chunks: Chunks | null
}

/** The entries of a batch, proven to hang below what was asked for. */
export function rebuildArrived(
  { fetch, first, count, top, bytes }: Arrived,
  { sha256, unseal, oldEntry, chunks }: RebuildPorts,
): Result<TakenRun, FetchFault> {
  const { identity, need } = fetch
  const limits = { maxEntries: count, maxBytes: fetch.window }
  const room = chunks === null ? {} : { chunks }
  const expected = { identity, first, count, top, sha256, unseal, oldEntry, limits, ...room }
  const rebuilt = rebuildBatch(bytes, expected)
  if (!rebuilt.ok) return err(rebuilt.error.code === 'feed' ? { ...rebuilt.error, top } : rebuilt.error)
  const { entries, bodies, rebuiltBytes } = rebuilt.value
  fetch.window -= rebuiltBytes
  const wanted = notBefore(entries, need.since)
  if (wanted.length === 0) return err({ code: 'too-old' })
  return ok({ run: { identity, entries: wanted, bodies }, bytes: rebuiltBytes })
}

/** R6: on a branch that is not the one it shows, an honest source may not see how old its entries are. */
function notBefore(entries: readonly SignedEntry[], since: number | null): readonly SignedEntry[] {
  if (since === null) return entries
  return entries.slice(entries.findLastIndex(({ entry }) => entry.comparable < since) + 1)
}

/** Counts what came as no longer waiting, stored or not. */
export function letGo({ fetch, count, bytes }: Arrived): void {
  fetch.waiting -= count
  fetch.waitingBytes -= bytes.length + count * derivedBytes
}

/** Whether the source waits for a credit, as far as can be told before all is rebuilt. */
export function isStalled({ over, window, waitingBytes }: Fetch): boolean {
  return !over && waitingBytes > 0 && window - waitingBytes < minWindowBytes
}

/** Whether a source that had its turn can send no further entry. */
export function hasYielded({ over, yields, window, waiting }: Fetch): boolean {
  return !over && yields && waiting === 0 && window < maxEntryBytes + maxBodyBytes
}
