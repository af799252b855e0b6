/** The drop box under honest and hostile senders (V20-V24, T17, T30). */
import type { Identity } from '@effigy/core'
import { createMemoryDrops } from '@effigy/store'
import { describe, expect, test } from 'vitest'
import {
  bob,
  carol,
  createDropWorld as createWorld,
  friend,
  laptop,
  phone,
  someone,
  stranger,
} from '../../test/drop-kit.ts'

const dayMs = 24 * 60 * 60 * 1000

describe('putting', () => {
  test('[V21] size: at the limit and one above; nothing at all', () => {
    const { codeOf, fresh } = createWorld({ dropBytes: 1_000 })
    expect([codeOf(friend, bob, fresh(1_000)), codeOf(friend, bob, fresh(1_001))]).toEqual([
      'ok',
      'too-large',
    ])
    expect(codeOf(friend, bob, new Uint8Array(0))).toBe('too-large')
  })

  test('[T17] perMinute: a burst of 10, then one a second, whomever they are for', async () => {
    const { codeOf, fresh, clock } = createWorld()
    for (let n = 0; n < 10; n++) expect(codeOf(stranger, n % 2 === 0 ? bob : carol, fresh())).toBe('ok')
    expect(codeOf(stranger, bob, fresh())).toBe('too-fast')
    expect(codeOf(friend, bob, fresh())).toBe('ok')
    await clock.advance(2_000)
    expect(codeOf(stranger, bob, fresh())).toBe('ok')
    let taken = 0
    for (let second = 0; second < 60; second++) {
      await clock.advance(1_000)
      for (let n = 0; n < 5; n++) if (codeOf(stranger, bob, fresh()) === 'ok') taken++
    }
    expect(taken).toBeLessThanOrEqual(61)
  })

  test('[T17] 1,000 senders flood: friends are still heard, and memory is capped', async () => {
    const { store, codeOf, fresh, clock, offers } = createWorld()
    for (let round = 0; round < 20; round++) {
      for (let sender = 0; sender < 1_000; sender++) {
        expect(['ok', 'too-fast']).toContain(codeOf(someone(1_000 + sender), bob, fresh(2_000)))
      }
      if (round % 5 === 0) expect(codeOf(friend, bob, fresh())).toBe('ok')
      await clock.advance(1_000)
    }
    expect(store.usage(bob, false).items).toBe(500)
    expect(store.usage(bob, true).items).toBe(4)
    expect(
      offers(phone)
        .slice(0, 5)
        .map(({ from }) => from === friend),
    ).toEqual([true, true, true, true, false])
  })

  test('[T17] all strangers together have a pace; friends are not slowed by it', async () => {
    const { codeOf, fresh, clock } = createWorld({ strangerBurst: 3, strangersPerSecond: 1 })
    const codes = [1, 2, 3, 4].map((sender) => codeOf(someone(100 + sender), someone(99), fresh()))
    expect(codes).toEqual(['ok', 'ok', 'ok', 'too-fast'])
    expect(codeOf(friend, bob, fresh())).toBe('ok')
    await clock.advance(2_000)
    expect(codeOf(someone(200), bob, fresh())).toBe('ok')
  })

  test('[T17] a flood of strangers does not shut strangers out when it is over', async () => {
    const { codeOf, fresh, clock } = createWorld({ strangerBurst: 3, strangersPerSecond: 1 })
    for (let sender = 0; sender < 500; sender++) codeOf(someone(100 + sender), bob, fresh())
    await clock.advance(1_000)
    expect(codeOf(stranger, bob, fresh())).toBe('ok')
  })

  test('[T17] lists of friends: so many a minute', async () => {
    const { box, clock } = createWorld({ listsPerMinute: 3 })
    expect([1, 2, 3].map(() => box.setFriends(laptop, [friend]))).toEqual([true, true, false])
    await clock.advance(40_000)
    expect(box.setFriends(phone, [friend])).toBe(true)
  })

  test('[V21] lists of all together: at the bound and one above; what does not grow goes on, on a full disk too', async () => {
    let isFull = false
    const { box, store, clock } = createWorld({ listedTotal: 4, listedAlways: 0 }, { isFull: () => isFull })
    const names = [10, 11, 12, 13].map(someone)
    expect(box.setFriends(carol, names)).toBe(false)
    expect(box.setFriends(carol, [...names.slice(1), names[1]!])).toBe(true)
    expect(box.setFriends(phone, [stranger])).toBe(true)
    expect(box.setFriends(phone, [stranger, friend])).toBe(false)
    expect([store.listed(null), store.isFriend(bob, stranger)]).toEqual([4, true])
    isFull = true
    await clock.advance(60_000)
    expect(box.setFriends(carol, names.slice(2))).toBe(true)
    expect(box.setFriends(phone, [stranger, friend])).toBe(false)
    isFull = false
    expect(box.setFriends(phone, [stranger, friend])).toBe(true)
  })

  test('[V21] however many names others have, a short list is taken', () => {
    const { box } = createWorld({ listedTotal: 4, listedAlways: 2 })
    expect(box.setFriends(carol, [10, 11, 12].map(someone))).toBe(true)
    expect(box.setFriends(phone, [stranger, friend])).toBe(true)
    expect(box.setFriends(phone, [stranger, friend, someone(10)])).toBe(false)
  })

  test('[V21] lists of all together have a pace, and what it refuses costs nothing', async () => {
    const devices = { devicesOf: (one: Identity) => [one], accountOf: (one: Identity) => one }
    const { box, clock } = createWorld({ listedBurst: 12, listedPerSecond: 5 }, devices)
    const list = [10, 11, 12, 13].map(someone)
    const told = () => [100, 101, 102, 103].map((one) => box.setFriends(someone(one), list))
    // The world itself has told a list of one name.
    expect(told()).toEqual([true, true, false, false])
    await clock.advance(1_000)
    expect(told()).toEqual([true, false, false, false])
  })

  test('[V21] whoever has no box any more has no list, and may not send one', () => {
    const members = new Set([1, 2, 3, 4, 5].map((one) => someone(100 + one)))
    const isHere = (one: Identity): readonly Identity[] => (members.has(one) ? [one] : [])
    const { box, store } = createWorld({ listsAtOnce: 2 }, { devicesOf: isHere, accountOf: (one) => one })
    for (const member of members) expect(box.setFriends(member, [friend, stranger])).toBe(true)
    members.delete(someone(101))
    members.delete(someone(105))
    expect(box.setFriends(someone(101), [friend])).toBe(false)
    expect([1, 2, 3].map(box.dropLists)).toEqual([true, true, false])
    expect(store.listReceivers(null, 9)).toEqual([102, 103, 104].map(someone))
    expect(store.listed(null)).toBe(6)
    // From the beginning again.
    members.clear()
    expect([1, 2].map(box.dropLists)).toEqual([true, false])
    expect(store.listed(null)).toBe(0)
  })

  test('[V21] of long lists fewer are removed in one go', () => {
    const members = new Set([1, 2, 3].map((one) => someone(100 + one)))
    const isHere = (one: Identity): readonly Identity[] => (members.has(one) ? [one] : [])
    const { box, store } = createWorld({ listedFriends: 2 }, { devicesOf: isHere, accountOf: (one) => one })
    for (const member of members) box.setFriends(member, [friend, stranger])
    members.clear()
    const left = [1, 2, 3, 4].map(() => [box.dropLists(), store.listed(null)])
    expect(left).toEqual([
      [true, 4],
      [true, 2],
      [true, 0],
      [false, 0],
    ])
  })

  test('[T17] bytes of strangers: at the limit and one above', () => {
    const { store, codeOf, fresh } = createWorld({ strangers: { items: 500, bytes: 5_000 } })
    for (let sender = 0; sender < 5; sender++) codeOf(someone(100 + sender), bob, fresh(1_000))
    expect(store.usage(bob, false)).toEqual({ items: 5, bytes: 5_000 })
    codeOf(someone(200), bob, fresh(4))
    expect(store.usage(bob, false).bytes).toBe(5_000)
  })

  test('[T16] [T30] with no room on the disk friends hear it, strangers what they always hear', () => {
    let isFull = false
    const { store, codeOf, fresh } = createWorld({}, { isFull: () => isFull })
    isFull = true
    expect([codeOf(friend, bob, fresh()), codeOf(stranger, bob, fresh())]).toEqual(['full', 'ok'])
    expect(store.totalBytes).toBe(0)
  })

  test('[V21] a friend hears that the box is full; all drops together have a bound too', () => {
    const { codeOf, fresh, box } = createWorld({ friends: { items: 2, bytes: 10_000 } })
    const friends = [20, 21, 22].map(someone)
    box.setFriends(phone, friends)
    expect(friends.map((one) => codeOf(one, bob, fresh()))).toEqual(['ok', 'ok', 'full'])
    const small = createWorld({ totalBytes: 250 })
    expect([1, 2, 3].map(() => small.codeOf(friend, bob, small.fresh()))).toEqual(['ok', 'ok', 'full'])
    const flooded = createWorld({ totalBytes: 400 })
    for (let sender = 0; sender < 9; sender++) flooded.codeOf(someone(100 + sender), carol, flooded.fresh())
    expect(flooded.store.totalBytes).toBe(200)
    expect([1, 2, 3].map(() => flooded.codeOf(friend, bob, flooded.fresh()))).toEqual(['ok', 'ok', 'full'])
  })

  test('[T30] a stranger hears the same whether there is a box, it is full, or nothing of the kind', () => {
    const { codeOf, fresh, store } = createWorld({ strangers: { items: 1, bytes: 1_000 } })
    const hears = [
      codeOf(stranger, bob, fresh()),
      codeOf(stranger, bob, fresh()),
      codeOf(stranger, someone(99), fresh()),
    ]
    expect(hears).toEqual(['ok', 'ok', 'ok'])
    expect([store.usage(bob, false).items, store.usage(someone(99), false).items]).toEqual([1, 0])
  })

  test('[V22] [T30] whatever a stranger hands in costs the medium one write of its size, kept or not', () => {
    const kept = createMemoryDrops()
    const writes: string[] = []
    const store = {
      ...kept,
      get totalBytes() {
        return kept.totalBytes
      },
      add(...[drop, bytes]: Parameters<typeof kept.add>) {
        const isNew = kept.add(drop, bytes)
        if (isNew) writes.push(`${drop.size}`)
        return isNew
      },
      pretend: (...[, bytes]: Parameters<typeof kept.pretend>) => void writes.push(`${bytes.length}`),
    }
    const { codeOf, fresh } = createWorld({ strangers: { items: 2, bytes: 1_000 } }, { store })
    const again = fresh(7)
    const puts = [
      [bob, fresh(100)],
      [bob, again],
      [bob, again],
      [bob, fresh(200)],
      [someone(99), fresh(300)],
    ] as const
    for (const [to, bytes] of puts) expect(codeOf(stranger, to, bytes)).toBe('ok')
    expect(writes).toEqual(['100', '7', '7', '200', '300'])
  })

  test('[V20] [T17] bytes that somebody had sent to another first still come', () => {
    const { box, codeOf, fresh, offers } = createWorld({}, { isCommunity: true })
    const bytes = fresh()
    for (const to of [carol, null]) expect(codeOf(stranger, to, bytes)).toBe('ok')
    expect(codeOf(friend, bob, bytes)).toBe('ok')
    expect(offers(phone).map(({ to, isFriend }) => [to, isFriend])).toEqual([
      [bob, true],
      [null, false],
    ])
    const [drop] = offers(phone)
    expect(box.fetch(phone, drop!.id)).toEqual(bytes)
    for (const device of [phone, laptop]) box.acknowledge(device, [drop!.id])
    expect(offers(phone)).toEqual([])
    expect(offers(carol)).toHaveLength(2)
  })

  test('[V21] [T17] a sender may leave a quarter of what is free, in drops and bytes: the next one still has room', () => {
    const { box, codeOf, fresh } = createWorld({
      friends: { items: 100, bytes: 10_000 },
      strangers: { items: 5, bytes: 10_000 },
      burst: 100,
    })
    const many = [20, 21, 22, 23, 24, 25].map(someone)
    box.setFriends(phone, [friend, ...many])
    /** How many are taken before one is refused. */
    const fill = (from: Identity, size: number): number => {
      let count = 0
      while (codeOf(from, bob, fresh(size)) === 'ok') count++
      return count
    }
    expect(many.map((one) => fill(one, 10))).toEqual([20, 16, 13, 11, 8, 7])
    expect([...many, friend].map((one) => codeOf(one, bob, fresh(10)))).toEqual([
      ...many.map(() => 'full'),
      'ok',
    ])
    const bytes = createWorld({ friends: { items: 100, bytes: 10_000 } })
    expect([1, 2, 3].map(() => bytes.codeOf(friend, bob, bytes.fresh(1_000)))).toEqual(['ok', 'ok', 'full'])
    // Strangers hear nothing of it.
    expect([1, 2].map(() => codeOf(stranger, bob, fresh()))).toEqual(['ok', 'ok'])
  })

  test('[V22] [T17] offers go by senders in turns, and by boxes: who left very many hides nobody', () => {
    const accounts = new Set([phone, laptop])
    let isKnown = false
    const { box, codeOf, fresh, offers } = createWorld(
      { offered: 4, burst: 100 },
      {
        devicesOf: (one) => (one === bob ? [phone, laptop] : [one]),
        accountOf: (one) => (accounts.has(one) ? (isKnown ? bob : one) : one),
      },
    )
    const flooder = someone(20)
    box.setFriends(phone, [friend, flooder])
    codeOf(friend, phone, fresh(11))
    isKnown = true
    box.setFriends(phone, [friend, flooder])
    for (let n = 0; n < 9; n++) codeOf(flooder, bob, fresh(12))
    for (const size of [13, 14]) codeOf(friend, bob, fresh(size))
    expect(offers(phone).map(({ size }) => size)).toEqual([12, 11, 13, 12])
  })

  test('[V20] the same bytes again change nothing', () => {
    const { box, store, fresh } = createWorld()
    const bytes = fresh()
    expect(box.put(friend, bob, bytes)).toEqual(box.put(stranger, bob, bytes))
    expect(store.waiting(bob, 10)).toHaveLength(1)
  })

  test('[T17] a device asks for its offers so many times a minute', async () => {
    const { box, clock } = createWorld({ listensPerMinute: 3 })
    const codes = () => [1, 2, 3, 4].map(() => box.offers(phone).ok)
    expect(codes()).toEqual([true, true, true, false])
    expect(box.offers(laptop).ok).toBe(true)
    await clock.advance(20_000)
    expect(codes()).toEqual([true, false, false, false])
  })

  test('[V20] drops for nobody in particular: only where all try them, and they stay', () => {
    const { codeOf, fresh } = createWorld()
    expect(codeOf(friend, null, fresh())).toBe('receiver-needed')
    const community = createWorld({}, { isCommunity: true })
    expect(community.codeOf(friend, null, community.fresh())).toBe('ok')
    const [drop] = community.offers(phone)
    community.box.acknowledge(phone, [drop!.id])
    expect(community.offers(phone)).toEqual([])
    expect(community.offers(carol)).toHaveLength(1)
  })
})

