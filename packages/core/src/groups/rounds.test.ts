/** Judging in few rounds comes to what judging one removal after the other does (spec Q7). */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createGroupWorld, member, personOf, sha256 } from '../../test/group-world.ts'
import { readHistory } from './history.ts'
import type { GroupEntry } from './index.ts'
import { judge } from './judge.ts'

const letters = [...'abcdefgh']
const person = fc.nat(letters.length - 1)
const kind = fc.constantFrom('remove', 'lower', 'leave', 'add', 'raise', 'rename', 'rename', 'rename')
const act = fc.record({
  kind,
  by: person,
  whom: fc.array(person, { minLength: 1, maxLength: 3 }),
  /** How far back what it builds on lies; far ones make many at the same time. */
  back: fc.array(fc.nat(12), { minLength: 1, maxLength: 3 }),
})
type Act = typeof act extends fc.Arbitrary<infer One> ? One : never

function operations(acts: readonly Act[]): readonly GroupEntry[] {
  const world = createGroupWorld()
  const all = [
    world.create(letters.slice(0, 6).map((letter, at) => member(letter, at < 4 ? 'admin' : 'member'))),
  ]
  for (const { kind, by, whom, back } of acts) {
    const knows = [...new Set(back.map((far) => all.at(-1 - (far % all.length))!))]
    const author = letters[by]!
    const names = [...new Set(whom)].map((at) => letters[at]!)
    const listed = (role: 'admin' | 'member') => names.map((name) => member(name, role))
    if (kind === 'remove') all.push(world.remove(author, knows, ...names))
    if (kind === 'lower') all.push(world.role(author, knows, ...listed('member')))
    if (kind === 'raise') all.push(world.role(author, knows, ...listed('admin')))
    if (kind === 'add') all.push(world.add(author, knows, ...listed('admin')))
    if (kind === 'leave') all.push(world.leave(author, knows))
    if (kind === 'rename') all.push(world.settings(author, knows, `${all.length}`))
  }
  return all
}

test('[Q7] whatever is acted upon at once, each operation is worth the same', () => {
  fc.assert(
    fc.property(fc.array(act, { minLength: 4, maxLength: 40 }), (acts) => {
      const all = operations(acts)
      const history = readHistory(all[0]!.payload.group, all, personOf, sha256)
      const [atOnce, oneByOne] = [judge(history, personOf), judge(history, personOf, null, 1)]
      expect([...atOnce.refused]).toEqual([...oneByOne.refused])
      expect(atOnce.counting.words).toEqual(oneByOne.counting.words)
    }),
    { numRuns: Number(process.env.RUNS ?? 500) },
  )
}, 60_000)
