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

export function createAgreedSets(ports: AgreedSetsPorts): AgreedSets {
  return new SessionSets(ports)
}

class SessionSets implements AgreedSets {
  readonly #ports: AgreedSetsPorts
  /** What is known of the sets, and whether it is stored as it is. */
  readonly #sets: { set: MetSet; isSaved: boolean }[] = []

  constructor(ports: AgreedSetsPorts) {
    this.#ports = ports
  }

  settle(): void {
    if (!this.#ports.isSettled()) return
    for (const kept of this.#sets) {
      if (kept.isSaved) continue
      this.#ports.log.saveSet(this.#ports.remote, kept.set)
      kept.isSaved = true
    }
  }

  #update(isMeant: (set: MetSet) => boolean, theirs: LogPosition): void {
    for (const kept of this.#sets) {
      if (!isMeant(kept.set)) continue
      kept.set = { ...kept.set, theirs }
      kept.isSaved = false
    }
    this.settle()
  }

  keep(set: Omit<MetSet, 'theirs'>): void {
    const known = this.#sets.findIndex(
      ({ set: { mine, hash } }) => mine === set.mine && isEqual(hash, set.hash),
    )
    if (known >= 0) this.#sets.splice(known, 1)
    this.#sets.push({ set: { ...set, theirs: null }, isSaved: true })
    // The set itself at once: whoever is cut off now need not name it again. What is known over it comes later.
    const before = this.#ports.log.metSet(this.#ports.remote, set.mine, set.hash)
    this.#ports.log.saveSet(this.#ports.remote, {
      ...set,
      theirs: before?.theirs ?? null,
      own: before?.own ?? set.own,
    })
  }

  know(hash: Uint8Array, theirs: LogPosition): void {
    this.#update((set) => isEqual(set.hash, hash), theirs)
  }

  // A set whose changes were never asked for is not known by what came after them.
  knowAll(theirs: LogPosition): void {
    this.#update((set) => set.theirs !== null, theirs)
  }
}
