import {
  type Authority,
  type HeadRecord,
  type Identity,
  identityOfKey,
  type Root,
  rawCidOfDigest,
} from '@effigy/core'
import type { FeedState } from '@effigy/store'
import { createFakeClock, testSeed } from '@effigy/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asSeen, createSightings, maxSightings, type Sighting, thinned } from './sightings.ts'

const hourMs = 60 * 60 * 1000
const seenAt = (seenMs: number): Sighting => ({ seenMs, record: {} as HeadRecord })

/** Noted one by one, as they come. */
function noted(times: readonly number[]): readonly number[] {
  let list: Sighting[] = []
  for (const ms of times) list = thinned([...list, seenAt(ms)], ms)
  return list.map(({ seenMs }) => seenMs)
}

test('[Y16] [T26] ten thousand heads within an hour push no older sighting out', () => {
  const before = Array.from({ length: 48 }, (_, hour) => hour * hourMs)
  const flood = Array.from({ length: 10_000 }, (_, index) => 48 * hourMs + index * 360)
  const left = noted([...before, ...flood])
  expect(left.filter((ms) => ms < 48 * hourMs)).toEqual(before)
  expect(left.length).toBeLessThan(48 + 10 + 16)
  expect(left.at(-1)).toBe(flood.at(-1))
})

test('[Y16] the last by any moment of the past days is known within its span, and the list is bounded', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 60 * hourMs }), { minLength: 1, maxLength: 400 }), (times) => {
      const sorted = times.toSorted((a, b) => a - b)
      const left = noted(sorted)
      expect(left.length).toBeLessThanOrEqual(maxSightings)
      const now = sorted.at(-1) as number
      for (const ms of sorted) {
        const span = now - ms < 12 * hourMs ? hourMs / 6 : hourMs
        expect(left.some((kept) => kept >= ms && kept < ms + span)).toBe(true)
      }
    }),
    { numRuns: 30 },
  )
})

test('[T24] a clock that jumps by years takes not the newest', () => {
  const left = noted([...Array.from({ length: 100 }, (_, index) => index), 10 * 365 * 24 * hourMs])
  expect(left.length).toBeGreaterThan(1)
})

const self = identityOfKey(testSeed('laptop'))
const phone = identityOfKey(testSeed('phone'))

const recordOf = (identity: Identity, length: number): HeadRecord => ({
  head: {
    ...{ identity, epoch: 1, length, comparable: length, bytes: 400 * length },
    head: rawCidOfDigest(testSeed(`head ${length}`)),
  },
  signature: new Uint8Array(64),
})

/** The settings of a device that is killed at any moment, and its sightings as they are opened. */
function disk() {
  const root = 'the root' as Root
  const settings = new Map<string, string | null>()
  const heads = new Map<Identity, HeadRecord>()
  const owned = { is: false }
  const clock = createFakeClock()
  const store = {
    feed: (identity: Identity) => ({ record: heads.get(identity) ?? null }) as FeedState,
    setting: (key: string) => settings.get(key) ?? null,
    saveSettings(values: Iterable<readonly [string, string | null]>) {
      for (const [key, value] of values) settings.set(key, value)
    },
  }
  const standings = new Map([self, phone].map((each) => [each, { type: 'frozen' }]))
  const authority = () => (owned.is ? ({ standings } as unknown as Authority) : null)
  const own = { root: () => (owned.is ? root : null), authority }
  return {
    ...{ clock, root, owned },
    open: () => createSightings({ store, clock, self, own }),
    hear(length: number) {
      heads.set(phone, recordOf(phone, length))
      return { feeds: new Set([phone]), blobs: new Set<never>(), views: true }
    },
  }
}

const dayMs = 24 * hourMs
const lengths = (list: readonly Sighting[]): readonly number[] => list.map(({ record }) => record.head.length)

test('[Y16] a device that is killed forgets no first sighting, and none after a silence', async () => {
  const { clock, owned, open, hear } = disk()
  owned.is = true
  const killed = open()
  killed.changed(hear(1))
  await clock.advance(1)
  expect(lengths(open().of(phone))).toEqual([1])
  // Those that come within the minute are written together.
  killed.changed(hear(2))
  await clock.advance(1)
  killed.changed(hear(3))
  await clock.advance(1)
  expect(lengths(open().of(phone))).toEqual([1])
  await clock.advance(60_000)
  expect(lengths(open().of(phone))).toEqual([1, 2, 3])
  await clock.advance(60_000)
  killed.changed(hear(4))
  await clock.advance(1)
  expect(lengths(open().of(phone))).toEqual([1, 2, 3, 4])
})

test('[Y16] what is held is noted at start, and when its feed becomes the account’s', async () => {
  const { clock, owned, root, open, hear } = disk()
  const change = hear(1)
  using sightings = open()
  sightings.changed(change)
  sightings.start()
  expect(sightings.of(phone)).toEqual([])
  owned.is = true
  sightings.changed({ ...change, feeds: new Set(), synods: new Set([root]) })
  expect(lengths(sightings.of(phone))).toEqual([1])
  sightings.start()
  expect(sightings.of(phone)).toHaveLength(1)
  await clock.advance(60_000)

  hear(2)
  using again = open()
  again.start()
  expect(again.of(phone).map(({ record, seenMs }) => [record.head.length, seenMs])).toEqual([
    [1, clock.now() - 60_000],
    [2, clock.now()],
  ])
})

test('[Y16] [T24] a head that was noted by a clock far ahead is noted again by the right one; one far behind takes no time away', () => {
  const { clock, owned, open, hear } = disk()
  owned.is = true
  using sightings = open()
  const rightMs = clock.now()
  const change = hear(1)
  const seenBy = (nowMs: number) => asSeen(sightings.of(phone), nowMs).map(({ seenMs }) => seenMs - rightMs)
  clock.jump(3 * dayMs)
  sightings.changed(change)
  clock.jump(-3 * dayMs)
  sightings.start()
  sightings.start()
  expect(sightings.of(phone)).toHaveLength(2)
  expect(Math.min(...seenBy(rightMs + dayMs))).toBe(0)

  const thief = hear(2)
  clock.jump(dayMs)
  sightings.changed(thief)
  clock.jump(-30 * 365 * dayMs)
  sightings.start()
  clock.jump(30 * 365 * dayMs)
  const [last] = asSeen(sightings.of(phone), clock.now()).filter(({ head }) => head.length === 2)
  expect(last?.seenMs).toBe(rightMs + dayMs)
})
