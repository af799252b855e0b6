import { expect, test } from 'vitest'
import { createWorld, note, type TestPeer } from './world.ts'

test('[G5] what is given and taken shows in the status of both sides, a grant at once, and after a restart', async () => {
  await using world = createWorld()
  const [alice, bob] = [await world.add('alice'), await world.add('bob')]
  for (let index = 0; index < 20; index++) {
    await world.turn(alice.peer.publish(note(`note ${index} ${'words '.repeat(2_000)}`)))
  }
  await world.turn(bob.peer.relate('follow', alice.identity, true))
  bob.peer.connect(alice.address)
  await world.until(() => bob.store.feed(alice.identity)?.heldCount === 20)
  await world.pass(200)
  const [given] = alice.peer.status().accounts
  const [taken] = bob.peer.status().accounts
  expect(given?.identity).toBe(bob.identity)
  expect(given?.givenBytes).toBeGreaterThan(128 * 1024)
  expect(given?.creditBytes).toBe(-(given?.givenBytes ?? 0))
  expect(taken).toMatchObject({ identity: alice.identity, givenBytes: 0, takenBytes: given?.givenBytes })
  alice.peer.grant(bob.identity, 10 * 1024 * 1024)
  expect(alice.peer.status().accounts[0]?.creditBytes).toBeGreaterThan(9 * 1024 * 1024)
  await alice.stop()
  const account = alice.store.accounts?.all()
  expect(account).toMatchObject([{ identity: bob.identity, granted: 10 * 1024 * 1024 }])
  expect(account?.[0]?.given).toBeGreaterThan(128 * 1024)
})

test('[G6] under a limit a friend who comes last is served before strangers, and all are served in the end', async () => {
  await using world = createWorld('limited')
  const hub = await world.add('hub', { servedBytesPerSecond: 100_000 })
  const names = ['stranger 1', 'stranger 2', 'stranger 3', 'friend'] as const
  const readers: TestPeer[] = []
  for (const name of names) readers.push(await world.add(name))
  const friend = readers[3] as TestPeer
  await world.turn(hub.peer.relate('follow', friend.identity, true))
  for (let index = 0; index < 60; index++) {
    // Inline and all different, so that nothing is left out on the wire.
    await world.turn(
      hub.peer.publish(note(`${index} ${'some more words '.repeat(600)}`), { detached: false }),
    )
  }
  const whole = hub.store.feed(hub.identity)?.heldCount
  for (const { peer } of readers) await world.turn(peer.relate('follow', hub.identity, true))
  const done = new Map<string, number>()
  for (const { peer } of readers.slice(0, 3)) peer.connect(hub.address)
  // The friend comes last; the hub knows it by its own follow.
  await world.pass(1_000)
  friend.peer.connect(hub.address)
  await world.until(() => {
    for (const { name, store } of readers) {
      if (!done.has(name) && store.feed(hub.identity)?.heldCount === whole)
        done.set(name, world.clock.monotonic())
    }
    return done.size === names.length
  }, 120_000)
  const friendMs = done.get('friend') ?? 0
  for (const name of names.slice(0, 3)) expect(done.get(name)).toBeGreaterThan(friendMs)
})
