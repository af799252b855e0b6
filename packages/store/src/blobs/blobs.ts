/**
 * Blobs over the two files: what is held, wanted, complete, refused, and how much room it takes (DESIGN 2.8, spec S).
 *
 *     feeds ─show, hide (in their transaction)▶ links ─▶ wantedBlobs ─▶ sync ─putBlocks▶ completeBlob
 *                                                 │                                        │
 *                                              settle ─▶ pinned blocks           complete | refused, deleted
 *
 * The main file says what is held and what became of each root; the block file has bytes and counts. A
 * power cut may lose writes of one and not of the other, so every write to the block file counts up a
 * number, the main file remembers how far it relied on it, and where the block file is behind, nothing is taken
 * to be complete any more (`forgetBlocks`).
 *
 * @module
 */
import {
  type Cid,
  cidDigest,
  EffigyError,
  equalBytes,
  isRawCid,
  type RawCid,
  type Sha256,
} from '@effigy/core'
import type { Changes } from '../changes.ts'
import { type Blocks, isBlockLength } from '../files/blocks.ts'
import { missingBlocks as findMissing } from '../files/walk.ts'
import type { ProjectedEntry, Projector } from '../projector.ts'
import type { Sqlite } from '../sqlite.ts'
import type { BlobState, BlobStore, BlobUsage, BlobWant } from '../store.ts'
import { type BlockTable, createBlockTable } from './block-table.ts'
import { judgeImages, judgeRawImage } from './image-gate.ts'
import { type BlobPolicy, createRootTable, type RootTable } from './root-table.ts'

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
  /** By `feeds.id`; null when the feed is not watched. */
  readonly policyOf: (feed: number) => BlobPolicy | null
  /** Whether others are known to hold a root, so that it may be evicted; nothing is when omitted. */
  readonly heldElsewhere?: (root: Cid) => boolean
  /** A root became complete; called inside the transaction of the main file that says so. */
  readonly onComplete?: (root: Cid) => void
}

/**
 * `show`, `hide` and `policyChanged` are called inside the transaction of the main file that changes the entries.
 * Everything else commits to both files in an order of its own, so call it outside any transaction.
 */
export interface Blobs extends Omit<BlobStore, 'check'>, Projector {
  /** The feed is now watched, not watched any more, or with another policy. */
  policyChanged(feed: number): void
  /** Links of an entry that state a false size; what they name is neither fetched nor kept for it. */
  brokenLinks(entryId: number): readonly Cid[]
  /** As `hold`, until a time in ms. */
  holdUntil(root: Cid, reason: string, until: number): void
  /** Carries changed holds over to the block file: what nothing holds any more is deleted. Gives whether that is all. */
  settleHolds(): boolean
  /** Ends holds whose time is over and deletes unheld blocks that were not used for a day. Call it now and then. */
  sweepBlobs(): void
  /** Everything put so far is on the medium when it returns. */
  syncBlocks(): void
  /** Protects what is put from now on, held or not, until disposed. */
  protectNewBlocks(): Disposable
  /** Takes a damaged block away, so that it is wanted again. */
  discardBlock(cid: Cid): void
  /** The same blocks for `files/**`. */
  readonly asBlocks: Blocks
}

/** Changes carried over at once. */
const changesPerSettle = 1000

/** Of a walk, so that not every call walks again. */
const missingAhead = 4096
const missingListsKept = 8

/** Held roots that are looked at for eviction at once. */
const evictionCandidates = 1000

const dayMs = 24 * 60 * 60 * 1000

