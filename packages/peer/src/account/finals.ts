/**
 * Where the feed of a lost device ends: at what own devices saw of it before (spec Y12, Y16).
 *
 *     own sightings + those of connected own devices ─chooseFinal▶ FinalChoice
 *     until now: those of any time, and what is held once all who are connected have given what they have
 *
 * @module
 */
import { chooseFinal, type FinalChoice, type HeadSighting, headCheck, type Identity } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import type { Clock, ReceivedAnswer } from '@effigy/sync'
import type { Peer } from '../peer.ts'
import type { LossTime } from './account.ts'
import { accountService } from './ask-own.ts'
import { asSeen, maxSightings, pairSightings, type Sightings } from './sightings.ts'

export interface FinalsPorts {
  readonly sightings: Pick<Sightings, 'of'>
  readonly verify: Crypto['verify']
  readonly call: Peer['call']
  readonly clock: Pick<Clock, 'after' | 'now'>
  /** Own devices that are connected. */
  readonly connected: () => readonly Identity[]
  /** Resolves when everybody who is connected has given all that they have. */
  readonly settled: (signal: AbortSignal) => Promise<unknown>
  readonly store: Pick<Store, 'feed'>
  readonly signal: AbortSignal
}

/** Who has not answered by then is not waited for, ms: the feed of a thief goes on meanwhile. */
const patienceMs = 3_000

export async function finalFor(
  identity: Identity,
  lostAt: LossTime,
  { sightings, verify, call, clock, connected, settled, store, signal }: FinalsPorts,
): Promise<FinalChoice> {
  const patience = new AbortController()
  using _timer = clock.after(patienceMs, () => patience.abort())
  const stop = AbortSignal.any([signal, patience.signal])

  async function ask(device: Identity): Promise<readonly HeadSighting[]> {
    const answer = await call(device, accountService, 'sightings', { identity }, { signal: stop })
    return answer.ok ? await provenSightings(identity, answer.value, verify, clock.now()) : []
  }

  const others = connected()
    // Of itself it says what the thief wants.
    .filter((device) => device !== identity)
    .map((device) => ask(device).catch((): readonly HeadSighting[] => []))
  if (lostAt === 'now') await settled(stop).catch(() => {})
  const told = await Promise.all(others)
  signal.throwIfAborted()
  const seen = [...asSeen(sightings.of(identity), clock.now()), ...told.flat()]
  if (lostAt !== 'now') return chooseFinal(seen, lostAt)
  // No clock is asked: one that was wrong would take away what is here.
  const held = store.feed(identity)?.record ?? null
  const last = held === null ? [] : [{ head: held.head, seenMs: clock.now(), by: 'own' as const }]
  return chooseFinal([...seen, ...last], Number.POSITIVE_INFINITY)
}

/** Heads of that feed with valid signatures; nothing of a list that is none. */
export async function provenSightings(
  identity: Identity,
  { value, bytes }: ReceivedAnswer,
  verify: Crypto['verify'],
  nowMs: number,
): Promise<readonly HeadSighting[]> {
  const { seen } = value
  const isList = Array.isArray(seen) && seen.length <= maxSightings
  const times = isList
    ? (seen as readonly unknown[]).filter((ms): ms is number => Number.isSafeInteger(ms))
    : []
  if (!isList || times.length !== seen.length || times.length === 0) return []
  const list = pairSightings(times, bytes) ?? []
  const ours = list.filter(({ record }) => record.head.identity === identity)
  const valid = await verify(ours.map(({ record }) => headCheck(record)))
  return asSeen(
    ours.filter((_, index) => valid[index] === true),
    nowMs,
  )
}
