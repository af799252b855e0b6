import { expect, test } from 'vitest'
import { connect, createPeer, createWorld, createWriter, until } from '../../test/replication-kit.ts'

const numbered = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => ({
    text: `note ${from + index}`,
    detached: index % 2 === 0,
  }))

test('[R1] [R3] a feed comes over, entry for entry, and is verified behind', async () => {
  const world = createWorld()
  using alice = await createPeer(world, 'alice')
  using bob = await createPeer(world, 'bob')
  const writer = await createWriter('writer')
  await alice.publish(writer, numbered(700))
  bob.watch(writer.identity)
  const { end, replicators } = await connect(bob, alice)
  expect(
    await until(world, () => replicators[0].status().upToDate && bob.store.unverifiedCount() === 0),
  ).toBe(true)
  expect(bob.held(writer.identity)).toEqual(writer.chain.map(({ cid }) => cid))
  expect(replicators[0].status().feeds).toEqual([{ identity: writer.identity, done: 700, total: 700 }])
  await end()
})