export function createBlobs(deps: BlobDeps): Blobs {
  const { main, changes, now, bodyOf } = deps
  const table: BlockTable = createBlockTable({ db: deps.blocks, sha256: deps.sha256, now })
  const roots: RootTable = createRootTable(main, deps.policyOf)
  const missingLists = new Map<Cid, readonly Cid[]>()
  const protectedSince = new Set<{ readonly at: number }>()
  let quota: number | null = null
  let isChecked = false
  let hasChanges = true

  // Reading ------------------------------------------------------------------

  const bodyBytes = (cid: Cid): Uint8Array | null => (isRawCid(cid) ? bodyOf(cid) : null)
  const block = (cid: Cid): Uint8Array | null => table.read(cid) ?? bodyBytes(cid)
  const blockSize = (cid: Cid): number | null => table.size(cid) ?? bodyBytes(cid)?.length ?? null
  const hasBlock = (cid: Cid): boolean => blockSize(cid) !== null

  // Carrying holds over --------------------------------------------------------

  function checkWrites(): void {
    if (isChecked) return
    if (table.writes() < roots.writesSeen()) {
      changes.commit(() => {
        roots.forgetBlocks()
        roots.setWritesSeen(table.writes())
      })
      hasChanges = true
    }
    isChecked = true
  }

  function settleHolds(): boolean {
    checkWrites()
    for (const cid of [...table.damaged]) discardBlock(cid)
    if (!hasChanges) return true
    const due = roots.changes(changesPerSettle).map((root) => ({ root, isHeld: roots.isHeld(root) }))
    if (due.length > 0) {
      const writes = table.write(() => {
        for (const { root, isHeld } of due) table.setPinned(root, isHeld)
      })
      changes.commit(() => {
        for (const { root, isHeld } of due) {
          roots.removeChange(root)
          if (isHeld) roots.fasten(root)
          else if (roots.state(root)?.type !== 'refused') roots.clearState(root)
        }
        roots.setWritesSeen(writes)
      })
      if (due.some(({ isHeld }) => !isHeld)) missingLists.clear()
    }
    hasChanges = due.length === changesPerSettle
    return !hasChanges
  }

  function settleAll(): void {
    while (!settleHolds());
  }

  function changeMain(work: () => void): void {
    changes.commit(work)
    hasChanges = true
    settleHolds()
  }

  function discardBlock(cid: Cid): void {
    const affected = new Set([cid, ...table.rootsOf(cid)])
    // First the main file: it may think less to be here than there is, never more.
    changes.commit(() => {
      for (const root of affected) if (roots.state(root)?.type === 'complete') roots.clearState(root)
    })
    table.write(() => table.remove(cid, 'keep'))
    missingLists.clear()
  }

  // Coming in ----------------------------------------------------------------

  function putBlocks(incoming: Iterable<readonly [Cid, Uint8Array]>): void {
    settleHolds()
    const kept: (readonly [Cid, Uint8Array])[] = []
    const complete: Cid[] = []
    let bytes = 0
    for (const [cid, block] of incoming) {
      if (!isBlockLength(cid, block.length)) throw new RangeError('longer than a block may be')
      if (table.size(cid) !== null || !mayComeIn(cid, block)) continue
      kept.push([cid, block])
      bytes += block.length
      if (isRawCid(cid) && roots.isKnown(cid)) complete.push(cid)
    }
    if (kept.length === 0) return
    makeRoom(bytes)
    table.write(() => {
      for (const [cid, block] of kept) table.put(cid, block)
    })
    for (const root of complete) completeBlob(root)
  }

  /** A refused root stays out, and a picture that would be refused does not get as far as the disk. */
  function mayComeIn(cid: Cid, bytes: Uint8Array): boolean {
    if (table.isPart(cid)) return true
    if (roots.state(cid)?.type === 'refused') return false
    const refusal = isRawCid(cid) ? judgeRawImage(bytes) : null
    // The first block of a larger picture looks damaged when it is judged alone.
    if (refusal === null || !roots.isKnown(cid)) return true
    refuse(cid, refusal, bytes.length)
    return false
  }

  function makeRoom(bytes: number): void {
    if (quota === null) return
    const over = table.usage().bytes + bytes - quota
    if (over <= 0 || evict(over) >= over) return
    throw new EffigyError(
      'storage-full',
      `The ${quota} bytes for pictures and files are used up, and all that is there is kept for someone. ` +
        'Allow more room, unpin something, or follow with fewer files.',
    )
  }

  // Complete or refused ---------------------------------------------------------

  function refuse(root: Cid, code: string, bytes: number | null): BlobState {
    changes.commit(() => roots.setState(root, { type: 'refused', code, bytes }))
    const writes = table.write(() => {
      // Held by nobody as a root: what is left are blocks that other roots need too.
      table.setPinned(root, true)
      table.setPinned(root, false)
    })
    missingLists.clear()
    changes.commit(() => {
      roots.setWritesSeen(writes)
      changes.touchBlob(root)
    })
    return { type: 'refused', code }
  }

  function completeBlob(root: Cid): BlobState {
    settleHolds()
    const known = blobState(root)
    if (known.type === 'refused' || known.type === 'absent') return known
    if (known.type === 'complete' && roots.state(root) !== null) return known
    const walked = walkHere(root, 1)
    if (walked.refusal !== null) return refuse(root, walked.refusal, null)
    if (walked.missing.length > 0) return { type: 'partial', missing: walked.missing.length }
    const { bytes } = walked
    const judged = judgeImages(root, asBlocks, bytes)
    if (!judged.ok) {
      // Damaged on our disk: `block` has noted it.
      if (judged.error.code === 'missing') return blobState(root)
      return refuse(root, judged.error.code, null)
    }
    if (judged.value !== null) return refuse(root, judged.value, bytes)
    let isHeld = roots.isHeld(root)
    changes.commit(() => {
      roots.breakLinks(root, bytes, { atLeast: false })
      const wasHeld = isHeld
      isHeld = roots.isHeld(root)
      if (wasHeld && !isHeld) roots.setState(root, { type: 'refused', code: 'size', bytes })
      else roots.setState(root, { type: 'complete', bytes }, { loose: !isHeld })
      roots.setWritesSeen(table.writes())
      missingLists.delete(root)
      hasChanges = true
      if (roots.state(root)?.type === 'complete') deps.onComplete?.(root)
      changes.touchBlob(root)
    })
    settleHolds()
    return blobState(root)
  }

  function blobState(root: Cid): BlobState {
    const known = roots.state(root)
    if (known?.type === 'refused') return { type: 'refused', code: known.code }
    if (known?.type === 'complete') return { type: 'complete', bytes: known.bytes }
    const size = blockSize(root)
    if (size === null) return { type: 'absent' }
    if (isRawCid(root)) return { type: 'complete', bytes: size }
    return { type: 'partial', missing: walkHere(root, Number.POSITIVE_INFINITY).missing.length }
  }

  /** What is missing, and the bytes of what is here as far as the walk came. Raw blocks are not read. */
  function walkHere(
    root: Cid,
    limit: number,
  ): { readonly missing: readonly Cid[]; readonly bytes: number; readonly refusal: string | null } {
    let bytes = 0
    const counting: Blocks = {
      get(cid) {
        const found = block(cid)
        bytes += found?.length ?? 0
        return found
      },
      has(cid) {
        const size = blockSize(cid)
        bytes += size ?? 0
        return size !== null
      },
      put: putBlock,
    }
    const found = findMissing(root, counting, { limit })
    if (!found.ok) return { missing: [], bytes, refusal: found.error.code }
    return { missing: found.value.missing, bytes, refusal: null }
  }

  function missingBlocks(root: Cid, limit: number): readonly Cid[] {
    const state = roots.state(root)
    if (state?.type === 'refused' || state?.type === 'complete') return []
    const left = (missingLists.get(root) ?? []).filter((cid) => !hasBlock(cid))
    if (left.length > 0) {
      remember(root, left)
      return left.slice(0, limit)
    }
    const walked = walkHere(root, Math.max(limit, missingAhead))
    if (walked.refusal !== null) {
      refuse(root, walked.refusal, null)
      return []
    }
    if (outgrows(root, walked.bytes)) return []
    remember(root, walked.missing)
    return walked.missing.slice(0, limit)
  }

  function remember(root: Cid, missing: readonly Cid[]): void {
    missingLists.delete(root)
    if (missing.length > 0) missingLists.set(root, missing)
    const [oldest] = missingLists.keys()
    if (missingLists.size > missingListsKept && oldest !== undefined) missingLists.delete(oldest)
  }

  /** More is here already than every entry said there would be: nobody goes on fetching it. */
  function outgrows(root: Cid, bytes: number): boolean {
    if (!roots.isHeld(root)) return false
    changes.commit(() => roots.breakLinks(root, bytes, { atLeast: true }))
    if (roots.isHeld(root)) return false
    refuse(root, 'size', bytes)
    return true
  }

  // Wants ----------------------------------------------------------------------

  function wantedBlobs(limit: number): readonly BlobWant[] {
    settleHolds()
    const wants = new Map<Cid, BlobWant>()
    const room = quota === null ? Number.POSITIVE_INFINITY : quota - table.usage().heldBytes
    for (const want of roots.wants(2 * limit + 64)) {
      if (wants.size >= limit) break
      const { root, size } = want
      if (wants.has(root)) continue
      if (isRawCid(root) && bodyOf(root) !== null) {
        changes.commit(() => roots.unwant(root))
      } else if (isRawCid(root) && table.size(root) !== null) {
        completeBlob(root)
      } else if (size <= room) {
        wants.set(root, want)
      }
    }
    return [...wants.values()]
  }

  // Room -----------------------------------------------------------------------

  function evict(bytes: number): number {
    settleAll()
    const before = table.usage().bytes
    const freed = (): number => before - table.usage().bytes
    const oldest = Math.min(now() + 1, ...Array.from(protectedSince, ({ at }) => at))
    if (before > table.usage().heldBytes) {
      changes.commit(() => roots.clearLoose())
      table.write(() => table.deleteUnheld(bytes, oldest))
      missingLists.clear()
    }
    const { heldElsewhere } = deps
    if (heldElsewhere === undefined || freed() >= bytes) return freed()
    for (const root of table.pinnedByUse(evictionCandidates)) {
      if (freed() >= bytes) break
      if (roots.isPinned(root) || !heldElsewhere(root)) continue
      changes.commit(() => roots.setState(root, { type: 'evicted' }))
      table.write(() => table.remove(root, 'delete'))
      missingLists.delete(root)
    }
    return freed()
  }

  function sweepBlobs(): void {
    const over = roots.pinsUntil(now())
    changeMain(() => {
      for (const { root, reason } of over) roots.removePin(root, reason)
    })
    settleAll()
    const oldest = Math.min(now() - dayMs, ...Array.from(protectedSince, ({ at }) => at))
    changes.commit(() => roots.clearLoose())
    table.write(() => table.deleteUnheld(Number.POSITIVE_INFINITY, oldest))
    missingLists.clear()
  }

  // Entries ----------------------------------------------------------------------

  /** Nearly all entries end at the first two lines: most are one link, to a text that came along. */
  function show(entry: ProjectedEntry): void {
    const { links, id, feed } = entry
    if (links.length === 0) return
    const sort = Math.min(entry.comparable, entry.seen)
    for (const [index, link] of links.entries()) {
      if (index === 0 && isBodyHere(entry, link[0])) continue
      roots.addLink({ entry: id, feed, link, sort })
      hasChanges = true
    }
  }

  const putBlock = (cid: Cid, bytes: Uint8Array): void => putBlocks([[cid, bytes]])

  /** A payload that could be read was in `bodies`; for one that could not, `bodies` is asked. */
  const isBodyHere = (entry: ProjectedEntry, root: Cid): boolean =>
    isRawCid(root) &&
    equalBytes(cidDigest(root), entry.contentDigest) &&
    (entry.payload !== null || hasBody(entry.id))

  const hasBody = (entryId: number): boolean =>
    main.first('select 1 as one from bodies where entry = ?', entryId) !== null

  const asBlocks: Blocks = { get: block, put: putBlock, has: hasBlock }

  return {
    block,
    hasBlock,
    blockSize,
    putBlock,
    putBlocks,
    blobState,
    completeBlob,
    wantedBlobs,
    missingBlocks,
    hold: (root, reason) => changeMain(() => roots.addPin(root, reason, null)),
    holdUntil: (root, reason, until) => changeMain(() => roots.addPin(root, reason, until)),
    release: (root, reason) => changeMain(() => roots.removePin(root, reason)),
    holders: (root) => roots.holders(root),
    setQuota(bytes) {
      quota = bytes
    },
    blobUsage(): BlobUsage {
      settleAll()
      return { ...table.usage(), quotaBytes: quota }
    },
    evict,
    show,
    hide(entryId) {
      if (roots.removeLinks(entryId)) hasChanges = true
    },
    policyChanged(feed) {
      roots.updateFeed(feed)
      hasChanges = true
    },
    brokenLinks: (entryId) => roots.brokenLinks(entryId),
    settleHolds,
    sweepBlobs,
    syncBlocks() {
      table.write(() => undefined, { durable: true })
    },
    protectNewBlocks() {
      const since = { at: now() }
      protectedSince.add(since)
      return { [Symbol.dispose]: () => void protectedSince.delete(since) }
    },
    discardBlock,
    asBlocks,
  }
}
