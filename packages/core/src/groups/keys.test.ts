/** Which key counts, and under which a message is written (spec Q12 to Q16). */
import { describe, expect, test } from 'vitest'
import { createGroupWorld, deviceOf, member, personOf, sha256 } from '../../test/group-world.ts'
import { encodeBase64url, type GroupEntry, utf8 } from '../index.ts'
import {
  groupKeys,
  type HandOut,
  keyToWrite,
  nextGeneration,
  type OpenGroup,
  openGroup,
  type ReaderPrints,
  withoutKey,
} from './index.ts'

const world = createGroupWorld()
const first = world.create([member('b', 'admin'), member('c')])
const bareKey = (name: string) => encodeBase64url(sha256(utf8(name)))
const hashOf = (key: string) => bareKey(`hash of ${key}`)

/** Everybody has one device, whose print is its person's letter. */
const readers: ReaderPrints = (person) => ({ now: [person], gone: [] })

let count = 0

function handOut(
  giver: string,
  knows: readonly GroupEntry[],
  to: string,
  options: Partial<HandOut> & { readonly name?: string } = {},
): HandOut {
  const { name = 'one', ...rest } = options
  return {
    giver: deviceOf(giver),
    comparable: ++count,
    generation: 1,
    key: bareKey(name),
    former: [],
    knows,
    prints: [...to],
    ...rest,
  }
}

const keysOf = (group: OpenGroup, ...handOuts: readonly HandOut[]) =>
  groupKeys(group, handOuts, personOf, hashOf)

function writtenUnder(group: OpenGroup, handOuts: readonly HandOut[], who: ReaderPrints = readers) {
  const { keys } = keysOf(group, ...handOuts)
  return keyToWrite(keys, group.now!, who)
}

test('[Q12] [T28] a key counts from whoever was a member by what they knew, and from nobody else', () => {
  const gone = world.remove('a', [first], 'b')
  const group = world.open([first, gone])
  const good = handOut('c', [gone], 'ac')
  const stranger = handOut('d', [gone], 'acd', { name: 'stranger' })
  const removed = handOut('b', [gone], 'abc', { name: 'removed' })
  const early = handOut('b', [first], 'abc', { name: 'early' })
  const { keys, refused, waiting } = keysOf(group, good, stranger, removed, early)
  expect(keys.map(({ key }) => key).sort()).toEqual([bareKey('one'), bareKey('early')].sort())
  expect(refused).toEqual([removed])
  // Nobody here let the stranger in.
  expect(waiting).toBe(1)
  expect(keysOf(world.open([first]), good).waiting).toBe(1)
})

describe('what is judged of many hand-outs', () => {
  const steps = [first]
  while (steps.length < 85) steps.push(world.settings('b', [steps.at(-1)!], `${steps.length}`))
  const group = world.open(steps)
  /** Counts which states are asked for. */
  function watched() {
    const asked = new Set<string>()
    const at: OpenGroup['at'] = (knows) => {
      asked.add(knows.map(({ content }) => content).join())
      return group.at(knows)
    }
    return { asked, group: { ...group, at } }
  }
  const each = (giver: string) =>
    steps.map((step, at) => handOut(giver, [step], 'abc', { name: `${giver} ${at}` }))

  test('[Q12] [Q16] all of a long life: what was written under the first key counts as long as the last', () => {
    const { keys, waiting } = keysOf(group, ...each('b'))
    expect([keys.length, waiting]).toEqual([steps.length, 0])
  })

  test('[Q12] [T16] of one giver the newest, by what it costs to judge what they knew, by whichever device', () => {
    const { asked, group } = watched()
    const given = each('b').map((one, at) => (at % 2 ? { ...one, giver: deviceOf('b2') } : one))
    const again = handOut('b', [steps.at(-1)!], 'abc', { name: 'the same' })
    // The operations of the last ten, each with what it builds on; two names are in the first of all.
    const ten = steps.slice(-10).reduce((sum, _, at) => sum + steps.length - at + 2, 0)
    const handOuts = [handOut('c', [first], 'abc'), ...given, again]
    const { keys, waiting } = groupKeys(group, handOuts, personOf, hashOf, ten)
    // The same ones in whatever order they came.
    expect(groupKeys(group, handOuts.toReversed(), personOf, hashOf, ten).keys).toEqual(keys)
    expect(asked.size).toBe(10 + 1)
    expect(waiting).toBe(steps.length - 10)
    const names = [...given.slice(-10).map(({ key }) => key), again.key, bareKey('one')]
    expect(keys.map(({ key }) => key).sort()).toEqual(names.sort())
  })

  test('[Q12] [T16] nothing for whom nobody let in', () => {
    const { asked, group } = watched()
    expect(keysOf(group, ...each('d'))).toMatchObject({ keys: [], waiting: steps.length })
    expect(asked.size).toBe(0)
  })

  test('[Q10] [T16] what somebody knew is judged once, whatever is added to the group', () => {
    let judged = 0
    const counted: typeof personOf = (account) => {
      judged++
      return personOf(account)
    }
    const open = (more: readonly GroupEntry[], before?: OpenGroup['states']) =>
      openGroup(world.id, [...steps, ...more], counted, sha256, before)
    const early = open([])
    for (const step of steps) early.at([step])
    const later = open([world.remove('a', [first], 'b')], early.states)
    judged = 0
    for (const step of steps.slice(0, -1)) expect(later.at([step])).toBe(early.at([step]))
    expect(judged).toBe(0)
    // What is not here any more is known to nobody.
    expect(openGroup(world.id, [first], personOf, sha256, early.states).at([steps[1]!])).toBeNull()
  })
})

