import type { Identity, Json, Payload } from '@effigy/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSlow } from '../../test/medium.ts'
import { openViewsWorld, type ViewsWorld } from '../../test/views-world.ts'

let made = 0

/** What a device said, as it is opened after it came. */
function say(
  world: ViewsWorld,
  device: Identity,
  comparable: number,
  changes: readonly (readonly [string, Json])[],
) {
  const added = world.add(device, null, { comparable, text: `age:${made++}` })
  const payload = { type: 'device_state', at: 1, changes } as unknown as Payload
  expect(world.views.rememberOpened(device, added.content, JSON.stringify(payload))).toBe(true)
  return added
}

function twoDevices(world: ViewsWorld): readonly [Identity, Identity] {
  const devices = [world.person(1), world.person(2)] as const
  world.views.setSelf(devices[0])
  world.views.setSiblings((identity) =>
    devices.includes(identity) ? devices.filter((one) => one !== identity) : [],
  )
  return devices
}

test('[P18] the newest value of a key over all own devices counts, and of nobody else', () => {
  using world = openViewsWorld()
  const [phone, laptop] = twoDevices(world)
  expect(world.views.deviceValue('petname/a')).toBeNull()
  say(world, phone, 10, [
    ['petname/a', 'Ada'],
    ['draft', { text: 'x' }],
  ])
  const newer = say(world, laptop, 20, [['petname/a', 'Ada L.']])
  say(world, world.person(3), 30, [['petname/a', 'a stranger']])
  expect(world.views.deviceValue('petname/a')).toEqual({ key: 'petname/a', value: 'Ada L.', comparable: 20 })
  world.hide(newer.id)
  expect(world.views.deviceValue('petname/a')?.value).toBe('Ada')
  expect(world.views.deviceValue('draft')?.value).toEqual({ text: 'x' })
})

test('[P18] null takes a key away, and the list of keys goes on where it ended', () => {
  using world = openViewsWorld()
  const [phone, laptop] = twoDevices(world)
  say(
    world,
    phone,
    1,
    ['a/1', 'a/2', 'a/3', 'b/1'].map((key) => [key, key]),
  )
  say(world, laptop, 2, [['a/2', null]])
  const keys = (page?: { after?: string; limit?: number }) =>
    world.views.deviceValues('a/', page).map(({ key }) => key)
  expect(keys()).toEqual(['a/1', 'a/3'])
  expect(keys({ limit: 1 })).toEqual(['a/1'])
  expect(keys({ after: 'a/1', limit: 1 })).toEqual(['a/3'])
  expect(world.views.deviceValue('a/2')).toEqual({ key: 'a/2', value: null, comparable: 2 })
  expect(world.views.deviceValues('%')).toEqual([])
})

test.skipIf(isSlow)('[P18] any order of arrival gives what the last one said', () => {
  const statement = fc.record({
    at: fc.integer({ min: 1, max: 20 }),
    device: fc.nat(1),
    value: fc.constantFrom('x', 'y', null),
  })
  fc.assert(
    fc.property(
      fc.uniqueArray(statement, { selector: ({ at }) => at, minLength: 1, maxLength: 8 }),
      (statements) => {
        using world = openViewsWorld()
        const devices = twoDevices(world)
        for (const { at, device, value } of statements)
          say(world, devices[device] as Identity, at, [['k', value]])
        const newest = statements.reduce((best, one) => (one.at > best.at ? one : best))
        expect(world.views.deviceValue('k')).toEqual({ key: 'k', value: newest.value, comparable: newest.at })
      },
    ),
  )
})

test('[S5] a rebuild makes them anew', async () => {
  using world = openViewsWorld()
  const [phone] = twoDevices(world)
  say(world, phone, 1, [['k', 'v']])
  const before = world.dump()
  await world.views.rebuildViews({ signal: new AbortController().signal })
  expect(world.dump()).toEqual(before)
  expect(world.views.deviceValue('k')?.value).toBe('v')
})

test('[P18] of read markers the furthest counts: a device that was away takes nothing back', () => {
  using world = openViewsWorld()
  const [phone, laptop] = twoDevices(world)
  say(world, laptop, 10, [['read/p', 300]])
  say(world, phone, 20, [['read/p', 100]])
  expect(world.views.deviceValue('read/p')).toEqual({ key: 'read/p', value: 300, comparable: 20 })
  expect(world.views.deviceSaid('read/p').map(({ value }) => value)).toEqual([100, 300])
  say(world, phone, 30, [['read/p', null]])
  expect(world.views.deviceValue('read/p')?.value).toBeNull()
})
