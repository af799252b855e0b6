/** What a hub may try with the words by which two devices come together: each is refused, and a person hears of it (T7). */
import { identityKey, identityOfKey, type JsonObject } from '@effigy/core'
import type { RtcPort } from '@effigy/links'
import { createSignalHub, sealOffer } from '@effigy/sync'
import { testSeed } from '@effigy/testkit'
import { expect, test } from 'vitest'
import {
  areBy,
  befriend,
  createDirectWorld,
  type DirectWorld,
  deviceOf,
  join,
  type Passing,
  twisted,
  wayOf,
} from './direct-kit.ts'
import { type TestPeer, testCrypto } from './world.ts'

interface Scene {
  readonly world: DirectWorld
  readonly hub: TestPeer
  readonly alice: TestPeer
  readonly bob: TestPeer
  readonly carol: TestPeer
}

/** Gives back what the hub does with each message on its way to bob. */
type Trick = (scene: Scene, passing: Passing) => void

const bend = (bytes: Uint8Array, at: number): Uint8Array => {
  const bent = bytes.slice()
  bent[at] = (bent[at] as number) ^ 1
  return bent
}

/** As good as a hub can make it: sealed to bob, and signed by somebody else. */
async function forge({ world, bob }: Scene, payload: JsonObject): Promise<Uint8Array> {
  const [signer, box] = await Promise.all([
    testCrypto.signer(testSeed('mallory')),
    testCrypto.agreementKey(testSeed('box of bob')),
  ])
  const identity = identityOfKey(signer.publicKey)
  const ports = { identity, signer, crypto: testCrypto, random: testCrypto.randomBytes, now: world.clock.now }
  const sealed = await sealOffer(bob.identity, [box.publicKey], payload, ports)
  if (!sealed.ok) throw new Error(sealed.error.code)
  return sealed.value.bytes
}

const description = {
  connection: '0'.repeat(32),
  round: 0,
  restart: true,
  ufrag: 'uuuu',
  pwd: 'p'.repeat(22),
  fingerprint: 'ab'.repeat(32),
  maxMessageBytes: 262_144,
}

const forging =
  (payload: JsonObject): Trick =>
  (scene, { from, give }) =>
    void forge(scene, payload).then((sealed) => give(from, sealed))

const tricks: readonly (readonly [string, Trick, readonly string[]])[] = [
  [
    'rewrites a description',
    (_, { from, sealed, give }) => give(from, bend(sealed, sealed.length - 40)),
    ['encoding', 'forged', 'altered'],
  ],
  [
    'puts its own description, with its own fingerprint, in place of theirs',
    forging({ type: 'rtcoffer', ...description }),
    ['forged'],
  ],
  [
    'adds candidates',
    forging({
      type: 'rtccandidates',
      connection: '0'.repeat(32),
      ufrag: 'uuuu',
      candidates: ['candidate:1 1 udp 1 10.9.9.9 9 typ host'],
    }),
    ['forged'],
  ],
  ['answers in their place', forging({ type: 'rtcanswer', ...description }), ['forged']],
  ['ends it in their place', forging({ type: 'rtcend', connection: '0'.repeat(32), code: 'x' }), ['forged']],
  [
    'says that it is somebody else’s',
    ({ carol }, { sealed, give }) => give(identityKey(carol.identity), sealed),
    ['forged'],
  ],
  [
    'plays it again',
    (_, { from, sealed, give }) => {
      give(from, sealed)
      give(from, sealed)
    },
    ['seen'],
  ],
  [
    'keeps it for later',
    ({ world }, { from, sealed, give }) => void world.clock.after(61_000, () => give(from, sealed)),
    ['late'],
  ],
  [
    'cuts it off',
    (_, { from, sealed, give }) => give(from, sealed.slice(0, -100)),
    ['encoding', 'not-for-us'],
  ],
  ['makes it long', (_, { from, give }) => give(from, new Uint8Array(16_384).fill(97)), ['encoding']],
  ['brings what was said to another device', () => {}, ['not-for-us']],
]

test.for(tricks)(
  '[T7] [R27] a hub that %s: refused, and a person is told by whom',
  async ([name, trick, codes]) => {
    await using world = createDirectWorld(`hostile ${name}`)
    let scene: Scene | null = null
    let giveToCarol: Passing['give'] | null = null
    const hub = await world.hub({
      createHub: twisted((passing) => {
        const { to, from, sealed, give } = passing
        if (scene === null || to !== scene.bob.identity) {
          if (to === scene?.carol.identity) giveToCarol ??= give
          give(from, sealed)
        } else if (!name.includes('another device')) trick(scene, passing)
        // Once there is somebody to bring it to.
        else giveToCarol?.(from, sealed)
      }),
    })
    const [alice, bob, carol] = [
      await world.person('alice'),
      await world.person('bob'),
      await world.person('carol'),
    ]
    // Nobody offers anything before the hub is what it is.
    for (const { peer } of [alice, bob, carol]) peer.presence.choose({ invisible: true })
    await join(world, hub, alice, bob, carol)
    await befriend(world, alice, bob)
    await befriend(world, alice, carol)
    await befriend(world, bob, carol)
    const victim = name.includes('another device') ? carol : bob
    scene = { world, hub, alice, bob, carol }
    // Whose name it takes is told beside the way to them only while that does not stand.
    if (name.includes('somebody else')) world.rtc.route('none')
    for (const { peer } of [alice, bob, carol]) peer.presence.choose({ invisible: false })
    // Steps of 20 ms take their time.
    if (name.includes('later')) await world.clock.advance(62_000)
    const warned = () => victim.peer.presence.now().warnings.filter((warning) => warning.hub === hub.identity)
    await world.until(() => warned().length > 0, 300_000)
    for (const { code } of warned()) expect(codes).toContain(code)
    expect(JSON.stringify(victim.logged)).not.toContain(hub.identity)
    const told = () => victim.peer.direct.now().devices.filter((device) => device.hub === hub.identity)
    // What it brought first was theirs, or what stands already is.
    const isHarmless = name.includes('again') || victim === carol
    if (isHarmless) return
    const reason = name.includes('later') ? 'not-of-now' : 'hub-changed'
    await world.until(() => told().some(({ why }) => why === reason), 60_000)
    expect(wayOf(alice, bob)).toBe(null)
    // Another hub, and all is well.
    scene = null
    world.rtc.route('direct')
    for (const { peer } of [alice, bob, carol]) peer.direct.retry()
    await world.until(areBy('direct', alice, bob), 120_000)
    expect(deviceOf(bob, alice)).toMatchObject({ why: null, hub: null })
  },
)

