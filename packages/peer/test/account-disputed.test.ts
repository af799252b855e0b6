/** Two speak for one account: what its devices are told meanwhile, and that the words end it without a loss. */
import { identityOfKey, type Payload, signMember } from '@effigy/core'
import { testSeed, testSigner } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { authorityOf, everywhere, household, keyOf, link, meet, members, shows } from './account-kit.ts'
import { carried } from './backup-kit.ts'
import { accomplice, chainOf, forge } from './thief-kit.ts'
import { createWorld, never, note, type TestPeer, texts } from './world.ts'

const codeOf = (code: string) => expect.objectContaining({ code })
const signal = never

test('[Y14] [Y18] the same words typed on two devices at once: neither is told that it is out, taking it back loses nothing, and whom one left out is out', async () => {
  await using world = createWorld()
  const [laptop, tablet] = (await household(world, 'laptop', 'tablet')) as [TestPeer, TestPeer]
  const phrase = laptop.peer.account.phrase()!
  const { identity: key } = authorityOf(laptop)
  await laptop.peer.publish(note('of the laptop'))
  await tablet.peer.publish(note('of the tablet'))
  const [near, far] = [await world.add('near'), await world.add('far')]
  for (const hub of [near, far]) {
    for (const feed of [key, laptop.identity, tablet.identity]) hub.peer.watch(feed)
    for (const device of [laptop, tablet]) await meet(world, device, hub)
  }
  await everywhere(world, [near, far], ({ store }) =>
    [laptop, tablet].every(({ identity }) => texts(store, identity).length > 0),
  )
  await everywhere(world, [near, far], ({ store }) => store.feed(key)?.record?.head.length === 2)
  for (const device of [laptop, tablet]) await device.stop()

  const [one, other] = [await world.add('one'), await world.add('other')]
  await meet(world, one, near)
  await meet(world, other, far)
  await world.turn(one.peer.account.move({ phrase, keep: [], signal }))
  await world.turn(other.peer.account.move({ phrase, keep: [tablet.identity], signal }))
  await one.peer.publish(note('of one'))
  await other.peer.publish(note('of the other'))
  await meet(world, one, other)
  await everywhere(world, [one, other], ({ peer }) => peer.account.show()?.disputed === true)
  for (const { peer } of [one, other]) {
    expect(peer.account.show()?.role).toBe('frozen')
    await expect(peer.publish(note('meanwhile'))).rejects.toThrow(codeOf('disputed'))
    await expect(peer.account.set({ profile: { name: 'x' } })).rejects.toThrow(codeOf('disputed'))
  }
  // [Z7] A backup made meanwhile has all of it: behind the account nothing of frozen devices would be taken.
  const { fresh, taken } = await carried(world, one)
  expect(taken.failed).toEqual([])
  expect(texts(fresh.store, one.identity)).toEqual(['of one'])
  const { standings } = authorityOf(one)
  await world.until(() => fresh.store.feed(one.identity)?.limit?.type === 'frozen')
  for (const device of standings.keys()) expect(texts(fresh.store, device)).toEqual(texts(one.store, device))
  await fresh.stop()

  await world.turn(one.peer.account.move({ phrase, label: 'one', signal }))
  const now = one.peer.account.show()!
  expect(now).toMatchObject({ role: 'main', disputed: false, frozen: [], profile: { name: 'Alice' } })
  expect(members(one)).toEqual(['this device (main)'])
  const gone = new Map(now.revoked.map(({ identity, final }) => [identity, final?.[1]]))
  for (const { identity } of [laptop, tablet, other]) expect(gone.get(identity)).toBeGreaterThan(0)
  await world.until(() => shows(one, other, 'of the other'))
  expect(shows(one, laptop, 'of the laptop') && shows(one, tablet, 'of the tablet')).toBe(true)
  await one.peer.publish(note('after it'))
  await world.until(() => other.peer.account.show()?.role === 'revoked')
  await world.until(() => texts(other.store, one.identity)[0] === 'after it')
  await expect(other.peer.publish(note('more'))).rejects.toThrow(codeOf('revoked'))
})

