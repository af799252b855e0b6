/** Who is in a group, whoever did what at the same time (spec Q1 to Q9). */
import { describe, expect, test } from 'vitest'
import {
  createGroupWorld,
  deviceOf,
  endOf,
  member,
  personOf,
  roll,
  settings,
  sha256,
} from '../../test/group-world.ts'
import type { Identity } from '../names.ts'
import { admitted } from './admitted.ts'
import { type GroupEntry, maxOperationsOfPerson, nameKey, openGroup } from './index.ts'

const nobody = (number: number) => ({
  identity: `${number}` as Identity,
  root: null,
  role: 'member' as const,
})

const world = createGroupWorld()
const { add, remove, role, leave, open, create } = world
const first = create([member('a', 'admin'), member('b', 'admin'), member('c', 'admin'), member('d')])

/** The end, which is the same in whatever order they come. */
function judged(...entries: readonly GroupEntry[]) {
  const group = open(entries)
  expect(endOf(open(entries.toReversed()))).toEqual(endOf(group))
  return { group, end: roll(group.now), verdict: (entry: GroupEntry) => group.verdicts.get(nameKey(entry)) }
}

describe('the name of a group', () => {
  test('[Q1] is bound to who creates it: nobody else makes a group of that name', () => {
    const thief = createGroupWorld('d').write('d', [], {
      operation: 'create',
      members: [],
      ...settings('Mine'),
    })
    const copied: GroupEntry = { ...thief, payload: { ...thief.payload, group: world.id } }
    const { end, verdict } = judged(first, copied)
    expect(end).toBe('a* b* c* d')
    expect(verdict(copied)).toBe('other')
    expect(open([copied]).now).toBeNull()
  })

  test('[Q1] of two creations by one person the lesser counts, and nothing is built on the other', () => {
    const second = world.write('a', [], { operation: 'create', members: [member('e')], ...settings('Two') })
    const [counting, passed] = first.content < second.content ? [first, second] : [second, first]
    const group = open([first, second])
    const { verdicts } = group
    expect([verdicts.get(nameKey(counting)), verdicts.get(nameKey(passed))].sort()).toEqual([
      'counts',
      'other',
    ])
    const both = add('a', [first, second], member('f'))
    expect(judged(first, second, both).verdict(both)).toBe('waits')
  })
})

describe('operations', () => {
  test('[Q2] one that builds on what is not here waits, and what builds on it too', () => {
    const one = add('a', [first], member('e'))
    const two = add('b', [one], member('f'))
    expect(judged(first, two).verdict(two)).toBe('waits')
    expect(open([first, two]).at([two])).toBeNull()
    expect(judged(first, one, two).end).toBe('a* b* c* d e f')
    expect(judged(two, one).end).toBe('')
  })

  test('[Q4] only admins change a group, and only members say anything', () => {
    const byMember = add('d', [first], member('e'))
    const byStranger = leave('e', [first])
    const group = judged(first, byMember, byStranger)
    expect(group.end).toBe('a* b* c* d')
    expect(group.verdict(byMember)).toBe('not-admin')
    expect(group.verdict(byStranger)).toBe('not-member')
  })

  test('[Q4] a device speaks for its person', () => {
    const other = add('a2', [first], member('e'))
    expect(judged(first, other).end).toBe('a* b* c* d e')
    expect(judged(first, leave('c2', [first])).end).toBe('a* b* d')
  })

  test('[Q5] who is in it stays as they are when they are added again', () => {
    const again = add('a', [first], member('d', 'admin'), member('b'))
    expect(judged(first, again).end).toBe('a* b* c* d')
  })

  test('[Q5] who was removed is added again by whoever knew it', () => {
    const gone = remove('a', [first], 'b')
    const back = add('c', [gone], member('b'))
    expect(judged(first, gone, back).end).toBe('a* c* d b')
  })

  test('[Q6] nobody removes or demotes who was an admin before them; oneself one may', () => {
    const up = remove('c', [first], 'a', 'b')
    expect(judged(first, up).end).toBe('a* b* c* d')
    expect(judged(first, up).verdict(up)).toBe('senior')
    expect(judged(first, role('c', [first], member('b'))).end).toBe('a* b* c* d')
    expect(judged(first, remove('a', [first], 'b')).end).toBe('a* c* d')
    expect(judged(first, role('b', [first], member('c'))).end).toBe('a* b* c d')
    expect(judged(first, role('c', [first], member('c'))).end).toBe('a* b* c d')
  })

  test('[Q9] the settings that count are the last in the order of all', () => {
    const one = world.settings('a', [first], 'One')
    const two = world.settings('b', [one], 'Two')
    const aside = world.settings('c', [first], 'Aside')
    expect(open([first, aside, one, two]).now?.settings.name).toBe('Two')
    judged(first, one, two, aside)
  })
})

