/**
 * What happens when in the simulated hour: all of it is drawn before anything runs.
 *
 *     seed ─▶ join, publish, leave, come back ─▶ events in order of time
 *
 * @module
 */
import type { Random } from '../seed.ts'

export interface CrowdEvent {
  readonly atMs: number
  readonly peer: number
  /** `cut`: the connection is lost without a word; `leave`: with `bye`. */
  readonly type: 'join' | 'publish' | 'cut' | 'leave'
}

/** What one peer does, for who counts in the end. */
export interface PeerPlan {
  readonly publishMs: number
  /** Away from … to; null: online all the time. It may come back after the end. */
  readonly away: { readonly fromMs: number; readonly toMs: number } | null
}

export interface Schedule {
  /** Ascending. */
  readonly events: readonly CrowdEvent[]
  readonly plans: readonly PeerPlan[]
}

/** All have come by then, ms. */
export const joinedMs: number = 5 * 60_000

/** Nobody publishes, leaves or comes so short before the end, ms: what is under way arrives. */
export const quietMs: number = 30_000

/** Ms that those who leave stay away, at least and at most. */
const leastAwayMs: number = 60_000
const mostAwayMs: number = 20 * 60_000

export function drawSchedule(
  random: Random,
  {
    peers,
    churn,
    durationMs,
  }: { readonly peers: number; readonly churn: number; readonly durationMs: number },
): Schedule {
  const events: CrowdEvent[] = []
  const lastMs = durationMs - quietMs
  const plans = Array.from({ length: peers }, (_, peer): PeerPlan => {
    const add = (type: CrowdEvent['type'], atMs: number): void => void events.push({ type, atMs, peer })
    const publishMs = random.integer(lastMs)
    add('join', random.integer(joinedMs))
    add('publish', publishMs)
    if (!random.chance((churn * durationMs) / 3_600_000)) return { publishMs, away: null }
    const fromMs = joinedMs + random.integer(lastMs - joinedMs)
    const toMs = fromMs + leastAwayMs + random.integer(mostAwayMs - leastAwayMs)
    add(random.chance(0.5) ? 'cut' : 'leave', fromMs)
    if (toMs < lastMs) add('join', toMs)
    return { publishMs, away: { fromMs, toMs: toMs < lastMs ? toMs : Number.POSITIVE_INFINITY } }
  })
  return { events: events.sort((a, b) => a.atMs - b.atMs || a.peer - b.peer), plans }
}

/** Somebody who leaves within this time of publishing, or of coming back, may not have told anybody. */
const toldMs = 10_000

/** Whether others can know what it published: it was there for a while afterwards. */
export function isTold({ publishMs, away }: PeerPlan, durationMs: number): boolean {
  const sinceMs = Math.max(publishMs, joinedMs)
  if (away === null || sinceMs + toldMs <= away.fromMs) return sinceMs + toldMs <= durationMs
  return Math.max(sinceMs, away.toMs) + toldMs <= durationMs
}

/** Whether it is there at the end. */
export function isThere({ away }: PeerPlan, durationMs: number): boolean {
  return away === null || away.toMs + toldMs <= durationMs
}
