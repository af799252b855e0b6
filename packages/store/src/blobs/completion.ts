/**
 * From the first block of a root to its last: what is missing, and whether the whole may stay (spec S, I2, B6-B8).
 *
 *     missingBlocks ─▶ fetched, put ─▶ … ─none missing▶ completeBlob ─▶ complete
 *                 └ more than was said, or no DAG ─────────────┴ a picture with metadata ─▶ refused, deleted
 *
 * @module
 */
import { type Cid, isRawCid } from '@effigy/core'
import type { Changes } from '../changes.ts'
import type { Blocks } from '../files/blocks.ts'
import { missingBlocks as findMissing } from '../files/walk.ts'
import type { BlobState } from '../store.ts'
import type { BlockTable } from './block-table.ts'
import type { Holds } from './holds.ts'
import { judgeImages } from './image-gate.ts'
import type { RootTable } from './root-table.ts'

export interface CompletionDeps {
  readonly table: BlockTable
  readonly roots: RootTable
  readonly holds: Holds
  readonly changes: Changes
  /** Blocks and bodies. */
  readonly blocks: Pick<Blocks, 'get'> & { size(cid: Cid): number | null }
  readonly missing: MissingLists
  readonly onComplete: (root: Cid) => void
}

export interface Completion {
  state(root: Cid): BlobState
  complete(root: Cid): BlobState
  missing(root: Cid, limit: number): readonly Cid[]
  /** What is missing of it in fact, whatever its state says; nothing when it is no DAG. */
  lacking(root: Cid): readonly Cid[]
  /** Deletes what is here of it and never takes it again. `bytes`: its size, or what was here of it. */
  refuse(root: Cid, code: string, bytes: number | null): BlobState
}

/** What walks have found missing, so that not every call walks again. */
export type MissingLists = Map<Cid, readonly Cid[]>

/** Missing blocks found by one walk at least. */
const missingAhead = 4096

/** Roots of which such a list is kept. */
const missingListsKept = 8

export function createCompletion(deps: CompletionDeps): Completion {
  const { table, roots, holds, changes, blocks, missing } = deps

  function refuse(root: Cid, code: string, bytes: number | null): BlobState {
    holds.forget([root])
    changes.commit(() => roots.setState(root, { type: 'refused', code, bytes }))
    const writes = table.write(() => {
      // Held by nobody as a root: what stays are blocks that other roots need too.
      table.refuse(root)
    })
    missing.clear()
    changes.commit(() => {
      roots.setWritesSeen(writes)
      changes.touchBlob(root)
    })
    return { type: 'refused', code }
  }

  function complete(root: Cid): BlobState {
    holds.settle()
    const known = state(root)
    if (known.type === 'refused' || known.type === 'absent') return known
    if (roots.state(root)?.type === 'complete') return known
    const walked = walkHere(root, 1)
    if (walked.refusal !== null) return refuse(root, walked.refusal, null)
    if (walked.missing.length > 0) return state(root)
    const { bytes } = walked
    const judged = judgeImages(root, blocks, bytes)
    // `missing` here: damaged on our own disk, which the read has noted.
    if (!judged.ok)
      return judged.error.code === 'missing' ? again(root) : refuse(root, judged.error.code, null)
    if (judged.value !== null) return refuse(root, judged.value, bytes)
    changes.commit(() => {
      const wasHeld = roots.isHeld(root)
      roots.breakLinks(root, bytes, { atLeast: false })
      const isHeld = roots.isHeld(root)
      if (wasHeld && !isHeld) roots.setState(root, { type: 'refused', code: 'size', bytes })
      else {
        // Its blocks are protected once the block file knows that it is held, however that was lost sight of.
        const isPinned = table.isPinned(root)
        roots.setState(root, { type: 'complete', bytes }, { loose: !isHeld || !isPinned })
        if (isHeld && !isPinned) roots.addChange(root)
        deps.onComplete(root)
      }
      roots.setWritesSeen(table.writes())
      missing.delete(root)
      changes.touchBlob(root)
    })
    holds.note()
    holds.settle()
    return state(root)
  }

  /** The state after damaged blocks have been taken away. */
  function again(root: Cid): BlobState {
    holds.settle()
    return state(root)
  }

  function state(root: Cid): BlobState {
    const known = roots.state(root)
    if (known?.type === 'refused') return { type: 'refused', code: known.code }
    if (known?.type === 'complete') return { type: 'complete', bytes: known.bytes }
    const size = blocks.size(root)
    if (size === null) return { type: 'absent' }
    if (isRawCid(root)) return { type: 'complete', bytes: size }
    return { type: 'partial', missing: walkHere(root, Number.POSITIVE_INFINITY).missing.length }
  }

  function missingOf(root: Cid, limit: number): readonly Cid[] {
    const known = roots.state(root)
    if (known?.type === 'refused' || known?.type === 'complete') return []
    const left = stillMissing(root, limit)
    if (left.length > 0) return left
    const walked = walkHere(root, Math.max(limit, missingAhead))
    if (walked.refusal !== null) {
      refuse(root, walked.refusal, null)
      return []
    }
    if (outgrows(root, walked.bytes)) return []
    remember(root, walked.missing)
    return walked.missing.slice(0, limit)
  }

  /** From the list of an earlier walk; only its front is looked up, because that is where blocks arrive. */
  function stillMissing(root: Cid, limit: number): readonly Cid[] {
    const list = missing.get(root) ?? []
    const left: Cid[] = []
    let arrived = 0
    for (const cid of list) {
      if (left.length >= limit) break
      if (blocks.size(cid) === null) left.push(cid)
      else if (left.length === 0) arrived++
    }
    if (list.length > 0) remember(root, list.slice(arrived))
    return left
  }

  function remember(root: Cid, cids: readonly Cid[]): void {
    missing.delete(root)
    if (cids.length > 0) missing.set(root, cids)
    const [oldest] = missing.keys()
    if (missing.size > missingListsKept && oldest !== undefined) missing.delete(oldest)
  }

  /** More is here already than every entry said there would be: nobody goes on fetching it (T29). */
  function outgrows(root: Cid, bytes: number): boolean {
    if (!roots.isHeld(root)) return false
    changes.commit(() => roots.breakLinks(root, bytes, { atLeast: true }))
    if (roots.isHeld(root)) return false
    refuse(root, 'size', bytes)
    return true
  }

  const lacking = (root: Cid): readonly Cid[] => walkHere(root, missingAhead).missing

  /** What is missing, and the bytes of what is here as far as the walk came. Raw blocks are only looked up. */
  function walkHere(
    root: Cid,
    limit: number,
  ): { readonly missing: readonly Cid[]; readonly bytes: number; readonly refusal: string | null } {
    let bytes = 0
    const counting: Blocks = {
      get(cid) {
        const found = blocks.get(cid)
        bytes += found?.length ?? 0
        return found
      },
      has(cid) {
        const size = blocks.size(cid)
        bytes += size ?? 0
        return size !== null
      },
      put: nothingIsPut,
    }
    const found = findMissing(root, counting, { limit })
    if (!found.ok) return { missing: [], bytes, refusal: found.error.code }
    return { missing: found.value.missing, bytes, refusal: null }
  }

  return { state, complete, missing: missingOf, lacking, refuse }
}

function nothingIsPut(): never {
  throw new TypeError('a walk only reads')
}
