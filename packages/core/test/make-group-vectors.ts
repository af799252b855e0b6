/**
 * Writes spec/vectors/groups.json: operations of groups, and who is in them then.
 *
 *     node packages/core/test/make-group-vectors.ts
 */
import { writeFileSync } from 'node:fs'
import { type GroupEntry, groupId, nameKey, operationsConversation } from '../src/index.ts'
import { createGroupWorld, deviceOf, member, personOf, roll, settings, sha256 } from './group-world.ts'

const world = createGroupWorld()
const { add, remove, role, leave, create, open } = world
const first = create([member('b', 'admin'), member('c', 'admin'), member('d')])
const small = createGroupWorld()
const alone = small.create([member('d'), member('e')])
const gone = remove('a', [first], 'b')
const brought = add('b', [first], member('e', 'admin'))
const left = small.leave('a', [alone])

const stolen = (): GroupEntry => {
  const made = createGroupWorld('d').write('d', [], {
    operation: 'create',
    members: [member('d', 'admin')],
    ...settings('Mine'),
  })
  return { ...made, payload: { ...made.payload, group: world.id } }
}

const cases: readonly (readonly [name: string, entries: readonly GroupEntry[]])[] = [
  ['[Q1] a creation by whom the name is not bound to is none', [first, stolen()]],
  ['[Q2] what builds on something that is not here waits', [first, add('b', [brought], member('f'))]],
  ['[Q4] members change nothing', [first, add('d', [first], member('e'))]],
  ['[Q5] who was removed is added by whoever knows it', [first, gone, add('c', [gone], member('b'))]],
  ['[Q5] removal beats a concurrent add', [first, remove('a', [first], 'e'), add('c', [first], member('e'))]],
  ['[Q6] nobody removes who was an admin before them', [first, remove('c', [first], 'b', 'd')]],
  ['[Q6] nor demotes them', [first, role('c', [first], member('b'))]],
  [
    '[Q7] of two who remove each other the senior one stays',
    [first, remove('b', [first], 'c'), remove('c', [first], 'b')],
  ],
  [
    '[Q7] what a removed one did aside is lost, and what came of it',
    [first, gone, brought, add('e', [brought], member('f'))],
  ],
  ['[Q7] who left says nothing aside', [first, leave('b', [first]), add('b2', [first], member('e'))]],
  ['[Q8] the oldest member stands in for the last admin', [alone, left, small.add('d', [left], member('f'))]],
  [
    '[Q9] the last settings in order count',
    [first, world.settings('b', [first], 'One'), world.settings('c', [gone], 'Two'), gone],
  ],
]

const rows = cases.map(([name, entries]) => {
  const group = open(entries)
  return {
    name,
    group: world.id,
    entries,
    members: [...(group.now?.members.values() ?? [])].map(({ person, role: is, isHeir }) => [
      person,
      is,
      isHeir,
    ]),
    roll: roll(group.now),
    title: group.now?.settings.name ?? null,
    verdicts: entries.map((entry) => group.verdicts.get(nameKey(entry))),
    heads: group.heads,
  }
})

const letters = [...'abcdef']
const persons = letters.flatMap((letter) =>
  [letter, `${letter}2`].map((name) => [deviceOf(name), personOf({ identity: deviceOf(name), root: null })]),
)
const salt = 'AAAAAAAAAAAAAAAAAAAAAA'
const names = {
  identity: deviceOf('a'),
  salt,
  group: groupId(deviceOf('a'), salt, sha256),
  operations: operationsConversation(world.id, sha256),
}
/** Five admins list the same people again and again: beyond the bounds of one person, and of the group. */
const crowded = createGroupWorld()
const crowd = Array.from({ length: 64 }, (_, index) => member(`crowd ${index}`))
const founded = crowded.create([...'bcde'].map((letter) => member(letter, 'admin')))
const adds = [...'abcde'].flatMap((letter) =>
  Array.from({ length: 33 }, () => crowded.add(letter, [founded], ...crowd)),
)
const full = crowded.open([founded, ...adds])
const bounds = {
  create: founded,
  listed: crowd,
  adds: adds.map(({ identity, content, comparable }) => [identity, content, comparable]),
  verdicts: adds.map((entry) => full.verdicts.get(nameKey(entry))),
}
/** A line of each that is one of many. */
const text = JSON.stringify({ names, persons, rows, bounds }, null, 1).replace(
  /\[\s+("did:key:\w+"),\s+("\w+"),\s+(\d+)\s+\]/g,
  '[$1, $2, $3]',
)
writeFileSync(new URL('../../../spec/vectors/groups.json', import.meta.url), `${text}\n`)
