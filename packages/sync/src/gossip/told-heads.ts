/**
 * Heads that came alone: fetched at once, or only when whoever carries the feed does not bring it (spec G4).
 *
 *     head alone ─ carried by another session? ─ no ─▶ fetch
 *                                └ yes ─ 300 ms ─ here? ─ no ─▶ this session becomes the carrier, fetch
 *
 * @module
 */
import type { Identity, RawCid } from '@effigy/core'
import type { Effects } from '../replication/effects.ts'
import { SparseMap } from '../sparse.ts'
import { type CarrierSession, type Carriers, carryPatienceMs } from './carriers.ts'

export interface ToldHeadsPorts {
  readonly effects: Pick<Effects, 'after'>
  readonly carriers: Carriers
  readonly self: CarrierSession
  /** The head that the other side told last. */
  headOf(identity: Identity): RawCid | null
  isHere(head: RawCid): boolean
  fetch(identity: Identity): void
}

/** How a head came to us. */
export interface Told {
  /** Nobody told us before. */
  readonly isNew: boolean
  /** Told when it moved; else found while coming up to date. */
  readonly isLive: boolean
}

export interface ToldHeads {
  told(identity: Identity, how: Told): void
  isWaiting(identity: Identity): boolean
  /** Heads that somebody else may bring. */
  waiting(): number
}

export function createToldHeads(ports: ToldHeadsPorts): ToldHeads {
  return new SessionToldHeads(ports)
}

class SessionToldHeads implements ToldHeads {
  readonly #ports: ToldHeadsPorts
  readonly #waiting = new SparseMap<Identity, RawCid>()
  #isTimed = false

  constructor(ports: ToldHeadsPorts) {
    this.#ports = ports
  }

  /** One timer for all that wait, so that some wait for twice as long. */
  #wait(): void {
    if (this.#isTimed || this.#waiting.size === 0) return
    this.#isTimed = true
    const patient = [...this.#waiting]
    this.#ports.effects.after(carryPatienceMs, () => {
      this.#isTimed = false
      for (const [identity, head] of patient) {
        if (this.#waiting.get(identity) !== head) continue
        this.#waiting.delete(identity)
        if (!this.#ports.isHere(head)) this.#ports.carriers.late(identity, head, this.#ports.self)
        this.#ports.fetch(identity)
      }
      this.#wait()
    })
  }

  #mayFetch(identity: Identity, { isNew, isLive }: Told): boolean {
    const head = this.#ports.headOf(identity)
    if (!isLive || head === null) {
      if (isNew) this.#ports.carriers.found(identity, this.#ports.self)
      return true
    }
    if (this.#ports.carriers.told(identity, head, this.#ports.self, isNew)) return true
    if (!this.#ports.isHere(head)) this.#waiting.set(identity, head)
    return !this.#waiting.has(identity)
  }

  told(identity: Identity, how: Told): void {
    if (!this.#mayFetch(identity, how)) {
      this.#wait()
      return
    }
    this.#waiting.delete(identity)
    this.#ports.fetch(identity)
  }

  isWaiting(identity: Identity): boolean {
    return this.#waiting.has(identity)
  }

  waiting(): number {
    return this.#waiting.size
  }
}
