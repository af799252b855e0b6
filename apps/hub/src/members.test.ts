import type { Identity } from '@effigy/core'
import { silentLog } from '@effigy/sync'
import { describe, expect, test } from 'vitest'
import { createFakePeer, testIdentity } from '../test/fake-peer.ts'
import { createMembers, type MemberLimits } from './members.ts'

const [alice, bob, carol, dave] = (await Promise.all(
  ['alice', 'bob', 'carol', 'dave'].map(testIdentity),
)) as [Identity, Identity, Identity, Identity]

async function world(limits: Partial<MemberLimits> = {}, settings?: Map<string, string>) {
  const fake = await createFakePeer({ admits: () => true, tracks() {} }, settings)
  const { peer } = fake
  const members = createMembers(
    {
      store: peer.store,
      self: peer.identity,
      log: silentLog,
      watch: peer.watch,
      unwatch: peer.unwatch,
      isConnected: (identity) => fake.sessions.has(identity),
    },
    {
      members: 'anyone',
      maxMembers: 100,
      feedsPerMember: 100,
      bytesPerMember: 1_000,
      entryBytes: 1_000_000,
      maxBlobBytes: 10,
      ...limits,
    },
  )
  return { fake, members, watched: () => [...fake.watched].sort(), self: peer.identity }
}

const sorted = (...identities: Identity[]) => [...identities].sort()

describe('who is a member', () => {
  test('anyone: whoever has a session is, and is watched', async () => {
    const { members, watched } = await world()
    expect(members.admit(alice)).toBe(true)
    expect(members.admit(alice)).toBe(true)
    expect(watched()).toEqual([alice])
    expect(members.count).toBe(1)
  })

  test('a list: nobody else', async () => {
    const { members, watched } = await world({ members: [alice] })
    expect(members.admit(bob)).toBe(false)
    expect(members.admit(alice)).toBe(true)
    expect(watched()).toEqual([alice])
  })

  test('the hub is not its own member', async () => {
    const { members, self } = await world()
    expect(members.admit(self)).toBe(false)
  })

  test('[T18] at the limit and one above', async () => {
    const { members, fake } = await world({ maxMembers: 2 })
    fake.held.set(alice, 10)
    expect(members.admit(alice)).toBe(true)
    fake.sessions.add(bob)
    expect(members.admit(bob)).toBe(true)
    expect(members.admit(carol)).toBe(false)
    expect(members.count).toBe(2)
  })

  test('[T18] who never wrote and is away makes room', async () => {
    const { members, watched } = await world({ maxMembers: 1 })
    expect(members.admit(alice)).toBe(true)
    members.track(alice, [dave])
    expect(members.admit(bob)).toBe(true)
    expect(watched()).toEqual([bob])
  })
})

describe('what is tracked', () => {
  test("members' own feeds and those they watch, each once", async () => {
    const { members, watched, self } = await world()
    members.admit(alice)
    members.admit(bob)
    members.track(alice, [carol, self])
    members.track(bob, [carol, alice])
    expect(watched()).toEqual(sorted(alice, bob, carol))
    expect(members.feedCount).toBe(3)
  })

  test('a feed is let go when the last member does', async () => {
    const { members, watched } = await world()
    members.admit(alice)
    members.admit(bob)
    members.track(alice, [carol])
    members.track(bob, [carol])
    members.track(alice, [])
    expect(watched()).toEqual(sorted(alice, bob, carol))
    members.track(bob, [])
    expect(watched()).toEqual(sorted(alice, bob))
  })

  test('whoever is no member tracks nothing', async () => {
    const { members, watched } = await world({ members: [alice] })
    members.track(bob, [carol])
    expect(watched()).toEqual([])
  })

  test('feeds per member: at the limit and one above', async () => {
    const { members, watched } = await world({ feedsPerMember: 3 })
    members.admit(alice)
    members.track(alice, [bob, carol])
    expect(watched()).toEqual(sorted(alice, bob, carol))
    members.track(alice, [bob, carol, dave])
    expect(watched()).toEqual(sorted(alice, bob, carol))
  })

  test('bytes per member: at the limit, one above, and the others are not concerned', async () => {
    const { members, watched, fake } = await world({ bytesPerMember: 1_000 })
    members.admit(alice)
    members.track(alice, [bob, carol])
    fake.held.set(alice, 400).set(bob, 600)
    members.settle()
    expect(watched()).toEqual(sorted(alice, bob, carol))
    fake.held.set(bob, 601)
    members.settle()
    expect(watched()).toEqual([alice])
    members.admit(dave)
    members.track(dave, [bob])
    expect(watched()).toEqual(sorted(alice, bob, dave))
  })

  test('everybody together: nothing is fetched above the quota, and again below it', async () => {
    const { members, watched, fake } = await world({ entryBytes: 500 })
    members.admit(alice)
    fake.held.set(alice, 500)
    members.settle()
    members.admit(bob)
    expect(watched()).toEqual([])
    fake.held.set(alice, 499)
    members.settle()
    expect(watched()).toEqual(sorted(alice, bob))
  })
})

describe('after a restart', () => {
  test('members and what they track are known', async () => {
    const first = await world()
    first.members.admit(alice)
    first.members.track(alice, [carol])
    first.members.admit(bob)
    first.members.settle()
    const second = await world({}, first.fake.settings)
    expect(second.watched()).toEqual(sorted(alice, bob, carol))
    expect(second.members.count).toBe(2)
  })

  test('who is no longer on the list is gone', async () => {
    const first = await world()
    first.members.admit(alice)
    first.members.track(alice, [carol])
    first.members.admit(bob)
    first.members.settle()
    const second = await world({ members: [bob] }, first.fake.settings)
    expect(second.watched()).toEqual([bob])
    second.members.settle()
    expect([...second.fake.settings.values()].join()).not.toContain(alice)
  })

  test('damaged settings are no reason to stop', async () => {
    const { members } = await world({}, new Map([['hub.members', 'nonsense  did:key:zz']]))
    expect(members.count).toBe(0)
  })
})
