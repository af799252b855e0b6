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
  readonly headOf: (identity: Identity) => RawCid | null
  readonly isHere: (head: RawCid) => boolean
  readonly fetch: (identity: Identity) => void
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
  const { effects, carriers, self, headOf, isHere, fetch } = ports
  const waiting = new SparseMap<Identity, RawCid>()
  let isTimed = false

  /** One timer for all that wait, so that some wait for twice as long. */
  function wait(): void {
    if (isTimed || waiting.size === 0) return
    isTimed = true
    const patient = [...waiting]
    effects.after(carryPatienceMs, () => {
      isTimed = false
      for (const [identity, head] of patient) {
        if (waiting.get(identity) !== head) continue
        waiting.delete(identity)
        if (!isHere(head)) carriers.late(identity, head, self)
        fetch(identity)
      }
      wait()
    })
  }

  function mayFetch(identity: Identity, { isNew, isLive }: Told): boolean {
    const head = headOf(identity)
    if (!isLive || head === null) {
      if (isNew) carriers.found(identity, self)
      return true
    }
    if (carriers.told(identity, head, self, isNew)) return true
    if (!isHere(head)) waiting.set(identity, head)
    return !waiting.has(identity)
  }

  return {
    told(identity, how) {
      if (!mayFetch(identity, how)) {
        wait()
        return
      }
      waiting.delete(identity)
      fetch(identity)
    },
    isWaiting: (identity) => waiting.has(identity),
    waiting: () => waiting.size,
  }
}
