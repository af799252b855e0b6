/** Ways from device to device: for whom they are sought, what comes of them, and what a person is told (R20-R28). */
import { describe, expect, test } from 'vitest'
import { household } from './account-kit.ts'
import {
  areBy,
  befriend,
  createDirectWorld,
  type DirectWorld,
  deviceOf,
  join,
  sessionOf,
  turnServer,
  wayOf,
} from './direct-kit.ts'
import { introduce } from './private-feed-kit.ts'
import { note, soundChain, type TestPeer, texts } from './world.ts'

describe('for whom', () => {
  test('[R20] friends who are there come together by themselves; the hub stays what it was', async () => {
    await using world = createDirectWorld('friends')
    const hub = await world.hub()
    const [alice, bob] = [await world.person('alice'), await world.person('bob')]
    await join(world, hub, alice, bob)
    await befriend(world, alice, bob)
    await world.until(areBy('direct', alice, bob), 60_000)
    expect([wayOf(alice, hub), wayOf(bob, hub)]).toEqual(['hub', 'hub'])
    expect(sessionOf(alice, bob)?.via).toMatchObject({ hub: null, why: null })
    expect(deviceOf(alice, bob)).toMatchObject({ state: 'open', isTurn: false, why: null, isAsked: false })
    const stats = await alice.peer.direct.stats(bob.identity)
    expect(stats).toMatchObject({ local: 'host', remote: 'host' })
    // One connection, and it is left alone.
    alice.peer.surroundings.tell('tab', { visible: true, online: true, metered: false, battery: false })
    const said = () => ['alice', 'bob'].map((name) => world.machines.get(name)?.descriptions)
    await world.pass(120_000)
    expect([world.machines.get('alice')?.connections, world.machines.get('bob')?.connections]).toEqual([1, 1])
    expect(alice.logged.filter(({ event }) => event === 'direct.attempt').length).toBeLessThan(2)
    expect(said()).toEqual([1, 1])
    // [R45] [M17] Nothing tells of another network when a machine wakes up: a new way is looked for, of the same connection.
    world.clock.jump(61_000)
    await world.until(() => said().join() === '2,2')
    await world.until(areBy('direct', alice, bob))
    expect([world.machines.get('alice')?.connections, world.machines.get('bob')?.connections]).toEqual([1, 1])
  })

  test('[R20] [T20] strangers, and who is followed and does not follow: no offer, no answer, no address', async () => {
    await using world = createDirectWorld('strangers')
    const hub = await world.hub({ room: () => true })
    const [alice, bob, carol] = [
      await world.person('alice'),
      await world.person('bob'),
      await world.person('carol'),
    ]
    await join(world, hub, alice, bob, carol)
    await alice.peer.relate('follow', bob.identity, true)
    for (const { peer } of [alice, bob, carol]) peer.presence.choose({ room: true })
    await world.until(() => texts(alice.store, bob.identity).length > 0)
    await world.until(() => alice.peer.presence.now().here.length === 2)
    // Alice asks; to bob she is a stranger.
    alice.peer.direct.seek(bob.identity)
    alice.peer.direct.seek(carol.identity)
    await world.pass(60_000)
    for (const name of ['bob', 'carol']) expect(world.machines.get(name)?.connections).toBe(0)
    expect([wayOf(bob, alice), wayOf(carol, alice)]).toEqual([null, null])
    expect(deviceOf(alice, bob)?.why).toBe('no-turn')
    expect(deviceOf(bob, alice)).toBeUndefined()
    const text = JSON.stringify([...alice.logged, ...bob.logged, ...carol.logged])
    expect(text).not.toMatch(/10\.0\.\d|candidate:/)
  })

  test('[R20] [V69] [T30] whoever is invisible seeks own devices alone: an offer would say that it is here', async () => {
    await using world = createDirectWorld('invisible')
    const hub = await world.hub()
    const [alice, bob] = [await world.person('alice'), await world.person('bob')]
    for (const one of [alice, bob]) one.peer.presence.choose({ invisible: true })
    await join(world, hub, alice, bob)
    await befriend(world, alice, bob)
    for (const one of [alice, bob]) {
      const other = one === alice ? bob : alice
      other.peer.presence.choose({ invisible: false })
      await world.until(() =>
        one.peer.presence.now().here.some(({ identity }) => identity === other.identity),
      )
      await world.pass(60_000)
      expect(other.peer.presence.now().attempted.messages + one.peer.presence.now().attempted.messages).toBe(
        0,
      )
      expect([...alice.logged, ...bob.logged].some(({ event }) => event === 'direct.attempt')).toBe(false)
      expect(deviceOf(other, one)).toBeUndefined()
      other.peer.presence.choose({ invisible: true })
      await world.pass(5_000)
    }
    for (const one of [alice, bob]) one.peer.presence.choose({ invisible: false })
    await world.until(areBy('direct', alice, bob), 60_000)
    // Who has a session sees it nevertheless.
    alice.peer.presence.choose({ invisible: true })
    await world.pass(5_000)
    expect(areBy('direct', alice, bob)()).toBe(true)
  })

  test('[R20] [V69] whom an invisible one seeks may answer, and nobody else', async () => {
    await using world = createDirectWorld('invisible seeks')
    const hub = await world.hub()
    const [alice, bob, carol] = [
      await world.person('alice'),
      await world.person('bob'),
      await world.person('carol'),
    ]
    alice.peer.presence.choose({ invisible: true })
    await join(world, hub, alice, bob, carol)
    await befriend(world, alice, bob)
    await befriend(world, alice, carol)
    alice.peer.direct.seek(bob.identity)
    await world.until(areBy('direct', alice, bob), 10_000)
    expect(alice.peer.presence.now().attempted.messages).toBe(0)
    const sees = ({ peer }: TestPeer) =>
      peer.presence.now().here.some(({ identity }) => identity === alice.identity)
    expect([sees(bob), sees(carol), wayOf(carol, alice)]).toEqual([true, false, null])
    alice.peer.direct.leave(bob.identity)
    await world.pass(5_000)
    // Through the hub they are shown no more; what stands is left alone.
    expect(hub.peer.status().sessions.length).toBe(3)
    expect([bob.peer.presence.now().here.find(({ identity }) => identity === alice.identity)?.hubs]).toEqual([
      [],
    ])
  })

  test('[R20] who has just befriended somebody talks with them soon', async () => {
    await using world = createDirectWorld('soon')
    const hub = await world.hub()
    const [alice, bob] = [await world.person('alice'), await world.person('bob')]
    await join(world, hub, alice, bob)
    await befriend(world, alice, bob)
    await world.until(areBy('direct', alice, bob), 1_000)
  })

  test('[R20] an offer of whom no key is known yet waits for it, and no longer than 10 s', async () => {
    await using world = createDirectWorld('keyless')
    const hub = await world.hub()
    const [alice, bob, carol] = [
      await world.person('alice', { isQuiet: true }),
      await world.person('bob'),
      await world.person('carol', { isQuiet: true }),
    ]
    await join(world, hub, alice, bob, carol)
    const attempts = () => bob.logged.filter(({ event }) => event === 'direct.attempt').length
    for (const one of [alice, carol]) {
      await one.peer.relate('follow', bob.identity, true)
      await bob.peer.relate('follow', one.identity, true)
    }
    await world.until(() => deviceOf(bob, alice)?.state === 'connecting')
    await world.pass(5_000)
    expect([wayOf(bob, alice), attempts()]).toEqual([null, 0])
    await introduce(world, alice)
    await world.until(areBy('direct', alice, bob), 1_000)
    expect(bob.logged.some(({ event }) => event === 'direct.failed')).toBe(false)
    await world.until(() => deviceOf(bob, carol)?.why === 'no-key', 10_000)
    // Nobody is offered anything that cannot be sealed to them.
    expect(attempts()).toBe(0)
  })

  test('[R21] as many friends at once as there is room for; whoever has waited comes when one leaves', async () => {
    await using world = createDirectWorld('many')
    const hub = await world.hub()
    const alice = await world.person('alice', { saving: 'metered' })
    await join(world, hub, alice)
    const others = await Promise.all(
      ['b', 'c', 'd', 'e', 'f'].map((name) => world.person(name, { saving: 'metered' })),
    )
    for (const other of others) {
      await join(world, hub, other)
      await befriend(world, alice, other)
    }
    const open = () => others.filter((other) => wayOf(alice, other) === 'direct')
    await world.until(() => open().length >= 3, 60_000)
    await world.pass(30_000)
    // She seeks three; of those who seek her more are taken.
    expect(open().length).toBeGreaterThanOrEqual(3)
    const waiting = others.filter((other) => wayOf(alice, other) === null)
    await open()[0]?.stop()
    await world.until(() => open().length >= 3, 120_000)
    expect(waiting.length + open().length).toBeGreaterThanOrEqual(4)
  })

  test('[R22] own devices: first through the hub, then straight; the hub when that breaks', async () => {
    await using world = createDirectWorld('own')
    const hub = await world.hub()
    world.rtc.route('none')
    const able = { ...world, add: (name: string) => world.add(name, { rtc: world.rtc.machine() }) }
    const [laptop, phone] = (await household(able, 'laptop', 'phone')) as [TestPeer, TestPeer]
    world.network.cut('laptop', 'phone')
    await world.until(areBy(null, laptop, phone), 120_000)
    await join(world, hub, laptop, phone)
    await world.until(areBy('relay', laptop, phone), 60_000)
    world.rtc.route('direct')
    laptop.peer.direct.retry()
    phone.peer.direct.retry()
    await world.until(areBy('direct', laptop, phone), 60_000)
    world.rtc.route('none')
    await world.until(areBy('relay', laptop, phone), 120_000)
  })
})

