/**
 * Whatever the order in which states, heads and entries come, stores that know the same come to the same verdict and
 * show the same of every device (spec S32, S33, S11); and nothing beyond a final is ever shown by who knows it.
 */
import type { Final, HeadRecord, Identity, Move, Revoked, SignedEntry } from '@effigy/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deliverAll, sourceOf } from '../../test/deliver.ts'
import { extend, headOf, sha256, testIdentity } from '../../test/feed-maker.ts'
import { openTestStore, runs } from '../../test/medium.ts'
import { chainOf, cids, fetchAll, type StateDraft, settleAll, testAccount } from '../../test/synod-kit.ts'
import { followAll } from '../feeds/feed-table.ts'
import type { Store } from '../index.ts'

const account = testAccount('alice')
const devices = ['phone', 'laptop', 'tablet'].map(testIdentity)

interface Told {
  readonly record: HeadRecord
  readonly chain: readonly SignedEntry[]
}

/** What one device's feed went through: a rebase, or a fork. */
const devicePlan = fc.record({
  length: fc.integer({ min: 1, max: 6 }),
  rebase: fc.option(fc.record({ keep: fc.nat(5), grow: fc.integer({ min: 1, max: 4 }) }), { nil: null }),
  fork: fc.option(fc.record({ keep: fc.nat(5), grow: fc.integer({ min: 1, max: 4 }) }), { nil: null }),
})

type DevicePlan = typeof devicePlan extends fc.Arbitrary<infer Plan> ? Plan : never

function chainsOf(identity: Identity, { length, rebase, fork }: DevicePlan): readonly Told[] {
  const words = (name: string, count: number) => Array.from({ length: count }, (_, at) => `${name} ${at}`)
  const first = extend(identity, [], words('first', length))
  const told: Told[] = [
    { record: headOf(first.slice(0, 1)), chain: first },
    { record: headOf(first), chain: first },
  ]
  if (rebase !== null) {
    const chain = extend(identity, first.slice(0, rebase.keep), words('rebased', rebase.grow))
    told.push({ record: headOf(chain, 2), chain })
  }
  if (fork !== null) {
    const chain = extend(
      identity,
      first.slice(0, Math.min(fork.keep, length - 1)),
      words('forked', fork.grow),
    )
    told.push({ record: headOf(chain), chain })
  }
  return told
}

/** One state: who is a member, who is revoked and where. */
const statePlan = fc.record({
  members: fc.subarray([0, 1, 2]),
  ends: fc.array(fc.option(fc.record({ chain: fc.nat(9), at: fc.nat(9) }), { nil: null }), {
    minLength: 3,
    maxLength: 3,
  }),
})

type StatePlan = typeof statePlan extends fc.Arbitrary<infer Plan> ? Plan : never

function stateOf(plan: StatePlan, feeds: readonly (readonly Told[])[], moves: readonly Move[]): StateDraft {
  const members = plan.members.map((at) => devices[at] as Identity)
  const revoked = devices.flatMap((device, at): Revoked[] => {
    if (members.includes(device)) return []
    const end = plan.ends[at]
    return [[device, end == null ? null : finalAt(feeds[at] as readonly Told[], end.chain, end.at)]]
  })
  // Every other device is only left out.
  return { members, revoked: revoked.filter((_, at) => at % 2 === 0), moves }
}

function finalAt(told: readonly Told[], pick: number, at: number): Final {
  const { record, chain } = told[pick % told.length] as Told
  const length = (at % record.head.length) + 1
  return [record.head.epoch, length, (chain[length - 1] as SignedEntry).cid]
}

const historyPlan = fc.record({
  devices: fc.tuple(devicePlan, devicePlan, devicePlan),
  states: fc.array(statePlan, { minLength: 1, maxLength: 4 }),
  fork: fc.option(
    fc.record({ keep: fc.nat(3), states: fc.array(statePlan, { minLength: 1, maxLength: 2 }) }),
    {
      nil: null,
    },
  ),
  rebase: fc.option(
    fc.record({ keep: fc.nat(4), states: fc.array(statePlan, { minLength: 1, maxLength: 2 }) }),
    {
      nil: null,
    },
  ),
  move: fc.option(fc.record({ at: fc.nat(3), states: fc.array(statePlan, { minLength: 1, maxLength: 2 }) }), {
    nil: null,
  }),
})

type HistoryPlan = typeof historyPlan extends fc.Arbitrary<infer Plan> ? Plan : never

