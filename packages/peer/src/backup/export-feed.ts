/**
 * A feed as a CAR archive, for carrying by hand (spec B11, B12, Z7).
 *
 *     roots = head records over what is here ─▶ records, then entries with their texts (newest block first), then files
 *
 * @module
 */
import {
  type Cid,
  encodeHeadRecord,
  type HeadRecord,
  type Identity,
  parseRawCid,
  type RawCid,
  rawCid,
  type Sha256,
} from '@effigy/core'
import {
  type Block,
  type Blocks,
  dagBlocks,
  type FeedState,
  type Store,
  type StoredEntry,
} from '@effigy/store'
import { branchHeads, branchOf } from './branch.ts'
import { missingEntries } from './missing-entries.ts'

export interface FeedExport {
  readonly roots: readonly Cid[]
  /** Lazy: a feed may be larger than memory. */
  readonly blocks: Iterable<Block>
  /** Filled while the blocks are taken. */
  readonly report: ExportReport
}

export interface ExportReport {
  entries: number
  /** Entries that are known to be in the feed, and not here. */
  readonly missingEntries: number
  /** Files that entries show and that are not wholly here. */
  missingFiles: number
}

export interface FeedExportOptions {
  readonly blobs: boolean
  readonly sha256: Sha256
  readonly onEntry: (entries: number) => void
}

/** What of a feed goes into an archive: as it was at some moment. */
export interface ArchivedFeed {
  readonly state: FeedState
  /** Their entries are in it, lowest first: so each finds what the ones before it brought. */
  readonly tops: readonly HeadRecord[]
  /** Others that are known, the highest above all: no root, since their entries are not in it. */
  readonly beside: readonly HeadRecord[]
  readonly missingEntries: number
}

/** Entries read in one go, oldest first inside; whoever imports can attach each stretch to the one before. */
const stretch = 1_024

/** As it is now; null when nothing of the feed is here. */
export function archivedFeed(store: Store, identity: Identity): ArchivedFeed | null {
  const state = store.feed(identity)
  if (state === null) return null
  const { tops, beside } = store.archiveHeads?.(identity) ?? highestAlone(store, state)
  const branches = branchHeads(state, tops)
  if (state.heldCount === 0 && branches.length === 0) return null
  // One in the middle of a stretch ties nothing that the one at its top does not.
  const ends = new Set(state.runs.map(({ last }) => last))
  const needed = tops.filter((record) => branches.includes(record) || ends.has(record.head.length))
  return { state, tops: needed, beside, missingEntries: missingEntries(store, identity) }
}

function highestAlone(store: Store, { identity, record }: FeedState): Pick<ArchivedFeed, 'tops' | 'beside'> {
  if (record === null) return { tops: [], beside: [] }
  const isHere = store.entryAt(identity, record.head.length)?.signed.cid === record.head.head
  return isHere ? { tops: [record], beside: [] } : { tops: [], beside: [record] }
}

/** Null when nothing of the feed is here. */
export function exportFeed(
  store: Store,
  identity: Identity,
  options: FeedExportOptions,
  archived: ArchivedFeed | null = archivedFeed(store, identity),
): FeedExport | null {
  if (archived === null) return null
  const { state, tops, beside, missingEntries: missing } = archived
  const blockOf = (record: HeadRecord): Block => {
    const bytes = encodeHeadRecord(record)
    return { cid: rawCid(bytes, options.sha256), bytes }
  }
  const records = tops.map(blockOf)
  const report: ExportReport = { entries: 0, missingEntries: missing, missingFiles: 0 }
  function* blocks(): Generator<Block> {
    yield* records
    for (const record of beside) yield blockOf(record)
    const files = new Set<Cid>()
    for (const { signed, body } of entriesOf(store, archived as ArchivedFeed)) {
      yield { cid: signed.cid, bytes: signed.bytes }
      const content = parseRawCid(signed.entry.payload)
      if (content !== null && body !== null) yield { cid: content, bytes: body }
      for (const [cid] of signed.entry.links) if (cid !== (content as Cid | null)) files.add(cid)
      report.entries++
      options.onEntry(report.entries)
    }
    if (options.blobs) yield* fileBlocks(store, files, report)
  }
  const roots = records.length > 0 ? records.map(({ cid }) => cid) : topEntry(store, state)
  return { roots, blocks: blocks(), report }
}

/** What no signed record is known over hangs from its own highest entry. */
function topEntry(store: Store, { identity, runs }: FeedState): readonly RawCid[] {
  const top = runs.at(-1)
  const entry = top === undefined ? null : store.entryAt(identity, top.last)
  return entry === null ? [] : [entry.signed.cid]
}

/** The shown chain, newest stretch first, then what branches of a dispute have beside it. */
function* entriesOf(store: Store, { state, tops }: ArchivedFeed): Generator<StoredEntry> {
  const { identity, runs } = state
  for (const { first, last } of runs.toReversed()) {
    for (let top = last; top >= first; top -= stretch)
      yield* store.chain(identity, { first: Math.max(first, top - stretch + 1), last: top })
  }
  const given = new Set<RawCid>()
  for (const record of branchHeads(state, tops)) {
    for (const entry of branchOf(store, record)) {
      if (given.has(entry.signed.cid)) break
      given.add(entry.signed.cid)
      yield entry
    }
  }
}

function* fileBlocks(store: Store, files: ReadonlySet<Cid>, report: ExportReport): Generator<Block> {
  const blocks: Blocks = {
    get: (cid) => store.block(cid),
    has: (cid) => store.hasBlock(cid),
    put: (cid, bytes) => store.putBlock(cid, bytes),
  }
  for (const root of files) {
    if (store.blobState(root).type !== 'complete') {
      report.missingFiles++
      continue
    }
    for (const block of dagBlocks(root, blocks)) if (block.ok) yield block.value
  }
}
