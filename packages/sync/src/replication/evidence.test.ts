/** What proves a dispute reaches everybody, though nobody's highest head moves by it (F9, T5). */
import { describe, expect, test } from 'vitest'
import { meet } from '../../test/catch-up-kit.ts'
import {
  connect,
  createPeer,
  createWorld,
  createWriter,
  type TestPeer,
  until,
} from '../../test/replication-kit.ts'

/** A feed that forks above 5: `high` ends higher than `low`. */
async function forked() {
  const world = createWorld()
  const [alice, mallory, bob, carol] = await Promise.all(
    ['alice', 'mallory', 'bob', 'carol'].map((name) => createPeer(world, name)),
  )
  const [high, low] = [await createWriter('twice'), await createWriter('twice')]
  const common = ['1', '2', '3', '4', '5']
  await alice!.publish(high, common)
  await mallory!.publish(low, common)
  await alice!.publish(high, ['here', 'and more'])
  await mallory!.publish(low, ['there'])
  for (const peer of [bob!, carol!]) peer.watch(high.identity)
  const isDisputed = (peer: TestPeer) => peer.store.feed(high.identity)?.disputedAbove === 5
  const knows = (peer: TestPeer) => peer.held(high.identity).length === 7
  return { world, alice: alice!, mallory: mallory!, bob: bob!, carol: carol!, high, isDisputed, knows }
}

describe('[F9] [T5] the lower branch, learned of second,', () => {
  test('reaches those who have the higher head already, at once', async () => {
    const { world, alice, mallory, bob, carol, high, isDisputed, knows } = await forked()
    const one = await connect(bob, alice)
    const two = await connect(carol, bob)
    expect(await until(world, () => knows(bob) && knows(carol))).toBe(true)
    // The last head that she hears of is told live.
    await alice.publish(high, ['and again'])
    expect(await until(world, () => carol.held(high.identity).length === 8)).toBe(true)
    const three = await connect(bob, mallory)
    expect(await until(world, () => isDisputed(bob))).toBe(true)
    expect(await until(world, () => isDisputed(carol))).toBe(true)
    for (const { end } of [one, two, three]) await end()
  })

  test('reaches those who only compare heads when they meet', async () => {
    const { world, alice, mallory, bob, carol, isDisputed, knows } = await forked()
    const one = await connect(bob, alice)
    const two = await connect(carol, alice)
    expect(await until(world, () => knows(bob) && knows(carol))).toBe(true)
    await one.end()
    await two.end()
    const three = await connect(bob, mallory)
    expect(await until(world, () => isDisputed(bob))).toBe(true)
    await three.end()
    const { said, end } = await meet(world, carol, bob)
    expect(said).toContain('a:list')
    expect(await until(world, () => isDisputed(carol))).toBe(true)
    await end()
  })

  test('reaches the side that is asked, too', async () => {
    const { world, alice, mallory, bob, carol, isDisputed, knows } = await forked()
    const one = await connect(bob, alice)
    const two = await connect(carol, alice)
    expect(await until(world, () => knows(bob) && knows(carol))).toBe(true)
    await one.end()
    await two.end()
    const three = await connect(bob, mallory)
    expect(await until(world, () => isDisputed(bob))).toBe(true)
    await three.end()
    const { end } = await meet(world, bob, carol)
    expect(await until(world, () => isDisputed(carol))).toBe(true)
    await end()
  })
})
