import type { Identity } from '@effigy/core'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { runs } from '../../test/medium.ts'
import { named, note, openViewsWorld, stance, tagOn } from '../../test/views-world.ts'

test('[P13] the newest identification of any device is the profile', () => {
  const devices: Identity[] = []
  using world = openViewsWorld()
  world.views.setSiblings((identity) => devices.filter((each) => each !== identity))
  const [phone, laptop] = [world.person(1), world.person(2)]
  expect(world.views.profile(phone)).toBeNull()
  const first = world.add(phone, named('Ada'), { comparable: 20 })
  world.add(phone, named('older'), { comparable: 10 })
  expect(world.views.profile(phone)?.cid).toBe(first.cid)
  devices.push(phone, laptop)
  const second = world.add(laptop, named('Ada L.'), { comparable: 30 })
  expect(world.views.profile(phone)?.cid).toBe(second.cid)
  world.hide(second.id)
  expect(world.views.profile(laptop)?.cid).toBe(first.cid)
})

test.for(['follow', 'block', 'mute', 'identification'])(
  '[F8] %s acts only once its signature is verified',
  (type) => {
    using world = openViewsWorld()
    const [a, b] = [world.person(1), world.person(2)]
    const payload = type === 'identification' ? named('Ada') : stance(type as 'follow', b)
    const kind = type as 'follow'
    const ask = () =>
      type === 'identification'
        ? [world.views.profile(a)].filter((item) => item !== null)
        : world.views.relations(a, kind)
    const { id } = world.add(a, payload, { verified: false })
    expect(ask()).toHaveLength(0)
    expect(world.views.byType(type).items).toEqual([])
    world.verify(id)
    expect(ask()).toHaveLength(1)
    expect(world.views.byType(type).items).toHaveLength(1)
  },
)

test('[P12] a follow and its end, in any order of arrival and over devices, give what the newest says', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(
        fc.record({ at: fc.integer({ min: 1, max: 30 }), device: fc.nat(1), value: fc.boolean() }),
        {
          selector: ({ at }) => at,
          minLength: 1,
          maxLength: 12,
        },
      ),
      (statements) => {
        const devices: Identity[] = []
        const siblings = (identity: Identity) =>
          devices.includes(identity) ? devices.filter((each) => each !== identity) : []
        using world = openViewsWorld()
        world.views.setSiblings(siblings)
        devices.push(world.person(0), world.person(1))
        const friend = world.person(7)
        for (const { at, device, value } of statements) {
          world.add(devices[device] as Identity, stance('follow', friend, value), { comparable: at })
        }
        const newest = [...statements].sort((a, b) => b.at - a.at)[0]
        const expected = newest?.value === true ? [friend] : []
        expect(world.views.relations(devices[0] as Identity, 'follow')).toEqual(expected)
        expect(world.views.followers(friend)).toHaveLength(expected.length)
      },
    ),
    { numRuns: runs(40) },
  )
})

test('[P12] two statements of one comparable: the greater CID counts', () => {
  using world = openViewsWorld()
  const [a, b] = [world.person(1), world.person(2)]
  const entries = [true, false, true, false].map((value) => ({
    value,
    ...world.add(a, stance('follow', b, value), { comparable: 5 }),
  }))
  const key = (cid: string) =>
    world.db.first<{ h: string }>('select hex(cid) as h from entries where id = ?', cid)?.h ?? ''
  const greatest = [...entries].sort((x, y) => (key(`${x.id}`) < key(`${y.id}`) ? 1 : -1))[0]
  expect(world.views.relations(a, 'follow')).toEqual(greatest?.value === true ? [b] : [])
})

test('[P12] a person who moved to another key is unfollowed by the root', () => {
  using world = openViewsWorld()
  const [a, old, moved] = [world.person(1), world.person(2), world.person(3)]
  const root = 'A'.repeat(43)
  world.add(a, stance('follow', old, true, root))
  expect(world.views.relations(a, 'follow')).toEqual([old])
  world.add(a, stance('follow', moved, false, root))
  expect(world.views.relations(a, 'follow')).toEqual([])
  expect(world.views.followers(old)).toEqual([])
})