test.for(['own', 'other'] as const)(
  '[T7] [A3] [R27] somebody between the two, whom the platform lets through: the %s end’s certificate is another one, and nothing is said',
  async (whose) => {
    await using world = createDirectWorld(`between ${whose}`)
    const hub = await world.hub()
    const machine = world.rtc.machine()
    let isBetween = true
    const bent: RtcPort = {
      canRestart: machine.canRestart,
      watchNetwork: machine.watchNetwork,
      open: (options, events) =>
        machine.open(options, {
          ...events,
          onOpen(channel) {
            const name = whose === 'own' ? 'ownFingerprint' : 'otherFingerprint'
            const seen = isBetween ? { [name]: { value: bend(channel[name], 0) } } : {}
            events.onOpen(Object.create(channel, seen))
          },
        }),
    }
    const [alice, bob] = [await world.person('alice', { rtc: bent }), await world.person('bob')]
    await join(world, hub, alice, bob)
    await befriend(world, alice, bob)
    await world.until(() => deviceOf(alice, bob)?.why === 'somebody-else', 120_000)
    expect(wayOf(alice, bob)).toBe(null)
    expect(wayOf(bob, alice)).toBe(null)
    isBetween = false
    for (const { peer } of [alice, bob]) peer.direct.retry()
    await world.until(areBy('direct', alice, bob), 120_000)
  },
)

test('[T7] [R27] a hub that keeps all to itself: nobody comes, and a person is told that they did not answer', async () => {
  await using world = createDirectWorld('keeps')
  let isKeeping = false
  const hub = await world.hub({
    createHub: twisted(({ from, sealed, give }) => {
      if (!isKeeping) give(from, sealed)
    }),
  })
  const [alice, bob] = [await world.person('alice'), await world.person('bob')]
  await join(world, hub, alice, bob)
  isKeeping = true
  await befriend(world, alice, bob)
  await world.until(() => deviceOf(alice, bob)?.why === 'no-answer', 120_000)
  await world.until(() => deviceOf(bob, alice)?.why === 'no-answer', 120_000)
})

test('[T6] [R27] a hub that keeps all to itself and says that it did not, beside another one: the next try goes through both', async () => {
  await using world = createDirectWorld('beside')
  const words = { kept: 0 }
  const bad = await world.hub({ createHub: twisted(() => void words.kept++) }, 'bad')
  const hub = await world.hub()
  const [alice, bob] = [await world.person('alice'), await world.person('bob')]
  await join(world, bad, alice, bob)
  await join(world, hub, alice, bob)
  await befriend(world, alice, bob)
  await world.clock.advance(25_000)
  await world.until(areBy('direct', alice, bob), 120_000)
  expect(words.kept).toBeGreaterThan(0)
})

test('[T16] [R27] a hub that never answers, beside another one, keeps nobody apart', async () => {
  await using world = createDirectWorld('silent')
  const silent = await world.hub(
    {
      createHub(ports) {
        const real = createSignalHub(ports)
        return {
          ...real,
          get circuits() {
            return real.circuits
          },
          open(session) {
            const port = real.open(session)
            return {
              take: (message, bytes) => message.type === 'messageto' || port.take(message, bytes),
              [Symbol.dispose]: () => port[Symbol.dispose](),
            }
          },
        }
      },
    },
    'a-silent',
  )
  const hub = await world.hub()
  const [alice, bob] = [await world.person('alice'), await world.person('bob')]
  await join(world, silent, alice, bob)
  await join(world, hub, alice, bob)
  await befriend(world, alice, bob)
  await world.clock.advance(60_000)
  expect(areBy('direct', alice, bob)()).toBe(true)
})

test('[T7] [T16] a hub that makes up who is there and floods with offers: bounded, and nothing is opened', async () => {
  await using world = createDirectWorld('flood')
  let scene: Scene | null = null
  const hub = await world.hub({
    createHub: twisted((passing) => {
      passing.give(passing.from, passing.sealed)
      if (scene === null) return
      for (let n = 0; n < 500; n++) passing.give(passing.from, bend(passing.sealed, n))
    }),
  })
  const [alice, bob] = [await world.person('alice'), await world.person('bob')]
  await join(world, hub, alice, bob)
  world.rtc.route('none')
  await befriend(world, alice, bob)
  scene = { world, hub, alice, bob, carol: bob }
  alice.peer.direct.retry()
  await world.until(() => bob.peer.presence.now().warnings.some(({ code }) => code === 'too-fast'), 120_000)
  expect(world.machines.get('bob')?.connections).toBeLessThan(3)
})
