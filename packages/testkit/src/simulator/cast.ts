/**
 * Who takes part, and who follows whom: a small world.
 *
 *     ring, everybody follows the next two on each side ─ one in five follows rewired ─▶ follows
 *
 * @module
 */
import type { Random } from '../seed.ts'

const firstNames = [
  'ada',
  'bob',
  'cleo',
  'dan',
  'eve',
  'finn',
  'gus',
  'hana',
  'ivo',
  'june',
  'kit',
  'lea',
  'max',
  'nia',
  'otto',
  'pia',
  'quin',
  'rosa',
  'sam',
  'tess',
]

/** `count` names, the first twenty without a number. */
export function namesOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const name = firstNames[index % firstNames.length] as string
    return index < firstNames.length ? name : `${name}${Math.floor(index / firstNames.length) + 1}`
  })
}

/** Neighbours on each side. */
const reach = 2

/** Whom each one follows. */
export function smallWorld(
  people: readonly string[],
  random: Random,
): ReadonlyMap<string, readonly string[]> {
  return new Map(
    people.map((name, at) => {
      const follows = new Set<string>()
      for (let step = 1; step <= reach; step++) {
        for (const side of [-step, step]) {
          const near = people[(at + side + people.length) % people.length] as string
          follows.add(random.chance(0.2) ? random.pick(people) : near)
        }
      }
      follows.delete(name)
      return [name, [...follows]]
    }),
  )
}
