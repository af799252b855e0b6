/** Who sees whom, who reaches whom, through honest hubs and through others (V61-V69, T7, T20, T30). */
import { concatBytes, type JsonObject } from '@effigy/core'
import { createSignalHub, type SignalHub, type SignalHubPorts } from '@effigy/sync'
import { sendingSession } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import type { PeerDeps } from '../src/peer.ts'
import type { PresenceView } from '../src/presence/presence.ts'
import type { ReceivedSignal } from '../src/presence/signals.ts'
import { household } from './account-kit.ts'
import { introduce } from './private-feed-kit.ts'
import { createWorld, never, type TestPeer, texts, type World } from './world.ts'

async function openHub(
  world: World,
  signalling: Partial<NonNullable<PeerDeps['signalling']>> = {},
  name = 'hub',
): Promise<TestPeer> {
  const hub: TestPeer = await world.add(name, {
    kind: 'hub',
    signalling: { carries: () => true, ...signalling },
    tracks(remote, identities) {
      for (const identity of [remote, ...identities]) {
        if (hub.store.feed(identity)?.watched !== true) hub.peer.watch(identity)
      }
    },
  })
  return hub
}

/** Reach nobody but hubs. */
async function meet(world: World, hub: TestPeer, ...peers: readonly TestPeer[]): Promise<void> {
  for (const a of peers) {
    for (const b of peers) if (a.name < b.name) world.network.cut(a.name, b.name)
    await world.turn(a.peer.connect(hub.address).ready(never))
  }
}

async function befriend(world: World, a: TestPeer, b: TestPeer): Promise<void> {
  await a.peer.relate('follow', b.identity, true)
  await b.peer.relate('follow', a.identity, true)
  await world.until(() => texts(a.store, b.identity).length > 0 && texts(b.store, a.identity).length > 0)
}

/** With a key that others write to. */
async function person(world: World, name: string): Promise<TestPeer> {
  const one = await world.add(name)
  await introduce(world, one)
  return one
}

async function friends(world: World, hub: TestPeer, ...names: readonly string[]) {
  const people: TestPeer[] = []
  for (const name of names) people.push(await person(world, name))
  await meet(world, hub, ...people)
  for (const a of people) {
    for (const b of people) if (a.name < b.name) await befriend(world, a, b)
  }
  return people as [TestPeer, TestPeer, TestPeer]
}

const seen = ({ peer }: TestPeer): readonly string[] =>
  peer.presence.now().here.map(({ identity }) => identity)

function listen({ peer }: TestPeer, signal = never): ReceivedSignal[] {
  const heard: ReceivedSignal[] = []
  const messages = peer.signals.messages(signal)
  void (async () => {
    for await (const message of messages) heard.push(message)
  })()
  return heard
}

const send = (world: World, from: TestPeer, to: TestPeer, payload: JsonObject = { type: 'x-hello' }) =>
  world.turn(from.peer.signals.send(to.identity, payload, { signal: never }))

