/**
 * The sets that were agreed on in one session, and how far the other side's log is known over each (spec C2, C3).
 *
 *     agreed ─keep▶ stored at once      told up to there ─know▶ ─ all of it checked? settle ─▶ stored
 *
 * What is known is stored only when every head up to there is in the store: a cut or a crash anywhere asks for
 * some of them again and never leaves one out.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { HeadLog, LogPosition, MetSet } from '@effigy/store'
import { isEqual } from './log-scope.ts'

export interface AgreedSetsPorts {
  readonly log: HeadLog
  readonly remote: Identity
  /** Whether every head that came is checked and in the store, and none is in doubt. */
  readonly isSettled: () => boolean
}

export interface AgreedSets {
  keep(set: Omit<MetSet, 'theirs'>): void
  /** Their log is known up to there for that set, once what was told is in the store. */
  know(hash: Uint8Array, theirs: LogPosition): void
  /** Their log is known up to there for every set whose changes were asked for. */
  knowAll(theirs: LogPosition): void
  /** Something was checked: what is known may be stored. */
  settle(): void
}

export function createAgreedSets({ log, remote, isSettled }: AgreedSetsPorts): AgreedSets {
  /** What is known of the sets, and whether it is stored as it is. */
  const sets: { set: MetSet; isSaved: boolean }[] = []

  function settle(): void {
    if (!isSettled()) return
    for (const kept of sets) {
      if (kept.isSaved) continue
      log.saveSet(remote, kept.set)
      kept.isSaved = true
    }
  }

  function update(isMeant: (set: MetSet) => boolean, theirs: LogPosition): void {
    for (const kept of sets) {
      if (!isMeant(kept.set)) continue
      kept.set = { ...kept.set, theirs }
      kept.isSaved = false
    }
    settle()
  }

  return {
    keep(set) {
      const known = sets.findIndex(({ set: { mine, hash } }) => mine === set.mine && isEqual(hash, set.hash))
      if (known >= 0) sets.splice(known, 1)
      sets.push({ set: { ...set, theirs: null }, isSaved: true })
      // The set itself at once: whoever is cut off now need not name it again. What is known over it comes later.
      const before = log.metSet(remote, set.mine, set.hash)
      log.saveSet(remote, { ...set, theirs: before?.theirs ?? null, own: before?.own ?? set.own })
    },
    know: (hash, theirs) => update((set) => isEqual(set.hash, hash), theirs),
    // A set whose changes were never asked for is not known by what came after them.
    knowAll: (theirs) => update((set) => set.theirs !== null, theirs),
    settle,
  }
}
