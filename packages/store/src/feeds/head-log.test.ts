import {
  compareBytes,
  concatBytes,
  type HeadRecord,
  type Identity,
  identityKey,
  identityOfKey,
  rawCidOfDigest,
} from '@effigy/core'
import { createRandom } from '@effigy/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import { medium, newFolder, openTestStore } from '../../test/medium.ts'
import type { HeadLog, LogPosition, MetSet, Store } from '../store.ts'
import { headDigest } from './head-digest.ts'

const { sha256 } = medium
const policy = { depth: { type: 'all' }, blobs: { type: 'all' } } as const
const random = createRandom('head log')
const someone = (): Identity => identityOfKey(random.bytes(32))

let folder = ''
beforeEach(() => {
  folder = newFolder()
})

const open = (name = 'store'): Store & { headLog: HeadLog } =>
  openTestStore(`${folder}/${name}`, { sha256, now: () => 1 }) as Store & { headLog: HeadLog }

/** The log does not look at signatures: that was done before. */
const recordOf = (identity: Identity, length: number): HeadRecord => ({
  head: {
    identity,
    epoch: 1,
    length,
    comparable: length,
    bytes: 100 * length,
    head: rawCidOfDigest(random.bytes(32)),
  },
  signature: random.bytes(64),
})

describe('positions', () => {
  test('[C3] what changed after one is told, each feed once, at its last place', () => {
    using store = open()
    const [a, b, c] = [someone(), someone(), someone()]
    for (const identity of [a, b, c]) store.watchFeed(identity, policy)
    store.acceptHead(recordOf(a, 1))
    const { count } = store.headLog.position()
    for (const [identity, length] of [
      [b, 1],
      [c, 1],
      [b, 2],
    ] as const)
      store.acceptHead(recordOf(identity, length))
    expect(store.headLog.changesSince(count, 10)).toEqual([c, b])
    expect(store.headLog.changesSince(count, 1)).toBeNull()
    expect(store.headLog.changesSince(store.headLog.position().count, 10)).toEqual([])
  })

  test('[C3] survive restarts, and end where a copy of the store that was put back goes on', () => {
    const a = someone()
    let early: LogPosition = { log: new Uint8Array(8), count: 0 }
    let late = early
    {
      using store = open()
      store.watchFeed(a, policy)
      store.acceptHead(recordOf(a, 1))
      early = store.headLog.position()
    }
    medium.copyFile(`${folder}/store/main.sqlite`, `${folder}/old.sqlite`)
    {
      using store = open()
      expect(store.headLog.continues(early)).toBe(true)
      store.acceptHead(recordOf(a, 2))
      store.acceptHead(recordOf(a, 3))
      late = store.headLog.position()
      expect(store.headLog.continues(late)).toBe(true)
      expect(store.headLog.continues({ ...late, count: late.count + 1 })).toBe(false)
    }
    medium.copyFile(`${folder}/old.sqlite`, `${folder}/store/main.sqlite`)
    {
      using store = open()
      for (let length = 4; length < 20; length++) store.acceptHead(recordOf(a, length))
      expect(store.headLog.continues(early)).toBe(true)
      // Longer by now than the count that was given out, and yet another log.
      expect(store.headLog.position().count).toBeGreaterThan(late.count)
      expect(store.headLog.continues(late)).toBe(false)
    }
  })

  test('[C3] an unknown log and a count beyond it are answers', () => {
    using store = open()
    const { log, count } = store.headLog.position()
    expect(store.headLog.continues({ log: random.bytes(8), count })).toBe(false)
    expect(store.headLog.continues({ log, count: count + 1 })).toBe(false)
    expect(store.headLog.continues({ log, count: -1 })).toBe(false)
  })

  test('[C3] a roll-back leaves no trace', () => {
    using store = open()
    const a = someone()
    store.watchFeed(a, policy)
    store.headLog.watchedHeads()
    const before = store.headLog.position()
    expect(() => store.appendOwn([], recordOf(a, 1))).toThrow()
    expect(store.headLog.position()).toEqual(before)
    expect(store.headLog.watchedHeads().digests.length).toBe(0)
  })
})

test('[C4] watched heads are those of the store, whatever happened since they were asked for', () => {
  using store = open()
  const expected = () => {
    const rows = Array.from(store.feeds({ watched: true }), ({ identity, record }) => ({ identity, record }))
    return {
      heads: rows.flatMap(({ identity, record }) =>
        record === null ? [] : [concatBytes(identityKey(identity), headDigest(record.head, sha256))],
      ),
      headless: rows.flatMap(({ identity, record }) => (record === null ? [identityKey(identity)] : [])),
    }
  }
  const given = () => {
    const { keys, digests, headless } = store.headLog.watchedHeads()
    const cut = (bytes: Uint8Array, length: number) =>
      Array.from({ length: bytes.length / length }, (_, at) => bytes.slice(at * length, (at + 1) * length))
    const list = cut(digests, 16)
    return {
      heads: cut(keys, 32).map((key, at) => concatBytes(key, list[at]!)),
      headless: cut(headless, 32),
    }
  }
  const sorted = ({ heads, headless }: { heads: Uint8Array[]; headless: Uint8Array[] }) => ({
    heads: heads.sort(compareBytes),
    headless: headless.sort(compareBytes),
  })
  const people = Array.from({ length: 12 }, someone)
  const lengths = new Map<Identity, number>()
  for (let step = 0; step < 200; step++) {
    const identity = random.pick(people)
    if (random.chance(0.3)) store.watchFeed(identity, random.chance(0.5) ? policy : null)
    else {
      const length = (lengths.get(identity) ?? 0) + 1
      lengths.set(identity, length)
      store.acceptHead(recordOf(identity, length))
    }
    if (random.chance(0.3)) expect(sorted(given())).toEqual(sorted(expected()))
  }
})

