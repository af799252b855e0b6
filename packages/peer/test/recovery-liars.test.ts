/** Friends who give shares of another account: one that somebody made later, under the same name (spec Z22). */
import { expect, test } from 'vitest'
import { authorityOf, meet } from './account-kit.ts'
import { circle, know, split } from './recovery-kit.ts'
import { createWorld, never, type TestPeer } from './world.ts'

const signal = never

test('[Z22] two of five, who need fewer and are newer, are outvoted and named; while they are as many, nothing is put together', async () => {
  await using world = createWorld()
  const made = await circle(world, 'bob', 'carol', 'dave', 'erin', 'frank')
  await split(world, made, 3)
  const liars = made.custodians.slice(0, 2)
  const honest = made.custodians.slice(2)
  await world.clock.advance(60_000)
  const mallory = await world.add('mallory')
  await mallory.peer.account.create({ label: 'laptop', profile: { name: 'Alice' } })
  for (const liar of liars) {
    await know(world, mallory, liar)
    await know(world, liar, mallory)
  }
  await world.turn(mallory.peer.recovery.split({ custodians: made.keys.slice(0, 2), threshold: 2, signal }))
  await world.until(() => liars.every(({ peer }) => peer.recovery.show().held.length === 2))

  const fresh = await world.add('fresh')
  for (const each of [...made.custodians, mallory]) await meet(world, fresh, each)
  await world.turn(fresh.peer.recovery.ask({ custodians: made.keys, name: 'Alice', signal }))
  let given = 0
  const give = async (custodian: TestPeer, of: TestPeer): Promise<void> => {
    const { recovery } = custodian.peer
    await world.until(() => recovery.show().requests.length === 1)
    const [request] = recovery.show().requests
    await world.turn(recovery.approve(request?.id ?? '', { account: authorityOf(of).root }))
    given++
    await world.until(
      () => fresh.peer.recovery.show().asked.filter(({ state }) => state === 'given').length === given,
    )
  }
  for (const liar of liars) await give(liar, mallory)
  for (const each of honest.slice(0, 2)) await give(each, made.laptop)
  expect(fresh.peer.recovery.show()).toMatchObject({ came: 2, needed: 3 })
  await expect(world.turn(fresh.peer.recovery.combine({ signal }))).rejects.toThrow(
    expect.objectContaining({ code: 'shares-differ' }),
  )

  await give(honest[2]!, made.laptop)
  expect(fresh.peer.recovery.show()).toMatchObject({ came: 3, needed: 3 })
  expect(await world.turn(fresh.peer.recovery.combine({ signal }))).toEqual({
    phrase: made.phrase,
    root: authorityOf(made.laptop).root,
    wrong: made.keys.slice(0, 2),
  })
})
