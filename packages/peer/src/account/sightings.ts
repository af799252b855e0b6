/**
 * When heads of own devices were first seen here: by them a final is chosen when one is lost (spec Y12, Y16).
 *
 *     own feed moves ─▶ (head record, now) ─thinned by age▶ settings
 *
 * Kept is the last of each span of time, and older spans are longer, so that a thief who writes a thousand entries
 * pushes nothing out: only time does.
 *
 * @module
 */
import {
  encodeBase64url,
  type HeadRecord,
  type HeadSighting,
  type Identity,
  parseBase64url,
} from '@effigy/core'
import type { Store, StoreChange } from '@effigy/store'
import { type Clock, readHeads, writeHeads } from '@effigy/sync'

export interface Sighting {
  readonly record: HeadRecord
  /** Wall clock, ms. */
  readonly seenMs: number
}

export interface Sightings extends Disposable {
  /** For each commit. */
  changed(change: StoreChange): void
  /** Of one feed, in the order in which they were seen. */
  of(identity: Identity): readonly Sighting[]
}

export interface SightingsDeps {
  readonly store: Pick<Store, 'feed' | 'setting' | 'saveSettings'>
  readonly clock: Pick<Clock, 'now' | 'after'>
  /** Devices and keys of the own account, but not this device itself. */
  readonly isOwn: (identity: Identity) => boolean
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

/** Heads that are written down together; a crash forgets no more. Ms. */
const saveMs: number = minuteMs

/** Whatever others send or the disk gives. */
export const maxSightings = 320

const keyOf = (identity: Identity): string => `account-seen/${identity}`

export function createSightings({ store, clock, isOwn }: SightingsDeps): Sightings {
  const kept = new Map<Identity, Sighting[]>()
  const unsaved = new Set<Identity>()
  let timer: Disposable | null = null

  function listOf(identity: Identity): Sighting[] {
    const known = kept.get(identity)
    if (known !== undefined) return known
    const list = readSightings(store.setting(keyOf(identity)))
    kept.set(identity, list)
    return list
  }

  function note(identity: Identity): void {
    const record = store.feed(identity)?.record ?? null
    // The end that an account set, of which no record is here, was seen by nobody.
    if (record === null || record.signature.length === 0) return
    const list = listOf(identity)
    if (
      list.some(({ record: { head } }) => head.head === record.head.head && head.epoch === record.head.epoch)
    ) {
      return
    }
    list.push({ record, seenMs: clock.now() })
    kept.set(identity, thinned(list, clock.now()))
    unsaved.add(identity)
    timer ??= clock.after(saveMs, save)
  }

  function save(): void {
    timer = null
    store.saveSettings([...unsaved].map((identity) => [keyOf(identity), writeSightings(listOf(identity))]))
    unsaved.clear()
  }

  return {
    changed({ feeds }) {
      for (const identity of feeds) if (isOwn(identity)) note(identity)
    },
    of: listOf,
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]()
      if (unsaved.size > 0) save()
    },
  }
}

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

/** As `chooseFinal` takes them: seen by this device, or another own one. */
export function asSeen({ record, seenMs }: Sighting): HeadSighting {
  return { head: record.head, seenMs, by: 'own' }
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
