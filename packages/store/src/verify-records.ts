/**
 * Everything in a store, checked again (spec S27): hashes, chains, signatures, heads, blocks.
 *
 *     Store ─verifyRecords▶ Finding…        an honest store gives none, whatever the authors of its feeds claim
 *
 * @module
 */
import {
  type Cid,
  chainPoint,
  EffigyError,
  entryCheck,
  headCheck,
  type Identity,
  judgeLink,
  type SignedEntry,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { FeedState } from './feed-port.ts'
import type { Progress } from './query-port.ts'
import type { Store } from './store.ts'

export interface Finding {
  /** `entry`, `block`, `body`: bytes that are not what they were. The others: records that are not genuine. */
  readonly kind: 'entry' | 'block' | 'body' | 'signature' | 'link' | 'head'
  readonly cid: Cid
  readonly identity: Identity | null
  readonly code: string
}

export interface VerifyRecordsOptions {
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
  readonly onBlocks: (progress: Progress) => void
}

export interface VerifiedRecords {
  readonly feeds: number
  readonly entries: number
  readonly findings: readonly Finding[]
}

/** Entries checked in one turn. */
const stretch = 512

/** What an entry must hang above; null: it is the first of its feed; unknown: what lies below is not readable here. */
type Below = SignedEntry | null | 'unknown'

/** Reads everything, in slices. Rejects with the signal's reason, and what the store throws. */
export async function verifyRecords(
  store: Store,
  crypto: Pick<Crypto, 'sha256' | 'verify'>,
  options: VerifyRecordsOptions,
): Promise<VerifiedRecords> {
  const findings: Finding[] = []
  const damage = await store.check({ signal: options.signal, onProgress: options.onBlocks })
  for (const { kind, cid, identity } of damage) findings.push({ kind, cid, identity, code: 'hash' })
  const feeds = [...store.feeds()]
  const total = feeds.reduce((sum, feed) => sum + feed.heldCount, 0)
  let entries = 0
  for (const feed of feeds) {
    await verifyRecord(feed, crypto, findings)
    for (const run of feed.runs) {
      let below: Below = run.first === 1 ? null : 'unknown'
      for (let first = run.first; first <= run.last; first += stretch) {
        options.signal.throwIfAborted()
        const part = readStretch(store, feed.identity, first, Math.min(first + stretch - 1, run.last))
        below = verifyLinks(feed, below, part, findings)
        findings.push(...(await verifySignatures(feed, part, crypto)))
        entries += part.length
        options.onProgress({ done: entries, total: Math.max(total, entries) })
      }
    }
  }
  return { feeds: feeds.length, entries, findings }
}

/** Null for an entry that cannot be read: `store.check` has named it already. */
function readStretch(
  store: Store,
  identity: Identity,
  first: number,
  last: number,
): readonly (SignedEntry | null)[] {
  const whole = unlessDamaged(() =>
    Array.from(store.chain(identity, { first, last }), ({ signed }) => signed),
  )
  if (whole !== null) return whole
  return Array.from({ length: last - first + 1 }, (_, index) =>
    unlessDamaged(() => store.entryAt(identity, first + index)?.signed ?? null),
  )
}

function unlessDamaged<Value>(read: () => Value): Value | null {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof EffigyError && cause.code === 'storage-damaged') return null
    throw cause
  }
}

/** Gives what the next stretch hangs above. */
function verifyLinks(
  feed: FeedState,
  lowest: Below,
  part: readonly (SignedEntry | null)[],
  findings: Finding[],
): Below {
  let below = lowest
  for (const signed of part) {
    const broken =
      signed === null || below === 'unknown'
        ? null
        : judgeLink(feed.identity, below === null ? null : chainPoint(below), signed)
    if (signed !== null && broken !== null) findings.push(found('link', signed.cid, feed, broken.code))
    below = signed ?? 'unknown'
  }
  return below
}

/** What is known to be broken already is no news. */
async function verifySignatures(
  feed: FeedState,
  part: readonly (SignedEntry | null)[],
  crypto: Pick<Crypto, 'verify'>,
): Promise<readonly Finding[]> {
  const isKnown = ({ entry }: SignedEntry): boolean =>
    feed.broken !== null && entry.length >= feed.broken.length
  const entries = part.filter((signed) => signed !== null).filter((signed) => !isKnown(signed))
  const verdicts = await crypto.verify(entries.map(entryCheck))
  return entries
    .filter((_, index) => verdicts[index] !== true)
    .map(({ cid }) => found('signature', cid, feed, 'signature'))
}

async function verifyRecord(
  feed: FeedState,
  crypto: Pick<Crypto, 'verify'>,
  findings: Finding[],
): Promise<void> {
  const { record } = feed
  if (record === null) return
  const [isGenuine] = await crypto.verify([headCheck(record)])
  if (isGenuine !== true) findings.push(found('head', record.head.head, feed, 'signature'))
}

function found(kind: Finding['kind'], cid: Cid, { identity }: FeedState, code: string): Finding {
  return { kind, cid, identity, code }
}
