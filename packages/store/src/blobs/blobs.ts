/**
 * Blobs over the two files: what is held, wanted, complete, refused, and how much room it takes (spec S).
 *
 *     feeds ─show, hide, drop (in their transaction)▶ links ─▶ wantedBlobs ─▶ sync ─putBlocks▶ completeBlob
 *                                                 │                                        │
 *                                              settle ─▶ pinned blocks           complete | refused, deleted
 *
 * The main file says what is held and what became of each root; the block file has bytes and counts.
 *
 * @module
 */
import {
  type Cid,
  cidDigest,
  EffigyError,
  equalBytes,
  type Identity,
  identityKey,
  isRawCid,
  type RawCid,
  type Sha256,
} from '@effigy/core'
import type { Changes } from '../changes.ts'
import { type Blocks, isBlockLength } from '../files/blocks.ts'
import type { ProjectedEntry, Projector } from '../projector.ts'
import { sortOf } from '../sort.ts'
import type { Sqlite } from '../sqlite.ts'
import type { BlobStore, BlobUsage, BlobWant, Copying, Damage, TakeDowns } from '../store.ts'
import { createBlockTable, type UnheldLimits } from './block-table.ts'
import type { Block, BlockWriter } from './block-writer.ts'
import { bodyOwners, checkBytes } from './check.ts'
import { createCompletion, type MissingLists } from './completion.ts'
import { giveBack } from './give-back.ts'
import { createHolds } from './holds.ts'
import { judgeRawImage } from './image-gate.ts'
import type { createRoom } from './room.ts'
import { createRootTable } from './root-table.ts'
import { readTakenDown, takenDownCode } from './taken-down.ts'
import { filesByFeed, linkedBytes } from './usage.ts'
import type { BlobPolicy } from './want-order.ts'

export interface BlobDeps {
  /** Feeds, entries, links: the first file. */
  readonly main: Sqlite
  /** Of the first file. */
  readonly changes: Changes
  /** Opened with `blockMigrations`. */
  readonly blocks: Sqlite
  readonly sha256: Sha256
  /** Ms. */
  readonly now: () => number
  /** Detached payload texts in the main file's `bodies`; null when it is not there. */
  readonly bodyOf: (content: RawCid) => Uint8Array | null
  /** Whose shown entries have such a text beside them; nobody's when omitted. */
  readonly bodyHolders?: (content: RawCid) => readonly Identity[]
  /** By `feeds.id`; null when the feed is not watched. */
  readonly policyOf: (feed: number) => BlobPolicy | null
  /** A root became complete; called inside the transaction of the main file that says so. */
  readonly onComplete?: (root: Cid) => void
  /** A text was taken down: what is beside its entries goes too. Called inside a transaction of the main file. */
  readonly onTakenDown?: (content: RawCid) => void
  /** Writes blocks beside everything else. They are written at once when omitted. */
  readonly writer?: BlockWriter | null
  /** Who is to have a bounded room; when omitted it is whatever fits as a whole. */
  readonly createRoom?: typeof createRoom | undefined
  /** Lets others run, between two slices of a check; a timer of no time when omitted. */
  readonly pause?: () => Promise<void>
}

/**
 * `show`, `hide`, `drop` and `policyChanged` are called inside the transaction of the main file that changes the entries.
 * Everything else commits to both files in an order of its own, so call it outside any transaction.
 */
export interface Blobs extends BlobStore, Projector {
  readonly takeDowns: TakeDowns
  /** A hidden entry's bytes are dropped: it holds nothing any more. */
  drop(entryId: number): void
  /** The feed is now watched, not watched any more, or with another policy. */
  policyChanged(feed: number): void
  /** Links of an entry that state a false size; what they name is neither fetched nor kept for it. */
  brokenLinks(entryId: number): readonly Cid[]
  /** As `hold`, until a time in ms. */
  holdUntil(root: Cid, reason: string, until: number): void
  /** Carries changed holds over to the block file: what nothing holds any more is deleted. Gives whether that is all. */
  settleHolds(): boolean
  /**
   * Ends holds whose time is over, deletes unheld blocks that were not used for a day, and gives freed room back to
   * the disk: a part of it a call. Call it now and then, and again soon when it gives true.
   */
  sweepBlobs(): boolean
  /** Everything put so far is on the medium when it returns. */
  syncBlocks(): void
  /** Protects what is put from now on, held or not, until disposed. */
  protectNewBlocks(): Disposable
  /**
   * Takes damaged blocks and bodies away, so that they are wanted again. Entries cannot be: they are given
   * back, to be fetched by name.
   */
  repair(damage: readonly Damage[]): readonly Damage[]
  /** The same blocks for `files/**`. */
  readonly asBlocks: Blocks
  readonly copying: Copying
}

