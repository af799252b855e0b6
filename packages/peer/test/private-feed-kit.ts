/**
 * Peers with a profile, so that others can seal to them, and what is seen of a private feed.
 */
import { encodeBase64url, type Identity, type Payload } from '@effigy/core'
import { testSeed } from '@effigy/testkit'
import { type TestPeer, testCrypto, type World } from './world.ts'

/** Says what others seal to, as each device does when it begins. */
export async function introduce(world: World, one: TestPeer): Promise<void> {
  const { publicKey } = await testCrypto.agreementKey(testSeed(`box of ${one.name}`))
  const box = encodeBase64url(publicKey)
  const payload = { type: 'identification', at: 1, name: one.name, about: '', avatar: null, hubs: [], box }
  await world.turn(one.peer.publish(payload as unknown as Payload))
}

export const headOf = ({ store }: TestPeer, identity: Identity) => store.feed(identity)?.record?.head

/** The same chain at both, wholly. */
export function hasAll(author: TestPeer, other: TestPeer): boolean {
  const { identity } = author
  const [theirs, own] = [other.store.feed(identity), author.store.feed(identity)]
  return (
    own?.record != null &&
    theirs?.record?.head.head === own.record.head.head &&
    theirs.record.head.epoch === own.record.head.epoch &&
    theirs.heldCount === own.heldCount
  )
}

/** It knows the newest head of the author, and that it lacks the key of what that leads to. */
export function isShut(author: TestPeer, other: TestPeer): boolean {
  const epoch = headOf(author, author.identity)?.epoch
  const closed = other.store.feedKeys?.closed(author.identity)
  return headOf(other, author.identity)?.epoch === epoch && closed?.epoch === epoch
}
