import type { Identity, Root, Standing } from '@effigy/core'
import type { LeaseStore, WatchPolicy } from '@effigy/store'
import { silentLog } from '@effigy/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFakePeer, testIdentity } from '../test/fake-peer.ts'
import type { Listing, PersonName } from './admin/persons.ts'
import type { Quota } from './admin/quotas.ts'
import { createMembers, type MemberLimits } from './members.ts'
import { createTracking, type TrackingLimits } from './tracking.ts'

const [alice, bob, carol, dave] = (await Promise.all(
  ['alice', 'bob', 'carol', 'dave'].map(testIdentity),
)) as [Identity, Identity, Identity, Identity]

async function world(
  limits: Partial<MemberLimits & TrackingLimits> = {},
  settings?: Map<string, string>,
  isInvited = (_one: Identity) => false,
  blocked: ReadonlySet<Identity> = new Set(),
  given: ReadonlyMap<Identity, Partial<Quota>> = new Map(),
  roots: ReadonlyMap<Identity, PersonName> = new Map(),
  accountListing = (_device: Identity): Listing | null => null,
) {
  const fake = await createFakePeer(
    {
      admits: () => true,
      isMember: () => true,
      turnsAway: () => new Set(),
      tracks() {},
      signalling: { carries: () => false },
      services: {},
    },
    settings,
  )
  const { peer } = fake
  const files = new Map<Identity, number>()
  const texts = new Map<Identity, number>()
  const leases = { get: (feed: Identity) => (leased.has(feed) ? {} : null) } as unknown as LeaseStore
  const store = {
    ...peer.store,
    textBytes: (feed: Identity) => texts.get(feed) ?? 0,
    fileBytes: (feed: Identity) => files.get(feed) ?? 0,
    leases,
  }
  const all = {
    members: 'anyone' as const,
    maxMembers: 100,
    feedsPerMember: 100,
    bytesPerMember: 1_000,
    entryBytes: 1_000_000,
    maxBlobBytes: 10,
    ...limits,
  }
  const none = { feeds: null, bytes: null, blobBytes: null, fileBytes: null, followedEntries: null }
  const quotas = {
    get isEmpty() {
      return given.size === 0
    },
    of: (member: Identity) => (given.has(member) ? { ...none, ...given.get(member) } : null),
  }
  const largest = new Map<Identity, number>()
  const depths = new Map<Identity, number>()
  const leased = new Set<Identity>()
  const watch = (feed: Identity, { depth, blobs }: WatchPolicy): void => {
    peer.watch(feed)
    depths.set(feed, depth.type === 'last' ? depth.count : Number.POSITIVE_INFINITY)
    largest.set(feed, blobs.type === 'up-to' ? blobs.bytes : 0)
  }
  const personOf = (member: Identity) => roots.get(member) ?? member
  const tracking = createTracking(
    { store, log: silentLog, watch, unwatch: peer.unwatch, quotas, personOf },
    all,
  )
  const connected = () => fake.sessions
  const isBlocked = (identity: Identity) => blocked.has(identity)
  const members = createMembers(
    {
      ...{ store, tracking, self: peer.identity, log: silentLog, connected, isInvited, isBlocked, quotas },
      accountListing,
    },
    all,
  )
  const holdFiles = (feed: Identity, bytes: number) => {
    files.set(feed, bytes)
    tracking.grew([feed])
    tracking.settle()
  }
  const holdTexts = (feed: Identity, bytes: number) => {
    texts.set(feed, bytes)
    tracking.grew([feed])
    tracking.settle()
  }
  /** As the store tells after a commit. */
  const hold = (feed: Identity, bytes: number) => {
    fake.held.set(feed, bytes)
    tracking.grew([feed])
    tracking.settle()
  }
  return {
    fake,
    members,
    tracking,
    hold,
    holdFiles,
    holdTexts,
    largest,
    depthsOf: (...feeds: Identity[]) => feeds.map((feed) => depths.get(feed)),
    leased,
    watched: () => [...fake.watched].sort(),
    self: peer.identity,
  }
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

  test('a closed door: who is a member stays one, nobody else becomes one but by an invite, nobody makes room', async () => {
    const settings = new Map([['hub.members', alice]])
    const { members } = await world({ isClosed: true, maxMembers: 2 }, settings, (one) => one !== bob)
    expect([alice, bob, carol, dave].map(members.admit)).toEqual([true, false, true, false])
    expect(members.count).toBe(2)
  })

  test('who was invited is a member beside a list, after a restart too', async () => {
    const settings = new Map([['hub.members', `${bob} ${carol}`]])
    const { members } = await world({ members: [alice] }, settings, (one) => one === bob)
    expect([alice, bob, carol].map(members.admit)).toEqual([true, true, false])
  })

  test('[W6] a list names whoever its account lists now in its place, and at the limit takes that place', async () => {
    const account = new Map<Identity, Standing>([
      [alice, { type: 'revoked', final: null }],
      [bob, { type: 'member', member: [bob, '', '', 2, ''] }],
    ])
    const settings = new Map([['hub.members', alice]])
    const { members, watched, fake } = await world(
      { members: [alice], maxMembers: 1 },
      settings,
      undefined,
      undefined,
      undefined,
      undefined,
      (device) => (device === bob ? { root: 'first' as Root, standings: account } : null),
    )
    fake.held.set(alice, 10)
    fake.held.set(bob, 10)
    expect(members.admit(carol)).toBe(false)
    expect(members.admit(bob)).toBe(true)
    expect(members.list).toEqual([bob])
    expect(watched()).toEqual([bob])
    // The one whose place it is does not take it back.
    expect(members.admit(alice)).toBe(false)
  })

  test('[W6] a name opens the hub for one account, the first, also after a restart; a blocked one for none', async () => {
    const member = (one: Identity): Standing => ({ type: 'member', member: [one, '', '', 1, ''] })
    const account = (...all: Identity[]) => new Map(all.map((one) => [one, member(one)]))
    const listings = new Map<Identity, Listing>([
      [bob, { root: 'first' as Root, standings: account(alice, bob) }],
      [carol, { root: 'second' as Root, standings: account(alice, carol) }],
    ])
    const listing = (device: Identity): Listing | null => listings.get(device) ?? null
    const settings = new Map<string, string>()
    const blocked = new Set<Identity>()
    const open = () =>
      world({ members: [alice] }, settings, undefined, blocked, undefined, undefined, listing)
    const { members } = await open()
    expect([members.admit(bob), members.admit(carol)]).toEqual([true, false])
    members.save()
    const again = await open()
    expect([again.members.has(bob), again.members.admit(carol)]).toEqual([true, false])
    blocked.add(alice)
    const after = await open()
    expect([after.members.has(bob), after.members.admit(bob), after.members.admit(carol)]).toEqual([
      false,
      false,
      false,
    ])
  })

  test('[W6] who is dismissed is no member at once, nor who came in by the same account; whom something else lets in stays', async () => {
    const invited = new Set<Identity>([alice])
    const member = (one: Identity): Standing => ({ type: 'member', member: [one, '', '', 1, ''] })
    const standings = new Map([alice, bob].map((one) => [one, member(one)]))
    const listing = (one: Identity): Listing | null =>
      standings.has(one) ? { root: 'one' as Root, standings } : null
    const isInvited = (one: Identity) => invited.has(one)
    const open = (limits: Partial<MemberLimits>) =>
      world(limits, undefined, isInvited, undefined, undefined, undefined, listing)
    const { members, watched } = await open({ members: [carol] })
    for (const one of [alice, bob, carol]) expect(members.admit(one)).toBe(true)
    members.dismiss(carol)
    members.dismiss(alice)
    expect(members.list).toEqual([alice, bob, carol])
    invited.clear()
    members.dismiss(alice)
    expect(members.list).toEqual([carol])
    expect(watched()).toEqual([carol])
    expect([members.admit(alice), members.admit(bob)]).toEqual([false, false])
    // Where anybody may come there is nothing to be dismissed from.
    const everybody = (await open({ members: 'anyone' })).members
    everybody.admit(alice)
    everybody.dismiss(alice)
    expect(everybody.has(alice)).toBe(true)
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
    const { members, tracking, watched, self } = await world()
    members.admit(alice)
    members.admit(bob)
    members.track(alice, [carol, self])
    members.track(bob, [carol, alice])
    expect(watched()).toEqual(sorted(alice, bob, carol))
    expect(tracking.watchedCount).toBe(3)
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
    const { members, watched, hold } = await world({ bytesPerMember: 1_000 })
    members.admit(alice)
    members.track(alice, [bob, carol])
    hold(alice, 400)
    hold(bob, 600)
    expect(watched()).toEqual(sorted(alice, bob, carol))
    hold(bob, 601)
    expect(watched()).toEqual([alice])
    members.admit(dave)
    members.track(dave, [bob])
    expect(watched()).toEqual(sorted(alice, bob, dave))
    hold(bob, 600)
    members.track(dave, [])
    expect(watched()).toEqual(sorted(alice, bob, carol, dave))
  })

  test('everybody together: nothing is fetched from the quota on, and again below it', async () => {
    const { members, watched, hold } = await world({ entryBytes: 500 })
    members.admit(alice)
    hold(alice, 500)
    members.admit(bob)
    expect(watched()).toEqual([])
    hold(alice, 499)
    expect(watched()).toEqual(sorted(alice, bob))
  })

  test('[T16] paused, nothing is fetched, whatever there is room for; then again', async () => {
    const { members, tracking, watched, hold } = await world({ entryBytes: 500 })
    members.admit(alice)
    tracking.pause(true)
    members.admit(bob)
    hold(alice, 10)
    expect(watched()).toEqual([])
    tracking.pause(false)
    expect(watched()).toEqual(sorted(alice, bob))
    hold(alice, 500)
    tracking.pause(true)
    tracking.pause(false)
    expect(watched()).toEqual([])
  })

  test('any order of wishes and growth ends as if all had been there at once', async () => {
    const people = [alice, bob, carol, dave]
    const step = fc.oneof(
      fc.record({ member: fc.constantFrom(...people), list: fc.uniqueArray(fc.constantFrom(...people)) }),
      fc.record({ feed: fc.constantFrom(...people), bytes: fc.integer({ min: 0, max: 700 }) }),
    )
    const limits = { bytesPerMember: 1_000, entryBytes: 1_900 }
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { members, hold, watched, fake } = await world(limits)
        const lists = new Map<Identity, Identity[]>()
        for (const each of steps) {
          if ('feed' in each) hold(each.feed, each.bytes)
          else {
            members.admit(each.member)
            members.track(each.member, each.list)
            lists.set(each.member, each.list)
          }
        }
        const fresh = await world(limits)
        for (const [feed, bytes] of fake.held) fresh.fake.held.set(feed, bytes)
        for (const [member, list] of lists) {
          fresh.members.admit(member)
          fresh.members.track(member, list)
        }
        expect(watched()).toEqual(fresh.watched())
      }),
    )
  })
})

