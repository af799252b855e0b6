/**
 * How much room is asked for: what a feed takes up to its head of now, or to its end (S34), rounded up (spec V31).
 *
 *     head ─leaseCover▶ bytes of entries, texts, files ─▶ whole steps
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { chainEnd, type LeasedChain, type Store } from '@effigy/store'
import type { LeaseSize } from './leases.ts'

/** Reservations are whole multiples of it, bytes: one word more is no other size. */
const stepBytes: number = 64 * 1024

export interface Reservation extends LeasedChain {
  readonly bytes: number
}

type Asked = Pick<Store, 'feed' | 'leaseCover'>

/** With files up to `blobs` bytes each. Null: not all of that is here. */
export function reservationOf(feed: Identity, blobs: number, store: Asked): Reservation | null {
  const state = store.feed(feed)
  const end = state === null ? null : chainEnd(state)
  if (end === null) return null
  const { epoch, length, head: cid } = end
  const chain: LeasedChain = { for: feed, epoch, length, head: cid, blobs }
  const covered = store.leaseCover?.(chain) ?? null
  return covered === null ? null : { ...chain, bytes: Math.ceil((covered + 1) / stepBytes) * stepBytes }
}

/** Of several, each without its files where those are not here (V39). */
export function sizeOf(feeds: readonly Identity[], blobs: number, store: Asked): LeaseSize {
  const found = feeds.map((feed) => reservationOf(feed, blobs, store) ?? reservationOf(feed, 0, store))
  return {
    bytes: found.reduce((sum, one) => sum + (one?.bytes ?? 0), 0),
    missing: found.filter((one) => one === null).length,
  }
}
