/** What the other side learns of whom we watch, and what its own list may cost (T16, T30). */
import { type Identity, identityOfKey } from '@effigy/core'
import { memoryPair } from '@effigy/links'
import { expect, test } from 'vitest'
import { feeds, headOf, hold, isLevel, meet } from '../../test/catch-up-kit.ts'
import {
  createPeer,
  createWorld,
  createWriter,
  openTestSession,
  replicatorOf,
  testCrypto,
  turning,
  until,
} from '../../test/replication-kit.ts'
import { listedBytes, readIdentities, writeIdentities } from '../messages-bytes.ts'
import { createReplicator } from './replicator.ts'
import { createSharing } from './sharing.ts'

/** Whom a peer names to who dials it, or whom it dials. */
async function namedTo(
  dialler: string,
  trust: 'stranger' | 'friend',
  watchesSecret: boolean,
  { dials = false, isChosen = false } = {},
) {
  const world = createWorld()
  using hub = await createPeer(world, 'hub')
  using remote = await createPeer(world, dialler)
  const [common, secret] = [await createWriter('common'), await createWriter('secret')]
  hub.facts.trust = () => trust
  hub.watch(common.identity)
  hub.watch(remote.identity)
  if (watchesSecret) hub.watch(secret.identity)
  const links = memoryPair()
  const [session, accepted] = await turning(
    world,
    Promise.all([
      openTestSession(remote, dials ? 'acceptor' : 'dialler', links[0], dials ? null : hub.identity),
      openTestSession(hub, dials ? 'dialler' : 'acceptor', links[1], dials ? remote.identity : null),
    ]),
  )
  const stop = new AbortController()
  const running = replicatorOf(hub, accepted, isChosen).run(stop.signal)
  session.send(
    { type: 'watch', id: 1, count: 2, replace: true },
    writeIdentities([common.identity, (await createWriter('unheard of')).identity]),
  )
  const named: Identity[] = []
  const reading = (async () => {
    for await (const { message, bytes } of session.receive()) {
      if (message.type === 'watch' || message.type === 'getheads')
        named.push(...(readIdentities(bytes) ?? []))
      for (let at = 0; message.type === 'list' && at < bytes.length; at += listedBytes)
        named.push(identityOfKey(bytes.subarray(at, at + 32)))
    }
  })()
  await until(world, () => false, 1_000)
  await session.end('done')
  await turning(world, Promise.all([running, reading]))
  const names = new Map([
    [common.identity, 'common'],
    [secret.identity, 'secret'],
    [remote.identity, 'remote'],
  ])
  return [...new Set(named)].map((identity) => names.get(identity) ?? 'other').sort()
}

test('[T30] a stranger that dials hears its own feed and what it watches itself, whatever else is watched here', async () => {
  expect(await namedTo('stranger', 'stranger', true)).toEqual(['common', 'remote'])
  expect(await namedTo('stranger', 'stranger', false)).toEqual(['common', 'remote'])
  expect(await namedTo('friend', 'friend', true)).toEqual(['common', 'remote', 'secret'])
})

test('[C1] [T30] whom a peer dials hears no more than that, unless it was chosen', async () => {
  const dialled = (isChosen: boolean) => namedTo('found', 'stranger', true, { dials: true, isChosen })
  expect(await dialled(false)).toEqual(['common', 'remote'])
  expect(await dialled(true)).toEqual(['common', 'remote', 'secret'])
  // A hub of ours that happens to have dialled us first.
  expect(await namedTo('found', 'stranger', true, { isChosen: true })).toEqual(['common', 'remote', 'secret'])
})

test.for(['stranger', 'friend'] as const)(
  '[C2] heads of a feed that is not watched any more are not taken, whoever goes on telling them: to a %s',
  async (trust) => {
    const world = createWorld()
    using member = await createPeer(world, 'member')
    using hub = await createPeer(world, 'hub')
    hub.facts.trust = () => trust
    const [left, kept] = await feeds(`left by a ${trust}`, 2)
    if (left === undefined || kept === undefined) throw new Error('two feeds')
    for (const writer of [left, kept]) for (const peer of [member, hub]) hold(peer, writer)
    const { end } = await meet(world, member, hub)
    member.store.watchFeed(left.identity, null)
    await until(world, () => false, 200)
    const lengthBefore = headOf(member, left.identity)?.head.length
    for (const writer of [left, kept]) hub.store.appendOwn(await writer.write(['more']), writer.record)
    await until(world, () => isLevel(member, hub, [kept]), 5_000)
    await until(world, () => false, 500)
    expect(isLevel(member, hub, [kept])).toBe(true)
    expect(headOf(member, left.identity)?.head.length).toBe(lengthBefore)
    await end()
  },
)

test('[T16] a long list that changes in a thousand small steps is told a few times', async () => {
  const world = createWorld()
  using hub = await createPeer(world, 'hub')
  using remote = await createPeer(world, 'remote')
  const links = memoryPair()
  const [session, accepted] = await turning(
    world,
    Promise.all([
      openTestSession(remote, 'dialler', links[0], hub.identity),
      openTestSession(hub, 'acceptor', links[1], null),
    ]),
  )
  const told: number[] = []
  const replicator = createReplicator(accepted, {
    store: hub.store,
    crypto: testCrypto,
    verify: testCrypto.verify,
    clock: world.clock,
    log: { info() {}, warn() {} },
    sharing: createSharing(accepted.remote, hub.facts),
    isChosen: false,
    shared: hub.replication,
    onWatch: (identities) => told.push(identities.length),
  })
  const running = replicator.run(new AbortController().signal)
  for (let id = 1; id <= 40; id++) {
    const { identity } = await createWriter(`feed ${id}`)
    session.send({ type: 'watch', id, count: 1, replace: false }, writeIdentities([identity]))
  }
  await until(world, () => told.at(-1) === 40, 3_000)
  session.send(
    { type: 'watch', id: 41, count: 1, replace: false },
    writeIdentities([(await createWriter('the last')).identity]),
  )
  await until(world, () => false, 40)
  await session.end('done')
  await turning(world, running)
  expect(told[0]).toBeGreaterThan(0)
  expect(told.at(-1)).toBe(41)
  expect(told.length).toBeLessThan(5)
})