test('[C4] many watched heads are read in one piece, with what changed since, after any restart', () => {
  const people = Array.from({ length: 4_200 }, someone)
  const check = (store: Store & { headLog: HeadLog }) => {
    const { keys, digests, headless } = store.headLog.watchedHeads()
    const given = new Map<string, string>()
    const text = (bytes: Uint8Array) => String(bytes)
    for (let at = 0; at < keys.length / 32; at++) {
      given.set(text(keys.subarray(at * 32, at * 32 + 32)), text(digests.subarray(at * 16, at * 16 + 16)))
    }
    for (let at = 0; at < headless.length; at += 32) given.set(text(headless.subarray(at, at + 32)), '')
    const expected = new Map<string, string>()
    for (const { identity, record } of store.feeds({ watched: true })) {
      expected.set(text(identityKey(identity)), record === null ? '' : text(headDigest(record.head, sha256)))
    }
    expect(given).toEqual(expected)
  }
  {
    using store = open()
    for (const [at, identity] of people.entries()) {
      store.watchFeed(identity, policy)
      if (at % 3 > 0) store.acceptHead(recordOf(identity, 1))
    }
    check(store)
  }
  for (let round = 0; round < 3; round++) {
    using store = open()
    // Before it is read, and after it.
    for (const half of [0, 1]) {
      for (let step = 0; step < (round === 2 ? 700 : 20); step++) {
        const identity = random.pick(people)
        if (random.chance(0.5)) store.acceptHead(recordOf(identity, 2 + round * 2 + half))
        else store.watchFeed(identity, random.chance(0.5) ? policy : null)
      }
      store.watchFeed(someone(), policy)
      check(store)
    }
  }
})

test('[C2] flips of what is watched are told from a count on', () => {
  using store = open()
  const [a, b] = [someone(), someone()]
  store.watchFeed(a, policy)
  const { count } = store.headLog.position()
  store.watchFeed(a, { ...policy, blobs: { type: 'none' } })
  expect(store.headLog.flipsSince(count)).toEqual([])
  store.watchFeed(b, policy)
  store.watchFeed(a, null)
  expect(
    new Map(store.headLog.flipsSince(count).map(({ identity, watched }) => [identity, watched])),
  ).toEqual(
    new Map([
      [a, false],
      [b, true],
    ]),
  )
  for (const [identity, flipped] of [
    [a, true],
    [b, true],
    [someone(), false],
  ] as const) {
    expect(store.headLog.hasFlipped(identity, count)).toBe(flipped)
    expect(store.headLog.hasFlipped(identity, store.headLog.position().count)).toBe(false)
  }
  const later = store.headLog.position().count
  // Rolled back: what is remembered is read anew.
  expect(() => store.appendOwn([], recordOf(a, 1))).toThrow()
  expect(store.headLog.hasFlipped(b, later)).toBe(false)
  store.watchFeed(a, policy)
  expect(store.headLog.hasFlipped(a, later)).toBe(true)
  expect(store.headLog.hasFlipped(b, later)).toBe(false)
})

test('[C2] [T16] two sets a side are kept for each, and read back after a restart', () => {
  const remote = someone()
  const setOf = (count: number, mine: boolean): MetSet => ({
    mine,
    hash: new Uint8Array(16).fill(count),
    keys: random.bytes(32 * count),
    theirs: count % 2 === 0 ? null : { log: random.bytes(8), count },
    own: count,
  })
  const sets = [1, 2, 3].map((count) => setOf(count, false))
  {
    using store = open()
    for (const set of sets) store.headLog.saveSet(remote, set)
    store.headLog.saveSet(remote, setOf(1, true))
  }
  using store = open()
  const get = (mine: boolean, hash: Uint8Array) => store.headLog.metSet(remote, mine, hash)
  expect(get(false, sets[0]!.hash)).toBeNull()
  expect(get(false, sets[1]!.hash)).toEqual(sets[1])
  expect(store.headLog.lastSet(remote, false)).toEqual(sets[2])
  expect(store.headLog.lastSet(remote, true)?.own).toBe(1)
  const moved = { ...sets[1]!, theirs: { log: random.bytes(8), count: 9 }, own: 7 }
  store.headLog.saveSet(remote, moved)
  expect(store.headLog.lastSet(remote, false)).toEqual(moved)
  store.headLog.forgetSets(remote)
  expect(store.headLog.lastSet(remote, true)).toBeNull()
})
