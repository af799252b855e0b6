/** Odd feeds that only their author can make: everybody comes to the same verdict, whatever came first (S11). */
import type { HeadRecord, SignedEntry } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { deliverAll, sourceOf } from '../../test/deliver.ts'
import { extend, headOf, testFeed, testIdentity } from '../../test/feed-maker.ts'
import { openFeeds } from '../../test/open-feeds.ts'
import { migrations } from '../index.ts'
import { openSqlite } from '../node.ts'
import { followAll } from './feed-table.ts'

const alice = testIdentity('alice')
const common = testFeed(alice, 3)
const left = extend(alice, common, ['left 4', 'left 5', 'left 6'])
const source = sourceOf(left)

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
