/** Changing what one published: inline, detached, and encrypted to oneself. */
import { identityOfKey, type Payload } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { memoryPair } from '@effigy/links'
import { openNodeStore } from '@effigy/store/node'
import { silentLog } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { createPeer } from './create-peer.ts'

const crypto = createNodeCrypto()

async function openPeer(owned: AsyncDisposableStack) {
  const clock = createFakeClock()
  const store = owned.use(openNodeStore(':memory:', { sha256: crypto.sha256, now: clock.now }))
  return owned.use(
    await createPeer({
      store,
      crypto,
      signer: await crypto.signer(crypto.randomBytes(32)),
      boxKey: await crypto.agreementKey(crypto.randomBytes(32)),
      random: crypto.randomBytes,
      clock,
      log: silentLog,
      dial: async () => memoryPair()[0],
    }),
  )
}

const note = (text: string) => ({ type: 'public_note', at: 1, text }) as Payload

test.for([true, false])('a note is edited in place; detached: %s', async (detached) => {
  await using owned = new AsyncDisposableStack()
  const peer = await openPeer(owned)
  const first = await peer.publish(note('first'), { detached })
  await peer.publish(note('second'), { detached })
  const edited = await peer.edit(first.cid, note('better'))
  const items = peer.query.feedItems(peer.identity).items
  expect(
    items.map(({ state }) => state.type === 'shown' && 'text' in state.payload && state.payload.text),
  ).toEqual(['second', 'better'])
  // Whoever knew it by its old name finds it.
  expect(peer.query.resolve(peer.identity, first.content)?.content).toBe(edited.content)
  expect(edited.record.head.epoch).toBe(2)
})

test('what is encrypted to oneself cannot be edited in place', async () => {
  await using owned = new AsyncDisposableStack()
  const peer = await openPeer(owned)
  const other = { identity: peer.identity, root: null }
  const muted = await peer.publish({ type: 'mute', at: 1, target: other, value: true } as Payload)
  await expect(
    peer.edit(muted.cid, { type: 'mute', at: 2, target: other, value: false } as Payload),
  ).rejects.toThrow(expect.objectContaining({ code: 'not-editable' }))
})

test('taking a follow out of the feed ends it, taking its end out brings it back', async () => {
  await using owned = new AsyncDisposableStack()
  const peer = await openPeer(owned)
  const other = identityOfKey((await crypto.signer(crypto.randomBytes(32))).publicKey)
  const isWatched = () => peer.store.feed(other)?.watched ?? false
  await peer.publish(note('first'))
  const follow = await peer.relate('follow', other, true)
  const end = await peer.relate('follow', other, false)
  expect(isWatched()).toBe(false)
  await peer.remove([end.cid])
  expect([peer.query.relations(peer.identity, 'follow'), isWatched()]).toEqual([[other], true])
  await peer.remove([follow.cid])
  expect([peer.query.relations(peer.identity, 'follow'), isWatched()]).toEqual([[], false])
})
