/**
 * A feed as a CAR archive, for carrying by hand (spec B11, B12).
 *
 *     root = head record ─▶ record, then entries with their texts (newest block first), then files
 *
 * @module
 */
import { type Cid, encodeHeadRecord, type Identity, parseRawCid, rawCid, type Sha256 } from '@effigy/core'
import { type Block, type Blocks, dagBlocks, type FeedState, type Store } from '@effigy/store'

export interface FeedExport {
  readonly roots: readonly Cid[]
  /** Lazy: a feed may be larger than memory. */
  readonly blocks: Iterable<Block>
  /** Filled while the blocks are taken. */
  readonly report: ExportReport
}

export interface ExportReport {
  entries: number
  /** Files that entries show and that are not wholly here. */
  missingFiles: number
}

export interface FeedExportOptions {
  readonly blobs: boolean
  readonly sha256: Sha256
  readonly onEntry: (entries: number) => void
}

/** Entries read in one go, oldest first inside; whoever imports can attach each stretch to the one before. */
const stretch = 1_024

/** Null when nothing of the feed is here. `feed`: as it was at some moment, when that is asked for. */
export function exportFeed(
  store: Store,
  identity: Identity,
  options: FeedExportOptions,
  feed: FeedState | null = store.feed(identity),
): FeedExport | null {
  if (feed === null || feed.record === null || feed.heldCount === 0) return null
  const held: FeedState = feed
  const record = encodeHeadRecord(feed.record)
  const root = rawCid(record, options.sha256)
  const report: ExportReport = { entries: 0, missingFiles: 0 }
  function* blocks(): Generator<Block> {
    yield { cid: root, bytes: record }
    const files = new Set<Cid>()
    yield* entryBlocks(store, held, files, options, report)
    if (options.blobs) yield* fileBlocks(store, files, report)
  }
  return { roots: [root], blocks: blocks(), report }
}

function* entryBlocks(
  store: Store,
  { identity, runs }: FeedState,
  files: Set<Cid>,
  { onEntry }: FeedExportOptions,
  report: ExportReport,
): Generator<Block> {
  for (const { first, last } of runs.toReversed()) {
    for (let top = last; top >= first; top -= stretch) {
      for (const { signed, body } of store.chain(identity, {
        first: Math.max(first, top - stretch + 1),
        last: top,
      })) {
        yield { cid: signed.cid, bytes: signed.bytes }
        const content = parseRawCid(signed.entry.payload)
        if (content !== null && body !== null) yield { cid: content, bytes: body }
        for (const [cid] of signed.entry.links) if (cid !== (content as Cid | null)) files.add(cid)
        report.entries++
        onEntry(report.entries)
      }
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
