/** What nothing here acts on has a small room of its own, and leaves (V43): nobody is kept out by it (T17). */
import {
  encodeBase64url,
  type Identity,
  identityOfKey,
  type RawCid,
  rawCidOfDigest,
  utf8,
} from '@effigy/core'
import type { TakenDrop } from '@effigy/store'
import { sealDrop } from '@effigy/sync'
import { testSeed } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { meet } from './account-kit.ts'
import { boxHub, boxOf, leaveFor } from './drops-kit.ts'
import { createWorld, never, type TestPeer, testCrypto } from './world.ts'

const dayMs = 24 * 60 * 60 * 1000
const digest = (text: string): Uint8Array => testCrypto.sha256(utf8(text))

/** As if it had been taken before: what it says does not matter to anything. */
function fill(
  { store }: TestPeer,
  from: Identity,
  count: number,
  { at, isRequest = false, type = 'x-junk' }: Pick<TakenDrop, 'at'> & Partial<TakenDrop>,
): void {
  for (let n = 0; n < count; n++) {
    const name = digest(`${from} ${n} ${type} ${isRequest}`)
    const nonce = encodeBase64url(name.subarray(0, 16))
    const drop = { id: rawCidOfDigest(name), from, nonce, type, at, takenAt: at, size: 300 }
    store.takenDrops?.put({ ...drop, isRequest, byHand: false }, new Uint8Array(300))
  }
}

test('[V22] [V43] [T17] who is followed and leaves very many that nothing acts on shuts out nobody: what there is no room for stays at the box, and is asked for once', async () => {
  await using world = createWorld('idle drops')
  const { hub } = await boxHub(world)
  const [alice, bob, mallory] = [await world.add('alice'), await world.add('bob'), await world.add('mallory')]
  for (const friend of [alice, mallory]) await bob.peer.relate('follow', friend.identity, true)
  const at = world.clock.now()
  fill(bob, mallory.identity, 100, { at })
  await meet(world, bob, hub)
  await world.pass(15_000)
  await bob.stop()

  const signer = await testCrypto.signer(testSeed('mallory'))
  const box = await boxOf('bob')
  const left: RawCid[] = []
  for (let n = 0; n < 30; n++) {
    const nonce = encodeBase64url(digest(`left ${n}`).subarray(0, 16))
    const drop = { from: mallory.identity, to: bob.identity, nonce, at, payload: { type: 'x-junk', n } }
    const sealed = await sealDrop(drop, signer, [box], testCrypto)
    if (!sealed.ok) throw new Error(sealed.error.code)
    const { id, bytes } = sealed.value
    const info = { id, to: bob.identity, from: mallory.identity, isFriend: true, size: bytes.length, at }
    hub.store.drops?.add({ ...info, expires: at + 14 * dayMs }, bytes)
    left.push(id)
  }
  await meet(world, alice, hub)
  await leaveFor(world, alice, bob, 'one')

  const again = await world.add('bob')
  const got: unknown[] = []
  again.peer.drops.handle('x-hello', ({ payload }) => void got.push(payload.text))
  const fetched: string[] = []
  const { bytes: read } = hub.store.drops!
  hub.store.drops!.bytes = (to, id) => {
    fetched.push(id)
    return read(to, id)
  }
  await meet(world, again, hub)
  await world.until(() => got.length === 1)
  // The second of all that wait: offers go by senders.
  expect(fetched.length).toBeLessThan(5)
  await world.until(() => fetched.length === 31)
  await leaveFor(world, alice, again, 'two')
  await world.until(() => got.length === 2)
  await world.pass(20_000)
  expect(fetched).toHaveLength(32)
  expect(again.store.takenDrops?.usage(false, mallory.identity).items).toBe(100)
  expect(hub.store.drops?.unseen(bob.identity, bob.identity, 99).map(({ id }) => id)).toEqual(left)

  // Something acts on them after all: what was left is asked for.
  const junk: unknown[] = []
  const handling = again.peer.drops.handle('x-junk', ({ payload }) => void junk.push(payload.n))
  await world.until(() => junk.length === 30)
  handling[Symbol.dispose]()
  expect(hub.store.drops?.totalBytes).toBe(0)
})

test('[V43] [T17] requests that nothing shows take a fifth of their room; what is idle goes after 30 days, what something acts on never', async () => {
  await using world = createWorld('idle requests')
  const { hub } = await boxHub(world)
  const [bob, eve] = [await world.add('bob'), await world.add('eve')]
  const at = world.clock.now()
  const throwaways = [1, 2, 3, 4, 5].map((n) => identityOfKey(digest(`${n}`)))
  for (const one of throwaways) fill(bob, one, 20, { at, isRequest: true })
  for (const one of throwaways) fill(bob, one, 2, { at })
  fill(bob, eve.identity, 3, { at, type: 'x-hello' })
  const usage = () => [true, false].map((isRequest) => bob.store.takenDrops?.usage(isRequest, null).items)
  await meet(world, bob, hub)
  await meet(world, eve, hub)
  await leaveFor(world, eve, bob, 'one')
  await world.pass(3_000)
  expect([...usage(), hub.store.drops?.usage(bob.identity, false).items]).toEqual([100, 13, 1])
  const got: unknown[] = []
  bob.peer.drops.handle('x-hello', ({ payload }) => void got.push(payload.text), { requests: true })
  await world.until(() => got.length === 1)
  expect(usage()).toEqual([100, 13])
  // Left as a stranger's; of somebody who is followed there is room.
  const dan = await world.add('dan')
  await meet(world, dan, hub)
  await world.turn(
    dan.peer.drops.send(
      { to: bob.identity, keys: [await boxOf('bob')] },
      { type: 'x-junk' },
      { signal: never },
    ),
  )
  await world.pass(3_000)
  expect(usage()).toEqual([100, 13])
  await bob.peer.relate('follow', dan.identity, true)
  await world.until(() => usage().join() === '100,14')
  world.clock.jump(31 * dayMs)
  await world.clock.advance(7_200_000)
  expect(usage()).toEqual([0, 3])
})
