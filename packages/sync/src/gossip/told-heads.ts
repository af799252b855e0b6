/**
 * Heads that came alone: fetched at once, or only when whoever carries the feed does not bring it (spec G4).
 *
 *     head alone ─ carried by another session? ─ no ─▶ fetch
 *                                └ yes ─ 300 ms ─ here? ─ no ─▶ this session becomes the carrier, fetch
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Effects } from '../replication/effects.ts'
import { type CarrierSession, type Carriers, carryPatienceMs } from './carriers.ts'

export interface ToldHeadsPorts {
  readonly effects: Pick<Effects, 'after'>
  readonly carriers: Carriers
  readonly self: CarrierSession
  /** Whether the head that the other side told is here with its entry. */
  readonly isHere: (identity: Identity) => boolean
  readonly fetch: (identity: Identity) => void
}

export interface ToldHeads {
  /** `isNew`: nobody told us before. */
  told(identity: Identity, isNew: boolean): void
  isWaiting(identity: Identity): boolean
  /** Heads that somebody else may bring. */
  readonly waiting: number
}

export function createToldHeads({ effects, carriers, self, isHere, fetch }: ToldHeadsPorts): ToldHeads {
  const waiting = new Set<Identity>()
  let isTimed = false

  /** One timer for all that wait, so that some wait for twice as long. */
  function wait(): void {
    if (isTimed || waiting.size === 0) return
    isTimed = true
    const patient = [...waiting]
    effects.after(carryPatienceMs, () => {
      isTimed = false
      for (const identity of patient) {
        if (!waiting.delete(identity)) continue
        if (!isHere(identity)) carriers.late(identity, self)
        fetch(identity)
      }
      wait()
    })
  }

  return {
    told(identity, isNew) {
      if (isNew ? carriers.told(identity, self) : !carriers.isCarried(identity, self)) {
        waiting.delete(identity)
        fetch(identity)
        return
      }
      waiting.add(identity)
      wait()
    },
    isWaiting: (identity) => waiting.has(identity),
    get waiting() {
      return waiting.size
    },
  }
}
