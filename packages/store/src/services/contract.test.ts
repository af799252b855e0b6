/** One contract for both drivers of the stores of services (V20-V34). */
import { identityOfKey, rawCidOfDigest } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { type Changes, createChanges } from '../changes.ts'
import { openSqlite } from '../node/sqlite.ts'
import { migrations } from '../schema.ts'
import type { Sqlite } from '../sqlite.ts'
import type { DropInfo, DropStore } from './drop-store.ts'
import { createDropTable } from './drop-table.ts'
import { createMemoryLeases, type LeaseStore } from './lease-store.ts'
import { createLeaseTable } from './lease-table.ts'
import { createMemoryDrops } from './memory-drops.ts'

function withSqlite<Value>(create: (db: Sqlite, changes: Changes) => Value): Value {
  const db = openSqlite(':memory:', { migrations })
  return create(db, createChanges(db))
}

const someone = (byte: number) => identityOfKey(new Uint8Array(32).fill(byte))
const [alice, bob, phone, laptop] = [someone(1), someone(2), someone(3), someone(4)] as const
const cid = (byte: number) => rawCidOfDigest(new Uint8Array(32).fill(byte))

function info(byte: number, changes: Partial<DropInfo> = {}): DropInfo {
  return { id: cid(byte), to: bob, from: alice, isFriend: false, size: 3, at: byte, expires: 100, ...changes }
}
const bytes = Uint8Array.of(1, 2, 3)

describe.each([
  ['memory', createMemoryDrops],
  ['node:sqlite', () => withSqlite(createDropTable)],
] as const)('drops in %s', (_name, create: () => DropStore) => {
  test('[V20] are kept as they came, once', () => {
    const store = create()
    expect(store.add(info(1), bytes)).toBe(true)
    expect(store.add(info(1, { from: bob }), Uint8Array.of(9))).toBe(false)
    expect(store.info(cid(1))).toEqual(info(1))
    expect(store.bytes(cid(1))).toEqual(bytes)
    expect([store.info(cid(2)), store.bytes(cid(2))]).toEqual([null, null])
  })

  test('[V22] friends come first, then the order of coming; a receiver sees their own', () => {
    const store = create()
    const all = [
      info(1),
      info(2, { isFriend: true }),
      info(3),
      info(4, { to: null }),
      info(5, { isFriend: true }),
    ]
    for (const one of all) store.add(one, bytes)
    const ids = (list: readonly DropInfo[]) => list.map(({ at }) => at)
    expect(ids(store.waiting(bob, 10))).toEqual([2, 5, 1, 3])
    expect(ids(store.waiting(bob, 3))).toEqual([2, 5, 1])
    expect(ids(store.waiting(null, 10))).toEqual([4])
    expect(ids(store.waiting(alice, 10))).toEqual([])
  })

  test('[V23] acknowledged by one device, still there for the other', () => {
    const store = create()
    store.add(info(1), bytes)
    store.add(info(2), bytes)
    expect(store.acknowledge(cid(1), phone)).toEqual([phone])
    expect(store.acknowledge(cid(1), phone)).toEqual([phone])
    expect(new Set(store.acknowledge(cid(1), laptop))).toEqual(new Set([phone, laptop]))
    expect(store.unseen(bob, phone, 10).map(({ at }) => at)).toEqual([2])
    expect(store.acknowledge(cid(9), phone)).toEqual([])
    expect([store.remove(cid(1)), store.remove(cid(1))]).toEqual([true, false])
    store.add(info(1), bytes)
    expect(store.unseen(bob, phone, 10)).toHaveLength(2)
  })

  test('[V21] usage is counted apart for friends and others', () => {
    const store = create()
    store.add(info(1), bytes)
    store.add(info(2, { isFriend: true, size: 10 }), bytes)
    store.add(info(3, { to: alice }), bytes)
    expect(store.usage(bob, false)).toEqual({ items: 1, bytes: 3 })
    expect(store.usage(bob, true)).toEqual({ items: 1, bytes: 10 })
    expect(store.usage(null, true)).toEqual({ items: 0, bytes: 0 })
    expect(store.totalBytes).toBe(16)
  })

  test('[V24] expiry is exact to the millisecond', () => {
    const store = create()
    store.add(info(1, { expires: 100 }), bytes)
    store.add(info(2, { expires: 101 }), bytes)
    expect([store.expire(99), store.expire(100), store.expire(100)]).toEqual([0, 1, 0])
    expect(store.info(cid(1))).toBeNull()
    expect(store.info(cid(2))).not.toBeNull()
  })

  test('[V21] a list of friends replaces the one before', () => {
    const store = create()
    store.setFriends(bob, [alice, phone, alice])
    store.setFriends(bob, [laptop])
    expect([alice, phone, laptop].map((friend) => store.isFriend(bob, friend))).toEqual([false, false, true])
    expect(store.isFriend(alice, laptop)).toBe(false)
  })
})

describe.each([
  ['memory', createMemoryLeases],
  ['node:sqlite', () => withSqlite(createLeaseTable)],
] as const)('leases in %s', (_name, create: () => LeaseStore) => {
  const lease = (feed: typeof alice, until: number, size = 10) => ({
    for: feed,
    owner: alice,
    until,
    bytes: size,
    record: bytes,
  })

  test('[V31] one a feed: a renewal replaces it', () => {
    const store = create()
    store.put(lease(alice, 5))
    store.put(lease(alice, 9, 20))
    expect(store.get(alice)).toEqual(lease(alice, 9, 20))
    expect(store.of(alice)).toHaveLength(1)
    expect([store.promised(alice), store.promised(bob), store.promised(null)]).toEqual([20, 0, 20])
    expect([store.remove(alice), store.remove(alice), store.get(alice)]).toEqual([true, false, null])
  })

  test('[V32] what has ended is told and gone', () => {
    const store = create()
    for (const [feed, until] of [
      [alice, 5],
      [phone, 6],
      [laptop, 7],
    ] as const)
      store.put(lease(feed, until))
    expect(new Set(store.expire(6).map((ended) => ended.for))).toEqual(new Set([alice, phone]))
    expect(store.expire(6)).toEqual([])
    expect(store.of(alice).map((left) => left.for)).toEqual([laptop])
  })
})
