/**
 * The operations of one group as what they are: each builds on those that its author knew (spec Q2, Q3).
 *
 *     operations in any order ─▶ those whose whole past is here, by (depth, content); the others wait
 *
 * @module
 */
import type { ContentName } from '../payloads/base-fields.ts'
import type { Sha256 } from '../ports.ts'
import { admitted } from './admitted.ts'
import { type Bits, createBits } from './bits.ts'
import {
  compareNames,
  type GroupEntry,
  isCreation,
  listed,
  maxListed,
  maxListedByPerson,
  maxOperations,
  maxOperationsOfPerson,
  nameKey,
  type Person,
  type PersonOf,
} from './operation.ts'

/** `waits` for what it knows, `other` belongs to another creation, `too-many` above the bounds, `not-member` by whom nobody let in. */
export type PassedOver = 'waits' | 'other' | 'too-many' | 'not-member'

/** An operation in its place. */
export interface HistoryNode {
  readonly entry: GroupEntry
  readonly key: string
  readonly author: Person
  /** In the order of all; what it builds on comes before it. */
  readonly index: number
  /** The indexes of all that it builds on, directly or not. */
  readonly past: Bits
}

export interface History {
  readonly nodes: readonly HistoryNode[]
  readonly byKey: ReadonlyMap<string, HistoryNode>
  /** What is not looked at. */
  readonly passedOver: ReadonlyMap<string, PassedOver>
  /** All who are a member to somebody, and maybe others. */
  readonly people: ReadonlySet<Person>
}

export const emptyHistory: History = {
  nodes: [],
  byKey: new Map(),
  passedOver: new Map(),
  people: new Set(),
}

export function readHistory(
  group: string,
  entries: Iterable<GroupEntry>,
  personOf: PersonOf,
  sha256: Sha256,
): History {
  const all = new Map<string, GroupEntry>()
  for (const entry of entries) {
    const known = all.get(nameKey(entry))
    // One content may stand twice in a feed: its first place counts.
    const isFirst = known === undefined || entry.comparable < known.comparable
    if (entry.payload.group === group && isFirst) all.set(nameKey(entry), entry)
  }
  const author = (entry: GroupEntry): Person => personOf({ identity: entry.identity, root: null })
  const passedOver = new Map<string, PassedOver>()
  const create = firstCreation(all.values(), sha256)
  if (create === null) {
    for (const [key, { payload }] of all)
      passedOver.set(key, payload.operation === 'create' ? 'other' : 'waits')
    return { ...emptyHistory, passedOver }
  }
  for (const [key, { payload }] of all) {
    if (payload.operation !== 'create' || key === nameKey(create)) continue
    passedOver.set(key, 'other')
    all.delete(key)
  }
  for (const key of beyondShares(all.values(), author)) {
    passedOver.set(key, 'too-many')
    all.delete(key)
  }
  const people = admitted(create, all.values(), personOf)
  for (const [key, entry] of all) {
    if (people.has(author(entry))) continue
    passedOver.set(key, 'not-member')
    all.delete(key)
  }
  const reached = reach(create, all)
  for (const key of all.keys()) if (!reached.has(key)) passedOver.set(key, 'waits')
  const ordered = [...reached.values()].sort((a, b) => a.depth - b.depth || compareNames(a.entry, b.entry))
  const end = endOf(ordered)
  for (const { key } of ordered.slice(end)) passedOver.set(key, 'too-many')

  const byKey = new Map<string, HistoryNode>()
  const nodes = ordered.slice(0, end).map(({ entry, key }, index, { length }): HistoryNode => {
    const past = createBits(length)
    for (const known of entry.payload.knows) {
      const before = byKey.get(nameKey(known)) as HistoryNode
      past.add(before.index)
      past.addAll(before.past)
    }
    const node = { entry, key, author: author(entry), index, past }
    byKey.set(key, node)
    return node
  })
  return { nodes, byKey, passedOver, people }
}

/** The indexes of all that an author who knew these knew; null while one of them is not here. */
export function knownTo({ nodes, byKey }: History, knows: readonly ContentName[]): Bits | null {
  const known = createBits(nodes.length)
  for (const name of knows) {
    const node = byKey.get(nameKey(name))
    if (node === undefined) return null
    known.add(node.index)
    known.addAll(node.past)
  }
  return known
}

/** Of several that one creator made under one name, the least: nobody else could. */
function firstCreation(entries: Iterable<GroupEntry>, sha256: Sha256): GroupEntry | null {
  let first: GroupEntry | null = null
  for (const entry of entries) {
    if (!isCreation(entry, sha256)) continue
    if (first === null || compareNames(entry, first) < 0) first = entry
  }
  return first
}

function* beyondShares(
  entries: Iterable<GroupEntry>,
  author: (entry: GroupEntry) => Person,
): Iterable<string> {
  const shares = Map.groupBy(entries, author)
  for (const share of shares.values()) {
    share.sort((a, b) => a.comparable - b.comparable || compareNames(a, b))
    let count = 0
    let names = 0
    for (const entry of share) {
      const more = listed(entry).length
      // One that lists fewer may have room yet, as leaving always has.
      if (count === maxOperationsOfPerson || names + more > maxListedByPerson) yield nameKey(entry)
      else {
        count++
        names += more
      }
    }
  }
}

/** How many of a group, in their order, are looked at. */
function endOf(ordered: readonly Reached[]): number {
  let names = 0
  const end = ordered.findIndex(({ entry }, index) => {
    names += listed(entry).length
    return index === maxOperations || names > maxListed
  })
  return end < 0 ? ordered.length : end
}

interface Reached {
  readonly entry: GroupEntry
  readonly key: string
  /** Operations on the longest way from the creation. */
  readonly depth: number
}

/** All whose whole past is here. */
function reach(create: GroupEntry, all: ReadonlyMap<string, GroupEntry>): Map<string, Reached> {
  const waiting = new Map<string, { readonly entry: GroupEntry; missing: number; depth: number }>()
  const waitedFor = new Map<string, string[]>()
  for (const [key, entry] of all) {
    const knows = new Set(entry.payload.knows.map(nameKey))
    waiting.set(key, { entry, missing: knows.size, depth: 0 })
    for (const known of knows) {
      const dependents = waitedFor.get(known)
      if (dependents === undefined) waitedFor.set(known, [key])
      else dependents.push(key)
    }
  }
  const reached = new Map<string, Reached>()
  const next: Reached[] = [{ entry: create, key: nameKey(create), depth: 0 }]
  for (let one = next.pop(); one !== undefined; one = next.pop()) {
    reached.set(one.key, one)
    for (const key of waitedFor.get(one.key) ?? []) {
      const state = waiting.get(key)
      if (state === undefined) continue
      state.depth = Math.max(state.depth, one.depth + 1)
      if (--state.missing === 0) next.push({ entry: state.entry, key, depth: state.depth })
    }
  }
  return reached
}
