/** Several peers and a hub over lines that fall: everybody ends with everything, and every count at its total. */
import { createRandom } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { wholeFeed } from '../src/relations.ts'
import { createWorld, never, note, soundChain, type TestPeer } from './world.ts'

test.for([1, 2, 3, 4])('seed %d', async (seed) => {
  await using world = createWorld(`storm ${seed}`, { latencyMs: 15, jitterMs: 40, bytesPerSecond: 200_000 })
  const random = createRandom(`acts ${seed}`)
  const watch: { run: (peer: TestPeer['identity']) => void } = { run: () => {} }
  const hub = await world.add('hub', {
    kind: 'hub',
    admits: (identity) => {
      watch.run(identity)
      return true
    },
    tracks(_, identities) {
      for (const identity of identities) watch.run(identity)
    },
  })
  watch.run = (identity) => {
    if (identity !== hub.identity) hub.peer.watch(identity, wholeFeed)
  }
  const people = await Promise.all(['a', 'b', 'c', 'd'].map((name) => world.add(name)))
  for (const one of people) {
    for (const other of people) if (one !== other) await one.peer.relate('follow', other.identity, true)
    one.peer.connect(hub.address)
  }
  // Some know each other's address as well, and dial at once.
  people[0]!.peer.connect(people[1]!.address)
  people[1]!.peer.connect(people[0]!.address)
  for (let round = 0; round < 25; round++) {
    const one = random.pick(people)
    const [own] = random.shuffle(soundChain(one.store, one.identity).slice(4))
    const act = random.integer(10)
    if (act < 6 || own === undefined)
      await one.peer.publish(note(`${round} ${'x'.repeat(random.integer(30_000))}`))
    else if (act < 8) await one.peer.edit(own, note(`edited ${round}`)).catch(() => {})
    else await one.peer.remove([own]).catch(() => {})
    if (random.chance(0.4)) world.network.loseAll(random.pick([...people, hub]).name)
    await world.pass(random.integer(700))
  }
  await world.until(() => people.every(({ peer }) => peer.status().sessions.length > 0), 200_000)
  const isSame = (one: TestPeer, other: TestPeer) =>
    one.store.feed(other.identity)?.record?.head.head ===
      other.store.feed(other.identity)?.record?.head.head &&
    one.store.feed(other.identity)?.heldCount === other.store.feed(other.identity)?.heldCount
  await world.until(() => people.every((one) => people.every((other) => isSame(one, other))), 400_000)
  for (const { peer, store } of people) {
    const status = await world.turn(peer.settled(never))
    expect(status.behind).toEqual({ feeds: 0, entries: 0 })
    for (const { held, total } of status.feeds) expect(held).toBe(total)
    for (const other of people) soundChain(store, other.identity)
  }
})
