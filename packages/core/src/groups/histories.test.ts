/**
 * Random lives of a group (spec Q, T21): people who know different parts of it change it and write in it, some of
 * whom are liars. Whatever comes when, all end with the same group, and who reads is who was a member as the author knew.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createGroupWorld, deviceOf, endOf, member, personOf, sha256 } from '../../test/group-world.ts'
import { encodeBase64url, type GroupEntry, utf8 } from '../index.ts'
import {
  type GroupKey,
  groupKeys,
  type HandOut,
  keyToWrite,
  nameKey,
  nextGeneration,
  type ReaderPrints,
  withoutKey,
} from './index.ts'

const letters = [...'abcdef']

type Act =
  | { readonly type: 'add' | 'remove' | 'raise' | 'lower'; readonly by: number; readonly whom: number }
  | { readonly type: 'leave' | 'rename' | 'message'; readonly by: number }
  /** Some of what one knows, another gets. */
  | { readonly type: 'meet'; readonly by: number; readonly whom: number; readonly part: number }
  /** Builds on something old, or hands out a key as if nothing had happened. */
  | {
      readonly type: 'backdate' | 'inject'
      readonly by: number
      readonly whom: number
      readonly part: number
    }

const person = fc.nat(letters.length - 1)
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom('add', 'remove', 'raise', 'lower'),
      by: person,
      whom: person,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom('message', 'message', 'message', 'leave', 'rename'),
      by: person,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('meet' as const), by: person, whom: person, part: fc.nat(99) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constantFrom('backdate', 'inject'),
      by: person,
      whom: person,
      part: fc.nat(99),
    }),
  },
) as fc.Arbitrary<Act>

/** One device each; its print is the person's letter. */
const readers: ReaderPrints = (name) => ({ now: [name], gone: [] })
const hashOf = (key: string) => encodeBase64url(sha256(utf8(key)))

interface Message {
  readonly key: string
  readonly author: string
  readonly readers: readonly string[]
}

function live(acts: readonly Act[], history: boolean) {
  const world = createGroupWorld()
  const first = world.create([member('b', 'admin'), member('c')], history)
  const operations: GroupEntry[] = [first]
  const handOuts: HandOut[] = []
  const messages: Message[] = []
  const known = new Map(letters.map((letter) => [letter, new Set<GroupEntry | HandOut>([first])]))
  const mine = (letter: string) => [...known.get(letter)!]
  const viewOf = (letter: string) => world.open(mine(letter).filter((one) => 'payload' in one))
  const handOutsOf = (letter: string) => mine(letter).filter((one) => 'giver' in one)

  function say(letter: string, operation: GroupEntry): void {
    operations.push(operation)
    known.get(letter)!.add(operation)
  }

  function give(letter: string, handOut: HandOut): void {
    handOuts.push(handOut)
    known.get(letter)!.add(handOut)
  }

  function message(letter: string): void {
    const group = viewOf(letter)
    const state = group.at(group.heads)
    if (state === null || !state.members.has(letter)) return
    const { keys } = groupKeys(group, handOutsOf(letter), personOf, hashOf)
    const giver = deviceOf(letter)
    const knows = group.heads
    const mayRead = (key: GroupKey) => key.prints.has(letter)
    let key = keyToWrite(keys.filter(mayRead), state, readers)
    if (key === null) {
      const made = hashOf(`key ${handOuts.length}`)
      const to = [...state.members.keys()]
      give(letter, {
        giver,
        comparable: handOuts.length,
        generation: nextGeneration(keys),
        key: made,
        former: [],
        knows,
        prints: to,
      })
    } else {
      const to = withoutKey(key, state, readers)
      const { generation } = key
      if (to.length > 0)
        give(letter, {
          giver,
          comparable: handOuts.length,
          generation,
          key: key.key,
          former: [],
          knows,
          prints: to,
        })
    }
    const again = groupKeys(group, handOutsOf(letter), personOf, hashOf)
    key = keyToWrite(again.keys.filter(mayRead), state, readers)!
    // Exactly the members as the author knew them (T21).
    const members = [...state.members.keys()].sort()
    expect([...key.prints].sort()).toEqual(members)
    messages.push({ key: key.key, author: letter, readers: members })
  }

  for (const one of acts) {
    const by = letters[one.by]!
    const whom = 'whom' in one ? letters[one.whom]! : by
    const mineNow = mine(by).filter((some) => 'payload' in some)
    const heads = viewOf(by).heads as readonly GroupEntry[]
    switch (one.type) {
      case 'add':
        say(by, world.add(by, heads, member(whom)))
        break
      case 'remove':
        say(by, world.remove(by, heads, whom))
        break
      case 'raise':
        say(by, world.role(by, heads, member(whom, 'admin')))
        break
      case 'lower':
        say(by, world.role(by, heads, member(whom)))
        break
      case 'rename':
        say(by, world.settings(by, heads, `By ${by}`, history))
        break
      case 'leave':
        say(by, world.leave(by, heads))
        break
      case 'message':
        message(by)
        break
      case 'meet': {
        const all = mine(by)
        for (const [index, some] of all.entries()) {
          if ((index * 37 + one.part) % 4 !== 0) known.get(whom)!.add(some)
        }
        break
      }
      case 'backdate':
        say(by, world.remove(by, [mineNow[one.part % mineNow.length]!], whom))
        break
      case 'inject': {
        const old = mineNow[one.part % mineNow.length]!
        const key = hashOf(`injected ${handOuts.length}`)
        give(by, {
          giver: deviceOf(by),
          comparable: handOuts.length,
          generation: 1 + one.part,
          key,
          former: [],
          knows: [old],
          prints: letters,
        })
      }
    }
  }
  return { world, operations, handOuts, messages }
}

test('[Q5] [Q7] [Q10] [T21] the same end everywhere, and exactly the members as the author knew them read', () => {
  fc.assert(
    fc.property(
      fc.array(act, { minLength: 5, maxLength: 60 }),
      fc.boolean(),
      fc.infiniteStream(fc.nat(1_000_000)),
      (acts, history, chances) => {
        const { world, operations, handOuts, messages } = live(acts, history)
        const shuffled = operations
          .map((operation) => ({ operation, chance: chances.next().value as number }))
          .sort((a, b) => a.chance - b.chance)
          .map(({ operation }) => operation)
        const group = world.open(operations)
        expect(endOf(world.open(shuffled))).toEqual(endOf(group))
        // Nothing waits but what builds on what somebody wrote whom nobody ever let in: no honest device does.
        for (const one of operations) {
          if (group.verdicts.get(nameKey(one)) !== 'waits') continue
          const below = one.payload.knows.map((name) => group.verdicts.get(nameKey(name)))
          expect(below.some((verdict) => verdict === 'waits' || verdict === 'not-member')).toBe(true)
        }
        // A group with members has an admin.
        const members = [...(group.now?.members.values() ?? [])]
        expect(members.length === 0 || members.some(({ role }) => role === 'admin')).toBe(true)

        for (const message of messages) {
          const given = handOuts.filter(({ key }) => key === message.key)
          const holders = new Set(given.flatMap(({ prints }) => prints))
          for (const reader of message.readers) expect(holders).toContain(reader)
          // Without history nobody else ever does; with it those to whom a member gave it later.
          const others = [...holders].filter((holder) => !message.readers.includes(holder))
          if (!history) expect(others).toEqual([])
          for (const other of others) {
            const later = given.filter(({ prints }) => prints.includes(other))
            expect(later.some(({ knows }) => group.at(knows)?.members.has(other))).toBe(true)
          }
        }
      },
    ),
    { numRuns: 300 },
  )
}, 30_000)
