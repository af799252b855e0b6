import { EffigyError, type Identity, identityOfKey } from '@effigy/core'
import type { Account, AccountTable } from '@effigy/store'
import { createFakeClock, createRandom } from '@effigy/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLedger } from './ledger.ts'
import { createServiceQueue, type ServiceTurn, type Standing } from './service-queue.ts'

const warned: string[] = []
const log = { warn: (event: string) => void warned.push(event) }

const somebody = (name: string | number): Identity => identityOfKey(createRandom(`key ${name}`).bytes(32))

function memoryTable() {
  const rows = new Map<Identity, Account>()
  const saves: number[] = []
  const table: AccountTable = {
    all: () => [...rows.values()],
    save(accounts, gone) {
      const list = [...accounts]
      saves.push(list.length)
      for (const identity of gone) rows.delete(identity)
      for (const account of list) rows.set(account.identity, account)
    },
  }
  return { rows, saves, table }
}

describe('the ledger', () => {
  test('[G5] credit is what was taken and granted, less what was given', () => {
    using ledger = createLedger({ log, clock: createFakeClock(), table: null })
    const friend = somebody('friend')
    expect(ledger.credit(friend)).toBe(0)
    ledger.took(friend, 1_000)
    ledger.gave(friend, 1_500)
    expect(ledger.credit(friend)).toBe(-500)
    ledger.grant(friend, 800)
    expect(ledger.credit(friend)).toBe(300)
    expect(ledger.account(friend)).toMatchObject({ given: 1_500, taken: 1_000, granted: 800 })
  })

  test('[G5] it is saved once a minute, at the end, and at once for a grant; and read again', async () => {
    const clock = createFakeClock()
    const { table, saves } = memoryTable()
    const [a, b] = [somebody('a'), somebody('b')]
    {
      using ledger = createLedger({ log, clock, table })
      for (let round = 0; round < 100; round++) ledger.took(a, 10)
      expect(saves).toEqual([])
      await clock.advance(60_000)
      expect(saves).toEqual([1])
      ledger.grant(b, 5)
      expect(saves).toEqual([1, 1])
      ledger.gave(b, 1)
    }
    expect(saves).toEqual([1, 1, 1])
    expect(clock.pending()).toBe(0)
    using again = createLedger({ log, clock, table })
    expect([again.credit(a), again.credit(b)]).toEqual([1_000, 4])
  })

  test('[G5] after thirty days half of it counts; a clock that jumps counts once, a grant stays', () => {
    const clock = createFakeClock()
    using ledger = createLedger({ log, clock, table: null })
    const a = somebody('a')
    ledger.took(a, 1_000)
    ledger.grant(a, 100)
    clock.jump(365 * 24 * 3_600_000)
    ledger.gave(a, 10)
    expect(ledger.account(a)).toMatchObject({ taken: 500, given: 10, granted: 100 })
    clock.jump(-3 * 365 * 24 * 3_600_000)
    ledger.gave(a, 10)
    expect(ledger.account(a)).toMatchObject({ taken: 500, given: 20 })
  })

  test('[G5] [T18] a flood of identities stays within the bound and takes nobody of worth with it', () => {
    const { table, rows } = memoryTable()
    {
      using ledger = createLedger({ log, clock: createFakeClock(), table, limit: 20 })
      const worthy = Array.from({ length: 10 }, (_, index) => somebody(`worthy ${index}`))
      for (const one of worthy.slice(0, 5)) ledger.took(one, 1_000)
      for (const one of worthy.slice(5)) ledger.grant(one, 1)
      for (let index = 0; index < 500; index++) ledger.gave(somebody(`stranger ${index}`), 100_000)
      expect(ledger.size).toBe(20)
      for (const one of worthy) expect(ledger.credit(one)).toBeGreaterThan(0)
    }
    expect(rows.size).toBeLessThanOrEqual(20)
  })

  test('[G5] where all have grants nobody new is counted', () => {
    using ledger = createLedger({ log, clock: createFakeClock(), table: null, limit: 2 })
    for (const name of ['a', 'b']) ledger.grant(somebody(name), 10)
    ledger.gave(somebody('c'), 10)
    expect(ledger.size).toBe(2)
    expect(ledger.account(somebody('c'))).toBeNull()
  })

  test('[G5] [T12] a disk that is full loses no count, and stops nobody', async () => {
    const clock = createFakeClock()
    const { table, rows } = memoryTable()
    let isFull = true
    const full: AccountTable = {
      all: table.all,
      save(accounts, gone) {
        if (isFull) throw new EffigyError('storage-full', 'no room')
        table.save(accounts, gone)
      },
    }
    const ledger = createLedger({ log, clock, table: full })
    ledger.took(somebody('a'), 10)
    await clock.advance(60_000)
    expect(warned).toContain('ledger.unsaved')
    expect(() => ledger.grant(somebody('b'), 1)).toThrow('no room')
    isFull = false
    ledger.took(somebody('a'), 10)
    await clock.advance(60_000)
    expect(rows.get(somebody('a'))?.taken).toBe(20)
    ledger[Symbol.dispose]()
    ledger.took(somebody('a'), 10)
    expect(clock.pending()).toBe(0)
  })

  test('[G5] whatever is counted: whole numbers, never negative, the table says the same', () => {
    const act = fc.record({
      who: fc.nat(9),
      what: fc.constantFrom('gave', 'took', 'grant'),
      bytes: fc.oneof(fc.nat(10_000), fc.constant(Number.MAX_SAFE_INTEGER), fc.double({ noNaN: true })),
    })
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const { table, rows } = memoryTable()
        const ledger = createLedger({ log, clock: createFakeClock(), table, limit: 6 })
        for (const { who, what, bytes } of acts) ledger[what as 'gave'](somebody(who), bytes)
        ledger[Symbol.dispose]()
        expect(rows.size).toBe(ledger.size)
        for (const { identity, given, taken, granted } of rows.values()) {
          expect(ledger.account(identity)).toEqual(rows.get(identity))
          for (const count of [given, taken, granted])
            expect(Number.isSafeInteger(count) && count >= 0).toBe(true)
        }
      }),
    )
  })
})

