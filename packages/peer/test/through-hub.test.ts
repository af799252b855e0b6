/** Devices that reach nobody but a hub: they link, ask each other, and talk through it, and it reads none of that. */
import { describe, expect, test } from 'vitest'
import type { AccountLink } from '../src/account/account.ts'
import type { PeerDeps } from '../src/peer.ts'
import { household, members } from './account-kit.ts'
import { createWorld, never, note, type TestPeer, texts, type World } from './world.ts'

/** A hub that carries for everybody, and keeps what its guests watch. */
async function openHub(world: World, name = 'hub', options: Partial<PeerDeps> = {}): Promise<TestPeer> {
  const hub: TestPeer = await world.add(name, {
    kind: 'hub',
    signalling: { carries: () => true },
    tracks(remote, identities) {
      for (const identity of [remote, ...identities]) {
        if (hub.store.feed(identity)?.watched !== true) hub.peer.watch(identity)
      }
    },
    ...options,
  })
  return hub
}

/** Each of them reaches the hub alone. */
function keepApart(world: World, ...names: readonly string[]): void {
  for (const a of names) {
    for (const b of names) if (a < b) world.network.cut(a, b)
  }
}

const way = (hub: TestPeer) => `memory://${hub.name}#${hub.identity}`
const through = (hub: TestPeer, to: TestPeer) => `memory://${hub.name}?to=${to.identity}#${hub.identity}`

async function connected(world: World, hub: TestPeer, ...peers: readonly TestPeer[]): Promise<void> {
  for (const { peer } of peers) await world.turn(peer.connect(way(hub)).ready(never))
}

const isWith = ({ peer }: TestPeer, other: TestPeer): boolean =>
  peer.status().sessions.some(({ identity }) => identity === other.identity)

async function befriend(world: World, a: TestPeer, b: TestPeer): Promise<void> {
  await a.peer.relate('follow', b.identity, true)
  await b.peer.relate('follow', a.identity, true)
  await world.until(() => texts(a.store, b.identity).length > 0 && texts(b.store, a.identity).length > 0)
}

async function confirm(world: World, ...links: readonly AccountLink[]): Promise<void> {
  await world.until(() => links.every(({ state }) => state.type === 'comparing'), 60_000)
  for (const link of links) link.decide(true)
}

describe('through a hub', () => {
  test('[V70] friends have a session with each other; the hub sees neither its frames nor what is asked in it', async () => {
    await using world = createWorld('through')
    const hub = await openHub(world)
    const [alice, bob] = [await world.add('alice'), await world.add('bob')]
    keepApart(world, 'alice', 'bob')
    await connected(world, hub, alice, bob)
    await befriend(world, alice, bob)
    bob.peer.serve({
      name: 'x-secret',
      isFor: ({ trust }) => trust === 'friend',
      methods: { ask: async () => ({ ok: true, value: { value: { answer: 'for friends' } } }) },
    })
    const connection = alice.peer.connect(through(hub, bob))
    expect(await world.turn(connection.ready(never))).toBe(bob.identity)
    const options = { signal: never }
    const answer = await world.turn(alice.peer.call(bob.identity, 'x-secret', 'ask', {}, options))
    expect(answer).toMatchObject({ ok: true, value: { value: { answer: 'for friends' } } })
    await world.turn(Promise.resolve(connection[Symbol.asyncDispose]()))
    await world.until(() => !isWith(bob, alice))
    expect([isWith(alice, hub), isWith(bob, hub)]).toEqual([true, true])
  })

  test('[V71] [T30] a stranger does not get through, and hears what it would hear of nobody', async () => {
    await using world = createWorld('stranger')
    const hub = await openHub(world)
    const [bob, mallory] = [await world.add('bob'), await world.add('mallory')]
    await connected(world, hub, bob, mallory)
    const connection = mallory.peer.connect(through(hub, bob))
    const nobody = mallory.peer.connect(
      `memory://hub?to=${'did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp'}#${hub.identity}`,
    )
    await world.until(() => [connection, nobody].every(({ state }) => state.type === 'waiting'))
    expect([connection, nobody].map(({ state }) => state)).toMatchObject([
      { code: 'unreachable' },
      { code: 'unreachable' },
    ])
    expect(isWith(bob, mallory)).toBe(false)
  })

  test('[V74] a hub that carries nothing more ends what it carries, and tells why nowhere but there', async () => {
    await using world = createWorld('quota')
    const hub = await openHub(world, 'hub', { signalling: { carries: () => false } })
    const [alice, bob] = [await world.add('alice'), await world.add('bob')]
    keepApart(world, 'alice', 'bob')
    await connected(world, hub, alice, bob)
    await befriend(world, alice, bob)
    const connection = alice.peer.connect(through(hub, bob))
    await world.until(() => connection.state.type === 'waiting')
    expect(isWith(bob, alice)).toBe(false)
    await bob.peer.publish(note('still comes by the hub'))
    await world.until(() => texts(alice.store, bob.identity).includes('still comes by the hub'))
  })

  test('[V70] a hub that is reached through another one carries nothing: frames within frames would not fit', async () => {
    await using world = createWorld('nested')
    const hub = await openHub(world)
    const inner = await openHub(world, 'inner')
    const [alice, bob] = [await world.add('alice'), await world.add('bob')]
    await connected(world, hub, alice, bob, inner)
    await befriend(world, alice, bob)
    await befriend(world, alice, inner)
    keepApart(world, 'alice', 'bob', 'inner')
    world.network.cut('bob', 'hub')
    world.network.heal('bob', 'inner')
    await connected(world, inner, bob)
    await world.turn(alice.peer.connect(through(hub, inner)).ready(never))
    const further = alice.peer.connect(through(inner, bob))
    await world.pass(20_000)
    expect(further.state.type).not.toBe('connected')
    expect(alice.logged.map(({ event }) => event)).not.toContain('session.failed')
  })

  test('own devices meet there by themselves, and leave each other when one goes', async () => {
    await using world = createWorld('own')
    const hub = await openHub(world)
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    keepApart(world, 'laptop', 'phone')
    await world.until(() => !isWith(laptop, phone), 120_000)
    await connected(world, hub, laptop, phone)
    await world.until(() => isWith(laptop, phone) && isWith(phone, laptop), 120_000)
    await phone.stop()
    await world.until(() => !isWith(laptop, phone), 120_000)
  })
})