describe('presence', () => {
  test('[V69] friends see each other until one is invisible; own devices always do, and it is remembered', async () => {
    await using world = createWorld('presence')
    const hub = await openHub(world)
    const [alice, bob] = await friends(world, hub, 'alice', 'bob')
    await world.until(() => seen(bob).includes(alice.identity) && seen(alice).includes(bob.identity))
    expect(bob.peer.presence.now().here).toEqual([
      { identity: alice.identity, circle: 'friend', isConnected: false, hubs: [hub.identity] },
    ])
    alice.peer.presence.choose({ invisible: true })
    await world.until(() => seen(bob).length === 0)
    expect(seen(alice)).toEqual([bob.identity])
    expect((await send(world, bob, alice)).outcome).toBe('absent')
    await alice.stop()
    const again = await world.add('alice')
    expect(again.peer.presence.choice).toMatchObject({ friends: true, invisible: true })
    await world.turn(again.peer.connect(hub.address).ready(never))
    await world.pass(5_000)
    expect(seen(bob)).toEqual([])
    expect((await send(world, bob, again)).outcome).toBe('absent')
    again.peer.presence.choose({ invisible: false })
    await world.until(() => seen(bob).includes(alice.identity))
  })

  test('[V69] own devices see who hides from everybody else', async () => {
    await using world = createWorld('own')
    const hub = await openHub(world)
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    laptop.peer.presence.choose({ invisible: true })
    await meet(world, hub, laptop, phone)
    await world.until(() => phone.peer.presence.now().here.some(({ circle }) => circle === 'own'), 120_000)
  })

  test('[V69] a list in place of friends, and beside them', async () => {
    await using world = createWorld('list')
    const hub = await openHub(world)
    const [alice, bob] = await friends(world, hub, 'alice', 'bob')
    const carol = await person(world, 'carol')
    await meet(world, hub, alice, carol)
    alice.peer.presence.choose({ friends: false, list: [carol.identity] })
    carol.peer.presence.choose({ list: [alice.identity] })
    await world.until(
      () => seen(carol).includes(alice.identity) && seen(bob).length === 0 && seen(alice).length === 2,
    )
    expect(
      alice.peer.presence
        .now()
        .here.map(({ circle }) => circle)
        .sort(),
    ).toEqual(['friend', 'list'])
    alice.peer.presence.choose({ friends: true })
    await world.until(() => seen(bob).includes(alice.identity))
    expect(alice.peer.presence.choice.list).toEqual([carol.identity])
  })

  test('[V64] [V65] in a room all see each other who wish it; what the hub is like is told', async () => {
    await using world = createWorld('room')
    const hub = await openHub(world, { room: () => true, privacy: 'community' })
    const [alice, bob, carol] = [
      await person(world, 'alice'),
      await person(world, 'bob'),
      await person(world, 'carol'),
    ]
    await meet(world, hub, alice, bob, carol)
    for (const { peer } of [alice, bob]) peer.presence.choose({ room: true })
    await world.until(() => seen(alice).includes(bob.identity) && seen(bob).includes(alice.identity))
    expect(alice.peer.presence.now()).toMatchObject({
      here: [{ identity: bob.identity, circle: 'room' }],
      hubs: [{ hub: hub.identity, privacy: 'community', hasRoom: true }],
    })
    expect(seen(carol)).toEqual([])
    bob.peer.presence.choose({ invisible: true })
    await world.until(() => seen(alice).length === 0)
    expect(seen(bob)).toEqual([])
  })

  test('[V64] where the room is full friends are told all the same', async () => {
    await using world = createWorld('full')
    const hub = await openHub(world, { room: () => true, limits: { inRoom: 1 } })
    const [alice, bob] = await friends(world, hub, 'alice', 'bob')
    alice.peer.presence.choose({ room: true })
    await world.turn(alice.peer.presence.settled(never))
    bob.peer.presence.choose({ room: true })
    await world.turn(bob.peer.presence.settled(never))
    await world.until(() => seen(alice).includes(bob.identity))
    expect(bob.peer.presence.now().here).toMatchObject([{ circle: 'friend' }])
  })

  test('[V65] who is no member has a session, and neither sees nor reaches anybody', async () => {
    await using world = createWorld('community')
    const members = new Set<string>()
    const hub = await openHub(world, { isFor: (identity) => members.has(identity) })
    const [alice, bob] = await friends(world, hub, 'alice', 'bob')
    await world.pass(3_000)
    expect(seen(alice)).toEqual([])
    expect(alice.peer.presence.now().hubs).toEqual([])
    await expect(send(world, alice, bob)).rejects.toMatchObject({ code: 'signal-no-hub' })
  })

  test('watching ends with its signal, and with the peer', async () => {
    await using world = createWorld('watching')
    const hub = await openHub(world)
    const [alice, bob] = await friends(world, hub, 'alice', 'bob')
    const views: PresenceView[] = []
    const stop = new AbortController()
    const watching = (async () => {
      for await (const view of alice.peer.presence.watch(stop.signal)) views.push(view)
    })()
    const until = (async () => {
      for await (const _view of alice.peer.presence.watch(never)) void 0
    })()
    await bob.stop()
    await world.until(() => views.at(-1)?.here.length === 0)
    stop.abort()
    await world.turn(watching)
    await alice.stop()
    await world.turn(until)
  })
})

describe('signals', () => {
  test('[V62] [V67] friends hear each other at once, signed, sealed, with an answer', async () => {
    await using world = createWorld('signals')
    const hub = await openHub(world)
    const [alice, bob] = await friends(world, hub, 'alice', 'bob')
    await world.until(() => seen(alice).length === 1)
    const heard = listen(bob)
    const sent = await send(world, alice, bob, { type: 'x-hello' })
    expect(sent).toMatchObject({ outcome: 'delivered', hubs: [{ hub: hub.identity, outcome: 'delivered' }] })
    await world.until(() => heard.length === 1)
    expect(heard).toMatchObject([
      { from: alice.identity, id: sent.id, payload: { type: 'x-hello' }, hub: hub.identity, missed: 0 },
    ])
    await bob.stop()
    expect((await send(world, alice, bob)).outcome).toBe('absent')
  })

  test('[V66] a stranger is turned away and cannot tell; who was meant sees that somebody tried', async () => {
    await using world = createWorld('stranger')
    const hub = await openHub(world)
    const [bob, mallory] = [await person(world, 'bob'), await person(world, 'mallory')]
    await meet(world, hub, bob, mallory)
    await mallory.peer.relate('follow', bob.identity, true)
    await world.until(() => texts(mallory.store, bob.identity).length > 0)
    bob.peer.presence.choose({ list: [hub.identity] })
    await world.pass(2_000)
    const heard = listen(bob)
    expect((await send(world, mallory, bob)).outcome).toBe('accepted')
    await world.until(() => bob.peer.presence.now().attempts.length === 1)
    expect(bob.peer.presence.now()).toMatchObject({
      attempts: [{ identity: mallory.identity, hub: hub.identity, count: 1 }],
      attempted: { messages: 1, tunnels: 0 },
    })
    expect(heard).toEqual([])
    await bob.stop()
    expect((await send(world, mallory, bob)).outcome).toBe('accepted')
    await mallory.peer.relate('block', bob.identity, true)
    await expect(send(world, mallory, bob)).rejects.toMatchObject({ code: 'signal-blocked' })
  })

  test('what cannot be sent says why; of one sender so many are opened at once', async () => {
    await using world = createWorld('refused')
    const hub = await openHub(world)
    const [alice, bob] = await friends(world, hub, 'alice', 'bob')
    await world.until(() => seen(alice).length === 1)
    for (const [payload, code] of [
      [{ type: '' }, 'signal-invalid'],
      [{ type: 'x', text: 'a'.repeat(9_000) }, 'signal-too-large'],
    ] as const) {
      await expect(send(world, alice, bob, payload)).rejects.toMatchObject({ code })
    }
    await expect(send(world, alice, hub)).rejects.toMatchObject({ code: 'signal-no-key' })
    for (let n = 0; n < 60; n++) await send(world, alice, bob)
    await world.until(() => bob.peer.presence.now().warnings.length > 0)
    expect(bob.peer.presence.now().warnings).toMatchObject([{ hub: hub.identity, code: 'too-fast' }])
  })
})

