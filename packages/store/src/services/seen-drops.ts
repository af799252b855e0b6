/**
 * Which drops were opened here (spec V26-V28): a port with two drivers, bounded.
 *
 *     opened, copied ─remember▶ (from, nonce) ─has▶ seen
 *                                   └ no room, or due ─▶ forgotten, up to that time of the senders' clocks
 *
 * What was forgotten cannot be told from what is new, so it leaves a mark: whatever says to be as old is doubtful
 * from then on. Listed senders have room of their own: others, who cost nothing, crowd out each other.
 *
 * @module
 */
import type { Identity } from '@effigy/core'

export interface SeenDrop {
  readonly from: Identity
  /** base64url of 16 bytes. */
  readonly nonce: string
  /** The sender's clock, ms. */
  readonly at: number
  /** Whether the receiver had named the sender when it was opened. */
  readonly isListed: boolean
}

export interface SeenDrops {
  has(from: Identity, nonce: string): boolean
  /** On the medium when it returns. False: it was remembered already. `until`: ms on our own clock. */
  remember(drop: SeenDrop, until: number): boolean
  /** The greatest `at` that was forgotten, of listed senders or of others; null: none ever was. */
  forgotten(isListed: boolean): number | null
  /** Forgets up to `limit` of those that are due at `now`, ms; gives how many. */
  expire(now: number, limit: number): number
}

/** Drops that are remembered: a hundred bytes each. */
export interface SeenRoom {
  readonly listed: number
  readonly others: number
}

/** A friend that sends as fast as a box takes it fills the first in more than a day. */
export const defaultSeenRoom: SeenRoom = { listed: 100_000, others: 20_000 }

/** For tests and simulations: it ends with the process. */
export function createMemorySeen(room: SeenRoom = defaultSeenRoom): SeenDrops {
  const drops = new Map<string, SeenDrop & { readonly until: number }>()
  const marks = new Map<boolean, number>()
  const keyOf = (from: Identity, nonce: string): string => `${from} ${nonce}`

  function forget({ from, nonce, at, isListed }: SeenDrop): void {
    drops.delete(keyOf(from, nonce))
    marks.set(isListed, Math.max(at, marks.get(isListed) ?? 0))
  }

  return {
    has: (from, nonce) => drops.has(keyOf(from, nonce)),
    remember(drop, until) {
      const key = keyOf(drop.from, drop.nonce)
      if (drops.has(key)) return false
      drops.set(key, { ...drop, until })
      const alike = [...drops.values()].filter(({ isListed }) => isListed === drop.isListed)
      alike.sort((a, b) => a.at - b.at || (a.nonce < b.nonce ? -1 : 1))
      const tooMany = alike.length - (drop.isListed ? room.listed : room.others)
      for (const oldest of alike.slice(0, Math.max(0, tooMany))) forget(oldest)
      return true
    },
    forgotten: (isListed) => marks.get(isListed) ?? null,
    expire(now, limit) {
      const due = [...drops.values()].filter(({ until }) => until <= now).slice(0, limit)
      for (const drop of due) forget(drop)
      return due.length
    },
  }
}