test.for([
  { from: 'its first state on', below: 0, wrote: [] },
  { from: 'a later state on, heard of as it is moved', below: 2, wrote: ['of a device unheard of'] },
])(
  '[Y18] of a key disputed from $from, what all say stays, and what its devices wrote',
  async ({ below, wrote }) => {
    await using world = createWorld()
    const [laptop, tablet] = (await household(world, 'laptop', 'tablet')) as [TestPeer, TestPeer]
    const phrase = laptop.peer.account.phrase()!
    const { identity: key, root, current } = authorityOf(laptop)
    const phone = await world.add('phone')
    await link(world, laptop, phone)
    await phone.peer.publish(note('of the phone'))
    await laptop.peer.publish(note('of the laptop'))
    await meet(world, tablet, phone)
    await world.until(() => shows(tablet, phone, 'of the phone') && shows(tablet, laptop, 'of the laptop'))
    const states = chainOf(laptop, key).slice(0, below)
    await laptop.stop()

    // A copy of its disk goes on from an older state, and lets in a device of which nobody heard.
    const { state } = current!
    const device = await testSigner('unheard of')
    const unheard = { identity: identityOfKey(device.publicKey), box: state.next, label: 'x', serial: 3 }
    const identities = [...state.identities, await signMember(root, unheard, device)]
    const other = { ...state, identities, about: 'of the copy' } as unknown as Payload
    const copy = await forge(keyOf(laptop)!, [other], { below: states, comparable: world.clock.now() })
    if (wrote.length === 0) {
      await meet(world, tablet, await accomplice(world, 'copy', copy))
      await world.until(() => tablet.peer.account.show()?.disputed === true)
    } else {
      const feed = await forge(testSeed('unheard of'), wrote.map(note))
      tablet.peer.connect((await accomplice(world, 'copy', copy, feed)).address)
    }
    await world.turn(tablet.peer.account.move({ phrase, signal }))
    expect(members(tablet)).toEqual(['tablet (main)'])
    const now = tablet.peer.account.show()!
    expect(now).toMatchObject({ disputed: false, frozen: [], profile: { name: 'Alice', about: '' } })
    const ends = new Map(now.revoked.map(({ identity, final }) => [identity, final?.[1] ?? null]))
    expect([laptop, phone, unheard].map(({ identity }) => ends.get(identity))).toEqual([
      laptop.store.feed(laptop.identity)?.record?.head.length,
      phone.store.feed(phone.identity)?.record?.head.length,
      wrote.length === 0 ? null : wrote.length,
    ])
    await world.until(() => phone.peer.account.show()?.role === 'revoked')
    expect(shows(tablet, phone, 'of the phone') && shows(tablet, laptop, 'of the laptop')).toBe(true)
  },
)

test('[Y6] [Y14] [Y18] [T21] what one branch alone says takes nobody out, takes nothing away, and brings nobody back', async () => {
  await using world = createWorld()
  const [laptop, tablet, desk] = (await household(world, 'laptop', 'tablet', 'desk')) as [
    TestPeer,
    TestPeer,
    TestPeer,
  ]
  const phrase = laptop.peer.account.phrase()!
  const phone = await world.add('phone')
  await link(world, laptop, phone)
  for (const one of [desk, phone]) {
    await one.peer.publish(note(`of the ${one.name}`))
    await meet(world, tablet, one)
    await world.until(() => shows(tablet, one, `of the ${one.name}`))
  }
  const lengths = [desk, phone].map(({ store, identity }) => store.feed(identity)?.record?.head.length)
  const { identity: key, current } = authorityOf(laptop)
  const states = chainOf(laptop, key)
  // The phone was stolen. Then somebody has a copy of the laptop's disk from before, and says that of the desk.
  await world.turn(laptop.peer.account.revoke(phone.identity, { lostAt: 'now' }))
  await world.until(() => tablet.peer.account.show()?.revoked.length === 1)
  await phone.stop()
  await laptop.stop()
  const { state } = current!
  const identities = state.identities.filter(([device]) => device !== desk.identity)
  const other = { ...state, identities, revoked: [[desk.identity, null]] } as unknown as Payload
  const copy = await forge(keyOf(laptop)!, [other], { below: states, comparable: world.clock.now() })
  await meet(world, tablet, await accomplice(world, 'copy', copy))
  await everywhere(world, [tablet, desk], ({ peer }) => peer.account.show()?.disputed === true)
  expect(desk.peer.account.show()?.role).toBe('frozen')
  await expect(desk.peer.publish(note('meanwhile'))).rejects.toThrow(codeOf('disputed'))

  await world.turn(tablet.peer.account.move({ phrase, signal }))
  expect(members(tablet)).toEqual(['tablet (main)'])
  const ends = new Map(
    tablet.peer.account.show()?.revoked.map(({ identity, final }) => [identity, final?.[1]]),
  )
  expect([desk, phone].map(({ identity }) => ends.get(identity))).toEqual(lengths)
  await everywhere(world, [tablet, desk], (peer) => shows(peer, desk, 'of the desk'))
  await world.until(() => desk.peer.account.show()?.role === 'revoked')
})
