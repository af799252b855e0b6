/** Odd feeds that only their author can make: everybody comes to the same verdict, whatever came first (S11). */
import type { HeadRecord, SignedEntry } from '@effigy/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deliver, deliverAll, sourceOf } from '../../test/deliver.ts'
import { extend, headOf, testFeed, testIdentity } from '../../test/feed-maker.ts'
import { openSqlite, runs } from '../../test/medium.ts'
import { openFeeds } from '../../test/open-feeds.ts'
import { migrations } from '../index.ts'
import { followAll } from './feed-table.ts'

const alice = testIdentity('alice')
const common = testFeed(alice, 3)
const left = extend(alice, common, ['left 4', 'left 5', 'left 6'])
const right = extend(alice, common, ['right 4', 'right 5', 'right 6', 'right 7'])
const lower = ['low 2', 'low 3', 'low 4', 'low 5', 'low 6', 'low 7', 'low 8']
const low = extend(alice, common.slice(0, 1), lower)
const source = sourceOf(left, right, low)

type Step = { readonly head: HeadRecord } | 'deliver' | 'settle'

function after(steps: readonly Step[]) {
  using world = openFeeds(openSqlite(':memory:', { migrations }))
  const { feeds } = world
  feeds.watchFeed(alice, followAll)
  // Heads are told again and again.
  const heads = steps.filter((step) => typeof step !== 'string')
  const rest = ['deliver', 'settle', ...heads, 'deliver', 'settle'] as const
  for (const step of [...steps, ...rest, ...rest]) {
    if (step === 'deliver') deliverAll(feeds, alice, source)
    else if (step === 'settle') feeds.settle(feeds.unverified(1000).map(({ id }) => ({ id, valid: true })))
    else feeds.acceptHead(step.head)
  }
  const state = feeds.feed(alice)
  return {
    chain: [...feeds.chain(alice)].map(({ signed }) => signed.entry.length),
    disputedAbove: state?.disputedAbove,
    broken: state?.broken,
    need: feeds.need(alice) === null,
  }
}

const head = (
  chain: readonly SignedEntry[],
  claim: Partial<HeadRecord['head']> = {},
): { head: HeadRecord } => {
  const record = headOf(chain)
  return { head: { ...record, head: { ...record.head, ...claim } } }
}

function orders(items: readonly { head: HeadRecord }[]): Step[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item, at) =>
    orders(items.filter((_, index) => index !== at)).flatMap((rest) => [
      [item, ...rest],
      [item, 'deliver' as const, ...rest],
      [item, 'deliver' as const, 'settle' as const, ...rest],
    ]),
  )
}

describe.each<[string, readonly { head: HeadRecord }[]]>([
  ['[F6] a record that claims a greater length', [head(left), head(left, { length: 9 })]],
  ['[F6] a record that claims a lesser length', [head(left), head(left, { length: 5 })]],
  ['[F6] a record that claims another comparable', [head(left), head(left, { comparable: 5 })]],
  ['[F6] a greater comparable', [head(left), head(left, { comparable: 5000 })]],
  ['[F6] a false claim, then a rebase', [head(left, { length: 9 }), head(left), head(left, { epoch: 2 })]],
  ['[F9] three branches', [head(left), head(right), head(low)]],
  ['[F9] three branches, one of them shorter', [head(left), head(right), head(low.slice(0, 3))]],
  [
    '[F6] false claims below a true record',
    [head(left.slice(0, 4)), head(left.slice(0, 5), { length: 2 }), head(left)],
  ],
  [
    '[F6] a false claim, then two true ones',
    [head(left.slice(0, 3), { length: 4 }), head(left.slice(0, 5)), head(left)],
  ],
])('%s', (_, heads) => {
  const all = orders(heads)
  const expected = after(all[0] as Step[])
  test(`${all.length} orders`, () => {
    for (const steps of all) expect(after(steps), JSON.stringify(steps.map(nameOf))).toEqual(expected)
  })
})

const nameOf = (step: Step): string =>
  typeof step === 'string' ? step : `${step.head.head.length}/${step.head.head.comparable}`

/** Each branch grows from an earlier one; heads are told of its end, and of some place on the way. */
interface Growth {
  readonly from: number
  readonly at: number
  readonly count: number
  readonly early: number
}

const growth: fc.Arbitrary<Growth> = fc.record({
  from: fc.nat(),
  at: fc.nat(12),
  count: fc.integer({ min: 1, max: 6 }),
  early: fc.nat(6),
})

function grow(growths: readonly Growth[]) {
  const branches: SignedEntry[][] = [testFeed(alice, 4)]
  const heads: HeadRecord[] = []
  for (const [index, { from, at, count, early }] of growths.entries()) {
    const parent = branches[from % branches.length] as SignedEntry[]
    const texts = Array.from({ length: count }, (_, place) => `branch ${index} ${place}`)
    const branch = extend(alice, parent.slice(0, at), texts)
    branches.push(branch)
    heads.push(headOf(branch))
    if (early > 0 && early < branch.length) heads.push(headOf(branch.slice(0, branch.length - early)))
  }
  return { branches, heads }
}

/** By comparing all with all. */
function verdict(branches: readonly (readonly SignedEntry[])[], heads: readonly HeadRecord[]) {
  const chains = heads.map(({ head: { head: top, length } }) => {
    const branch = branches.find((one) => one[length - 1]?.cid === top) ?? []
    return branch.slice(0, length).map(({ cid }) => cid)
  })
  const shared = (a: readonly string[], b: readonly string[]): number => {
    const at = a.findIndex((cid, index) => cid !== b[index])
    return at === -1 ? a.length : at
  }
  let least: number | null = null
  for (const a of chains) {
    for (const b of chains) {
      const both = shared(a, b)
      if (both < Math.min(a.length, b.length)) least = Math.min(least ?? both, both)
    }
  }
  const longest = chains.reduce((best, one) => (one.length > best.length ? one : best))
  return { disputedAbove: least, chain: least === null ? longest : longest.slice(0, least) }
}

test('[S11] [F9] any branches, told and fetched in any order: the prefix that all of them share', () => {
  fc.assert(
    fc.property(
      fc.array(growth, { minLength: 2, maxLength: 4 }),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 3 })), { maxLength: 12 }),
      (growths, steps) => {
        const { branches, heads } = grow(growths)
        const everything = sourceOf(...branches)
        using world = openFeeds(openSqlite(':memory:', { migrations }))
        const { feeds } = world
        feeds.watchFeed(alice, followAll)
        for (const [pick, batches] of steps) {
          feeds.acceptHead(heads[pick % heads.length] as HeadRecord)
          if (batches > 0) deliver(feeds, alice, everything, { batch: 2, batches })
        }
        for (let round = 0; round < 4; round++) {
          for (const record of heads) {
            feeds.acceptHead(record)
            deliverAll(feeds, alice, everything)
          }
        }
        const expected = verdict(branches, heads)
        expect(feeds.feed(alice)?.disputedAbove).toBe(expected.disputedAbove)
        expect([...feeds.chain(alice)].map(({ signed }) => signed.cid)).toEqual(expected.chain)
        expect(feeds.need(alice)).toBeNull()
        expect(feeds.forkEvidence(alice).length).toBe(expected.disputedAbove === null ? 0 : 2)
        expect([...world.shown.values()].map(({ cid }) => cid).sort()).toEqual([...expected.chain].sort())
      },
    ),
    { numRuns: runs(120) },
  )
})
