/**
 * From whom new entries come along with their heads: from one session a feed, so that nothing comes twice (spec G4).
 *
 *     first to tell ─▶ carrier ─ brings in time ─▶ stays
 *                        └ others tell first, it does not bring ─▶ whoever told becomes it
 *
 * Shared by the sessions of one peer; the trees that entries run along grow from what each peer sees by itself, and
 * each author has one of its own.
 *
 * @module
 */
import type { Identity } from '@effigy/core'

/** A session, as far as carrying goes. */
export interface CarrierSession {
  /** Asks the other side to carry a feed's new entries along with its heads, or no longer to. */
  carry(identity: Identity, on: boolean): void
}

export interface Carriers {
  /** A head came alone that nobody told before: whoever tells first becomes the carrier. False: there is another. */
  told(identity: Identity, by: CarrierSession): boolean
  /** Whether another session carries it. */
  isCarried(identity: Identity, butBy: CarrierSession): boolean
  /** Nobody brought it in time: whoever told becomes the carrier. */
  late(identity: Identity, by: CarrierSession): void
  /** An entry came along with its head, and was new. */
  brought(identity: Identity, by: CarrierSession): void
  /** It came along and was here, or on its way from another. */
  repeated(identity: Identity, by: CarrierSession): void
  /** The session is the author's own: nobody is nearer. */
  prefer(identity: Identity, by: CarrierSession): void
  /** The session is over. */
  leave(session: CarrierSession): void
}

/** Ms that a carrier may be behind whoever tells first. */
export const carryPatienceMs = 300

export function createCarriers(): Carriers {
  const byFeed = new Map<Identity, CarrierSession>()

  function choose(identity: Identity, session: CarrierSession): void {
    const before = byFeed.get(identity)
    if (before === session) return
    byFeed.set(identity, session)
    before?.carry(identity, false)
    session.carry(identity, true)
  }

  return {
    told(identity, by) {
      const carrier = byFeed.get(identity)
      if (carrier === undefined) choose(identity, by)
      return carrier === undefined || carrier === by
    },
    isCarried(identity, butBy) {
      const carrier = byFeed.get(identity)
      return carrier !== undefined && carrier !== butBy
    },
    late: choose,
    prefer: choose,
    brought: choose,
    repeated(identity, by) {
      if (byFeed.get(identity) !== by) by.carry(identity, false)
    },
    leave(session) {
      for (const [identity, carrier] of byFeed) if (carrier === session) byFeed.delete(identity)
    },
  }
}
