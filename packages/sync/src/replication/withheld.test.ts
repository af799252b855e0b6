/** A feed that was blocked for a while is made up for (C3). */
import { expect, test } from 'vitest'
import { meet } from '../../test/catch-up-kit.ts'
import { createPeer, createWorld, createWriter, until } from '../../test/replication-kit.ts'

test('[C3] blocked and unblocked within one session: what was not told is told the next time', async () => {
  const world = createWorld()
  const [hub, alice] = await Promise.all(['hub', 'alice'].map((name) => createPeer(world, name)))
  const [left, other] = await Promise.all(['left out', 'other'].map(createWriter))
  for (const writer of [left!, other!]) {
    await hub!.publish(writer, ['1'])
    alice!.watch(writer.identity)
  }
  const has = (length: number) => alice!.held(left!.identity).length === length
  const first = await meet(world, alice!, hub!)
  expect(await until(world, () => has(1))).toBe(true)
  const blocked = new Set([left!.identity])
  hub!.facts.isBlocked = (identity) => blocked.has(identity)
  hub!.facts.blocked = () => blocked
  await hub!.publish(left!, ['2'])
  await until(world, () => false, 3_000)
  blocked.clear()
  await hub!.publish(other!, ['2'])
  await until(world, () => false, 12_000)
  await first.end()
  const second = await meet(world, alice!, hub!)
  expect(await until(world, () => has(2), 10_000)).toBe(true)
  await second.end()
})
