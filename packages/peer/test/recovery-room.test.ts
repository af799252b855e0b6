/** A custodian to whom more entrust something than it has room for (spec Z23, T16). */
import { encodeBase64url, type Identity, identityOfKey, type Root } from '@effigy/core'
import { testSeed } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { maxAccounts } from '../src/recovery/held.ts'
import { sharePayload } from '../src/recovery/share.ts'
import { authorityOf } from './account-kit.ts'
import { circle } from './recovery-kit.ts'
import { createWorld, never, type TestPeer } from './world.ts'

const rootOf = (at: number): Root => encodeBase64url(testSeed(`root ${at}`)) as Root
const puppet = (at: number): Identity => identityOfKey(testSeed(`puppet ${at}`))

/** As many accounts as there is room for have entrusted something. */
function fill({ store }: TestPeer, identityOf: (at: number) => Identity): void {
  const kept = Array.from({ length: maxAccounts }, (_, at) => ({
    payload: sharePayload({
      ...{
        account: { identity: identityOf(at), root: rootOf(at) },
        set: encodeBase64url(new Uint8Array(16)),
      },
      ...{ threshold: 2, count: 3, at: 1 },
      ...{ share: new Uint8Array(33), signature: new Uint8Array(64) },
    }),
    ...{ by: identityOf(at), comparable: 1, receivedAt: 1, replacedAt: null },
  }))
  store.saveSetting('recovery-held', JSON.stringify(kept))
}

const rootsHeld = ({ peer }: TestPeer): readonly Root[] =>
  peer.recovery.show().held.map(({ account }) => account.root)

test('[Z23] [T16] puppets keep no friend out: of those whom one does not follow the last one goes', async () => {
  await using world = createWorld('puppets')
  const alice = await circle(world, 'bob', 'carol')
  const [bob] = alice.custodians as [TestPeer]
  const { root } = authorityOf(alice.laptop)
  fill(bob, puppet)
  await world.turn(alice.laptop.peer.recovery.split({ custodians: alice.keys, threshold: 2, signal: never }))
  await world.until(() => rootsHeld(bob).includes(root))
  expect(rootsHeld(bob)).toHaveLength(maxAccounts)
  expect([rootOf(0), rootOf(maxAccounts - 2)].every((one) => rootsHeld(bob).includes(one))).toBe(true)
  expect(rootsHeld(bob)).not.toContain(rootOf(maxAccounts - 1))
  expect(bob.peer.recovery.show().refused).toEqual([])
})

test('[Z23] a share that finds no room is told of, waits, and is taken when another one is let go', async () => {
  await using world = createWorld('full')
  const alice = await circle(world, 'bob', 'carol')
  const [bob] = alice.custodians as [TestPeer]
  const { root, identity } = authorityOf(alice.laptop)
  // All of friends.
  fill(bob, () => identity)
  await world.turn(alice.laptop.peer.recovery.split({ custodians: alice.keys, threshold: 2, signal: never }))
  await world.until(() => bob.peer.recovery.show().refused.length === 1)
  expect(bob.peer.recovery.show().refused).toEqual([{ identity, root }])
  expect(rootsHeld(bob)).not.toContain(root)
  await bob.peer.recovery.release(rootOf(7))
  expect(rootsHeld(bob)).toContain(root)
  expect(rootsHeld(bob)).not.toContain(rootOf(7))
  expect(bob.peer.recovery.show().refused).toEqual([])
  await expect(bob.peer.recovery.release(rootOf(7))).rejects.toMatchObject({ code: 'not-held' })
})
