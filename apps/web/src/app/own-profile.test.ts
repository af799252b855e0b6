import type { Hub, Identity } from '@effigy/core'
import { expect, test } from 'vitest'
import { saveProfile, withHub, withoutHub } from './own-profile.ts'

const [one, two, three] = ['one', 'two', 'three'].map(
  (name): Hub => [`did:key:${name}` as Identity, `wss://${name}.example`],
) as [Hub, Hub, Hub]

/** What stands there now, whatever was shown before. */
function savedOver(hubs: readonly Hub[]) {
  const published: { readonly hubs: readonly Hub[] }[] = []
  const payload = { type: 'identification', name: 'Ada', about: '', avatar: null, hubs }
  const peer = {
    query: { profile: async () => ({ state: { type: 'shown', payload } }) },
    publish: async (said: { readonly hubs: readonly Hub[] }) => void published.push(said),
  }
  const page = { device: { boxKey: async () => new Uint8Array(32) } }
  return async (change: Parameters<typeof saveProfile>[2]) => {
    await saveProfile(page as never, peer as never, change)
    return published.at(-1)
  }
}

test('a hub is added to those of now, and left among those of now: another tab may have changed them', async () => {
  const save = savedOver([one, two])
  expect(await save(withHub(three))).toMatchObject({ name: 'Ada', hubs: [one, two, three] })
  const elsewhere: Hub = [two[0], 'wss://elsewhere.example']
  expect(await save(withHub(elsewhere))).toMatchObject({ hubs: [one, elsewhere] })
  expect(await save(withoutHub(one[0]))).toMatchObject({ hubs: [two] })
  expect(await save({ name: 'Ida' })).toMatchObject({ name: 'Ida', hubs: [one, two] })
})