test('[P10] mentions are who names one, and who answers one', () => {
  using world = openViewsWorld()
  const [a, b] = [world.person(1), world.person(2)]
  const named = world.add(b, note('hi @a', { mentions: [{ identity: a, root: null, name: 'a' }] }))
  expect(world.views.mentions(a).items.map(({ cid }) => cid)).toEqual([named.cid])
  world.hide(named.id)
  expect(world.views.mentions(a).items).toEqual([])
})

test('[P11] tags find notes that carry them and own payloads that were tagged later, whatever the case', () => {
  using world = openViewsWorld()
  const [a, b] = [world.person(1), world.person(2)]
  const tagged = world.add(a, note('one', { tags: ['Katze'] }))
  const later = world.add(a, note('two'))
  const label = world.add(a, tagOn(later, ['katze']))
  const theirs = world.add(b, note('three'))
  world.add(a, tagOn(theirs, ['katze']))
  const found = () => world.views.byTag('KATZE').items.map(({ cid }) => cid)
  expect(found()).toEqual([later.cid, tagged.cid])
  const none = world.add(a, tagOn(later, []))
  expect(found()).toEqual([tagged.cid])
  world.hide(none.id)
  expect(found()).toEqual([later.cid, tagged.cid])
  world.hide(label.id)
  expect(found()).toEqual([tagged.cid])
  world.add(a, tagOn(tagged, ['katze']))
  expect(found()).toEqual([tagged.cid])
  world.erase(tagged.id)
  expect(found()).toEqual([])
})

test('[G8] [P5] whom somebody blocks is meant with all their devices, and by the root where it is named', () => {
  using world = openViewsWorld()
  const [a, phone, laptop, other, friend] = [1, 2, 3, 4, 5].map((number) => world.person(number)) as [
    Identity,
    Identity,
    Identity,
    Identity,
    Identity,
  ]
  const root = `${'A'.repeat(42)}E`
  world.views.setSiblings((identity) => (identity === phone ? [laptop] : []))
  world.add(a, stance('block', phone))
  world.add(a, stance('block', other, true, root))
  expect(world.views.persons(a, 'block')).toEqual({
    accounts: [
      { identity: other, root },
      { identity: phone, root: null },
    ],
    identities: new Set([other, phone, laptop]),
    roots: new Set([root]),
  })
  expect(new Set(world.views.relations(a, 'block'))).toEqual(new Set([other, phone]))
  expect(world.views.persons(a, 'mute')).toMatchObject({ accounts: [], identities: new Set() })
  world.add(friend, stance('follow', other, true, root))
  world.add(friend, stance('follow', laptop))
  expect(world.views.follows(friend, 9)).toEqual([
    { identity: laptop, root: null },
    { identity: other, root },
  ])
})

test('[T16] whoever follows one under a thousand roots, and takes each back on another device, is gone through once', () => {
  using world = openViewsWorld()
  const [phone, laptop, friend] = [world.person(1), world.person(2), world.person(3)]
  world.views.setSiblings((identity) => (identity === phone ? [laptop] : identity === laptop ? [phone] : []))
  for (let at = 0; at < 60; at++) {
    const root = `${String(at).padStart(42, 'B')}E`
    world.add(phone, stance('follow', friend, true, root), { comparable: at + 1 })
    world.add(laptop, stance('follow', friend, false, root), { comparable: at + 2 })
  }
  const { rows } = world.db
  let read = 0
  const counted = vi.spyOn(world.db, 'rows').mockImplementation(function* (...given: never[]) {
    for (const row of Reflect.apply(rows, world.db, given)) {
      read++
      yield row
    }
  } as never)
  expect(world.views.followers(friend)).toEqual([])
  counted.mockRestore()
  expect(read).toBeGreaterThanOrEqual(120)
  expect(read).toBeLessThan(200)
})
