/**
 * Everything in a home, checked again: hashes, chains, signatures, heads, blocks.
 *
 *     Store ─verifyHome▶ Finding…        an honest home gives none
 *
 * @module
 */
import {
  type Cid,
  chainPoint,
  decodeEntry,
  entryCheck,
  headCheck,
  type Identity,
  judgeHead,
  judgeLink,
  type SignedEntry,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { FeedState, Progress, Store } from '@effigy/store'

export interface Finding {
  /** `entry`, `block`, `body`: bytes that are not what they were. The others: records that are not genuine. */
  readonly kind: 'entry' | 'block' | 'body' | 'signature' | 'link' | 'head'
  readonly cid: Cid
  readonly identity: Identity | null
  readonly code: string
}

export interface VerifyOptions {
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
  readonly onBlocks: (progress: Progress) => void
}

export interface Verified {
  readonly feeds: number
  readonly entries: number
  readonly findings: readonly Finding[]
}

/** Entries checked in one turn. */
const stretch = 512

export async function verifyHome(
  store: Store,
  crypto: Pick<Crypto, 'sha256' | 'verify'>,
  options: VerifyOptions,
): Promise<Verified> {
  const findings: Finding[] = []
  const feeds = [...store.feeds()]
  const total = feeds.reduce((sum, feed) => sum + feed.heldCount, 0)
  let entries = 0
  for (const feed of feeds) {
    await verifyRecord(store, feed, crypto, findings)
    for (const run of feed.runs) {
      let below: SignedEntry | null =
        run.first === 1 ? null : (store.entryAt(feed.identity, run.first)?.signed ?? null)
      for (let first = run.first; first <= run.last; first += stretch) {
        options.signal.throwIfAborted()
        const last = Math.min(first + stretch - 1, run.last)
        const part = [...store.chain(feed.identity, { first, last })].map(({ signed }) => signed)
        below = verifyLinks(feed, run.first, below, part, crypto, findings)
        const verdicts = await crypto.verify(part.map(entryCheck))
        for (const [index, isGenuine] of verdicts.entries()) {
          const cid = part[index]?.cid
          const isKnown = feed.broken !== null && (part[index]?.entry.length ?? 0) >= feed.broken.length
          if (!isGenuine && cid !== undefined && !isKnown)
            findings.push(found('signature', cid, feed, 'signature'))
        }
        entries += part.length
        options.onProgress({ done: entries, total: Math.max(total, entries) })
      }
    }
  }
  const damage = await store.check({ signal: options.signal, onProgress: options.onBlocks })
  for (const { kind, cid, identity } of damage) findings.push({ kind, cid, identity, code: 'hash' })
  return { feeds: feeds.length, entries, findings }
}

async function verifyRecord(
  store: Store,
  feed: FeedState,
  crypto: Pick<Crypto, 'verify'>,
  findings: Finding[],
): Promise<void> {
  const { record } = feed
  if (record === null) return
  const [isGenuine] = await crypto.verify([headCheck(record)])
  if (isGenuine !== true) findings.push(found('head', record.head.head, feed, 'signature'))
  const top = store.entry(record.head.head)
  const broken = top === null ? null : judgeHead(record.head, top.signed)
  if (broken !== null) findings.push(found('head', record.head.head, feed, broken.code))
}

/** Gives the entry that the next stretch hangs above. */
function verifyLinks(
  feed: FeedState,
  runFirst: number,
  lowest: SignedEntry | null,
  part: readonly SignedEntry[],
  { sha256 }: Pick<Crypto, 'sha256'>,
  findings: Finding[],
): SignedEntry | null {
  let below = lowest
  for (const signed of part) {
    const again = decodeEntry(signed.bytes, sha256)
    if (!again.ok || again.value.cid !== signed.cid) findings.push(found('entry', signed.cid, feed, 'hash'))
    // What lies below the oldest entry of a stretch that is held is not here to be compared with.
    const isLowest = signed.entry.length === runFirst && runFirst > 1
    const broken = isLowest
      ? null
      : judgeLink(feed.identity, below === null ? null : chainPoint(below), signed)
    if (broken !== null) findings.push(found('link', signed.cid, feed, broken.code))
    below = signed
  }
  return below
}

function found(kind: Finding['kind'], cid: Cid, { identity }: FeedState, code: string): Finding {
  return { kind, cid, identity, code }
}