describe('who is served', () => {
  /** Clients that always have frames of `frameBytes` to give. */
  function crowd(standings: readonly Standing[], bytesPerSecond: number, frameBytes = 10_000) {
    const clock = createFakeClock()
    const queue = createServiceQueue(clock, { bytesPerSecond })
    const served = standings.map(() => 0)
    const isStuck = standings.map(() => false)
    const turns: ServiceTurn[] = standings.map((standing, index) =>
      queue.join({ standing: () => standing, wake: () => void pull(index) }),
    )
    function pull(index: number): boolean {
      const turn = turns[index]
      if (turn === undefined || isStuck[index] === true || !turn.isMine()) return false
      served[index] = (served[index] ?? 0) + 1
      turn.done(frameBytes)
      return true
    }
    return {
      clock,
      queue,
      served,
      isStuck,
      turns,
      async run(ms: number) {
        for (let passed = 0; passed < ms; passed += 5) {
          for (const index of standings.keys()) pull(index)
          await clock.advance(5)
        }
      },
    }
  }

  const own: Standing = { type: 'own' }
  const friend: Standing = { type: 'friend' }
  const pool: Standing = { type: 'pool' }
  const credit = (bytes: number): Standing => ({ type: 'credit', bytes })

  test('[G6] [T16] of a thousand strangers who wait a turn asks one', async () => {
    const clock = createFakeClock()
    const queue = createServiceQueue(clock, { bytesPerSecond: 100_000 })
    let asked = 0
    const woken: number[] = []
    const turns = Array.from({ length: 1_000 }, (_, index) =>
      queue.join({
        standing() {
          asked++
          return { type: 'pool' }
        },
        wake: () => void woken.push(index),
      }),
    )
    const begin = turns[0] as ServiceTurn
    expect(begin.isMine()).toBe(true)
    begin.done(300_000)
    for (const turn of turns) expect(turn.isMine()).toBe(false)
    asked = 0
    await clock.advance(1_000)
    expect(woken[0]).toBe(0)
    turns[0]?.done(1_000)
    expect(woken[1]).toBe(1)
    expect(asked).toBeLessThan(100)
    for (const turn of turns) turn[Symbol.dispose]()
    expect(queue.waiting).toBe(0)
  })

  test('[G6] who became a friend, or lost their credit, while they waited has the turn of what they are', async () => {
    const clock = createFakeClock()
    const queue = createServiceQueue(clock, { bytesPerSecond: 100_000 })
    const standings: Standing[] = [
      { type: 'credit', bytes: 9 },
      { type: 'pool' },
      { type: 'credit', bytes: 5 },
    ]
    const woken: number[] = []
    const turns = standings.map((_, index) =>
      queue.join({ standing: () => standings[index] as Standing, wake: () => void woken.push(index) }),
    )
    const [rich, stranger] = turns as [ServiceTurn, ServiceTurn]
    expect(rich.isMine()).toBe(true)
    rich.done(300_000)
    for (const turn of turns) expect(turn.isMine()).toBe(false)
    standings[0] = { type: 'pool' }
    standings[1] = { type: 'friend' }
    expect(stranger.isMine()).toBe(false)
    await clock.advance(400)
    expect(woken).toEqual([1])
    stranger.done(1_000)
    expect(woken).toEqual([1, 2])
    turns[2]?.done(1_000)
    expect(woken).toEqual([1, 2, 0])
  })

  test('[G6] without a limit everybody is served at once', async () => {
    const { served, run } = crowd([pool, own, friend], Number.POSITIVE_INFINITY)
    await run(50)
    expect(served).toEqual([10, 10, 10])
  })

  test('[G6] while the limit is not reached, nobody waits', async () => {
    const { served, run, queue } = crowd([pool, own], 100_000_000)
    await run(50)
    expect(served).toEqual([10, 10])
    expect(queue.waiting).toBe(0)
  })

  test('[G6] under load: own devices, then friends, then by credit, then strangers; nobody starves', async () => {
    const { served, run } = crowd([pool, credit(5), credit(90), friend, own], 2_000_000)
    await run(20_000)
    const [strangers, little, much, friends, mine] = served as [number, number, number, number, number]
    expect(mine).toBeGreaterThan(6 * (strangers + little + much + friends))
    // What own devices leave goes round, and by credit within its class.
    for (const count of [strangers, much, friends]) expect(count).toBeGreaterThan(100)
    expect(little).toBeLessThan(20)
  })

  test('[G6] among those with credit the greater one goes first', async () => {
    const { served, run } = crowd([credit(10), credit(1_000)], 1_000_000)
    await run(5_000)
    expect(served[1]).toBeGreaterThan(5 * (served[0] ?? 0))
  })

  test('[G6] a thousand strangers take no more than one', async () => {
    const few = crowd([friend, pool], 1_000_000)
    const many = crowd([friend, ...Array.from({ length: 300 }, () => pool)], 1_000_000)
    await few.run(5_000)
    await many.run(5_000)
    expect(many.served[0]).toBeGreaterThan(0.8 * (few.served[0] ?? 0))
    // They share their pool by turns.
    expect(Math.max(...many.served.slice(1)) - Math.min(...many.served.slice(1))).toBeLessThanOrEqual(2)
  })

  test('[G6] the limit holds over time', async () => {
    const { served, run } = crowd([own, friend, pool], 1_000_000)
    await run(10_000)
    const bytes = served.reduce((sum, count) => sum + count * 10_000, 0)
    expect(bytes).toBeGreaterThan(9_500_000)
    expect(bytes).toBeLessThan(10_600_000)
  })

  test('[G6] [T16] twenty whose links are full for good take nothing from an honest one; who is ready again has its turns', async () => {
    const bytesPerSecond = 1_000_000
    const { served, run, isStuck } = crowd(
      Array.from({ length: 21 }, () => pool),
      bytesPerSecond,
    )
    await run(500)
    isStuck.fill(true, 1)
    const before = served[0] ?? 0
    await run(10_000)
    // Each of them was offered one turn in vain.
    expect(((served[0] ?? 0) - before) * 10_000).toBeGreaterThan(0.8 * 10 * bytesPerSecond)
    isStuck[20] = false
    const [first, last] = [served[0] ?? 0, served[20] ?? 0]
    await run(2_000)
    expect(Math.abs((served[0] ?? 0) - first - ((served[20] ?? 0) - last))).toBeLessThanOrEqual(2)
  })

  test('[G6] [T16] who does not take its turn, or is gone, holds up nobody', async () => {
    const { served, run, isStuck, turns, clock } = crowd([own, pool], 1_000_000)
    await run(1_000)
    isStuck[0] = true
    const before = served[1] ?? 0
    await run(5_000)
    // Each turn that is offered in vain costs 50 ms, no more.
    expect((served[1] ?? 0) - before).toBeGreaterThan(50)
    turns[0]?.[Symbol.dispose]()
    const after = served[1] ?? 0
    await run(2_000)
    expect((served[1] ?? 0) - after).toBeGreaterThan(150)
    for (const turn of turns) turn[Symbol.dispose]()
    await clock.advance(10_000)
    expect(clock.pending()).toBe(0)
  })
})