describe('what one person may have instead', () => {
  test('feeds and bytes: more or less than the settings, from then on', async () => {
    const given = new Map<Identity, Partial<Quota>>([[alice, { feeds: 2 }]])
    const { members, watched, hold } = await world(
      { feedsPerMember: 3 },
      undefined,
      undefined,
      undefined,
      given,
    )
    members.admit(alice)
    members.track(alice, [bob, carol, dave])
    expect(watched()).toEqual(sorted(alice, bob))
    given.delete(alice)
    members.refit()
    members.track(alice, [bob, carol, dave])
    expect(watched()).toEqual(sorted(alice, bob, carol))
    hold(alice, 400)
    hold(bob, 400)
    hold(carol, 400)
    expect(watched()).toEqual(sorted(alice, bob))
    given.set(alice, { bytes: 1_200 })
    members.refit()
    expect(watched()).toEqual(sorted(alice, bob, carol))
    given.set(alice, { bytes: 100 })
    members.refit()
    expect(watched()).toEqual([])
    given.clear()
    members.refit()
    expect(watched()).toEqual(sorted(alice, bob))
  })

  test('[V112] files: the most that any member may have who wants the feed', async () => {
    const given = new Map<Identity, Partial<Quota>>()
    const { members, largest } = await world({}, undefined, undefined, undefined, given)
    for (const member of [alice, bob]) members.admit(member)
    members.track(alice, [carol])
    expect(largest.get(carol)).toBe(10)
    given.set(alice, { blobBytes: 0 })
    members.refit()
    expect([largest.get(alice), largest.get(carol), largest.get(bob)]).toEqual([0, 0, 10])
    members.track(bob, [carol])
    expect(largest.get(carol)).toBe(10)
    given.set(alice, { blobBytes: 99 })
    members.refit()
    expect(largest.get(carol)).toBe(99)
    members.track(alice, [])
    expect(largest.get(carol)).toBe(10)
  })
})

