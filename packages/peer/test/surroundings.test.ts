/** Peers at which nobody looks, and that come back. */
import type { Cid, Payload } from '@effigy/core'
import { createRandom } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { plainSurroundings } from '../src/surroundings/surroundings.ts'
import { meet } from './account-kit.ts'
import { createWorld, never, note, type TestPeer, texts, type World } from './world.ts'

const random = createRandom('surroundings')
const hidden = { ...plainSurroundings, visible: false }

async function friends(world: World) {
  const [alice, bob] = [await world.add('alice'), await world.add('bob')]
  await bob.peer.relate('follow', alice.identity, true)
  await meet(world, bob, alice)
  await world.turn(bob.peer.settled(never))
  return { alice, bob }
}

async function publishFile({ peer }: TestPeer): Promise<Cid> {
  const { root, size } = await peer.addFile(
    (async function* () {
      yield random.bytes(50_000)
    })(),
    { signal: never },
  )
  const media = { type: 'media', at: 1, kind: 'document', blob: root, mime: 'application/zip', bytes: size }
  await peer.publish(media as Payload)
  return root
}

const sentBytes = ({ peer }: TestPeer): number => peer.traffic()[0]?.sentBytes ?? 0

test('[R41] while one of the two rests they ask each other seldom whether they are there', async () => {
  await using world = createWorld()
  const { alice, bob } = await friends(world)
  bob.peer.surroundings.tell('tab', hidden)
  await world.pass(70_000)
  expect(bob.peer.surroundings.show().isResting).toBe(true)
  const bytesIn = async (ms: number): Promise<number> => {
    const before = sentBytes(alice) + sentBytes(bob)
    await world.pass(ms)
    return sentBytes(alice) + sentBytes(bob) - before
  }
  const resting = await bytesIn(300_000)
  bob.peer.surroundings.tell('tab', plainSurroundings)
  await world.pass(30_000)
  const awake = await bytesIn(300_000)
  expect(resting).toBeGreaterThan(0)
  expect(resting).toBeLessThan(0.6 * awake)
  expect(bob.peer.status().sessions).toHaveLength(1)
})

test('[R43] comes back to a cut line at once, and is up to date', async () => {
  await using world = createWorld()
  const { alice, bob } = await friends(world)
  bob.peer.surroundings.tell('tab', hidden)
  world.network.cut('alice', 'bob')
  await world.until(() => bob.peer.status().sessions.length === 0, 600_000)
  // Long enough for the longest pause.
  await world.pass(200_000)
  await alice.peer.publish(note('said meanwhile'))
  world.network.heal()
  bob.peer.surroundings.tell('tab', hidden)
  bob.peer.surroundings.tell('tab', plainSurroundings)
  await world.until(() => texts(bob.store, alice.identity).includes('said meanwhile'), 2_000)
})

test('[R42] entries come to who rests, files wait until somebody looks, or waits for them', async () => {
  await using world = createWorld()
  const { alice, bob } = await friends(world)
  bob.peer.surroundings.tell('tab', hidden)
  await world.pass(70_000)
  const [file, asked] = [await publishFile(alice), await publishFile(alice)]
  await alice.peer.publish(note('and a word'))
  await world.until(() => texts(bob.store, alice.identity).includes('and a word'))
  await world.turn(bob.peer.fetchBlob(asked, { signal: never }))
  await world.pass(5_000)
  expect(bob.store.hasBlock(file)).toBe(false)
  // Nothing is left to do for now.
  await world.turn(bob.peer.settled(never))
  bob.peer.surroundings.tell('tab', plainSurroundings)
  await world.until(() => bob.store.blobState(file).type === 'complete')
})
