/**
 * From whom new entries come along with their heads: from one session a feed, so that nothing comes twice (spec G4).
 *
 *     author, or first to tell ─▶ carrier ─ brings in time ─▶ stays
 *                                    ├ others tell well before it brings ─▶ the first of them becomes it
 *                                    └ it does not bring at all ─▶ whoever told becomes it
 *
 * Shared by the sessions of one peer; the trees that entries run along grow from what each peer sees by itself, and
 * each author has one of its own.
 *
 * @module
 */
import type { Identity, RawCid } from '@effigy/core'
import type { Clock } from '../clock.ts'

/** A session, as far as carrying goes. */
export interface CarrierSession {
  /** Asks the other side to carry a feed's new entries along with its heads, or no longer to. */
  carry(identity: Identity, on: boolean): void
}

export interface Carriers {
  /**
   * A head came alone, just now. `isNew`: nobody told us before, so that where there is no carrier this becomes it.
   * False: another session carries the feed and may bring it; `late` when it has not after `carryPatienceMs`.
   */
  told(identity: Identity, head: RawCid, by: CarrierSession, isNew: boolean): boolean
  /** A new head was found while coming up to date: whoever has it first becomes the carrier where there is none. */
  found(identity: Identity, by: CarrierSession): void
  /** Nobody brought it in time. */
  late(identity: Identity, head: RawCid, by: CarrierSession): void
  /** An entry came along with its head, and was new. */
  brought(identity: Identity, head: RawCid, by: CarrierSession): void
  /** It came along and was here, or on its way from another. */
  repeated(identity: Identity, by: CarrierSession): void
  /** The session is the author's own: nobody is nearer. */
  prefer(identity: Identity, by: CarrierSession): void
  /** The session is over. */
  leave(session: CarrierSession): void
}

/** Ms that a carrier may be behind whoever tells first. */
export const carryPatienceMs = 300

/** Ms before it that make another the better one: less is chance. */
const betterMs = 20

interface Feed {
  carrier: CarrierSession
  /** Told alone by the carrier itself: fetched from it. */
  alone: RawCid | null
  /** Who told first what the carrier has not brought yet. */
  rival: { readonly session: CarrierSession; readonly head: RawCid; readonly atMs: number } | null
}

export function createCarriers({ monotonic }: Pick<Clock, 'monotonic'>): Carriers {
  const feeds = new Map<Identity, Feed>()

  function choose(identity: Identity, session: CarrierSession): void {
    const before = feeds.get(identity)?.carrier
    if (before === session) return
    feeds.set(identity, { carrier: session, alone: null, rival: null })
    before?.carry(identity, false)
    session.carry(identity, true)
  }

  return {
    told(identity, head, by, isNew) {
      const feed = feeds.get(identity)
      if (feed === undefined) {
        if (isNew) choose(identity, by)
        return true
      }
      if (feed.carrier === by) {
        feed.alone = head
        return true
      }
      if (feed.rival?.head !== head) feed.rival = { session: by, head, atMs: monotonic() }
      return false
    },
    found(identity, by) {
      if (!feeds.has(identity)) choose(identity, by)
    },
    late(identity, head, by) {
      if (feeds.get(identity)?.alone !== head) choose(identity, by)
    },
    brought(identity, head, by) {
      const rival = feeds.get(identity)?.rival ?? null
      const isBetter = rival?.head === head && monotonic() - rival.atMs >= betterMs
      choose(identity, isBetter ? rival.session : by)
    },
    repeated(identity, by) {
      if (feeds.get(identity)?.carrier !== by) by.carry(identity, false)
    },
    prefer: choose,
    leave(session) {
      for (const [identity, feed] of feeds) {
        if (feed.carrier === session) feeds.delete(identity)
        else if (feed.rival?.session === session) feed.rival = null
      }
    },
  }
}
