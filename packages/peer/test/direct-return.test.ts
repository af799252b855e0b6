/** Devices that are back after a moment, and what becomes of the direct way between them. */
import { expect, test } from 'vitest'
import { plainSurroundings } from '../src/surroundings/surroundings.ts'
import { areBy, befriend, createDirectWorld, deviceOf, join, turnServer } from './direct-kit.ts'
import { note, type TestPeer, texts } from './world.ts'

const directSessions = ({ logged }: TestPeer): number =>
  logged.filter(({ event, fields }) => event === 'session.opened' && fields.link === 'webrtc').length

const codesOf = ({ logged }: TestPeer, name: string) =>
  logged.filter(({ event }) => event === name).map(({ fields }) => fields.code)

test.each([
  ['the hub is there all along', false],
  ['the line to the hub is another one too', true],
])(
  '[R43] [R26] [M17] a page that says offline and online: the direct session goes on, where %s',
  async (_name, isHubLost) => {
    await using world = createDirectWorld('offline for a moment')
    const hub = await world.hub()
    const [alice, bob] = [await world.person('alice'), await world.person('bob')]
    await join(world, hub, alice, bob)
    await befriend(world, alice, bob)
    await world.until(areBy('direct', alice, bob), 60_000)
    // What is under way arrives, and would be an answer.
    await world.pass(1_000)

    world.rtc.route('none')
    if (isHubLost) world.network.cut('alice', 'hub')
    alice.peer.surroundings.tell('tab', { ...plainSurroundings, online: false })
    await world.pass(3_500)
    if (isHubLost) world.network.lose('alice', 'hub')
    world.network.heal('alice', 'hub')
    world.machines.get('alice')?.changeNetwork()
    world.rtc.route('direct')
    alice.peer.surroundings.tell('tab', plainSurroundings)
    await world.pass(12_000)

    expect([deviceOf(alice, bob)?.state, deviceOf(bob, alice)?.state]).toEqual(['open', 'open'])
    expect([directSessions(alice), directSessions(bob)]).toEqual([1, 1])
    // Without the hub that is the only way.
    await hub.stop()
    await alice.peer.publish(note('from the other network'))
    await world.until(() => texts(bob.store, alice.identity).includes('from the other network'), 2_000)
  },
)

test('[M15] [A11] who crashed offers anew while its old session is being given up: that way is made, and not sought again', async () => {
  await using world = createDirectWorld('crashed')
  const hub = await world.hub()
  const [alice, gone] = [await world.person('alice'), await world.person('bob')]
  await join(world, hub, alice, gone)
  await befriend(world, alice, gone)
  await world.until(areBy('direct', alice, gone), 60_000)
  // She answers when she has names for relays, which takes longer than she waits for the old session.
  hub.peer.serve({
    ...turnServer,
    isFor: ({ remote }) => remote === alice.identity,
    methods: {
      async servers(call) {
        await new Promise<void>((resolve) => void world.clock.after(4_500, resolve))
        return turnServer.methods.servers!(call)
      },
    },
  })

  world.machines.get('bob')?.kill()
  await gone.stop()
  const bob = await world.person('bob')
  await join(world, hub, bob)
  bob.peer.direct.seek(alice.identity)
  await world.until(() => codesOf(alice, 'session.closed').includes('timeout'))
  await world.until(areBy('direct', alice, bob), 2_500)
  expect([codesOf(alice, 'direct.failed'), codesOf(bob, 'direct.failed')]).toEqual([[], []])
})