/** A hub that hands on what `hand` makes of each message, to whom it likes. */
function twisted(hand: (give: (n: number) => void, all: readonly Uint8Array[]) => void) {
  return (ports: SignalHubPorts): SignalHub => {
    const real = createSignalHub(ports)
    return {
      ...real,
      get circuits() {
        return real.circuits
      },
      open(session) {
        const all: Uint8Array[] = []
        return real.open(
          sendingSession(session, (message, bytes) => {
            if (message.type !== 'messagefrom') {
              session.send(message, bytes)
              return
            }
            all.push(concatBytes(...((bytes ?? []) as readonly Uint8Array[])))
            hand((n) => session.send(message, all[n] as Uint8Array), all)
          }),
        )
      },
    }
  }
}

describe('a hostile hub', () => {
  test('[T7] [V68] hands on twice, late, altered: heard once, and a person is warned', async () => {
    await using world = createWorld('hostile')
    let late: (() => void) | null = null
    const hub = await openHub(world, {
      createHub: twisted((give, all) => {
        const last = all.length - 1
        give(last)
        give(last)
        late = () => give(last)
        const bent = all[last]?.slice() as Uint8Array
        bent[bent.length - 9] = (bent[bent.length - 9] as number) ^ 1
        ;(all as Uint8Array[]).push(bent)
        give(last + 1)
      }),
    })
    const [alice, bob] = await friends(world, hub, 'alice', 'bob')
    await world.until(() => seen(alice).length === 1)
    const heard = listen(bob)
    await send(world, alice, bob)
    await world.until(() => bob.peer.presence.now().warnings.length === 2)
    await world.pass(90_000)
    ;(late as unknown as () => void)()
    await world.until(() => bob.peer.presence.now().warnings.length === 3)
    expect(heard).toHaveLength(1)
    expect(
      bob.peer.presence
        .now()
        .warnings.map(({ code }) => code)
        .sort(),
    ).toEqual(['encoding', 'late', 'seen'])
    expect(bob.logged.filter(({ event }) => event === 'signal.refused')).toHaveLength(3)
    expect(JSON.stringify(bob.logged)).not.toContain(alice.identity)
  })

  test('[V63] [V67] puts one message in place of another: neither is heard under a wrong name', async () => {
    await using world = createWorld('swapping')
    const hub = await openHub(world, {
      createHub: twisted((give, all) => {
        const [first, second] = all
        if (first === undefined || second === undefined) return
        const mixed = first.slice()
        mixed.set(second.subarray(0, 32))
        ;(all as Uint8Array[]).push(mixed)
        give(2)
      }),
    })
    const [alice, bob, carol] = await friends(world, hub, 'alice', 'bob', 'carol')
    await world.until(() => seen(alice).length === 2 && seen(carol).length === 2)
    const heard = listen(bob)
    expect((await send(world, alice, bob)).outcome).toBe('delivered')
    expect((await send(world, carol, bob)).outcome).toBe('delivered')
    await world.until(() => bob.peer.presence.now().warnings.length === 1)
    expect(bob.peer.presence.now().warnings).toMatchObject([{ code: 'forged', count: 1 }])
    expect(heard).toEqual([])
  })

  test('[T16] floods: a bounded number is opened, the rest is a warning', async () => {
    await using world = createWorld('flood')
    const hub = await openHub(world, {
      createHub: twisted((give, all) => {
        for (let n = 0; n < 3_000; n++) give(all.length - 1)
      }),
    })
    const [alice, bob] = await friends(world, hub, 'alice', 'bob')
    await world.until(() => seen(alice).length === 1)
    const heard = listen(bob)
    await send(world, alice, bob)
    await world.until(() => bob.peer.presence.now().warnings.length > 0)
    await world.pass(1_000)
    expect(heard).toHaveLength(1)
    expect(bob.peer.presence.now().warnings.map(({ code }) => code)).toEqual(['too-fast', 'seen'])
  })
})