describe('[V91] who is blocked', () => {
  test('is no member, and their feed is kept for nobody, from then on and after a restart', async () => {
    const blocked = new Set<Identity>()
    const { members, watched, fake } = await world({}, undefined, undefined, blocked)
    members.admit(alice)
    members.admit(bob)
    members.track(alice, [carol])
    members.track(bob, [alice, carol])
    members.save()
    blocked.add(alice)
    members.sift()
    expect([members.has(alice), members.list, members.feedsOf(bob)]).toEqual([false, [bob], [bob, carol]])
    expect(watched()).toEqual(sorted(bob, carol))
    expect(members.admit(alice)).toBe(false)
    members.track(bob, [alice])
    expect(watched()).toEqual([bob])
    members.save()
    const again = await world({}, fake.settings, undefined, new Set([bob]))
    expect(again.members.list).toEqual([])
  })

  test('nobody any more: they may come again', async () => {
    const blocked = new Set([alice])
    const { members } = await world({}, undefined, undefined, blocked)
    expect(members.admit(alice)).toBe(false)
    blocked.clear()
    members.sift()
    expect(members.admit(alice)).toBe(true)
  })
})

describe('after a restart', () => {
  test('members and what they track are known', async () => {
    const first = await world()
    first.members.admit(alice)
    first.members.track(alice, [carol])
    first.members.admit(bob)
    first.members.save()
    const second = await world({}, first.fake.settings)
    expect(second.watched()).toEqual(sorted(alice, bob, carol))
    expect(second.members.count).toBe(2)
  })

  test('who is no longer on the list is gone', async () => {
    const first = await world()
    first.members.admit(alice)
    first.members.track(alice, [carol])
    first.members.admit(bob)
    first.members.save()
    const second = await world({ members: [bob] }, first.fake.settings)
    expect(second.watched()).toEqual([bob])
    second.members.save()
    expect([...second.fake.settings.values()].join()).not.toContain(alice)
  })

  test('damaged settings are no reason to stop', async () => {
    const { members } = await world({}, new Map([['hub.members', 'nonsense  did:key:zz']]))
    expect(members.count).toBe(0)
  })
})