/** Blocks above one that are looked at: a piece of many files is asked for as part of any of them. A few ms. */
const maxAbove = 1000

/** Unheld blocks deleted in one sweep: some 50 ms. */
const blocksPerSweep = 4096

/** How long an unheld block stays unused before it goes by itself, ms. */
const unheldMs = 24 * 60 * 60 * 1000

/**
 * The blobs in both files, whose tables are migrated already and which stay their owner's. Methods throw `EffigyError` as `Store`
 * says; call `sweepBlobs` now and then.
 */
export function createBlobs(deps: BlobDeps): Blobs {
  const { main, changes, now, bodyOf, sha256, writer = null } = deps
  const bounded = deps.createRoom?.({ db: deps.blocks, table: () => table, now, turn: () => roots.turn() })
  const table = createBlockTable({ db: deps.blocks, sha256, now, begun: bounded?.begun ?? null })
  let listed: { readonly stamp: string; readonly wants: readonly BlobWant[] } | null = null
  const roots = createRootTable(main, deps.policyOf, now)
  changes.onRollBack(() => {
    roots.forget()
    listed = null
  })
  const missing: MissingLists = new Map()
  const holds = createHolds({ table, roots, changes, onRemoved: () => missing.clear() })
  const takenDown = readTakenDown(main)
  const protections = new Set<{ readonly at: number }>()
  let quota: number | null = null
  /** Under way in the writer. */
  let writingBytes = 0

  const bodyBytes = (cid: Cid): Uint8Array | null => (isRawCid(cid) ? bodyOf(cid) : null)
  const block = (cid: Cid): Uint8Array | null => table.read(cid) ?? bodyBytes(cid)
  const blockSize = (cid: Cid): number | null => table.size(cid) ?? bodyBytes(cid)?.length ?? null
  const hasBlock = (cid: Cid): boolean => blockSize(cid) !== null
  const putBlock = (cid: Cid, bytes: Uint8Array): void => putBlocks([[cid, bytes]])
  const asBlocks: Blocks = { get: block, put: putBlock, has: hasBlock }
  const completion = createCompletion({
    table,
    roots,
    holds,
    changes,
    blocks: { get: block, size: blockSize },
    missing,
    onComplete: deps.onComplete ?? (() => undefined),
  })

  // Coming in ----------------------------------------------------------------

  function putBlocks(incoming: Iterable<readonly [Cid, Uint8Array]>): void {
    holds.settle()
    const kept = new Map<Cid, Uint8Array>()
    let bytes = 0
    for (const [cid, block] of incoming) {
      if (!isBlockLength(cid, block.length)) throw new RangeError('longer than a block may be')
      if (table.size(cid) !== null) table.touch(cid)
      else if (!kept.has(cid) && mayComeIn(cid, block)) {
        kept.set(cid, block)
        bytes += block.length
      }
    }
    if (kept.size === 0) return
    makeRoom(bytes)
    table.write(() => {
      for (const [cid, block] of kept) table.put(cid, block)
    })
    completeRaw(kept.keys())
  }

  function completeRaw(cids: Iterable<Cid>): void {
    const complete = [...cids].filter((cid) => isRawCid(cid) && roots.isKnown(cid))
    if (complete.length === 0) return
    changes.commit(() => {
      for (const root of complete) completion.complete(root)
    })
    holds.settle()
  }

  /** The block file is not looked into here, because the writer would have to finish first: it skips what is there. */
  async function writeBlocks(writer: BlockWriter, incoming: readonly Block[]): Promise<void> {
    holds.settle()
    const kept: Block[] = []
    let bytes = 0
    for (const [cid, block] of incoming) {
      if (!isBlockLength(cid, block.length)) throw new RangeError('longer than a block may be')
      if (!mayComeIn(cid, block)) continue
      kept.push([cid, block])
      bytes += block.length
    }
    if (kept.length === 0) return
    makeRoom(bytes)
    const counted = table.othersWrite(kept)
    writingBytes += bytes
    const outcome = await writer.write(kept, now()).finally(() => {
      writingBytes -= bytes
    })
    if (outcome.type === 'failed') throw outcome.error
    counted(outcome.counts)
    completeRaw(kept.map(([cid]) => cid))
  }

  /** A refused root stays out, and a picture that would be refused does not get as far as the disk. */
  function mayComeIn(cid: Cid, bytes: Uint8Array): boolean {
    const isRefused = roots.state(cid)?.type === 'refused'
    const refusal = isRawCid(cid) ? judgeRawImage(bytes) : null
    // The first block of a larger picture looks damaged when it is judged alone.
    if (!isRefused && (refusal === null || !roots.isKnown(cid))) return true
    if (table.isPart(cid)) return true
    if (refusal !== null && !isRefused) completion.refuse(cid, refusal, bytes.length)
    return false
  }

  function makeRoom(bytes: number): void {
    if (quota === null) return
    const over = table.usage().bytes + writingBytes + bytes - quota
    if (over <= 0 || evict(over) >= over) return
    throw new EffigyError(
      'storage-full',
      `The ${quota} bytes for pictures and files are used up, and all that is there is kept for someone. ` +
        'Allow more room, unpin something, or follow with fewer files.',
    )
  }

  // Wants and holds --------------------------------------------------------------

  /** Each session asks, and all of them get one list until something is written that may change it (T16). */
  function wantedBlobs(limit: number): readonly BlobWant[] {
    holds.settle()
    const room = quota === null ? Number.POSITIVE_INFINITY : quota - table.usage().heldBytes
    const written = main.first<{ n: number }>('select total_changes() as n')?.n
    const stamp = `${limit} ${room} ${written} ${roots.turn()}`
    if (listed?.stamp !== stamp) listed = { stamp, wants: readWants(limit, room) }
    return listed.wants
  }

  function readWants(limit: number, room: number): readonly BlobWant[] {
    const wants = new Map<Cid, BlobWant>()
    const listed = roots.wants(limit, limit + 64)
    const fits = bounded?.fitting(listed, room) ?? (({ size }: BlobWant) => size <= room)
    for (const want of listed) {
      if (wants.size >= limit) break
      const { root } = want
      if (wants.has(root)) continue
      if (isRawCid(root) && bodyOf(root) !== null) noteHere(() => changes.commit(() => roots.unwant(root)))
      else if (isRawCid(root) && table.size(root) !== null) noteHere(() => completion.complete(root))
      else if (fits(want)) wants.set(root, want)
    }
    return [...wants.values()]
  }

  /** Every session begins with this question: where there is no room to write the answer down, it is written another time. */
  function noteHere(write: () => unknown): void {
    try {
      write()
    } catch (error) {
      if (!(error instanceof EffigyError && error.code === 'storage-full')) throw error
    }
  }

  /** Nearly all entries end before the loop: most have no link, or one to a text that came along. */
  function show(entry: ProjectedEntry): void {
    const { links, id, feed } = entry
    if (links.length === 0) return
    const [first] = links
    const isFirstText = first !== undefined && isTextOf(entry, first[0])
    if (isFirstText && links.length === 1 && isBodyHere(entry)) return
    const sort = sortOf(entry, null, null)
    for (const [index, link] of links.entries()) {
      const isText = index === 0 && isFirstText
      if (isText && isBodyHere(entry)) continue
      roots.addLink({ entry: id, feed, link, sort, isText })
      holds.note()
    }
  }

  const isTextOf = ({ contentDigest }: ProjectedEntry, root: Cid): boolean =>
    isRawCid(root) && equalBytes(cidDigest(root), contentDigest)

  /** A payload that could be read was in `bodies`; for one that could not, `bodies` is asked. */
  function isBodyHere(entry: ProjectedEntry): boolean {
    return (
      entry.payload !== null || main.first('select 1 as one from bodies where entry = ?', entry.id) !== null
    )
  }

  // Room -----------------------------------------------------------------------

  function evict(bytes: number): number {
    holds.settleAll()
    const before = table.usage().bytes
    if (before > table.usage().heldBytes) deleteUnheld({ bytes, usedBefore: now() + 1 })
    return before - table.usage().bytes
  }

  function letGo(named: Iterable<Cid>): void {
    holds.settleAll()
    // What is a part of something else that is held stays with that.
    const mayGo = (root: Cid): boolean => !roots.isKept(root) && !table.isPart(root)
    const gone = [...named].filter((root) => roots.state(root)?.type === 'complete' && mayGo(root))
    if (gone.length === 0) return
    holds.forget([])
    changes.commitDurably(() => {
      for (const root of gone) roots.setState(root, { type: 'evicted' })
    })
    table.write(() => {
      for (const root of gone) table.remove(root, 'delete')
    })
    missing.clear()
  }

  function wantBack(named: Iterable<Cid>): void {
    changes.commit(() => {
      for (const root of named) if (roots.state(root)?.type === 'evicted') roots.clearState(root)
    })
  }

  function sweepBlobs(): boolean {
    holds.change(() => {
      for (const { root, reason } of roots.pinsUntil(now())) roots.removePin(root, reason)
    })
    holds.settleAll()
    const before = table.usage().blocks
    deleteUnheld({ blocks: blocksPerSweep, usedBefore: now() - unheldMs })
    const hasMore = before - table.usage().blocks >= blocksPerSweep
    return giveBack(deps.blocks) || hasMore
  }

  function deleteUnheld({ usedBefore, ...limits }: UnheldLimits): void {
    const before = Math.min(usedBefore, ...Array.from(protections, ({ at }) => at))
    holds.forget([])
    table.write(() => void table.deleteUnheld({ ...limits, usedBefore: before }))
    missing.clear()
  }

  const takeDowns: TakeDowns = {
    add(content) {
      holds.settle()
      completion.refuse(content, takenDownCode, null)
      takenDown.add(content)
      if (isRawCid(content)) holds.change(() => deps.onTakenDown?.(content))
    },
    remove(content) {
      if (!takenDown.has(content)) return false
      takenDown.delete(content)
      holds.change(() => roots.clearState(content))
      return true
    },
    has: (content) => takenDown.has(content),
  }

  // Damage ---------------------------------------------------------------------

  function repair(damage: readonly Damage[]): readonly Damage[] {
    const blocks = damage.filter(({ kind }) => kind === 'block')
    if (blocks.length > 0) holds.rebuild(blocks.map(({ cid }) => cid))
    for (const { kind, cid } of damage) if (kind === 'body') discardBody(cid)
    return damage.filter(({ kind }) => kind === 'entry')
  }

  /** Without its body the entry needs the block, as if it had come alone. */
  function discardBody(content: Cid): void {
    holds.change(() => {
      for (const { entry, feed, sort, link } of bodyOwners({ main, sha256 }, content)) {
        main.run('delete from bodies where entry = ?', entry)
        if (link !== null) roots.addLink({ entry, feed, link, sort, isText: true })
      }
    })
  }

  return {
    // A root that needs such a block keeps it: what is given out is decided here.
    block: (cid) => (takenDown.has(cid) ? null : block(cid)),
    hasBlock: (cid) => !takenDown.has(cid) && hasBlock(cid),
    blockSize: (cid) => (takenDown.has(cid) ? null : blockSize(cid)),
    putBlock,
    putBlocks,
    writeBlocks: writer === null ? null : (incoming) => writeBlocks(writer, incoming),
    blobState: completion.state,
    completeBlob: completion.complete,
    missingBlocks: completion.missing,
    wantedBlobs,
    hold: (root, reason) => holds.change(() => roots.addPin(root, reason, null)),
    holdUntil: (root, reason, until) => holds.change(() => roots.addPin(root, reason, until)),
    release: (root, reason) => holds.change(() => roots.removePin(root, reason)),
    holders(root) {
      const beside = isRawCid(root) ? (deps.bodyHolders?.(root) ?? []) : []
      return [...new Set([...roots.holders(root), ...beside.map((identity) => `feed:${identity}`)])]
    },
    fileBytes(identity) {
      const row = main.first<{ id: number }>('select id from feeds where identity = ?', identityKey(identity))
      return row === null ? 0 : roots.heldBytes(row.id)
    },
    filesByFeed: () => filesByFeed(main),
    linkedBytes: (identity) => linkedBytes(main, identity),
    heldAs: roots.pinnedAs,
    heldRoots: roots.held,
    rootsAbove: (cid) => table.rootsOf(cid, maxAbove),
    settleHolds: holds.settle,
    setQuota(bytes) {
      quota = bytes
    },
    blobUsage(): BlobUsage {
      holds.settleAll()
      return { ...table.usage(), quotaBytes: quota }
    },
    evict,
    letGo,
    wantBack,
    takeDowns,
    sweepBlobs,
    show,
    hide: roots.hideLinks,
    drop(entryId) {
      if (roots.removeLinks(entryId)) holds.note()
    },
    policyChanged(feed) {
      roots.updateFeed(feed)
      holds.note()
    },
    brokenLinks: roots.brokenLinks,
    syncBlocks() {
      table.write(() => undefined, { durable: true })
    },
    copying: {
      keepBlocks() {
        const protection = { at: now() }
        protections.add(protection)
        const kept = table.keep()
        return {
          [Symbol.dispose]() {
            kept[Symbol.dispose]()
            protections.delete(protection)
          },
        }
      },
      blocksAfter: table.after,
      lastRow: table.lastRow,
      holdAnew: () => holds.rebuild([]),
    },
    protectNewBlocks() {
      const protection = { at: now() }
      protections.add(protection)
      return { [Symbol.dispose]: () => void protections.delete(protection) }
    },
    check: (options) =>
      checkBytes(
        { main, blocks: deps.blocks, sha256, missingOf: completion.lacking, pause: deps.pause ?? shortPause },
        options,
      ),
    repair,
    asBlocks,
  }
}

const shortPause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))