function historyOf(plan: HistoryPlan): readonly Told[] {
  const feeds = devices.map((device, at) => chainsOf(device, plan.devices[at] as DevicePlan))
  // The first lists all, so that they agreed to be listed.
  const all = { members: devices }
  const line = account.feed(0, [all, ...plan.states.map((state) => stateOf(state, feeds, []))])
  const told = [
    ...feeds.flat(),
    ...line.map((_, at) => ({ record: headOf(line.slice(0, at + 1)), chain: line })),
  ]
  if (plan.fork !== null) {
    const below = line.slice(0, Math.min(plan.fork.keep + 1, line.length - 1))
    const chain = account.feed(
      0,
      plan.fork.states.map((state) => ({ ...stateOf(state, feeds, []), name: 'forked' })),
      below,
    )
    told.push({ record: headOf(chain), chain })
  }
  if (plan.rebase !== null) {
    const states = plan.rebase.states.map((state) => ({ ...stateOf(state, feeds, []), name: 'rebased' }))
    const chain = account.feed(0, states, line.slice(0, plan.rebase.keep))
    told.push({ record: headOf(chain, 2), chain })
  }
  if (plan.move !== null) {
    const length = (plan.move.at % line.length) + 1
    const move = account.move(0, [1, length, (line[length - 1] as SignedEntry).cid])
    const chain = account.feed(
      1,
      plan.move.states.map((state) => stateOf(state, feeds, [move])),
    )
    told.push({ record: headOf(chain), chain })
  }
  return told
}

const open = (): Store => openTestStore(':memory:', { sha256, now: () => 1_800_000_000_000 })

/** Tells, fetches and checks in the order of `picks`, then everything until nothing changes. */
function tell(store: Store, told: readonly Told[], picks: readonly number[]): void {
  const chains = told.map(({ chain }) => chain)
  const tellOne = ({ record }: Told, fetches: boolean, settles: boolean): void => {
    const { identity } = record.head
    store.watchFeed(identity, followAll)
    store.acceptHead(record, { force: true })
    if (fetches) deliverAll(store, identity, sourceOf(...chains))
    if (settles) settleAll(store)
    checkEnds(store)
  }
  for (const pick of picks) {
    tellOne(told[pick % told.length] as Told, pick % 3 > 0, pick % 2 > 0)
  }
  for (let round = 0; round < 4; round++) {
    for (const one of told) tellOne(one, false, false)
    for (const { record } of told) fetchAll(store, record.head.identity, ...chains)
  }
}

/** Whoever knows a final shows nothing that is not below it, nor has it taken any higher head. */
function checkEnds(store: Store): void {
  for (const device of devices) {
    const state = store.feed(device)
    if (state?.limit?.type !== 'ends') continue
    const { final } = state.limit
    expect(state.runs.at(-1)?.last ?? 0).toBeLessThanOrEqual(final?.[1] ?? 0)
    if (final === null) expect(state.record).toBeNull()
    else if (state.record !== null) expect(state.record.head.head).toBe(final[2])
  }
}

/** All that two stores must agree on. What a frozen feed shows is what each happened to hold. */
function seen(store: Store) {
  const verdict = store.synods?.account(account.root) ?? null
  return {
    verdict: verdict && {
      ...verdict,
      standings: [...verdict.standings].sort(),
      // Beyond the end of a key nobody takes any, whoever has them already.
      states: [...verdict.states].filter(([, said]) => said !== 'refused').sort(),
    },
    feeds: [...devices, account.key(0), account.key(1)].map((identity) => {
      const state = store.feed(identity)
      const limit = state?.limit ?? null
      if (limit?.type === 'frozen') return { limit }
      const { record = null, disputedAbove = null, broken = null } = state ?? {}
      return { limit, record, disputedAbove, broken, chain: chainOf(store, identity) }
    }),
  }
}

test('[S32] [S33] [T14] [T26] any order of states, heads and entries gives the same verdict and the same feeds', () => {
  fc.assert(
    fc.property(
      historyPlan,
      fc.array(fc.nat(999), { maxLength: 20 }),
      fc.array(fc.nat(999), { maxLength: 20 }),
      (plan, one, other) => {
        const told = historyOf(plan)
        using a = open()
        using b = open()
        tell(a, told, one)
        tell(b, told.toReversed(), other)
        expect(seen(a)).toEqual(seen(b))
        for (const device of devices) {
          const final = endOf(a, device)
          if (final === null) continue
          const { chain } = told.find((each) => each.chain.some(({ cid }) => cid === final[2])) as Told
          expect(chainOf(a, device)).toEqual(cids(chain.slice(0, final[1])))
        }
      },
    ),
    { numRuns: runs(60) },
  )
})

function endOf(store: Store, identity: Identity): Final | null {
  const limit = store.feed(identity)?.limit
  return limit?.type === 'ends' ? limit.final : null
}