describe('at the same time', () => {
  test('[Q5] removal beats a concurrent add, and a concurrent promotion', () => {
    const gone = remove('a', [first], 'd')
    expect(judged(first, gone, role('b', [first], member('d', 'admin'))).end).toBe('a* b* c*')
    const out = remove('a', [first], 'e')
    const into = add('b', [first], member('e'))
    expect(judged(first, out, into).end).toBe('a* b* c* d')
    expect(judged(first, into, remove('a', [into], 'd'), out).end).toBe('a* b* c*')
  })

  test('[Q7] what a removed admin does meanwhile is lost, and all that others do because of it', () => {
    const gone = remove('a', [first], 'b')
    const brought = add('b', [first], member('e', 'admin'))
    const further = add('e', [brought], member('f'))
    const { end, verdict } = judged(first, gone, brought, further)
    expect(end).toBe('a* c* d')
    expect(verdict(brought)).toBe('overruled')
    expect(verdict(further)).toBe('not-member')
    // What they did before it was known to whoever removed them stands.
    expect(judged(first, brought, remove('a', [brought], 'b')).end).toBe('a* c* e* d')
  })

  test('[Q7] a demoted admin and one who left lose what they did meanwhile, too', () => {
    const lowered = role('a', [first], member('b'))
    expect(judged(first, lowered, add('b', [first], member('e'))).end).toBe('a* c* b d')
    const left = leave('b', [first])
    expect(judged(first, left, add('b2', [first], member('e'))).end).toBe('a* c* d')
  })

  test('[Q7] two admins who remove each other: who was one first stays', () => {
    const down = remove('b', [first], 'c')
    const up = remove('c', [first], 'b')
    expect(judged(first, down, up).end).toBe('a* b* d')
    // Not seen as an admin by the other, who is one for longer.
    const small = create([member('b', 'admin'), member('c'), member('d')])
    const padding = world.settings('a', [small], 'Later')
    const promoted = role('a', [padding], member('c', 'admin'))
    const early = remove('b', [small], 'c')
    const late = remove('c', [promoted], 'b')
    expect(judged(small, padding, promoted, early, late).end).toBe('a* b* d')
  })

  test('[Q7] [T28] a removed admin comes back by nothing that is written as if before', () => {
    const gone = remove('a', [first], 'b')
    const later = add('c', [gone], member('e'))
    const backdated = [
      add('b', [first], member('f', 'admin')),
      remove('b', [first], 'c'),
      remove('b2', [first], 'a'),
      role('b', [first], member('d', 'admin')),
      world.settings('b', [first], 'Mine'),
      leave('c', [first]),
    ].slice(0, 5)
    const group = judged(first, gone, later, ...backdated)
    expect(group.end).toBe('a* c* d e')
    expect(group.group.now?.settings.name).toBe('Us')
    // Whoever writes next is surprised by none of them again.
    const next = world.write('a', group.group.heads as never, { operation: 'settings', ...settings('Next') })
    expect(judged(first, gone, later, ...backdated, next).end).toBe('a* c* d e')
  })

  test('[Q8] a group without an admin is in the hands of its oldest member', () => {
    const alone = create([member('d'), member('e')])
    const left = leave('a', [alone])
    expect(judged(alone, left).end).toBe('d* e')
    expect(open([alone, left]).now?.members.get('d')?.isHeir).toBe(true)
    const more = add('d', [left], member('f', 'admin'))
    expect(judged(alone, left, more).end).toBe('f* d e')
    expect(judged(alone, left, add('e', [left], member('f'))).end).toBe('d* e')
    expect(judged(alone, left, leave('d', [left])).end).toBe('e*')
    expect(judged(alone, left, leave('d', [left]), leave('e', [left])).end).toBe('')
  })
})

