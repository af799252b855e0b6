/** The main role goes to another device; wherever that is cut off, one device has the key and one writes. */
import { describe, expect, test } from 'vitest'
import { confirmPhrase, household, meet, members } from './account-kit.ts'
import { createWorld, never, soundChain, type TestPeer, type World } from './world.ts'

const codeOf = (code: string) => expect.objectContaining({ code })
const signal = never

async function pair(world: World): Promise<readonly [TestPeer, TestPeer]> {
  const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
  await confirmPhrase(laptop.peer.account)
  return [laptop, phone]
}

describe('hand over', () => {
  test('[Y10] the other device has the key, this one has it no more, and both say so', async () => {
    await using world = createWorld()
    const [laptop, phone] = await pair(world)
    const secret = laptop.vault.read()!.synod
    await world.turn(laptop.peer.account.handOver(phone.identity, { signal }))
    expect(laptop.vault.read()?.synod).toBeNull()
    expect(phone.vault.read()?.synod).toEqual(secret)
    expect(phone.peer.account.show()).toMatchObject({ role: 'main', handingTo: null, phraseConfirmed: true })
    expect(laptop.peer.account.show()).toMatchObject({
      role: 'linked',
      handingTo: null,
      phraseConfirmed: null,
    })
    await expect(laptop.peer.account.set({ profile: { name: 'x' } })).rejects.toThrow(codeOf('not-main'))
    await phone.peer.account.set({ profile: { name: 'from the phone' } })
    await world.until(() => laptop.peer.account.show()?.profile?.name === 'from the phone')
    expect(members(laptop)).toEqual(['phone (main)', 'laptop'])
    soundChain(laptop.store, laptop.peer.account.show()!.identity)
    // And back again.
    await world.turn(phone.peer.account.handOver(laptop.identity, { signal }))
    expect([laptop, phone].map(({ vault }) => vault.read()?.synod ?? null)).toEqual([secret, null])
  })

  test('[Y10] [Y22] cut off before the other took it, after, and before it was wiped: it goes on by itself', async () => {
    await using world = createWorld()
    const [laptop, phone] = await pair(world)
    const secret = laptop.vault.read()!.synod
    await phone.stop()
    const stop = new AbortController()
    const handing = laptop.peer.account.handOver(phone.identity, { signal: stop.signal })
    await world.until(() => laptop.peer.account.show()?.handingTo === phone.identity)
    stop.abort(new Error('not now'))
    await expect(world.turn(handing)).rejects.toThrow('not now')
    // Neither of them writes now.
    await expect(laptop.peer.account.set({ profile: { name: 'x' } })).rejects.toThrow(codeOf('not-main'))
    await laptop.stop()

    const [again, other] = [await world.add('laptop'), await world.add('phone')]
    expect(again.peer.account.show()?.handingTo).toBe(phone.identity)
    await meet(world, other, again)
    await world.until(() => again.vault.read()?.synod === null)
    expect(other.vault.read()?.synod).toEqual(secret)

    // As if the process had died between the answer and the wiping.
    await again.stop()
    await again.vault.replace({ ...again.vault.read()!, synod: secret })
    const last = await world.add('laptop')
    expect(last.peer.account.show()?.handingTo).toBe(phone.identity)
    await meet(world, other, last)
    await world.until(() => last.vault.read()?.synod === null)
    expect(other.peer.account.show()?.role).toBe('main')
  })

  test('[Y22] not before the words are confirmed, not by others, not to strangers; no key is taken unasked', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const stranger = await world.add('stranger')
    const to = { signal }
    await expect(laptop.peer.account.handOver(phone.identity, to)).rejects.toThrow(
      codeOf('phrase-unconfirmed'),
    )
    await confirmPhrase(laptop.peer.account)
    await expect(laptop.peer.account.handOver(stranger.identity, to)).rejects.toThrow(codeOf('not-a-member'))
    await expect(laptop.peer.account.handOver(laptop.identity, to)).rejects.toThrow(codeOf('main-device'))
    await expect(phone.peer.account.handOver(phone.identity, to)).rejects.toThrow(codeOf('not-main'))
    const root = laptop.peer.account.show()!.root
    const options = { bytes: new Uint8Array(32).fill(7), signal: never }
    const answer = await world.turn(
      laptop.peer.call(phone.identity, 'account', 'take', { root, n: 0 }, options),
    )
    expect(answer).toMatchObject({ ok: false, error: { code: 'bad-value' } })
    expect(phone.vault.read()?.synod).toBeNull()
  })
})
