/** One contract for both drivers of the stores of services (V20-V34). */
import { cidBytes, encodeBase64url, identityKey, identityOfKey, rawCidOfDigest } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { openSqlite } from '../../test/medium.ts'
import { type Changes, createChanges } from '../changes.ts'
import { migrations } from '../schema.ts'
import type { Sqlite } from '../sqlite.ts'
import type { DropInfo, DropStore } from './drop-store.ts'
import { createDropTable, dropsByReceiver } from './drop-table.ts'
import { createMemoryLeases, type HeldLease, type LeaseStore } from './lease-store.ts'
import { createLeaseTable } from './lease-table.ts'
import { createMemoryDrops } from './memory-drops.ts'
import { createMemorySeen, type SeenDrop, type SeenDrops, type SeenRoom } from './seen-drops.ts'
import { createSeenTable } from './seen-table.ts'

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
    expect(store.info(bob, cid(1))).toEqual(info(1))
    expect(store.bytes(bob, cid(1))).toEqual(bytes)
    expect([store.info(bob, cid(2)), store.bytes(bob, cid(2))]).toEqual([null, null])
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

  test('boxes are told with what is in them, and cleared one by one', () => {
    const store = create()
    const all = [info(1), info(2, { isFriend: true }), info(3, { to: null }), info(4, { to: alice, size: 9 })]
    for (const one of all) store.add(one, bytes)
    store.pretend(info(5), bytes)
    const ofBob = { items: 2, bytes: 6 }
    expect(store.boxes(10)).toEqual([
      { to: alice, items: 1, bytes: 9 },
      { to: bob, ...ofBob },
      { to: null, items: 1, bytes: 3 },
    ])
    expect(store.boxes(1)).toHaveLength(1)
    expect([store.clear(bob), store.clear(bob), store.clear(null)]).toEqual([
      ofBob,
      { items: 0, bytes: 0 },
      { items: 1, bytes: 3 },
    ])
    expect([store.boxes(10).length, store.totalBytes, store.waiting(bob, 10)]).toEqual([1, 9, []])
  })

  test('[V23] acknowledged by one device, still there for the other', () => {
    const store = create()
    store.add(info(1), bytes)
    store.add(info(2), bytes)
    expect(store.acknowledge(bob, cid(1), phone)).toEqual([phone])
    expect(store.acknowledge(bob, cid(1), phone)).toEqual([phone])
    expect(new Set(store.acknowledge(bob, cid(1), laptop))).toEqual(new Set([phone, laptop]))
    expect(store.unseen(bob, phone, 10).map(({ at }) => at)).toEqual([2])
    expect(store.acknowledge(bob, cid(9), phone)).toEqual([])
    expect([store.remove(bob, cid(1)), store.remove(bob, cid(1))]).toEqual([true, false])
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

  test('[V22] [T17] what a device has not acknowledged: friends first, of each the senders in turns; counted by sender', () => {
    const store = create()
    const flood = [2, 3, 4, 5].map((byte) => info(byte, { isFriend: true }))
    const all = [
      info(1),
      ...flood,
      info(6, { isFriend: true, from: phone }),
      info(7, { from: phone }),
      info(8),
    ]
    for (const one of all) store.add(one, bytes)
    const unseen = (limit: number) => store.unseen(bob, laptop, limit).map(({ at }) => at)
    expect([unseen(10), unseen(2)]).toEqual([
      [2, 6, 3, 4, 5, 1, 7, 8],
      [2, 6],
    ])
    // A quarter is for strangers.
    expect(unseen(4)).toEqual([2, 6, 3, 1])
    store.acknowledge(bob, cid(2), laptop)
    expect(unseen(3)).toEqual([3, 6, 4])
    expect(store.usage(bob, true, alice)).toEqual({ items: 4, bytes: 12 })
    expect([true, false].map((isFriend) => store.usage(bob, isFriend, phone).items)).toEqual([1, 1])
    expect(store.usage(bob, true, laptop)).toEqual({ items: 0, bytes: 0 })
  })

  test('[V24] expiry is exact to the millisecond', () => {
    const store = create()
    store.add(info(1, { expires: 100 }), bytes)
    store.add(info(2, { expires: 101 }), bytes)
    expect([99, 100, 100].map((now) => store.expire(now, 9))).toEqual([0, 1, 0])
    expect(store.info(bob, cid(1))).toBeNull()
    expect(store.info(bob, cid(2))).not.toBeNull()
  })

  test('[V24] what is due goes in parts', () => {
    const store = create()
    for (let at = 1; at <= 5; at++) store.add(info(at), bytes)
    expect([1, 2, 3, 4].map(() => store.expire(100, 2))).toEqual([2, 2, 1, 0])
  })

  test("[V20] the same bytes are each receiver's own: handed in for one they are in nobody's way", () => {
    const store = create()
    expect(store.add(info(1, { to: alice }), bytes)).toBe(true)
    expect(store.add(info(1, { to: null }), bytes)).toBe(true)
    expect(store.info(bob, cid(1))).toBeNull()
    expect(store.add(info(1, { from: phone, expires: 200 }), bytes)).toBe(true)
    expect([store.info(bob, cid(1))?.from, store.info(alice, cid(1))?.from]).toEqual([phone, alice])
    expect(store.acknowledge(alice, cid(1), laptop)).toEqual([laptop])
    expect(store.unseen(bob, laptop, 10)).toHaveLength(1)
    expect(store.remove(alice, cid(1))).toBe(true)
    expect([store.bytes(alice, cid(1)), store.bytes(bob, cid(1)), store.bytes(null, cid(1))]).toEqual([
      null,
      bytes,
      bytes,
    ])
    expect(store.expire(100, 9)).toBe(1)
    expect(store.totalBytes).toBe(3)
  })

  test('[V22] what is written for show is nowhere', () => {
    const store = create()
    store.add(info(1), bytes)
    for (const byte of [1, 2, 2, 3]) store.pretend(info(byte), bytes)
    expect([store.usage(bob, false), store.totalBytes]).toEqual([{ items: 1, bytes: 3 }, 3])
    expect(store.waiting(bob, 10).map(({ id }) => id)).toEqual([cid(1)])
    expect([store.info(bob, cid(3)), store.waiting(null, 10), store.expire(99, 9)]).toEqual([null, [], 0])
  })

  test('[V21] a list of friends replaces the one before', () => {
    const store = create()
    store.setFriends(bob, [alice, phone, alice])
    store.setFriends(bob, [laptop])
    expect([alice, phone, laptop].map((friend) => store.isFriend(bob, friend))).toEqual([false, false, true])
    expect(store.isFriend(alice, laptop)).toBe(false)
  })

  test('[V21] lists are counted, of one receiver and of all, and their receivers told in parts', () => {
    const store = create()
    store.setFriends(laptop, [alice, bob, bob])
    store.setFriends(bob, [alice])
    store.setFriends(phone, [alice])
    store.setFriends(phone, [])
    expect([laptop, bob, phone, null].map(store.listed)).toEqual([2, 1, 0, 3])
    const first = store.listReceivers(null, 1)
    expect([...first, ...store.listReceivers(first[0]!, 9)].sort()).toEqual([bob, laptop].sort())
    expect([store.listReceivers(null, 9), store.listReceivers(null, 0)]).toEqual([
      [...first, ...store.listReceivers(first[0]!, 1)],
      [],
    ])
  })
})

