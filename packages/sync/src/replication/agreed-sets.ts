/**
 * The sets that were agreed on in one session, and how far the other side's log is known over each (spec C2, C3).
 *
 *     agreed ─keep▶ stored at once      told up to there ─know▶ ─ all of it checked? settle ─▶ stored
 *                                       position ─knowAll▶ the newest of 5 s ───────┘
 *
 * What is known is stored only when every head up to there is in the store: a cut or a crash anywhere asks for
 * some of them again and never leaves one out. A frame of 20 bytes writes no more often than who keeps the rule tells it (T16).
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { HeadLog, LogPosition, MetSet } from '@effigy/store'
import type { Effects } from './effects.ts'
import { isEqual } from './log-scope.ts'

export interface AgreedSetsPorts {
  readonly log: HeadLog
  readonly remote: Identity
  /** Whether every head that came is checked and in the store, and none is in doubt. */
  readonly isSettled: () => boolean
  readonly effects: Pick<Effects, 'after'>
}

/** Disposing it stores what may be stored. */
export interface AgreedSets extends Disposable {
  keep(set: Omit<MetSet, 'theirs'>): void
  /** Their log is known up to there for that set, once what was told is in the store. */
  know(hash: Uint8Array, theirs: LogPosition): void
  /** Their log is known up to there for every set whose changes were asked for. */
  knowAll(theirs: LogPosition): void
  /** Something was checked: what is known may be stored. */
  settle(): void
}

/** As many a direction as the store keeps: with more of them each would be written anew in the place of another. */
const maxSetsEach = 2

/** Ms from the first time that a position is stored to the next, and between all others: as they are told (C3). */
const firstMs = 500
const everyMs = 5_000

interface Kept {
  set: MetSet
  /** It is stored as it is. */
  isSaved: boolean
  /** Told by a `position`: stored no more often than these may come. */
  isPaced: boolean
}

export function createAgreedSets(ports: AgreedSetsPorts): AgreedSets {
  return new SessionSets(ports)
}

class SessionSets implements AgreedSets {
  readonly #ports: AgreedSetsPorts
  readonly #sets: Kept[] = []
  /** While it runs no position is stored. */
  #rest: Disposable | null = null
  #isFirst = true
  #isOver = false

  constructor(ports: AgreedSetsPorts) {
    this.#ports = ports
  }

  settle(): void {
    if (!this.#ports.isSettled()) return
    const due = this.#sets.filter(({ isSaved, isPaced }) => !isSaved && !(isPaced && this.#rest !== null))
    for (const kept of due) {
      this.#ports.log.saveSet(this.#ports.remote, kept.set)
      kept.isSaved = true
    }
    if (due.some(({ isPaced }) => isPaced) && !this.#isOver) this.#beginRest()
  }

  #beginRest(): void {
    this.#rest = this.#ports.effects.after(this.#isFirst ? firstMs : everyMs, () => {
      this.#rest = null
      this.settle()
    })
    this.#isFirst = false
  }

  #update(isMeant: (set: MetSet) => boolean, theirs: LogPosition, isPaced: boolean): void {
    for (const kept of this.#sets) {
      if (!isMeant(kept.set)) continue
      kept.set = { ...kept.set, theirs }
      kept.isSaved = false
      kept.isPaced = isPaced
    }
    this.settle()
  }

  keep(set: Omit<MetSet, 'theirs'>): void {
    const known = this.#sets.findIndex(
      ({ set: { mine, hash } }) => mine === set.mine && isEqual(hash, set.hash),
    )
    if (known >= 0) this.#sets.splice(known, 1)
    this.#sets.push({ set: { ...set, theirs: null }, isSaved: true, isPaced: false })
    const same = this.#sets.filter(({ set: { mine } }) => mine === set.mine)
    if (same.length > maxSetsEach) this.#sets.splice(this.#sets.indexOf(same[0] as Kept), 1)
    // The set itself at once: whoever is cut off now need not name it again. What is known over it comes later.
    const before = this.#ports.log.metSet(this.#ports.remote, set.mine, set.hash)
    this.#ports.log.saveSet(this.#ports.remote, {
      ...set,
      theirs: before?.theirs ?? null,
      own: before?.own ?? set.own,
    })
  }

  know(hash: Uint8Array, theirs: LogPosition): void {
    this.#update((set) => isEqual(set.hash, hash), theirs, false)
  }

  // A set whose changes were never asked for is not known by what came after them.
  knowAll(theirs: LogPosition): void {
    this.#update((set) => set.theirs !== null, theirs, true)
  }

  [Symbol.dispose](): void {
    this.#isOver = true
    this.#rest?.[Symbol.dispose]()
    this.#rest = null
    this.settle()
  }
}