test('[V110] texts beside entries count with the entries, for one person and for all', async () => {
  const { members, watched, hold, holdTexts, tracking } = await world({ entryBytes: 1_500 })
  members.admit(alice)
  members.track(alice, [bob, carol])
  hold(bob, 100)
  holdTexts(bob, 900)
  expect(watched()).toEqual(sorted(alice, bob, carol))
  expect(tracking.use(alice)).toMatchObject({ bytes: 1_000 })
  holdTexts(bob, 901)
  expect(watched()).toEqual([alice])
  members.admit(dave)
  members.track(dave, [bob])
  holdTexts(dave, 600)
  expect(watched()).toEqual([])
})

describe('[V110] files of one person', () => {
  test('at the limit no more are fetched of what comes last; entries go on, and below it files too', async () => {
    const { members, watched, holdFiles, largest } = await world({ fileBytesPerMember: 100 })
    members.admit(alice)
    members.track(alice, [bob, carol])
    holdFiles(alice, 40)
    holdFiles(bob, 59)
    expect([largest.get(alice), largest.get(bob), largest.get(carol)]).toEqual([10, 10, 10])
    holdFiles(bob, 60)
    expect([largest.get(alice), largest.get(bob), largest.get(carol)]).toEqual([10, 0, 0])
    expect(watched()).toEqual(sorted(alice, bob, carol))
    members.admit(dave)
    members.track(dave, [bob])
    expect([largest.get(bob), largest.get(carol)]).toEqual([10, 0])
    holdFiles(bob, 0)
    members.track(dave, [])
    expect([largest.get(bob), largest.get(carol)]).toEqual([10, 10])
  })

  test('what the operator gave counts instead', async () => {
    const given = new Map([[alice, { fileBytes: 0 }]])
    const { members, largest, tracking } = await world({}, undefined, undefined, undefined, given)
    members.admit(alice)
    expect(largest.get(alice)).toBe(0)
    expect(tracking.use(alice)).toMatchObject({ fileBytes: 0, maxFileBytes: 0, largestFile: 10 })
  })
})

