/** Whose names cost nothing (V74, V82, V92; T18). */
import type { Identity } from '@effigy/core'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { testIdentity } from '../test/fake-peer.ts'
import { startTestHub } from '../test/hub-world.ts'
import { createNewcomers, type HeldEntries, isSettled } from './newcomers.ts'

const [alice, bob] = (await Promise.all(['alice', 'bob'].map(testIdentity))) as [Identity, Identity]
const dayMs = 24 * 60 * 60 * 1000

/** Entries of everybody that came at `seen`, the lowest first. */
const storeOf = (...seen: readonly number[]): HeldEntries => ({
  feed: () => ({ runs: seen.length === 0 ? [] : [{ first: 1, last: seen.length }] }),
  entryAt(_one, length) {
    const at = seen[length - 1]
    return at === undefined ? null : { seen: at }
  },
})

test('[V92] nobody is known who has not been here for a day', () => {
  expect(isSettled(storeOf(), bob, dayMs)).toBe(false)
  expect(isSettled(storeOf(1, 5), bob, dayMs)).toBe(false)
  expect(isSettled(storeOf(1, 5), bob, dayMs + 1)).toBe(true)
})

test('[V74] [T18] a member is new for a day where anybody may be one, and the store is asked once a minute', async () => {
  const clock = createFakeClock()
  let askedTimes = 0
  const held = storeOf(clock.now())
  const store = () => {
    askedTimes++
    return held
  }
  const isNewcomer = createNewcomers({ store, isMember: (one) => one === alice, isByInvite: false, clock })
  for (let frame = 0; frame < 100; frame++) expect([alice, bob].map(isNewcomer)).toEqual([true, true])
  expect(askedTimes).toBe(1)
  await clock.advance(dayMs)
  for (let frame = 0; frame < 100; frame++) expect([alice, bob].map(isNewcomer)).toEqual([false, true])
  expect(askedTimes).toBe(2)
})

test('[V74] who came by the list or an invite is not new; a guest is, who may not', () => {
  const deps = { store: () => storeOf(), isMember: (one: Identity) => one === alice, isByInvite: true }
  expect([alice, bob].map(createNewcomers({ ...deps, clock: createFakeClock() }))).toEqual([false, true])
})

test.for([
  { members: 'anyone' as const, carried: [true, false] },
  { members: [alice, bob], carried: [true, true] },
])('[V74] [T18] a second name carries more: $carried', async ({ members, carried }) => {
  await using world = await startTestHub({ members, relayBytes: 1_000 })
  const { admits, signalling } = world.fake.hooks
  expect([alice, bob].map(admits)).toEqual([true, true])
  expect([alice, bob].map((one) => signalling.carries(one, 1_000))).toEqual(carried)
})
