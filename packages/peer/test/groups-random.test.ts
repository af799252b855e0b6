/**
 * Random lives of a group on whole peers (spec Q, T21): people change it and write in it while they hear of each other or
 * not. At the end all members have the same group, and of each message exactly the members as its author knew them read it.
 */
import { createRandom } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { circle, note, textsOf } from './group-kit.ts'
import { createWorld, type TestPeer } from './world.ts'

const acts = 40

interface Written {
  readonly text: string
  readonly readers: readonly string[]
}

test.for([1, 2, 69])(
  '[Q5] [Q7] [Q14] [T21] life %i: the same end, and exactly those read who shall',
  async (seed) => {
    await using world = createWorld(`life ${seed}`)
    const random = createRandom(`life ${seed}`)
    const people = await circle(world, 'alice', 'bob', 'carol', 'dave')
    const named = new Map(people.map((one) => [one.peer.account.show()?.root, one.name]))
    const [alice, bob, carol] = people as [TestPeer, TestPeer, TestPeer]
    const group = await world.turn(
      alice.peer.groups.create({
        name: 'Us',
        history: false,
        members: [{ identity: bob.identity, role: 'admin' }, { identity: carol.identity }],
      }),
    )
    await world.until(() => [bob, carol].every((one) => one.peer.groups.show(group) !== null))
    const written: Written[] = []
    const membersOf = ({ peer }: TestPeer): readonly string[] =>
      (peer.groups.show(group)?.members ?? []).map(({ root }) => named.get(root ?? undefined) ?? '?').sort()

    /** What the rules forbid is refused, and changes nothing. */
    const attempt = (work: Promise<unknown>) => world.turn(work).catch(() => null)

    for (let act = 0; act < acts; act++) {
      const one = random.pick(people)
      const other = random.pick(people)
      const { groups } = one.peer
      const chance = random.integer(10)
      if (chance < 4) {
        const text = `${act} by ${one.name}`
        const before = membersOf(one)
        if ((await attempt(groups.post(group, note(world, text)))) !== null) {
          // Something may have come while it was written: then it is not known here what the author knew.
          const readers = membersOf(one)
          if (readers.join() === before.join()) written.push({ text, readers })
        }
      } else if (chance < 5) await attempt(groups.remove(group, [other.identity]))
      else if (chance < 7) await attempt(groups.invite(group, [{ identity: other.identity }]))
      else if (chance < 8)
        await attempt(groups.role(group, other.identity, random.integer(2) === 0 ? 'admin' : 'member'))
      else if (chance < 9) await attempt(groups.set(group, { about: `${act}` }))
      else if (random.integer(2) === 0) world.network.partition([[one.name], [other.name]])
      else world.network.heal()
      await world.pass(random.integer(3) * 400)
    }
    world.network.heal()
    await world.pass(90_000)

    const inside = people.filter((one) =>
      ['admin', 'member'].includes(one.peer.groups.show(group)?.role ?? ''),
    )
    for (const one of inside) {
      expect(membersOf(one)).toEqual(inside.map(({ name }) => name).sort())
      expect(one.peer.groups.show(group)?.waiting).toBe(0)
    }
    for (const { text, readers } of written) {
      const reading = people.filter((one) => textsOf(one, group).includes(text)).map(({ name }) => name)
      expect([text, reading.sort()]).toEqual([text, readers])
    }
  },
)