describe('giving', () => {
  test('[V23] gone when every current device has acknowledged, not before', () => {
    const { box, codeOf, fresh, offers } = createWorld()
    codeOf(friend, bob, fresh())
    const [drop] = offers(phone)
    expect(box.fetch(phone, drop!.id)).not.toBeNull()
    box.acknowledge(phone, [drop!.id])
    box.acknowledge(phone, [drop!.id])
    expect(offers(phone)).toEqual([])
    expect(offers(laptop)).toHaveLength(1)
    box.acknowledge(laptop, [drop!.id])
    expect(box.fetch(laptop, drop!.id)).toBeNull()
  })

  test('[V24] bytes that expired and are not cleared away yet may come again', async () => {
    const { codeOf, fresh, clock, offers } = createWorld()
    const bytes = fresh()
    expect(codeOf(friend, bob, bytes)).toBe('ok')
    await clock.advance(14 * dayMs)
    expect(offers(phone)).toEqual([])
    expect(codeOf(friend, bob, bytes)).toBe('ok')
    expect(offers(phone)).toHaveLength(1)
  })

  test('[V23] others see, fetch and acknowledge nothing of it', () => {
    const { box, codeOf, fresh, offers } = createWorld()
    codeOf(friend, bob, fresh())
    const [drop] = offers(phone)
    for (const other of [carol, stranger, bob]) {
      expect([offers(other), box.fetch(other, drop!.id)]).toEqual([[], null])
      box.acknowledge(other, [drop!.id])
    }
    expect(box.setFriends(stranger, [])).toBe(false)
    expect(box.fetch(laptop, drop!.id)).not.toBeNull()
  })

  test('[V24] [T17] keptMs: expiry by size class, exact to the millisecond', async () => {
    const { box, codeOf, fresh, clock, offers } = createWorld()
    codeOf(friend, bob, fresh(4_096))
    codeOf(friend, bob, fresh(4_097))
    codeOf(friend, bob, fresh(65_536))
    const left = () => offers(phone).map(({ size }) => size)
    await clock.advance(7 * dayMs - 1)
    expect(left()).toEqual([4_096, 4_097, 65_536])
    await clock.advance(1)
    expect(left()).toEqual([4_096, 4_097])
    expect(box.expire()).toBe(1)
    await clock.advance(3 * dayMs)
    expect(left()).toEqual([4_096])
    await clock.advance(4 * dayMs - 1)
    expect([box.expire(), left()]).toEqual([1, [4_096]])
    await clock.advance(1)
    expect([left(), box.expire()]).toEqual([[], 1])
  })
})

