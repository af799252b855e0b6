/** Servers for WebRTC, from hubs that were chosen (V83). */
import { err, type JsonObject, ok } from '@effigy/core'
import type { Service } from '@effigy/sync'
import { expect, test } from 'vitest'
import { createWorld, never, type TestPeer, type World } from './world.ts'

const urls = ['turn:relay.example?transport=udp', 'stun:relay.example']

/** Gives a new name each time. */
function relay(seconds = 600, change: JsonObject = {}): Service & { given: number } {
  const service = {
    name: 'turn',
    isFor: () => true,
    given: 0,
    methods: {
      servers: async () => {
        service.given++
        return ok({ value: { urls, user: `1:${service.given}`, password: 'p', seconds, ...change } })
      },
    },
  }
  return service
}

async function meet(world: World, service: Service, chosen = true): Promise<TestPeer> {
  const [hub, alice] = [await world.add('hub', { kind: 'hub' }), await world.add('alice')]
  hub.peer.serve(service)
  alice.peer.connect(hub.address, { chosen })
  await world.until(() => alice.peer.status().sessions.length > 0)
  await world.pass(100)
  return alice
}

test('[V83] a name is asked for once, and again shortly before its end', async () => {
  await using world = createWorld('turn')
  const service = relay()
  const { peer } = await meet(world, service)
  const ask = () => world.turn(peer.turn.iceServers(never))
  const first = [{ urls, username: '1:1', credential: 'p' }]
  expect(await world.turn(Promise.all([peer.turn.iceServers(never), peer.turn.iceServers(never)]))).toEqual([
    first,
    first,
  ])
  await world.pass(7 * 60_000)
  expect([await ask(), service.given]).toEqual([first, 1])
  await world.pass(61_000)
  expect([await ask(), service.given]).toEqual([[{ urls, username: '1:2', credential: 'p' }], 2])
})

test.for([
  ['a lie about its time', relay(1e9)],
  ['no name', relay(600, { user: null })],
  ['an address that is none', relay(600, { urls: ['javascript:alert(1)'] })],
] as const)('[V83] %s counts as no answer', async ([_, service]) => {
  await using world = createWorld('turn')
  const { peer } = await meet(world, service)
  expect(await world.turn(peer.turn.iceServers(never))).toEqual([])
})

test('[V83] a hub that refuses or does not answer holds nobody up, nor does one that was not chosen', async () => {
  const refusing: Service = {
    name: 'turn',
    isFor: () => true,
    methods: { servers: async () => err({ code: 'busy', retryMs: 1_000 }) },
  }
  const silent: Service = {
    name: 'turn',
    isFor: () => true,
    methods: { servers: () => new Promise<never>(() => {}) },
  }
  for (const [service, chosen] of [
    [refusing, true],
    [silent, true],
    [relay(), false],
  ] as const) {
    await using world = createWorld('turn')
    const { peer } = await meet(world, service, chosen)
    expect(await world.turn(peer.turn.iceServers(never))).toEqual([])
    if (service === silent) {
      const stop = new AbortController()
      const asked = peer.turn.iceServers(stop.signal)
      stop.abort(new Error('enough'))
      await expect(asked).rejects.toThrow('enough')
    }
  }
})

test('[V83] of several hubs each gives its own, the silent one left out', async () => {
  await using world = createWorld('turn')
  const alice = await meet(world, relay())
  const [other, silent] = [
    await world.add('other', { kind: 'hub' }),
    await world.add('silent', { kind: 'hub' }),
  ]
  other.peer.serve(relay(600, { user: 'o' }))
  silent.peer.serve({
    name: 'turn',
    isFor: () => true,
    methods: { servers: () => new Promise<never>(() => {}) },
  })
  for (const hub of [other, silent]) alice.peer.connect(hub.address)
  await world.until(() => alice.peer.status().sessions.length === 3)
  await world.pass(100)
  const servers = await world.turn(alice.peer.turn.iceServers(never))
  expect(servers.map(({ username }) => username).sort()).toEqual(['1:1', 'o'])
})

test('[V83] three hubs are asked at most', async () => {
  await using world = createWorld('turn')
  const alice = await meet(world, relay())
  for (const name of ['two', 'three', 'four']) {
    const hub = await world.add(name, { kind: 'hub' })
    hub.peer.serve(relay(600, { user: name }))
    alice.peer.connect(hub.address)
  }
  await world.until(() => alice.peer.status().sessions.length === 4)
  await world.pass(100)
  expect(await world.turn(alice.peer.turn.iceServers(never))).toHaveLength(3)
})
