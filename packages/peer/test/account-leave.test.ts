/** Devices go: revoked with a final that others saw, or by their own wish. What a thief wrote after the loss is gone. */
import { describe, expect, test } from 'vitest'
import { authorityOf, household, meet, members } from './account-kit.ts'
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

  test.each(['by a time', 'until now'])(
    '[Y16] [Y17] a device that saw the lost one last tells the main one, who was away: %s',
    async (how) => {
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
      const lostAt = how === 'until now' ? 'now' : world.clock.now()
      await phone.stop()
      await tablet.stop()
      const [again, seen] = [await world.add('laptop'), await world.add('tablet')]
      await meet(world, seen, again)
      await world.turn(again.peer.account.revoke(phone.identity, { lostAt }))
      await world.until(() => texts(again.store, phone.identity).includes('seen by the tablet alone'))
    },
  )

  test('[Y12] [T24] until now: what is here stays, whatever the clock said, and nothing that comes later', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    await phone.peer.publish(note('early'))
    await world.until(() => texts(laptop.store, phone.identity).length === 1)
    world.clock.jump(3 * 24 * hourMs)
    await phone.peer.publish(note('late'))
    await world.until(() => texts(laptop.store, phone.identity).length === 2)
    world.clock.jump(-3 * 24 * hourMs)
    const dated = await world.turn(laptop.peer.account.finalFor(phone.identity, world.clock.now()))
    expect([dated.own?.length, dated.highest?.length]).toEqual([1, 2])

    const final = await world.turn(laptop.peer.account.revoke(phone.identity, { lostAt: 'now' }))
    expect(final?.slice(0, 2)).toEqual([1, 2])
    await world.until(() => phone.peer.account.show()?.role === 'revoked')
    expect(texts(laptop.store, phone.identity)).toEqual(['late', 'early'])
    await expect(phone.peer.publish(note('of the thief'))).rejects.toThrow(codeOf('revoked'))
  })

  test('[Y12] [Y16] a device that was kept when the account was restored goes, and what it wrote stays', async () => {
    await using world = createWorld()
    const [laptop, tablet] = (await household(world, 'laptop', 'tablet')) as [TestPeer, TestPeer]
    const phrase = laptop.peer.account.phrase() as string
    await tablet.peer.publish(note('of the tablet'))
    const key = authorityOf(laptop).identity
    const hub = await world.add('hub')
    for (const identity of [key, laptop.identity, tablet.identity]) hub.peer.watch(identity)
    for (const device of [laptop, tablet]) await meet(world, device, hub)
    await world.until(() => texts(hub.store, tablet.identity).length === 1)
    await world.until(() => hub.store.feed(key)?.record != null)
    for (const gone of [laptop, tablet]) await gone.stop()
    const fresh = await world.add('fresh')
    await meet(world, fresh, hub)
    await world.turn(fresh.peer.account.move({ phrase, keep: [tablet.identity], signal: never }))
    // All of it was here before it was the account's: seen at the latest then.
    const { own } = await world.turn(fresh.peer.account.finalFor(tablet.identity, world.clock.now()))
    expect(own?.length).toBe(1)
    await world.turn(fresh.peer.account.revoke(tablet.identity, { lostAt: 'now' }))
    expect(texts(fresh.store, tablet.identity)).toEqual(['of the tablet'])
    expect(members(fresh)).toEqual(['this device (main)'])
  })

  test('[Y12] of a device of which nothing is known no end is named: what is told of it later is offered', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    await laptop.stop()
    await phone.peer.publish(note('heard by nobody'))
    await phone.stop()
    const main = await world.add('laptop')
    expect(await world.turn(main.peer.account.revoke(phone.identity, { lostAt: 'now' }))).toBeNull()
    expect(members(main)).toEqual(['laptop (main)'])
    // It has no end already.
    await expect(world.turn(main.peer.account.revoke(phone.identity, { lostAt: 'now' }))).rejects.toThrow(
      codeOf('no-sighting'),
    )
    await meet(world, await world.add('phone'), main)
    await world.until(() => main.peer.account.show()?.frozen[0]?.told != null)
    const [frozen] = main.peer.account.show()?.frozen ?? []
    expect(frozen?.label).toBe('phone')
    await main.peer.account.revoke(phone.identity, { final: frozen?.told ?? null })
    await world.until(() => texts(main.store, phone.identity).includes('heard by nobody'))
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
