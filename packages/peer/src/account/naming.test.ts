import type { Identity } from '@effigy/core'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { createNaming, type NamingDeps } from './naming.ts'

const [self, device] = ['self', 'device'] as unknown as [Identity, Identity]
const keyNamed = (index: number) => `key ${index}` as Identity

/** A device whose newest entry names what it is told to. */
function naming() {
  const clock = createFakeClock()
  const said = { key: null as Identity | null, isVerified: true }
  let updates = 0
  const store = {
    feed: (identity: Identity) => (identity === device ? { record: { head: { head: 'newest' } } } : null),
    entry: () => ({
      verified: said.isVerified,
      signed: { entry: { synod: said.key === null ? null : [said.key, 'head'] } },
    }),
    follows: () => [{ identity: device, root: null }],
    lastSaid: () => 0,
    synods: null,
  }
  const created = createNaming({
    store: store as unknown as NamingDeps['store'],
    self,
    own: { root: () => null, role: () => null },
    clock,
    log: { info() {}, warn() {} },
    mayWrite: () => true,
    follow: () => Promise.reject(new Error('nobody is to be followed')),
    update() {
      updates++
      created.keys(store.follows())
    },
    rested() {},
  })
  created.keys(store.follows())
  created.start()
  const say = async (key: Identity | null): Promise<void> => {
    said.key = key
    created.changed({ feeds: new Set([device]), views: true, blobs: new Set() })
    await clock.advance(1_000)
  }
  const keys = (): readonly Identity[] => [...created.keys(store.follows()).keys()]
  return { said, say, keys, updates: () => updates }
}

test('[Y25] [T18] a device is believed four keys, one at a time', async () => {
  const { say, keys, updates } = naming()
  for (let index = 0; index < 4; index++) {
    await say(keyNamed(index))
    expect(keys()).toEqual([keyNamed(index)])
  }
  await say(keyNamed(4))
  expect(keys()).toEqual([])
  await say(keyNamed(2))
  expect(keys()).toEqual([keyNamed(2)])
  expect(updates()).toBe(5)
})

test('[Y25] an entry that is not checked names nothing, and what was said before it counts until it is', async () => {
  const { said, say, keys } = naming()
  said.isVerified = false
  await say(keyNamed(0))
  expect(keys()).toEqual([])
  said.isVerified = true
  await say(keyNamed(0))
  said.isVerified = false
  await say(keyNamed(1))
  expect(keys()).toEqual([keyNamed(0)])
  said.isVerified = true
  await say(null)
  expect(keys()).toEqual([])
})
