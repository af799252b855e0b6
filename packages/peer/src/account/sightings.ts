/**
 * When heads of own devices were first seen here: by them a final is chosen when one is lost (spec Y12, Y16).
 *
 *     own feed moves, becomes own ─▶ (head record, now) ─thinned by age▶ settings
 *
 * Kept is the last of each span of time, and older spans are longer, so that a thief who writes a thousand entries
 * pushes nothing out: only time does.
 *
 * @module
 */
import {
  encodeBase64url,
  type Head,
  type HeadRecord,
  type HeadSighting,
  type Identity,
  parseBase64url,
} from '@effigy/core'
import type { Store, StoreChange } from '@effigy/store'
import { type Clock, readHeads, writeHeads } from '@effigy/sync'
import type { OwnAccount } from './own-account.ts'

export interface Sighting {
  readonly record: HeadRecord
  /** Wall clock, ms. */
  readonly seenMs: number
}

export interface Sightings extends Disposable {
  /** Notes what is held: a crash took what was noted of it, or its clock was put right since. */
  start(): void
  /** For each commit. */
  changed(change: StoreChange): void
  /** Of one feed, in the order in which they were seen. */
  of(identity: Identity): readonly Sighting[]
}

export interface SightingsDeps {
  readonly store: Pick<Store, 'feed' | 'setting' | 'saveSettings'>
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly self: Identity
  readonly own: Pick<OwnAccount, 'root' | 'authority'>
}

const minuteMs = 60_000
const hourMs: number = 60 * minuteMs
const dayMs: number = 24 * hourMs

/** Up to that age one head is kept for each so many ms; a feed has some 250 at most. */
const spans: readonly { readonly ageMs: number; readonly everyMs: number }[] = [
  { ageMs: 12 * hourMs, everyMs: 10 * minuteMs },
  { ageMs: 3 * dayMs, everyMs: hourMs },
  { ageMs: 90 * dayMs, everyMs: dayMs },
]

/** These stay whatever the clock says. */
const newestKept = 16

/** The first after a silence is written down at once, later ones together; a crash forgets no more. Ms. */
const saveMs: number = minuteMs

/** Whatever others send or the disk gives. */
export const maxSightings = 320

const keyOf = (identity: Identity): string => `account-seen/${identity}`

export function createSightings({ store, clock, self, own }: SightingsDeps): Sightings {
  const kept = new Map<Identity, Sighting[]>()
  const unsaved = new Set<Identity>()
  let timer: Disposable | null = null
  let isSoon = false

  function listOf(identity: Identity): Sighting[] {
    const known = kept.get(identity)
    if (known !== undefined) return known
    const list = readSightings(store.setting(keyOf(identity)))
    kept.set(identity, list)
    return list
  }

  /** Whether it is the first of that feed. */
  function note(identity: Identity): boolean {
    const record = store.feed(identity)?.record ?? null
    // The end that an account set, of which no record is here, was seen by nobody.
    if (record === null || record.signature.length === 0) return false
    const list = listOf(identity)
    const nowMs = clock.now()
    if (list.some((each) => each.seenMs <= nowMs && isSame(each.record.head, record.head))) {
      return false
    }
    kept.set(identity, thinned([...list, { record, seenMs: nowMs }], nowMs))
    unsaved.add(identity)
    return list.length === 0
  }

  /** Feeds of the account, but not that of this device itself; null: all. */
  function noteOwn(among: Iterable<Identity> | null): void {
    const standings = own.authority()?.standings
    if (standings === undefined) return
    const feeds = [...(among ?? standings.keys())].filter((each) => each !== self && standings.has(each))
    // Without one nobody can say where a feed ends.
    const isUrgent = feeds.map(note).includes(true)
    if (unsaved.size === 0 || isSoon || (timer !== null && !isUrgent)) return
    timer?.[Symbol.dispose]()
    timer = clock.after(0, save)
    isSoon = true
  }

  function save(): void {
    isSoon = false
    timer = null
    if (unsaved.size === 0) return
    // First, so that a full disk is tried again.
    timer = clock.after(saveMs, save)
    store.saveSettings([...unsaved].map((identity) => [keyOf(identity), writeSightings(listOf(identity))]))
    unsaved.clear()
  }

  return {
    start: () => noteOwn(null),
    changed({ feeds, synods }) {
      const root = own.root()
      // Of a device that is new to the account something may be held already.
      if (root !== null && synods?.has(root) === true) noteOwn(null)
      else if (feeds.size > 0) noteOwn(feeds)
    },
    of: listOf,
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]()
      save()
      timer?.[Symbol.dispose]()
    },
  }
}

const isSame = (a: Head, b: Head): boolean => a.head === b.head && a.epoch === b.epoch

/** The last of each span of time, in the order in which they came. */
export function thinned(list: readonly Sighting[], nowMs: number): Sighting[] {
  const taken = new Set<string>()
  const left: Sighting[] = []
  for (const [index, sighting] of list.toReversed().entries()) {
    const ageMs = nowMs - sighting.seenMs
    const span = spans.find((each) => ageMs < each.ageMs)
    const place = span === undefined ? null : `${span.everyMs} ${Math.floor(sighting.seenMs / span.everyMs)}`
    const isFirst = place !== null && !taken.has(place)
    if (place !== null) taken.add(place)
    if (isFirst || index < newestKept) left.push(sighting)
  }
  return left.reverse().slice(-maxSightings)
}

/**
 * One list as `chooseFinal` takes it: seen by this device, or another own one. A head that is noted twice was noted
 * while a clock was wrong: the latest time counts that is not still to come.
 */
export function asSeen(list: readonly Sighting[], nowMs: number): HeadSighting[] {
  const isOutdone = ({ record, seenMs }: Sighting): boolean =>
    list.some((each) => each.seenMs > seenMs && each.seenMs <= nowMs && isSame(each.record.head, record.head))
  return list
    .filter((each) => !isOutdone(each))
    .map(({ record, seenMs }) => ({ head: record.head, seenMs, by: 'own' }))
}

function writeSightings(list: readonly Sighting[]): string {
  const bytes = writeHeads(list.map(({ record }) => record))
  return JSON.stringify([list.map(({ seenMs }) => seenMs), encodeBase64url(bytes)])
}

/** What we wrote ourselves. */
function readSightings(text: string | null): Sighting[] {
  if (text === null) return []
  const [times, heads] = JSON.parse(text) as [number[], string]
  return pairSightings(times, parseBase64url(heads) ?? new Uint8Array(0)) ?? []
}

/** Null: not as many heads as times, or nothing that can be read. */
export function pairSightings(times: readonly number[], bytes: Uint8Array): Sighting[] | null {
  const records = readHeads(bytes, times.length)
  return records?.map((record, index) => ({ record, seenMs: times[index] as number })) ?? null
}