/** Two friends whom only a relay for packets brings together. */
async function friendsOverRelay(world: DirectWorld): Promise<readonly [TestPeer, TestPeer]> {
  const hub = await world.hub()
  hub.peer.serve(turnServer)
  const [alice, bob] = [await world.person('alice'), await world.person('bob')]
  await join(world, hub, alice, bob)
  world.rtc.route('relay')
  await befriend(world, alice, bob)
  await world.until(areBy('turn', alice, bob), 60_000)
  return [alice, bob]
}

describe('what comes of it', () => {
  test('[R24] where only a relay for packets goes through, it is taken, and the reason told', async () => {
    await using world = createDirectWorld('turn')
    const [alice, bob] = await friendsOverRelay(world)
    expect(sessionOf(alice, bob)?.via.why).toBe('only-relayed')
  })

  test('[R24] where ICE finds a straight way behind the relay that opened first, that is told', async () => {
    await using world = createDirectWorld('better')
    const [alice, bob] = await friendsOverRelay(world)
    world.rtc.route('direct')
    await world.until(areBy('direct', alice, bob), 5_000)
    expect(sessionOf(alice, bob)?.via.why).toBe(null)
    expect([world.machines.get('alice')?.connections, world.machines.get('bob')?.connections]).toEqual([1, 1])
  })

  test('[R24] whoever asks is connected through the hub where nothing else goes through, and straight when it does', async () => {
    await using world = createDirectWorld('asked')
    const hub = await world.hub()
    const [alice, bob] = [await world.person('alice'), await world.person('bob')]
    await join(world, hub, alice, bob)
    world.rtc.route('none')
    await befriend(world, alice, bob)
    alice.peer.direct.seek(bob.identity)
    await world.until(areBy('relay', alice, bob), 60_000)
    await world.until(() => sessionOf(alice, bob)?.via.why === 'no-way-through', 120_000)
    expect(sessionOf(alice, bob)?.via.hub).toBe(hub.identity)
    expect(deviceOf(alice, bob)).toMatchObject({ state: 'waiting', isAsked: true })
    world.rtc.route('direct')
    // It waits for its turn: a person does not.
    alice.peer.direct.retry()
    await world.until(areBy('direct', alice, bob), 60_000)
    alice.peer.direct.leave(bob.identity)
    await world.pass(5_000)
    expect(areBy('direct', alice, bob)()).toBe(true)
  })

  test('[R23] pauses grow; another network, or their return, tries at once', async () => {
    await using world = createDirectWorld('pauses')
    const hub = await world.hub()
    const [alice, bob] = [await world.person('alice'), await world.person('bob')]
    await join(world, hub, alice, bob)
    world.rtc.route('none')
    await befriend(world, alice, bob)
    await world.clock.advance(20 * 60_000)
    const tries = () =>
      [...alice.logged, ...bob.logged].filter(({ event }) => event === 'direct.attempt').length
    expect(tries()).toBeGreaterThan(4)
    expect(tries()).toBeLessThan(30)
    const before = tries()
    world.rtc.route('direct')
    world.machines.get('alice')?.changeNetwork()
    await world.until(areBy('direct', alice, bob), 10_000)
    expect(tries()).toBeGreaterThan(before)
  })

  test('[R25] [T20] who hides the address uses relays for packets alone, or none; what stood and showed it ends', async () => {
    await using world = createDirectWorld('hidden')
    const hub = await world.hub()
    const [alice, bob] = [await world.person('alice'), await world.person('bob')]
    await join(world, hub, alice, bob)
    await befriend(world, alice, bob)
    await world.until(areBy('direct', alice, bob), 60_000)
    alice.peer.direct.setHidesAddress(true)
    await world.until(areBy(null, alice, bob), 10_000)
    await world.until(() => deviceOf(alice, bob)?.why === 'no-turn', 60_000)
    hub.peer.serve(turnServer)
    await world.pass(2_000)
    alice.peer.direct.retry()
    await world.until(areBy('turn', alice, bob), 60_000)
    expect(sessionOf(alice, bob)?.via.why).toBe('hidden')
    await alice.stop()
    const again = await world.add('alice')
    expect(again.peer.direct).toMatchObject({ hidesAddress: true, isAble: false })
  })

  test('[R25] [T20] a way over a relay that was made to show the address ends too: it would show the next one', async () => {
    await using world = createDirectWorld('hidden-relayed')
    const hub = await world.hub()
    const [alice, bob] = [await world.person('alice'), await world.person('bob')]
    hub.peer.serve(turnServer)
    world.rtc.route('relay')
    await join(world, hub, alice, bob)
    await befriend(world, alice, bob)
    await world.until(areBy('turn', alice, bob), 60_000)
    alice.peer.direct.setHidesAddress(true)
    await world.until(areBy(null, alice, bob), 10_000)
    await world.until(areBy('turn', alice, bob), 60_000)
    expect(sessionOf(alice, bob)?.via.why).toBe('hidden')
  })

  test('[A13] [R26] the direct way breaks without a word, and comes back: 0 lost, each entry once', async () => {
    await using world = createDirectWorld('breaks')
    const hub = await world.hub()
    const [alice, bob] = [await world.person('alice'), await world.person('bob')]
    await join(world, hub, alice, bob)
    await befriend(world, alice, bob)
    alice.peer.direct.seek(bob.identity)
    const seen: string[] = []
    let known = new Set<string>()
    bob.store.watch(() => {
      const now = texts(bob.store, alice.identity)
      seen.push(...now.filter((text) => !known.has(text)))
      known = new Set(now)
    })
    const said: string[] = []
    const talk = async (times: number) => {
      for (let round = 0; round < times; round++) {
        said.push(`${said.length}`)
        await alice.peer.publish(note(said.at(-1) as string))
        await world.pass(200)
      }
    }
    for (let change = 0; change < 2; change++) {
      await talk(5)
      await world.until(areBy('direct', alice, bob), 120_000)
      await talk(5)
      world.rtc.route('none')
      await talk(10)
      // Steps of 20 ms take their time.
      await world.clock.advance(32_000)
      await world.until(areBy('relay', alice, bob), 120_000)
      expect(sessionOf(alice, bob)?.via.why).not.toBe(null)
      await talk(5)
      world.rtc.route('direct')
      alice.peer.direct.retry()
    }
    await world.until(areBy('direct', alice, bob), 120_000)
    await world.until(() => said.every((text) => known.has(text)))
    expect(seen.filter((text) => said.includes(text)).toSorted()).toEqual(said.toSorted())
    soundChain(bob.store, alice.identity)
  })

  test('[R26] the hub goes, and what stands straight stays', async () => {
    await using world = createDirectWorld('hub-gone')
    const hub = await world.hub()
    const [alice, bob] = [await world.person('alice'), await world.person('bob')]
    await join(world, hub, alice, bob)
    await befriend(world, alice, bob)
    await world.until(areBy('direct', alice, bob), 60_000)
    await hub.stop()
    await alice.peer.publish(note('without a hub'))
    await world.until(() => texts(bob.store, alice.identity).includes('without a hub'))
    await world.pass(60_000)
    expect(areBy('direct', alice, bob)()).toBe(true)
  })

  test('[R20] without WebRTC all is as before, and the reason told', async () => {
    await using world = createDirectWorld('none')
    const hub = await world.hub()
    const [alice, bob] = [await world.person('alice'), await world.person('bob')]
    await bob.stop()
    const plain = await world.add('bob')
    await join(world, hub, alice, plain)
    await befriend(world, alice, plain)
    alice.peer.direct.seek(plain.identity)
    await world.until(areBy('relay', alice, plain), 60_000)
    expect(sessionOf(plain, alice)?.via.why).toBe('no-webrtc')
    await world.until(() => sessionOf(alice, plain)?.via.why === 'no-answer', 120_000)
    expect(plain.peer.direct.now()).toEqual({ isAble: false, hidesAddress: false, devices: [] })
  })

  test('nothing is left when a peer stops in the middle of it', async () => {
    for (const ms of [0, 60, 200, 400, 5_000]) {
      await using world = createDirectWorld('stops')
      const hub = await world.hub()
      const [alice, bob] = [await world.person('alice'), await world.person('bob')]
      await join(world, hub, alice, bob)
      await befriend(world, alice, bob)
      await world.pass(ms)
      await alice.stop()
      await bob.stop()
      await hub.stop()
      await world.pass(40_000)
      expect(world.clock.pending()).toBe(0)
      expect(world.machines.get('alice')?.connections).toBe(0)
    }
  })
})