describe('[V117] how much of each feed', () => {
  const whole = Number.POSITIVE_INFINITY

  test('the newest of whom a member follows, all of what a member writes', async () => {
    const { members, depthsOf, tracking } = await world({ followedEntries: 100 })
    members.admit(alice)
    members.track(alice, [bob, carol])
    expect(depthsOf(alice, bob, carol)).toEqual([whole, 100, 100])
    expect(tracking.use(alice)).toMatchObject({ followedEntries: 100 })
    members.admit(bob)
    expect(depthsOf(bob, carol)).toEqual([whole, 100])
  })

  test('[V112] the most that anybody may have for whom it fits', async () => {
    const given = new Map([
      [alice, { followedEntries: 20 }],
      [bob, { followedEntries: 'all' as const }],
    ])
    const { members, depthsOf, tracking } = await world(
      { followedEntries: 50 },
      undefined,
      undefined,
      undefined,
      given,
    )
    for (const [member, followed] of [
      [alice, 20],
      [dave, 50],
      [bob, null],
    ] as const) {
      members.admit(member)
      members.track(member, [carol])
      expect(depthsOf(carol)).toEqual([followed ?? whole])
      expect(tracking.use(member)).toMatchObject({ followedEntries: followed })
    }
    members.track(bob, [])
    expect(depthsOf(carol)).toEqual([50])
  })

  test('other devices of the account are own ones, and what is promised is kept whole', async () => {
    const root = 'A'.repeat(43) as PersonName
    const roots = new Map([
      [alice, root],
      [bob, root],
    ])
    const all = [undefined, undefined, undefined, undefined] as const
    const { members, depthsOf, leased, hold } = await world({ followedEntries: 30 }, ...all, roots)
    members.admit(alice)
    members.track(alice, [bob, carol])
    expect(depthsOf(alice, bob, carol)).toEqual([whole, whole, 30])
    leased.add(carol)
    hold(carol, 1)
    expect(depthsOf(carol)).toEqual([whole])
  })
})

describe('[V111] devices of one account', () => {
  const root = 'A'.repeat(43) as PersonName

  test('share one quota of entries, files and feeds, however many they are', async () => {
    const roots = new Map([alice, bob, carol].map((device) => [device, root]))
    const limits = { bytesPerMember: 100, feedsPerMember: 4, fileBytesPerMember: 50 }
    const { members, tracking, hold, holdFiles, watched } = await world(
      limits,
      ...([undefined, undefined, undefined, undefined] as const),
      roots,
    )
    for (const device of [alice, bob, carol]) members.admit(device)
    members.track(alice, [dave])
    expect(watched()).toEqual(sorted(alice, bob, carol, dave))
    hold(alice, 40)
    hold(bob, 40)
    hold(carol, 40)
    expect(watched().length).toBe(2)
    holdFiles(alice, 30)
    expect(tracking.use(bob)).toMatchObject({
      feeds: 2,
      askedFeeds: 4,
      bytes: 120,
      fileBytes: 30,
      devices: 3,
    })
    expect(tracking.use(dave)).toBe(null)
  })

  test('count as one from when the account is known, whatever came before', async () => {
    const people = [alice, bob, carol, dave]
    const step = fc.oneof(
      fc.record({ member: fc.constantFrom(...people), list: fc.uniqueArray(fc.constantFrom(...people)) }),
      fc.record({ feed: fc.constantFrom(...people), bytes: fc.integer({ min: 0, max: 700 }) }),
      fc.record({ device: fc.constantFrom(...people), isOf: fc.boolean() }),
    )
    const limits = { bytesPerMember: 1_000, feedsPerMember: 3, entryBytes: 1_900 }
    const none = [undefined, undefined, undefined, undefined] as const
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const roots = new Map<Identity, PersonName>()
        const { members, hold, watched, fake, tracking } = await world(limits, ...none, roots)
        const lists = new Map<Identity, Identity[]>()
        for (const each of steps) {
          if ('feed' in each) hold(each.feed, each.bytes)
          else if ('device' in each) {
            if (each.isOf) roots.set(each.device, root)
            else roots.delete(each.device)
            tracking.regroup()
          } else {
            members.admit(each.member)
            members.track(each.member, each.list)
            lists.set(each.member, each.list)
          }
        }
        tracking.settle()
        const fresh = await world(limits, ...none, roots)
        for (const [feed, bytes] of fake.held) fresh.fake.held.set(feed, bytes)
        for (const [member, list] of lists) {
          fresh.members.admit(member)
          fresh.members.track(member, list)
        }
        expect(watched()).toEqual(fresh.watched())
      }),
    )
  })
})
