import { createRandom } from '@effigy/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exchange } from './exchange.ts'
import { adapt, shareRates } from './flow-control.ts'
import { deepestFirst, type Order, type OrderName, orders, wholeFirst } from './order.ts'
import { createReplica, type Replica } from './replica.ts'

const orderOf = (name: OrderName): Order => orders.find((order) => order.name === name)!

/** Two replicas of `participants` × 4 keys; the first wrote `writes` of them. */
function twoReplicas(writes: readonly (readonly [participant: number, key: number])[], participants = 4) {
  const [p, q] = [createReplica(participants, 4), createReplica(participants, 4)]
  for (const [at, [participant, key]] of writes.entries()) p.write(participant, key, at, at)
  return { p, q }
}

const isEqual = (p: Replica, q: Replica): boolean => {
  for (let participant = 0; participant < p.participants; participant++) {
    for (let key = 0; key < p.keys; key++) {
      if (p.version(participant, key) !== q.version(participant, key)) return false
      if (p.value(participant, key) !== q.value(participant, key)) return false
    }
  }
  return true
}

describe('reconciliation', () => {
  test('[G1] scuttle-depth tells the participant with most to tell first, its lowest version first', () => {
    const { p, q } = twoReplicas([
      [0, 0],
      [1, 0],
      [1, 1],
      [1, 0],
      [2, 3],
    ])
    // Of participant 1 two mappings are left: key 0 was written twice.
    const [told] = exchange(p, q, { order: orderOf('scuttle-depth'), limit: 1, tieBreak: () => 0 })
    expect(told).toEqual({ pending: 4, sent: 1 })
    expect([q.highest(0), q.highest(1), q.highest(2)]).toEqual([0, 2, 0])
  })

  test('[G1] scuttle-breadth tells one of each before a second of anybody', () => {
    const { p, q } = twoReplicas([
      [0, 0],
      [1, 0],
      [1, 1],
      [2, 3],
    ])
    exchange(p, q, { order: orderOf('scuttle-breadth'), limit: 3, tieBreak: () => 0 })
    expect([q.highest(0), q.highest(1), q.highest(2)]).toEqual([1, 1, 1])
  })

  test('[G1] precise orders go by when a mapping was written', () => {
    const writes = [
      [0, 0],
      [1, 0],
      [2, 0],
    ] as const
    for (const [name, first] of [
      ['precise-oldest', 0],
      ['precise-newest', 2],
    ] as const) {
      const { p, q } = twoReplicas(writes)
      exchange(p, q, { order: orderOf(name), limit: 1, tieBreak: () => 0 })
      expect(q.highest(first)).toBe(1)
    }
  })

  test('[G2] what ships goes deepest first too, newest first inside', () => {
    const { p, q } = twoReplicas([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
      [1, 2],
    ])
    exchange(p, q, { order: orderOf('shipping'), limit: 1, tieBreak: () => 0 })
    expect([q.highest(0), q.version(1, 0), q.version(1, 2)]).toEqual([0, 0, 3])
  })

  test.for(orders)(
    '[G1] $name: exchanges of any limit end with equal maps, and never tell what is known',
    (order) => {
      const write = fc.tuple(fc.nat(3), fc.nat(3))
      const sides = fc.tuple(
        fc.array(write, { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(1_000),
      )
      fc.assert(
        fc.property(sides, ([writes, limit, seed]) => {
          const random = createRandom(seed)
          const { p, q } = twoReplicas(writes)
          const tieBreak = () => random.integer(1_000)
          for (let round = 0; round < 16 / limit + 1; round++) {
            const [fromP, fromQ] = exchange(p, q, { order, limit, tieBreak })
            expect(fromQ.pending).toBe(0)
            expect(fromP.sent).toBe(Math.min(limit, fromP.pending))
          }
          expect(isEqual(p, q)).toBe(true)
        }),
      )
    },
  )

  test.for(['scuttle-breadth', 'scuttle-depth'] as const)(
    '[G1] %s keeps its invariant: what is not known is above all that is known',
    (name) => {
      const write = fc.tuple(fc.nat(3), fc.nat(3))
      fc.assert(
        fc.property(fc.array(write, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (writes, limit) => {
          const { p, q } = twoReplicas(writes)
          exchange(p, q, { order: orderOf(name), limit, tieBreak: () => 0 })
          for (let participant = 0; participant < 4; participant++) {
            for (let key = 0; key < 4; key++) {
              const theirs = q.version(participant, key)
              const mine = p.version(participant, key)
              expect(theirs === mine || mine > q.highest(participant)).toBe(true)
            }
          }
        }),
      )
    },
  )
})

describe('the order that ships', () => {
  const items = [
    { name: 'a', deficit: 1, newest: 0 },
    { name: 'b', deficit: 3, newest: 5 },
    { name: 'c', deficit: 3, newest: 9 },
    { name: 'd', deficit: 2, newest: 9 },
  ]
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).join('')

  test('[G2] deepest first, of equal ones the newest', () => {
    expect(names(deepestFirst(items))).toBe('cbda')
  })

  test('[G2] what fits whole comes before what would be cut', () => {
    expect(names(wholeFirst(items, 5, ({ deficit }) => deficit))).toBe('cdba')
    expect(names(wholeFirst(items, 4, ({ deficit }) => deficit))).toBe('cabd')
    expect(names(wholeFirst(items, 0, ({ deficit }) => deficit))).toBe('cbda')
  })
})

describe('flow control', () => {
  const adaptation = { decrease: 0.75, increase: 0.2, least: 0.01, most: 100 }

  test('[G3] an overflow multiplies, anything else adds, within bounds', () => {
    expect(adapt(2, true, adaptation)).toBe(1.5)
    expect(adapt(2, false, adaptation)).toBeCloseTo(2.2)
    expect(adapt(0.01, true, adaptation)).toBe(0.01)
    expect(adapt(100, false, adaptation)).toBe(100)
  })

  test('[G3] two who meet share: the sum stays, nobody starves beside one who wants less', () => {
    expect(shareRates({ desired: 5, allowed: 1 }, { desired: 5, allowed: 3 })).toEqual([2, 2])
    expect(shareRates({ desired: 1, allowed: 2 }, { desired: 5, allowed: 2 })).toEqual([1, 3])
    expect(shareRates({ desired: 5, allowed: 2 }, { desired: 1, allowed: 2 })).toEqual([3, 1])
    expect(shareRates({ desired: 1, allowed: 4 }, { desired: 1, allowed: 2 })).toEqual([3, 3])
  })

  test('[G3] whatever the rates: the sum is kept, and none is negative', () => {
    const rate = fc.record({
      desired: fc.double({ min: 0, max: 1e3, noNaN: true }),
      allowed: fc.double({ min: 0, max: 1e3, noNaN: true }),
    })
    fc.assert(
      fc.property(rate, rate, (p, q) => {
        const [a, b] = shareRates(p, q)
        expect(a + b).toBeCloseTo(p.allowed + q.allowed, 6)
        expect(Math.min(a, b)).toBeGreaterThanOrEqual(-1e-9)
      }),
    )
  })
})
