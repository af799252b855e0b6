/** Devices go: revoked with a final that others saw, or by their own wish. What a thief wrote after the loss is gone. */
import { describe, expect, test } from 'vitest'
import { household, meet, members } from './account-kit.ts'
import { createWorld, never, note, type TestPeer, texts } from './world.ts'

const codeOf = (code: string) => expect.objectContaining({ code })
const hourMs = 60 * 60 * 1000

const typesOf = (peer: TestPeer): string[] => {
  const types: string[] = []
  void (async () => {
    for await (const { change } of peer.peer.account.changes(never)) types.push(change.type)
  })()
  return types
}

describe('revoke', () => {
  test('[T14] [Y16] ends the feed at what was seen by the loss, everywhere; the device says what happened', async () => {
    await using world = createWorld()
    const [laptop, phone, tablet] = (await household(world, 'laptop', 'phone', 'tablet')) as [
      TestPeer,
      TestPeer,
      TestPeer,
    ]
    const friend = await world.add('friend')
    await friend.peer.relate('follow', phone.identity, true)
    await meet(world, friend, phone)
    await meet(world, tablet, phone)
    await phone.peer.publish(note('mine'))
    await world.until(() => texts(laptop.store, phone.identity).includes('mine'))
    await world.until(() => texts(friend.store, phone.identity).includes('mine'))
    await world.clock.advance(hourMs)
    const lostAt = world.clock.now()
    await world.clock.advance(hourMs)
    for (let index = 0; index < 5; index++) await phone.peer.publish(note('of the thief'))
    await world.until(() => texts(friend.store, phone.identity).includes('of the thief'))
    const told = typesOf(tablet)

    const choice = await world.turn(laptop.peer.account.finalFor(phone.identity, lostAt))
    expect(choice).toMatchObject({ forked: false, claimed: null })
    expect(choice.highest!.length - choice.own!.length).toBe(5)
    const final = await world.turn(laptop.peer.account.revoke(phone.identity, { lostAt }))
    expect(final?.[1]).toBe(choice.own!.length)
    await meet(world, friend, laptop)
    await friend.peer.relate('follow', laptop.identity, true)
    await world.until(() => phone.peer.account.show()?.role === 'revoked')
    await world.until(() => tablet.peer.account.show()?.revoked.length === 1)
    expect(texts(laptop.store, phone.identity)).toContain('mine')
    for (const { store } of [laptop, tablet])
      expect(texts(store, phone.identity)).not.toContain('of the thief')
    await expect(phone.peer.publish(note('more'))).rejects.toThrow(codeOf('revoked'))
    expect(told).toEqual(['revoked'])
    expect(members(laptop)).toEqual(['laptop (main)', 'tablet'])
  })

  test('[Y16] [Y17] a device that saw the lost one last tells the main one, who was away', async () => {
    await using world = createWorld()
    const [laptop, phone, tablet] = (await household(world, 'laptop', 'phone', 'tablet')) as [
      TestPeer,
      TestPeer,
      TestPeer,
    ]
    await laptop.stop()
    await meet(world, tablet, phone)
    await phone.peer.publish(note('seen by the tablet alone'))
    await world.until(() => texts(tablet.store, phone.identity).length > 0)
    const lostAt = world.clock.now()
    await phone.stop()
    await tablet.stop()
    const [again, seen] = [await world.add('laptop'), await world.add('tablet')]
    await meet(world, seen, again)
    await world.turn(again.peer.account.revoke(phone.identity, { lostAt }))
    await world.until(() => texts(again.store, phone.identity).includes('seen by the tablet alone'))
  })

  test('who may, and whom', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const stranger = await world.add('stranger')
    const final = null
    await expect(phone.peer.account.revoke(laptop.identity, { final })).rejects.toThrow(codeOf('not-main'))
    await expect(laptop.peer.account.revoke(laptop.identity, { final })).rejects.toThrow(
      codeOf('main-device'),
    )
    await expect(laptop.peer.account.revoke(stranger.identity, { final })).rejects.toThrow(
      codeOf('not-a-member'),
    )
    await expect(world.turn(laptop.peer.account.revoke(phone.identity, { lostAt: 0 }))).rejects.toThrow(
      codeOf('no-sighting'),
    )
    await expect(stranger.peer.account.revoke(phone.identity, { final })).rejects.toThrow(
      codeOf('no-account'),
    )
  })
})

describe('leave', () => {
  test('[Y10] asks, waits for a person at the main device, and ends where it says', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    await phone.peer.publish(note('the last'))
    const leaving = phone.peer.account.leave({ signal: never })
    const asked = laptop.peer.account.requests(never)[Symbol.asyncIterator]()
    await asked.next()
    const { value } = await world.turn(asked.next())
    expect(value).toMatchObject([{ type: 'leave', identity: phone.identity, label: 'phone' }])
    await expect(phone.peer.publish(note('too late'))).rejects.toThrow(codeOf('leaving'))
    await laptop.peer.account.grant(value![0]!.id)
    await world.turn(leaving)
    expect(phone.peer.account.show()?.role).toBe('revoked')
    expect(members(laptop)).toEqual(['laptop (main)'])
    expect(texts(laptop.store, phone.identity)).toEqual(['the last'])
    await expect(laptop.peer.account.grant(value![0]!.id)).rejects.toThrow(codeOf('no-request'))
  })

  test('denied, or given up, it stays and writes again', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const asked = laptop.peer.account.requests(never)[Symbol.asyncIterator]()
    await asked.next()
    const leaving = phone.peer.account.leave({ signal: never })
    const { value } = await world.turn(asked.next())
    laptop.peer.account.deny(value![0]!.id)
    await expect(world.turn(leaving)).rejects.toThrow(codeOf('denied'))
    expect((await world.turn(asked.next())).value).toEqual([])
    const stop = new AbortController()
    const again = phone.peer.account.leave({ signal: stop.signal })
    expect((await world.turn(asked.next())).value).toHaveLength(1)
    stop.abort(new Error('changed my mind'))
    await expect(world.turn(again)).rejects.toThrow('changed my mind')
    expect((await world.turn(asked.next())).value).toEqual([])
    await phone.peer.publish(note('still here'))
    await expect(laptop.peer.account.leave({ signal: never })).rejects.toThrow(codeOf('main-device'))
  })
})
