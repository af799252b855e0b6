/**
 * A group as its operations make it (spec Q): now, and as anyone knew it who knew a part of them.
 *
 *     operations, in any order ─openGroup▶ now: members, settings, heads     at(what an author knew): its readers
 *
 * @module
 */

import type { Identity } from '../names.ts'
import type { Account } from '../payloads/accounts.ts'
import type { ContentName } from '../payloads/base-fields.ts'
import { maxKnown } from '../payloads/limits.ts'
import type { GroupMember, GroupSettings } from '../payloads/schemas/group.ts'
import type { Sha256 } from '../ports.ts'
import { type Bits, createBits } from './bits.ts'
import { type History, type HistoryNode, knownTo, readHistory } from './history.ts'
import { type Judgement, judge, type Refusal } from './judge.ts'
import { type GroupEntry, listed, nameKey, type Person, type PersonOf } from './operation.ts'
import { compareRanks, type Rank } from './roll.ts'

export interface GroupPerson {
  readonly person: Person
  /** As they were named last; a creator whom no list names stands by the device that wrote. */
  readonly account: Account
  readonly role: GroupMember['role']
  /** Made an admin by nobody, but the oldest member of a group without one. */
  readonly isHeir: boolean
}

export interface GroupState {
  /** The most senior first. */
  readonly members: ReadonlyMap<Person, GroupPerson>
  readonly settings: GroupSettings
  /** Of the operations that it was judged by, with the names in their lists: what that cost. */
  readonly size: number
}

export type OperationVerdict = 'counts' | Refusal | 'waits' | 'other' | 'too-many'

export interface OpenGroup {
  readonly group: string
  /** Null while the creation is not here: nothing is known then. */
  readonly now: GroupState | null
  /** What an operation, a hand-out or a message that is written now knows: at most 24. Empty while nothing is known. */
  readonly heads: readonly ContentName[]
  /** Of every operation given, by `nameKey`. */
  readonly verdicts: ReadonlyMap<string, OperationVerdict>
  /** Everybody whom an operation names that counts, or was overruled, past members too: their feeds hold the operations. */
  readonly named: ReadonlyMap<Person, Account>
  /** The devices by which somebody was let in without an account: a removal names them too, since they may be in another account later. */
  readonly alone: ReadonlyMap<Person, ReadonlySet<Identity>>
  /** All who are a member to somebody, and maybe others. */
  readonly people: ReadonlySet<Person>
  /** What `at` was asked for, by names. */
  readonly states: ReadonlyMap<string, GroupState | null>
  /** As it was to whoever knew these, and all below them; null while one of them is not here, or for none. */
  at(knows: readonly ContentName[]): GroupState | null
}

/** Of concurrent branches those that many are built upon next: as many as a payload names (P15). */
export const maxHeads: number = maxKnown

/** What somebody knew, in a word. */
export const knownKey = (knows: readonly ContentName[]): string => knows.map(nameKey).sort().join('\n')

/**
 * Judges all operations of one group alike, in whatever order they are given. `before`: its `states` as they were with
 * fewer operations, with the same `personOf`: what somebody knew stays what it is.
 */
export function openGroup(
  group: string,
  entries: Iterable<GroupEntry>,
  personOf: PersonOf,
  sha256: Sha256,
  before?: OpenGroup['states'],
): OpenGroup {
  const history = readHistory(group, entries, personOf, sha256)
  const judgement = judge(history, personOf)
  const states = new Map<string, GroupState | null>()
  const now = stateOf(history, judgement, personOf)
  const heads = headsOf(history, judgement, now?.members.keys() ?? [])

  function at(knows: readonly ContentName[]): GroupState | null {
    const key = knownKey(knows)
    let state = states.get(key)
    if (state === undefined) {
      const within = knows.length === 0 ? null : knownTo(history, knows)
      state = within && (before?.get(key) ?? stateOf(history, judgeWithin(within), personOf, within))
      states.set(key, state)
    }
    return state
  }

  function judgeWithin(within: Bits): Judgement {
    return history.nodes.every(({ index }) => within.has(index))
      ? judgement
      : judge(history, personOf, within)
  }

  return {
    group,
    now,
    heads,
    verdicts: verdictsOf(history, judgement),
    named: accountsOf(heardOf(history, judgement), personOf),
    alone: aloneOf(history, judgement, personOf),
    people: history.people,
    states,
    at,
  }
}

