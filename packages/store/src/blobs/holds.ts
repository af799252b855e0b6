/**
 * Carries what is held from the main file over to the block file (spec S).
 *
 *     blob_changes ─a thousand at a time▶ pin or unpin ─▶ blocks.holds; what nothing holds is deleted
 *
 * A power cut may lose writes of one file and not of the other. So every write to the block file counts
 * up a number, the main file remembers how far it relied on it, and where the block file is behind,
 * nothing is taken to be complete any more (`forgetBlocks`). And before blocks go, the main file has on
 * the medium that they are not relied on: it may think less to be here than there is, never more.
 *
 * @module
 */
import type { Cid } from '@effigy/core'
import type { Changes } from '../changes.ts'
import type { BlockTable } from './block-table.ts'
import type { RootTable } from './root-table.ts'

export interface Holds {
  /**
   * Before any block of these roots goes: neither they nor roots that are complete though nothing holds them, which may
   * share blocks with them, are taken to be complete. On the medium when it returns, as what the block file writes is (S60).
   */
  forget(named: Iterable<Cid>): void
  /** Something in the main file changed what is held; free to call. */
  note(): void
  /** Gives whether everything is carried over now; inside a transaction nothing is. */
  settle(): boolean
  /** Not inside a transaction. */
  settleAll(): void
  /** Runs `work` on the main file, and carries over what it changed. */
  change(work: () => void): void
  /** Takes a block away, so that it is wanted again where it belongs to something held. */
  discard(cid: Cid): void
  /** Takes blocks away and counts everything anew: names and counts beside them may be damaged too. */
  rebuild(damaged: readonly Cid[]): void
}

export interface HoldsDeps {
  readonly table: BlockTable
  readonly roots: RootTable
  readonly changes: Changes
  /** Blocks are gone: what is remembered of them is not true any more. */
  readonly onRemoved: () => void
}

/** Changes carried over at once. */
const changesPerSettle = 1000

export function createHolds({ table, roots, changes, onRemoved }: HoldsDeps): Holds {
  let isChecked = false
  let hasChanges = true

  function checkWrites(): void {
    if (isChecked) return
    if (table.writes() < roots.writesSeen()) {
      // Further writes would hide it: not to be lost to a power cut.
      changes.commitDurably(() => {
        roots.forgetBlocks()
        roots.setWritesSeen(table.writes())
      })
      hasChanges = true
    }
    isChecked = true
  }

  function settle(): boolean {
    // What is let go of there may still be rolled back.
    if (changes.isRunning) return false
    checkWrites()
    for (const cid of [...table.damaged]) discard(cid)
    if (!hasChanges) return true
    const due = roots.changes(changesPerSettle).map((root) => ({ root, isHeld: roots.isHeld(root) }))
    if (due.length > 0) {
      const gone = due.flatMap(({ root, isHeld }) => (isHeld ? [] : [root]))
      if (gone.length > 0) forget(gone)
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
      if (gone.length > 0) onRemoved()
    }
    hasChanges = due.length === changesPerSettle
    return !hasChanges
  }

  function forget(named: Iterable<Cid>): void {
    const gone = [...named].filter((root) => roots.state(root)?.type === 'complete')
    const complete = new Set([...gone, ...roots.loose()])
    if (complete.size === 0) return
    // Inside a transaction there is only a raw block that has just come, and is refused.
    const commit = changes.isRunning ? changes.commit : changes.commitDurably
    commit(() => {
      for (const root of complete) roots.clearState(root)
    })
  }

  function discard(cid: Cid): void {
    forget([cid, ...table.rootsOf(cid, Number.MAX_SAFE_INTEGER)])
    table.write(() => table.remove(cid, 'keep'))
    onRemoved()
  }

  function settleAll(): void {
    while (!settle());
  }

  function rebuild(damaged: readonly Cid[]): void {
    table.reindex()
    for (const cid of damaged) discard(cid)
    changes.commitDurably(() => roots.forgetBlocks())
    table.write(() => table.forgetHolds())
    hasChanges = true
    settleAll()
  }

  return {
    forget,
    note() {
      hasChanges = true
    },
    settle,
    settleAll,
    change(work) {
      changes.commit(work)
      hasChanges = true
      settle()
    },
    discard,
    rebuild,
  }
}