describe('as somebody knew it', () => {
  test('[Q10] a part of the operations gives the group as it was to whoever knew that part', () => {
    const gone = remove('a', [first], 'b')
    const into = add('c', [first], member('e'))
    const group = open([first, gone, into])
    expect(roll(group.at([first]))).toBe('a* b* c* d')
    expect(roll(group.at([gone]))).toBe('a* c* d')
    expect(roll(group.at([into]))).toBe('a* b* c* d e')
    expect(group.at(group.heads)).toEqual(group.now)
    expect(group.heads).toHaveLength(2)
    expect(group.at([])).toBeNull()
  })

  test('[Q10] [T21] who leaves hundreds of times, or builds on a removal there, hides it from nobody', () => {
    const flood = Array.from({ length: 200 }, () => leave('d', [first]))
    const gone = remove('a', flood.slice(0, 24), 'c')
    const above = leave('d', [gone])
    for (const more of [[], [above]]) {
      const group = open([first, ...flood, gone, ...more])
      expect(roll(group.at(group.heads))).toBe('a* b*')
      expect(group.heads).toHaveLength(24)
      // One more operation knows as many again.
      const next = world.write('b', group.heads as never, { operation: 'settings', ...settings('Next') })
      expect(judged(first, ...flood, gone, ...more, next).end).toBe('a* b*')
    }
  })

  test('[Q10] [T21] nobody who was let in later crowds out what a senior admin did', () => {
    const crowd = Array.from({ length: 60 }, (_, at) => `crowd ${at}`)
    const into = add('b', [first], ...crowd.map((name) => member(name)))
    const left = crowd.map((name) => leave(name, [into]))
    const gone = remove('a', [into], 'b', 'c')
    const group = open([first, into, ...left, gone])
    expect(roll(group.at(group.heads)).startsWith('a* d ')).toBe(true)
  })

  test('[Q3] what one person wrote above the bound lets nobody in', () => {
    const many = Array.from({ length: maxOperationsOfPerson - 1 }, (_, index) =>
      world.settings('a', [first], `Name ${index}`),
    )
    const above = add('a', [first], member('e', 'admin'))
    const byLetIn = world.settings('e', [first], 'Mine')
    const { verdict } = judged(first, ...many, above, byLetIn)
    expect([many.at(-1)!, above, byLetIn].map(verdict)).toEqual(['counts', 'too-many', 'not-member'])
  })

  test('[Q3] [T16] a creator who lets a hundred thousand in and leaves is judged like any other', () => {
    const crowd = Array.from({ length: 2_046 }, (_, from) =>
      add('a', [first], ...Array.from({ length: 64 }, (_, at) => nobody(from * 64 + at))),
    )
    const people = admitted(first, [first, ...crowd, leave('a', [first])], ({ identity }) => identity)
    expect(people.size).toBe(4 + 2_046 * 64)
  })

  test('[Q3] who has listed as many as are looked at may still leave', () => {
    const crowd = Array.from({ length: 33 }, (_, from) =>
      add('b', [first], ...Array.from({ length: 64 }, (_, at) => nobody(from * 64 + at))),
    )
    const gone = leave('b', [first])
    const { verdict } = judged(first, ...crowd, gone)
    expect([crowd[31]!, crowd[32]!, gone].map(verdict)).toEqual(['overruled', 'too-many', 'counts'])
  })

  test('[Q8] of thousands without an admin the first who came is in charge', () => {
    const crowd = Array.from({ length: 31 }, (_, from) =>
      add('a', [first], ...Array.from({ length: 64 }, (_, at) => nobody(from * 64 + at))),
    )
    const gone = leave('a', crowd)
    const rest = [...'bc'].map((letter) => leave(letter, [first]))
    const group = open([first, ...crowd, gone, ...rest])
    expect(roll(group.now).startsWith('d* ')).toBe(true)
    expect(group.now?.members.size).toBe(1 + 31 * 64)
  })

  test('[Q3] nobody fills a group: of one person so many operations are looked at, the first', () => {
    const many = Array.from({ length: maxOperationsOfPerson + 2 }, (_, index) =>
      world.settings(index % 2 === 0 ? 'b' : 'b2', [first], `Name ${index}`),
    )
    const mine = add('a', [first], member('e'))
    const group = open([first, ...many, mine])
    expect([...group.verdicts.values()].filter((verdict) => verdict === 'too-many')).toHaveLength(2)
    expect(roll(group.now)).toBe('a* b* c* d e')
    // Too many branches to be known all: still at most 24.
    expect(group.heads).toHaveLength(24)
  })

  test('[Q3] [T28] who may let nobody in fills no group with the operations of others: removals still count', () => {
    const gone = remove('a', [first], 'd')
    const late = world.settings('a', [gone], 'Without d')
    const names = 'efghi'.split('')
    const lie = add('d', [first], ...names.map((name) => member(name, 'admin')))
    const flood = names.flatMap((name) =>
      Array.from({ length: maxOperationsOfPerson }, (_, at) => world.settings(name, [lie], `Flood ${at}`)),
    )
    const group = open([first, lie, ...flood, gone, late])
    expect(roll(group.now)).toBe('a* b* c*')
    expect(group.verdicts.get(nameKey(late))).toBe('counts')
    expect(group.verdicts.get(nameKey(flood[0] as GroupEntry))).toBe('not-member')
    // Nobody's feeds are fetched for it.
    expect([...group.named.keys()].sort()).toEqual(['a', 'b', 'c', 'd'])
  })

  test('[Q3] the heirs of admins let people in, whoever else was made an admin meanwhile', () => {
    const alone = create([member('d')])
    const left = leave('a', [alone])
    const more = add('d', [left], member('e'))
    const aside = add('a', [alone], member('f', 'admin'))
    const name = world.settings('d', [more], 'Ours')
    const said = leave('e', [name])
    const { verdict } = judged(alone, left, more, aside, name, said)
    expect([more, name, said].map(verdict)).toEqual(['counts', 'counts', 'counts'])
  })

  test('[Q4] who a device belongs to may become known later', () => {
    const stranger = member('q')
    const entries = [first, add('a', [first], stranger), leave('q', [first])]
    const alone = openGroup(world.id, entries, personOf, sha256)
    expect(roll(alone.now)).toContain(deviceOf('q'))
    const known = openGroup(
      world.id,
      entries,
      (account) => (account.identity === deviceOf('q') ? 'd' : personOf(account)),
      sha256,
    )
    // It is d's other device, so d has left.
    expect(roll(known.now)).toBe('a* b* c*')
  })
})