function stateOf(
  { nodes }: History,
  { roll, counting }: Judgement,
  personOf: PersonOf,
  within?: Bits,
): GroupState | null {
  let size = 0
  for (const { index, entry } of nodes) if (within?.has(index) !== false) size += 1 + listed(entry).length
  const counted = nodes.filter(({ index }) => counting.has(index))
  const settings = counted.findLast(hasSettings)?.entry.payload
  if (settings === undefined) return null
  const accounts = accountsOf(counted, personOf)
  const ranked: (GroupPerson & { readonly rank: Rank })[] = []
  for (const person of roll.people()) {
    const rank = roll.rank(person, counting)
    const account = accounts.get(person)
    if (rank === null || account === undefined) continue
    const role = rank.level === 2 ? 'member' : 'admin'
    ranked.push({ person, account, role, isHeir: rank.level === 1, rank })
  }
  ranked.sort((a, b) => compareRanks(a.rank, b.rank))
  const { name, about, avatar, history } = settings as GroupSettings
  return {
    members: new Map(ranked.map(({ rank: _, ...member }) => [member.person, member])),
    settings: { name, about, avatar, history },
    size,
  }
}

function hasSettings({ entry: { payload } }: HistoryNode): boolean {
  return payload.operation === 'create' || payload.operation === 'settings'
}

/** The accounts that lists name; of authors whom none names the device. */
function accountsOf(nodes: readonly HistoryNode[], personOf: PersonOf): Map<Person, Account> {
  const accounts = new Map<Person, Account>()
  for (const { entry, author } of nodes) {
    const { identity } = entry
    if (!accounts.has(author)) accounts.set(author, { identity, root: null })
    for (const account of listed(entry)) {
      const { identity: key, root } = account
      const known = accounts.get(personOf(account))
      if (known?.root == null || root !== null) accounts.set(personOf(account), { identity: key, root })
    }
  }
  return accounts
}

/** What somebody said who could say it: what others say names nobody whose feeds would be fetched. */
function heardOf({ nodes }: History, { counting, refused }: Judgement): readonly HistoryNode[] {
  return nodes.filter(({ index, key }) => counting.has(index) || refused.get(key) === 'overruled')
}

function aloneOf(
  history: History,
  judgement: Judgement,
  personOf: PersonOf,
): Map<Person, ReadonlySet<Identity>> {
  const alone = new Map<Person, Set<Identity>>()
  for (const { entry } of heardOf(history, judgement)) {
    const { payload, identity } = entry
    const creator = payload.operation === 'create' ? [{ identity, root: null }] : []
    for (const account of [...creator, ...('members' in payload ? payload.members : [])]) {
      if (account.root !== null) continue
      const devices = alone.get(personOf(account)) ?? new Set()
      alone.set(personOf(account), devices.add(account.identity))
    }
  }
  return alone
}

/** The newest that count, then what was overruled beside them: whoever knows it can no longer be surprised by it. */
function headsOf(history: History, judgement: Judgement, members: Iterable<Person>): readonly ContentName[] {
  const counts = ({ index }: HistoryNode): boolean => judgement.counting.has(index)
  const known = heardOf(history, judgement)
  const ordered = [...known.filter(counts), ...known.filter((node) => !counts(node))]
  const outer = outermost(ordered, history)
  const chosen = outer.length > maxHeads ? shared(ordered, history, members) : outer
  return chosen.map(({ entry: { identity, content } }) => ({ identity, content }))
}

/** Those that none of the others builds on. */
function outermost(nodes: readonly HistoryNode[], { nodes: all }: History): readonly HistoryNode[] {
  const inner = createBits(all.length)
  for (const { past } of nodes) inner.addAll(past)
  return nodes.filter(({ index }) => !inner.has(index))
}

/**
 * In turns by person, the most senior members first: who begins hundreds of branches leaves room for what others did,
 * and who builds one of these on it hides it from nobody (T21).
 */
function shared(
  ordered: readonly HistoryNode[],
  history: History,
  members: Iterable<Person>,
): readonly HistoryNode[] {
  const mine = Map.groupBy(ordered, ({ author }) => author)
  const turns = [...new Set([...members, ...mine.keys()])]
    .flatMap((person) => outermost(mine.get(person) ?? [], history).map((node, turn) => ({ node, turn })))
    .sort((a, b) => a.turn - b.turn)
  let chosen: readonly HistoryNode[] = []
  for (const { node } of turns) {
    if (chosen.length === maxHeads) break
    if (chosen.some(({ past }) => past.has(node.index))) continue
    chosen = [...chosen.filter(({ index }) => !node.past.has(index)), node]
  }
  return chosen
}

function verdictsOf(
  { nodes, passedOver }: History,
  { refused }: Judgement,
): ReadonlyMap<string, OperationVerdict> {
  const verdicts = new Map<string, OperationVerdict>(passedOver)
  for (const { key } of nodes) verdicts.set(key, refused.get(key) ?? 'counts')
  return verdicts
}

export type { GroupEntry }
