/** A lower head that nobody here will ever judge holds nothing up (R1, C3). */
import { expect, test } from 'vitest'
import { meet } from '../../test/catch-up-kit.ts'
import { createPeer, createWorld, createWriter, until } from '../../test/replication-kit.ts'

test('[C3] [F11] an old head below what the policy keeps: the position is kept all the same', async () => {
  const world = createWorld()
  const [hub, alice, bob] = await Promise.all(['hub', 'alice', 'bob'].map((name) => createPeer(world, name)))
  const writer = await createWriter('long')
  await bob!.publish(writer, ['1', '2', '3'])
  bob!.watch(writer.identity)
  alice!.watch(writer.identity, { depth: { type: 'last', count: 2 } })
  const more = await createWriter('long')
  await hub!.publish(more, ['1', '2', '3', '4', '5', '6', '7'])
  const first = await meet(world, alice!, hub!)
  expect(await until(world, () => alice!.held(writer.identity).length === 2)).toBe(true)
  await first.end()
  // Bob tells that he is at 3; alice will never hold 3.
  const second = await meet(world, bob!, alice!)
  await until(world, () => false, 1_000)
  await second.end()
  const set = alice!.store.headLog!.lastSet(bob!.identity, false)
  expect(set?.theirs).not.toBeNull()
})
