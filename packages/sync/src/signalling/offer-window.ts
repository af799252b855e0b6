/**
 * Which offers are of this moment, and new (spec V68): each is acted on once, for 60 s of both clocks.
 *
 *     (from, id, at) ─▶ new │ late │ early │ seen │ full
 *
 * @module
 */
import type { Identity } from '@effigy/core'

/** How far the clocks of two people may be apart, the way included, ms. */
export const offerLifeMs = 60_000

/** So far ahead of this clock, ms, nothing was acted on but while it was wrong: a little less, and it was set back a little. */
const maxAheadMs = 2 * offerLifeMs

/** Offers of the last two minutes that are remembered, and of one sender. */
const maxRemembered = 16_384
const maxRememberedOfOne = 256

/** Old ones are looked for so often, ms, and when there is no room. */
const forgetEveryMs = 1_000

export type OfferNews = 'new' | 'late' | 'early' | 'seen' | 'full'

export interface OfferWindow {
  /** `seen` is not told yet: for before a signature is checked. */
  timeOf(at: number): 'new' | 'late' | 'early'
  /** From `new` on it is seen. */
  admit(from: Identity, id: string, at: number): OfferNews
}

export interface OfferWindowPorts {
  /** The wall clock, ms. */
  readonly now: () => number
  /** The latest `at` of any that was admitted before this start; null: of none. Nothing up to it comes again. */
  readonly floor: number | null
  /** Durable when it returns: the latest `at` so far, or what it counts as where the clock was far ahead. */
  readonly keepFloor: (at: number) => void
}

/**
 * One for all of a device. `keepFloor` is called with an offer that is later than all before; what it throws comes out, and
 * that offer counts as seen.
 */
export function createOfferWindow({ now, floor, keepFloor }: OfferWindowPorts): OfferWindow {
  const atById = new Map<string, number>()
  const countBy = new Map<Identity, number>()
  const senders = new Map<string, Identity>()
  /** Up to here offers may have been here, and were forgotten. */
  let forgotten = floor ?? -1
  let latest = forgotten
  let lookedMs = Number.NEGATIVE_INFINITY

  /** Else a clock that was years ahead once would make all late for years. Kept: who restarts often waits no longer. */
  function setRight(nowMs: number): void {
    if (latest <= nowMs + maxAheadMs) return
    latest = nowMs + offerLifeMs
    forgotten = latest
    keepFloor(latest)
  }

  function timeOf(at: number): 'new' | 'late' | 'early' {
    const nowMs = now()
    setRight(nowMs)
    if (at > nowMs + offerLifeMs) return 'early'
    return at < nowMs - offerLifeMs || at <= forgotten ? 'late' : 'new'
  }

  function forgetOld(): void {
    const nowMs = now()
    const isDue = Math.abs(nowMs - lookedMs) >= forgetEveryMs || atById.size >= maxRemembered
    if (!isDue) return
    lookedMs = nowMs
    const oldest = nowMs - offerLifeMs
    for (const [key, at] of atById) {
      if (at >= oldest && at <= nowMs + maxAheadMs) continue
      atById.delete(key)
      if (at < oldest) forgotten = Math.max(forgotten, at)
      const from = senders.get(key)
      senders.delete(key)
      if (from === undefined) continue
      const left = (countBy.get(from) ?? 1) - 1
      if (left === 0) countBy.delete(from)
      else countBy.set(from, left)
    }
  }

  return {
    timeOf,
    admit(from, id, at) {
      const time = timeOf(at)
      if (time !== 'new') return time
      const key = `${from} ${id}`
      forgetOld()
      if (atById.has(key)) return 'seen'
      const count = countBy.get(from) ?? 0
      if (atById.size >= maxRemembered || count >= maxRememberedOfOne) return 'full'
      atById.set(key, at)
      senders.set(key, from)
      countBy.set(from, count + 1)
      if (at > latest) {
        latest = at
        keepFloor(at)
      }
      return 'new'
    },
  }
}