test('[V20] [S2] drops of a store from before receivers had their own are there afterwards, acknowledgements too', () => {
  const before = migrations.indexOf(dropsByReceiver)
  const old = openSqlite(':memory:', { migrations: migrations.slice(0, before) })
  old.run(
    `insert into drops (id, cid, receiver, sender, friend, size, at, expires, bytes)
     values (7, ?, ?, ?, 1, 3, 5, 100, ?)`,
    cidBytes(cid(1)),
    identityKey(bob),
    identityKey(alice),
    bytes,
  )
  old.run('insert into drop_seen (drop_id, device) values (7, ?)', identityKey(phone))
  for (const migration of migrations.slice(before)) old.script(migration)
  const store = createDropTable(old, createChanges(old))
  expect(store.info(bob, cid(1))).toEqual(info(1, { isFriend: true, at: 5 }))
  expect([store.unseen(bob, phone, 9), store.unseen(bob, laptop, 9).length]).toEqual([[], 1])
  expect(store.bytes(bob, cid(1))).toEqual(bytes)
})

describe.each([
  ['memory', createMemorySeen],
  ['node:sqlite', (room: SeenRoom) => withSqlite((db, changes) => createSeenTable(db, changes, room))],
] as const)('drops that were opened, in %s', (_name, create: (room: SeenRoom) => SeenDrops) => {
  const nonce = (byte: number) => encodeBase64url(new Uint8Array(16).fill(byte))
  const drop = (byte: number, changes: Partial<SeenDrop> = {}): SeenDrop => ({
    from: alice,
    nonce: nonce(byte),
    at: byte,
    isListed: false,
    ...changes,
  })

  test('[V26] by sender and nonce, once', () => {
    const store = create({ listed: 9, others: 9 })
    expect([store.remember(drop(1), 100), store.remember(drop(1, { isListed: true }), 100)]).toEqual([
      true,
      false,
    ])
    expect([store.has(alice, nonce(1)), store.has(bob, nonce(1)), store.has(alice, nonce(2))]).toEqual([
      true,
      false,
      false,
    ])
    expect([store.forgotten(true), store.forgotten(false)]).toEqual([null, null])
  })

  test('[V27] [T17] a flood of others crowds out others alone, the oldest first, and leaves its mark', () => {
    const store = create({ listed: 2, others: 3 })
    store.remember(drop(1, { from: bob, isListed: true }), 100)
    for (const byte of [9, 5, 7, 8, 6]) store.remember(drop(byte), 100)
    expect([5, 6, 7, 8, 9].map((byte) => store.has(alice, nonce(byte)))).toEqual([
      false,
      false,
      true,
      true,
      true,
    ])
    expect([store.forgotten(false), store.forgotten(true)]).toEqual([6, null])
    expect(store.has(bob, nonce(1))).toBe(true)
    // One that is older than all that are here is forgotten at once, and known to be.
    store.remember(drop(2), 100)
    expect([store.has(alice, nonce(2)), store.forgotten(false)]).toEqual([false, 6])
  })

  test('[V27] [T24] what is due leaves its mark too, for clocks that go back', () => {
    const store = create({ listed: 9, others: 9 })
    for (const byte of [1, 2, 3]) store.remember(drop(byte, { isListed: byte === 3 }), 100 + byte)
    expect([store.expire(100, 9), store.expire(103, 2), store.expire(103, 2)]).toEqual([0, 2, 1])
    expect([store.forgotten(false), store.forgotten(true)]).toEqual([2, 3])
    expect(store.has(alice, nonce(1))).toBe(false)
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
    isReleased: false,
    before: null as HeldLease['before'],
  })

  test('[V31] one a feed: a renewal replaces it', () => {
    const store = create()
    store.put(lease(alice, 5))
    store.put(lease(alice, 9, 20))
    expect(store.get(alice)).toEqual(lease(alice, 9, 20))
    expect(store.of(alice)).toHaveLength(1)
    expect(store.feeds()).toEqual([alice])
    expect([store.promised(alice), store.promised(bob), store.promised(null)]).toEqual([20, 0, 20])
    expect([store.remove(alice), store.remove(alice), store.get(alice)]).toEqual([true, false, null])
  })

  test('[V32] what has ended is told, to the millisecond, until it is removed', () => {
    const store = create()
    for (const [feed, until] of [
      [alice, 5],
      [phone, 6],
      [laptop, 7],
    ] as const)
      store.put(lease(feed, until))
    expect(store.ended(4, 9)).toEqual([])
    expect(new Set(store.ended(6, 9).map((ended) => ended.for))).toEqual(new Set([alice, phone]))
    expect(store.ended(6, 1)).toHaveLength(1)
    for (const ended of store.ended(6, 9)) store.remove(ended.for)
    expect([store.ended(6, 9), store.feeds()]).toEqual([[], [laptop]])
  })

  test('[V32] what it was before, and that it was released, is kept, and told when that has had its time', () => {
    const store = create()
    const less = { ...lease(alice, 9), before: { until: 5, blobs: 7 } }
    const released = { ...lease(phone, 6), isReleased: true, before: { until: 6, blobs: 0 } }
    for (const one of [less, released]) store.put(one)
    expect([store.get(alice), store.get(phone)]).toEqual([less, released])
    expect([4, 5, 6].map((now) => store.ended(now, 9).length)).toEqual([0, 1, 2])
    store.put(lease(alice, 9))
    expect(store.get(alice)).toEqual(lease(alice, 9))
    expect(store.ended(8, 9)).toEqual([released])
  })
})
