/**
 * Takes heads that bring their entries along (spec G4).
 *
 *     `news` ─▶ head ‖ batch ─rebuild▶ chain up to the head ─verify▶ head, entries ─▶ store ─▶ told on at once
 *                    └ here already ─▶ the other side is told not to      └ does not fit ─▶ as a head alone
 *
 * Whatever is odd about the entries is no reason to believe or to blame: the head counts as if it had come alone,
 * and the feed is asked for.
 *
 * @module
 */
import {
  createByteReader,
  entryCheck,
  type HeadRecord,
  headCheck,
  type Identity,
  type RawCid,
  readCompactHead,
  type Sha256,
  type SignedEntry,
  shortName,
} from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Log } from '../log.ts'
import type { News } from '../messages.ts'
import type { Effects } from '../replication/effects.ts'
import { type RebuiltBatch, rebuildBatch } from '../replication/rebuild.ts'
import { type CarrierSession, type Carriers, carryPatienceMs } from './carriers.ts'

export interface NewsClientPorts {
  readonly store: Pick<
    Store,
    'feed' | 'entry' | 'need' | 'acceptHead' | 'appendRuns' | 'settleEntries' | 'headRecords'
  >
  readonly sha256: Sha256
  readonly effects: Pick<Effects, 'verify' | 'after' | 'end'>
  readonly log: Log
  readonly carriers: Carriers
  /** Heads whose entries some session is checking now; shared by all. */
  readonly arriving: Set<RawCid>
  readonly self: CarrierSession
  /** Whether the other side was asked about that feed (T18). */
  readonly isAsked: (identity: Identity) => boolean
  /** The other side has this head, whatever becomes of it here. */
  readonly note: (record: HeadRecord) => void
  /** As if the head had come alone. */
  readonly headAlone: (record: HeadRecord) => void
  /** Something may be left to fetch. */
  readonly onHead: (identity: Identity) => void
  /** Bytes of entries that were new. */
  readonly onTaken: (bytes: number) => void
}

export interface NewsClient extends Disposable {
  take(message: News, bytes: Uint8Array): void
  /** News whose signatures are being checked. */
  busy(): number
}

/** Rebuilt bytes: more than a source may carry, so that nobody is blamed for a limit of his own. */
const maxRebuiltBytes: number = 64 * 1024
const maxEntries = 64

export function createNewsClient(ports: NewsClientPorts): NewsClient {
  const { store, sha256, effects, log, carriers, arriving, self } = ports
  /** Those of this session. */
  const mine = new Set<RawCid>()

  function take({ first, count }: News, bytes: Uint8Array): void {
    const reader = createByteReader(bytes)
    const record = readCompactHead(reader)
    if (record === null || record.head.length !== first + count - 1) {
      effects.end('bad-message')
      return
    }
    const { identity, head } = record.head
    if (!ports.isAsked(identity)) return
    ports.note(record)
    if (arriving.has(head) || store.entry(head) !== null) {
      log.info('news.repeated', { feed: shortName(identity) })
      carriers.repeated(identity, self)
      // The head may be one of another epoch over the same entry.
      if (!isKnown(record)) ports.headAlone(record)
      // The session that checks it may end before it is stored, and what is here may be no part of the chain.
      else if (arriving.has(head)) effects.after(carryPatienceMs, () => ports.onHead(identity))
      else ports.onHead(identity)
      return
    }
    const batch = rebuild(record, first, count, bytes.subarray(bytes.length - reader.left))
    if (batch === null) ports.headAlone(record)
    else check(record, batch)
  }

  const isKnown = ({ head }: HeadRecord): boolean =>
    store
      .headRecords([head.identity])
      .some((ours) => ours.head.head === head.head && ours.head.epoch === head.epoch)

  function rebuild(
    { head: { identity, head } }: HeadRecord,
    first: number,
    count: number,
    bytes: Uint8Array,
  ): RebuiltBatch | null {
    const limits = { maxEntries, maxBytes: maxRebuiltBytes }
    const rebuilt = rebuildBatch(bytes, { identity, first, count, top: head, sha256, limits })
    if (rebuilt.ok) return rebuilt.value
    log.info('news.refused', { feed: shortName(identity), code: rebuilt.error.code })
    return null
  }

  function check(record: HeadRecord, batch: RebuiltBatch): void {
    const { identity, head } = record.head
    const { entries } = batch
    arriving.add(head)
    mine.add(head)
    effects.verify([headCheck(record), ...entries.map(entryCheck)], ([isSigned, ...verdicts]) => {
      arriving.delete(head)
      mine.delete(head)
      if (isSigned !== true) {
        // H2: held against nobody but its sender.
        log.warn('head.forged', { feed: shortName(identity) })
        effects.end('bad-head')
        return
      }
      // What is stale may prove a fork: that is judged where heads are.
      const outcome = store.acceptHead(record)
      if (outcome === 'new' || outcome === 'known') keep(record, batch, verdicts)
      else ports.headAlone(record)
      ports.onHead(identity)
    })
  }

  /** Only what the feed's policy asks for now, and not while it is disputed, broken or rewritten. */
  function keep(
    record: HeadRecord,
    { entries, bodies, rebuiltBytes }: RebuiltBatch,
    verdicts: readonly boolean[],
  ): void {
    const { identity, head } = record.head
    const need = store.need(identity)
    if (need === null) self.carry(identity, false)
    if (need === null || need.from !== head) return
    if (need.rewinds && (store.feed(identity)?.heldCount ?? 0) > 0) return
    const isWanted = ({ entry }: SignedEntry, index: number): boolean =>
      (need.limit === null || entries.length - index <= need.limit) &&
      (need.since === null || entry.comparable >= need.since)
    const wanted = entries.filter(isWanted)
    if (wanted.length === 0) return
    const [outcome] = store.appendRuns([{ identity, entries: wanted, bodies }])
    if (outcome?.type !== 'appended') return
    store.settleEntries(entries.map(({ cid }, index) => ({ cid, valid: verdicts[index] === true })))
    carriers.brought(identity, head, self)
    ports.onTaken(rebuiltBytes)
  }

  return {
    take,
    busy: () => mine.size,
    [Symbol.dispose]() {
      for (const head of mine) arriving.delete(head)
    },
  }
}