describe('under which key a message is written', () => {
  test('[Q13] [T21] not under a former key, whose giver was removed and erased that they have it', () => {
    const gone = world.remove('a', [first], 'b')
    const joined = world.add('a', [gone], member('d'))
    const group = world.open([first, gone, joined])
    // As great as a generation can be: no later one is greater.
    const great = { name: 'great', generation: 2 ** 31 }
    const erased = handOut('b', [first], 'abc', great)
    const after = handOut('a', [gone], 'ac', { name: 'after', generation: 7 })
    const former = [[great.generation, bareKey('great')]] as const
    const toNewcomer = handOut('a', [joined], 'acd', { name: 'after', generation: 7, former })
    for (const given of [
      [erased, after, toNewcomer],
      [after, toNewcomer],
    ]) {
      expect(writtenUnder(group, given)?.key).toBe(bareKey('after'))
    }
  })

  test('[Q14] the greatest (generation, hash), whoever gave it', () => {
    const group = world.open([first])
    const given = [
      handOut('a', [first], 'abc', { name: 'one' }),
      handOut('b', [first], 'abc', { name: 'two', generation: 2 }),
      handOut('c', [first], 'abc', { name: 'three', generation: 2 }),
    ]
    const greatest = hashOf(bareKey('two')) > hashOf(bareKey('three')) ? 'two' : 'three'
    expect(writtenUnder(group, given)?.key).toBe(bareKey(greatest))
    expect(writtenUnder(group, given.toReversed())?.key).toBe(bareKey(greatest))
    expect(nextGeneration(keysOf(group, ...given).keys)).toBe(3)
    expect(nextGeneration([])).toBe(1)
  })

  test('[Q13] under none that somebody has who was removed or left', () => {
    const gone = world.remove('a', [first], 'c')
    const old = handOut('a', [first], 'abc')
    expect(writtenUnder(world.open([first, gone]), [old])).toBeNull()
    expect(writtenUnder(world.open([first, world.leave('b', [first])]), [old])).toBeNull()
    const next = handOut('a', [gone], 'ab', { name: 'two', generation: 2 })
    expect(writtenUnder(world.open([first, gone]), [old, next])?.generation).toBe(2)
  })

  test('[Q13] under none that a revoked device has, and the new one is given to the others', () => {
    const group = world.open([first])
    const old = handOut('a', [first], 'abc')
    const lost: ReaderPrints = (person) => (person === 'c' ? { now: ['d'], gone: ['c'] } : readers(person))
    expect(writtenUnder(group, [old], lost)).toBeNull()
    // Of a person of whom nothing is known here any print may be theirs; but not one that is known to be gone.
    const vague: ReaderPrints = (person) => (person === 'b' ? null : readers(person))
    expect(writtenUnder(group, [handOut('a', [first], 'acx')], vague)).not.toBeNull()
    expect(writtenUnder(group, [handOut('a', [first], 'acx')])).toBeNull()
    expect(writtenUnder(group, [old], (person) => (person === 'b' ? null : lost(person)))).toBeNull()
  })

  test('[Q13] [T16] what somebody lists and revokes stays a key of the member who reads with it', () => {
    const listed: ReaderPrints = (person) => ({ now: [person], gone: person === 'c' ? ['b'] : [] })
    const group = world.open([first])
    expect(writtenUnder(group, [handOut('a', [first], 'abc')], listed)).not.toBeNull()
    const without = world.open([first, world.remove('a', [first], 'b')])
    expect(writtenUnder(without, [handOut('a', [first], 'abc')], listed)).toBeNull()
  })

  test('[Q13] [Q15] a former key without history is meant for no newcomer, whoever passes it on and when', () => {
    const silent = createGroupWorld('b')
    const begin = silent.create([member('c')], false)
    const wider = silent.add('b', [begin], member('d'))
    const shown = silent.settings('b', [wider], 'Us', true)
    const group = silent.open([begin, wider, shown])
    const one = handOut('b', [begin], 'bc')
    const former = [[1, bareKey('one')]] as const
    const two = { name: 'two', generation: 2 }
    const meantOf = (...given: readonly HandOut[]) =>
      keysOf(group, ...given).keys.map(({ meant }) => [...meant].sort().join(''))
    const next = handOut('b', [wider], 'bcd', two)
    for (const knows of [wider, shown]) {
      const passed = handOut('b', [knows], 'bc', { ...two, former })
      expect(meantOf(one, next, passed)).toEqual(['bcd', 'bc'])
      // Nor is it written under again, when the newer one is not fit any more.
      expect(keyToWrite(keysOf(group, one, next, passed).keys.slice(1), group.now!, readers)).toBeNull()
    }
    // With history they get it, and so do their new devices when there is none any more.
    const open = createGroupWorld('b')
    const start = open.create([member('c')])
    const more = open.add('b', [start], member('d'))
    const over = open.settings('b', [more], 'Us', false)
    const given = [
      handOut('b', [start], 'bc'),
      handOut('b', [more], 'bcd', { ...two, former }),
      handOut('b', [over], 'bcd', { ...two, former }),
    ]
    const { keys } = keysOf(open.open([start, more, over]), ...given)
    expect(keys.map(({ meant, isLasting }) => [[...meant].sort().join(''), isLasting])).toEqual([
      ['bcd', false],
      ['bcd', true],
    ])
  })

  test('[Q15] who has it not yet is given it; without history newcomers start a new generation', () => {
    const grown = world.add('a', [first], member('d'))
    const group = world.open([first, grown])
    const old = handOut('a', [first], 'abc')
    const key = writtenUnder(group, [old])!
    expect(withoutKey(key, group.now!, readers)).toEqual(['d'])
    const given = handOut('a', [grown], 'd')
    expect(withoutKey(writtenUnder(group, [old, given])!, group.now!, readers)).toEqual([])

    const silent = createGroupWorld('b')
    const begin = silent.create([member('c')], false)
    const wider = silent.add('b', [begin], member('d'))
    const hidden = silent.open([begin, wider])
    const under = handOut('b', [begin], 'bc')
    expect(writtenUnder(hidden, [under])).toBeNull()
    expect(keyToWrite(keysOf(hidden, under).keys, hidden.now!, readers, true)).not.toBeNull()
    // A new device of who was there before is no newcomer.
    const more: ReaderPrints = (person) => ({ now: [person, `${person}2`], gone: [] })
    expect(withoutKey(writtenUnder(silent.open([begin]), [under], more)!, hidden.now!, more)).toContain('c')
  })

  test('[Q12] a key that another one carries is given with it', () => {
    const group = world.open([first])
    const { keys } = keysOf(
      group,
      handOut('a', [first], 'abc', { name: 'two', generation: 2, former: [[1, bareKey('one')]] }),
    )
    expect(keys.map(({ generation, prints }) => [generation, [...prints].join('')])).toEqual([
      [2, 'abc'],
      [1, 'abc'],
    ])
  })
})