test('[T17] what is due goes expiredAtOnce at a time, and the rest with the next', async () => {
  const { box, codeOf, fresh, clock } = createWorld({ expiredAtOnce: 2 })
  for (let n = 0; n < 3; n++) codeOf(friend, bob, fresh())
  await clock.advance(14 * dayMs)
  expect([box.expire(), box.expire(), box.expire()]).toEqual([2, 1, 0])
})

test('[V23] what came for a device before it was known whose it is stays its own', () => {
  let isKnown = false
  const { box, fresh, offers, store } = createWorld(
    {},
    {
      accountOf: (device) => (device === phone ? (isKnown ? bob : phone) : null),
      devicesOf: (account) => (account === bob ? [phone, laptop] : account === phone ? [phone] : []),
    },
  )
  const before = box.put(friend, phone, fresh())
  isKnown = true
  const after = box.put(friend, phone, fresh())
  if (!before.ok || !after.ok) throw new Error('refused')
  expect(
    offers(phone)
      .map(({ to }) => to)
      .sort(),
  ).toEqual([bob, phone].sort())
  expect([box.fetch(phone, before.value), box.fetch(phone, after.value)]).not.toContain(null)
  box.acknowledge(phone, [before.value, after.value])
  expect([store.waiting(phone, 9).length, store.waiting(bob, 9).length]).toEqual([0, 1])
})