describe('linking through a hub', () => {
  test('[L3] [V61] a code of a device that nobody can dial: the hub is in it, and carries', async () => {
    await using world = createWorld('link')
    const hub = await openHub(world)
    const [laptop, phone] = [await world.add('laptop'), await world.add('phone')]
    keepApart(world, 'laptop', 'phone')
    await laptop.peer.account.create({ label: 'laptop' })
    await connected(world, hub, laptop)
    await laptop.peer.publish(note('written before'))
    const shown = laptop.peer.account.showLink()
    const read = phone.peer.account.readLink(shown.text!, { label: 'phone' })
    await confirm(world, shown, read)
    const outcomes = await world.turn(Promise.all([shown.outcome, read.outcome]))
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true])
    expect(members(phone)).toEqual(['laptop (main)', 'phone'])
    await world.until(() => texts(phone.store, laptop.identity).includes('written before'), 60_000)
    // The hub is the new device's too.
    await world.until(() => isWith(phone, hub), 60_000)
    await world.until(() => isWith(phone, laptop), 120_000)
  })

  test('[Y23] the code is shown on a linked device, and the main one signs, both through the hub', async () => {
    await using world = createWorld('sign')
    const hub = await openHub(world)
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const tablet = await world.add('tablet')
    keepApart(world, 'laptop', 'phone', 'tablet')
    await connected(world, hub, laptop, phone)
    await world.until(() => isWith(laptop, phone), 120_000)
    const shown = phone.peer.account.showLink()
    const read = tablet.peer.account.readLink(shown.text!, { label: 'tablet' })
    await confirm(world, shown, read)
    const stop = new AbortController()
    const asked = (async () => {
      for await (const requests of laptop.peer.account.requests(stop.signal)) {
        const [request] = requests
        if (request !== undefined) return laptop.peer.account.grant(request.id)
      }
    })()
    await world.turn(asked)
    stop.abort()
    const outcomes = await world.turn(Promise.all([shown.outcome, read.outcome]))
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true])
    expect(members(tablet)).toEqual(['laptop (main)', 'phone', 'tablet'])
  })

  test('[V61] [T20] when the code is gone the door is shut', async () => {
    await using world = createWorld('shut')
    const hub = await openHub(world)
    const [laptop, mallory] = [await world.add('laptop'), await world.add('mallory')]
    await laptop.peer.account.create({ label: 'laptop' })
    await connected(world, hub, laptop, mallory)
    const shown = laptop.peer.account.showLink()
    await world.pass(1_000)
    shown.cancel()
    await world.turn(shown.outcome)
    await world.pass(1_000)
    const connection = mallory.peer.connect(through(hub, laptop))
    await world.until(() => connection.state.type === 'waiting')
    expect(isWith(laptop, mallory)).toBe(false)
  })
})
