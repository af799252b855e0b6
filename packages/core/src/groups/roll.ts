/**
 * Who is in a group and who is an admin, from the operations that count, at any point of its history (spec Q4 to Q6).
 *
 *     grants, removals of a person ─▶ a grant stands when its author knew of every removal ─▶ member, admin, seniority
 *
 * @module
 */
import { areBothIn, type Bits, createBits } from './bits.ts'
import type { HistoryNode } from './history.ts'
import type { Person } from './operation.ts'

/** What one operation that counts says of one person. */
interface Statement {
  readonly by: HistoryNode
  /** Its place in the operation's list; the creator comes before the list. */
  readonly place: number
}

interface Record {
  /** What makes a member, in the order of all. */
  readonly joins: Statement[]
  /** What makes an admin of a member, in the order of all. */
  readonly promotions: Statement[]
  /** Operations that demote or remove. */
  readonly demotions: Bits
  readonly removals: Bits
}

export type Loss = 'demotions' | 'removals'

/** Orders people by who came first: less is more senior. */
export interface Rank {
  /** 0 an admin by an operation; 1 the oldest member where no admin is left; 2 nobody in charge. */
  readonly level: 0 | 1 | 2
  readonly index: number
  readonly place: number
}

export function compareRanks(a: Rank, b: Rank): number {
  return a.level - b.level || a.index - b.index || a.place - b.place
}

export interface Roll {
  /** Operations are written in their order. */
  grant(kind: 'joins' | 'promotions', person: Person, by: HistoryNode, place: number): void
  take(kind: Loss, person: Person, by: HistoryNode): void
  isMember(person: Person, view: Bits): boolean
  /** Null when it is no member. */
  rank(person: Person, view: Bits): Rank | null
  people(): Iterable<Person>
}

/** `size`: operations at most. Questions are asked of a view: the operations that are counted in, all of which are written by then. */
export function createRoll(size: number): Roll {
  const records = new Map<Person, Record>()
  /** Who was ever made an admin: few. */
  const promoted = new Set<Person>()
  /** What made members, of all, in the order of all. */
  const joins: (readonly [Person, Statement])[] = []
  /** Of the view that was asked about last: asked for each of its people. */
  let heir: { readonly view: Bits; readonly person: Person | null } | null = null

  function recordOf(person: Person): Record {
    const known = records.get(person)
    if (known !== undefined) return known
    const record = { joins: [], promotions: [], demotions: createBits(size), removals: createBits(size) }
    records.set(person, record)
    return record
  }

  function joined(person: Person, view: Bits): Statement | null {
    const record = records.get(person)
    return record === undefined ? null : first(record.joins, view, [record.removals])
  }

  function promotedBy(person: Person, view: Bits): Statement | null {
    const record = promoted.has(person) ? records.get(person) : undefined
    if (record === undefined || joined(person, view) === null) return null
    return first(record.promotions, view, [record.removals, record.demotions])
  }

  /** Who takes the place of the last admin that went. */
  function oldest(view: Bits): Person | null {
    for (const person of promoted) if (promotedBy(person, view) !== null) return null
    for (const [person, grant] of joins) if (stands(grant, view, [recordOf(person).removals])) return person
    return null
  }

  function heirIn(view: Bits): Person | null {
    if (heir?.view !== view) heir = { view, person: oldest(view) }
    return heir.person
  }

  return {
    grant(kind, person, by, place) {
      const statement = { by, place }
      recordOf(person)[kind].push(statement)
      if (kind === 'promotions') promoted.add(person)
      else joins.push([person, statement])
    },
    take: (kind, person, by) => recordOf(person)[kind].add(by.index),
    isMember: (person, view) => joined(person, view) !== null,
    rank(person, view) {
      const since = joined(person, view)
      if (since === null) return null
      const promotion = promotedBy(person, view)
      const { by, place } = promotion ?? since
      const level = promotion !== null ? 0 : heirIn(view) === person ? 1 : 2
      return { level, index: by.index, place }
    },
    people: () => records.keys(),
  }
}

function first(grants: readonly Statement[], view: Bits, against: readonly Bits[]): Statement | null {
  return grants.find((grant) => stands(grant, view, against)) ?? null
}

/** Its author knew all that speaks against it. */
function stands({ by }: Statement, view: Bits, against: readonly Bits[]): boolean {
  if (!view.has(by.index)) return false
  for (const losses of against) if (!areBothIn(losses, view, by.past)) return false
  return true
}
