/**
 * Which operations of a group count (spec Q4 to Q8). Whoever holds equal operations comes to the equal end, in
 * whatever order they came: no clock is asked, and nobody wins by being late.
 *
 *     operations ─each by what its author knew─▶ allowed ─removals beat what their targets did meanwhile─▶ counting
 *
 * @module
 */

import type { Account } from '../payloads/accounts.ts'
import type { GroupMember } from '../payloads/schemas/group.ts'
import { type Bits, bothOf, createBits } from './bits.ts'
import type { History, HistoryNode } from './history.ts'
import type { Person, PersonOf } from './operation.ts'
import { compareRanks, createRoll, type Loss as LossKind, type Rank, type Roll } from './roll.ts'

export type Refusal =
  /** Its author was no member by what it builds on. */
  | 'not-member'
  /** Its author was no admin by what it builds on. */
  | 'not-admin'
  /** All whom it names were admins before its author was. */
  | 'senior'
  /** Its author was removed, left, or was demoted at the same time: that counts. */
  | 'overruled'

export interface Judgement {
  readonly roll: Roll
  /** The indexes of those that count. */
  readonly counting: Bits
  readonly refused: ReadonlyMap<string, Refusal>
}

/** A removal or demotion, and whom it takes what from. */
interface Loss {
  readonly node: HistoryNode
  readonly person: Person
  readonly kind: LossKind
  /** Of its author, when it was written. */
  readonly rank: Rank
}

/**
 * Judges all operations of a history, or those within a part of it that holds with each all that it builds on. `most`:
 * removals that are acted upon before all is judged again; it changes nothing but the time.
 */
export function judge(
  history: History,
  personOf: PersonOf,
  within: Bits | null = null,
  most: number = Number.POSITIVE_INFINITY,
): Judgement {
  const nodes = within === null ? history.nodes : history.nodes.filter(({ index }) => within.has(index))
  const byAuthor = Map.groupBy(nodes, ({ author }) => author)
  const overruled = new Set<string>()
  for (;;) {
    const round = judgeOnce(nodes, personOf, overruled)
    const losers = beaten(round, nodes, byAuthor, most)
    if (losers.length === 0) return round
    for (const { key } of losers) overruled.add(key)
  }
}

interface Round extends Judgement {
  readonly losses: readonly Loss[]
}

function judgeOnce(nodes: readonly HistoryNode[], personOf: PersonOf, overruled: ReadonlySet<string>): Round {
  const size = (nodes.at(-1)?.index ?? -1) + 1
  const roll = createRoll(size)
  const counting = createBits(size)
  const refused = new Map<string, Refusal>()
  const losses: Loss[] = []
  for (const node of nodes) {
    const then = bothOf(counting, node.past)
    const refusal = overruled.has(node.key) ? 'overruled' : apply(node, roll, then, personOf, losses)
    if (refusal === null) counting.add(node.index)
    else refused.set(node.key, refusal)
  }
  return { roll, counting, refused, losses }
}

/** Writes down what an operation says, as far as its author could; null, or why none of it counts. */
function apply(
  node: HistoryNode,
  roll: Roll,
  then: Bits,
  personOf: PersonOf,
  losses: Loss[],
): Refusal | null {
  const { author } = node
  const { payload } = node.entry
  if (payload.operation === 'create') {
    // The creator comes first, named or not.
    roll.grant('joins', author, node, -1)
    roll.grant('promotions', author, node, -1)
    join(payload.members)
    return null
  }
  const rank = roll.rank(author, then)
  if (rank === null) return 'not-member'
  if (payload.operation === 'leave') {
    lose('removals', author, rank)
    return null
  }
  const isSelfOnly =
    (payload.operation === 'remove' && payload.targets.every(isSelf)) ||
    (payload.operation === 'role' && payload.members.every((one) => one.role === 'member' && isSelf(one)))
  if (rank.level === 2 && !isSelfOnly) return 'not-admin'

  if (payload.operation === 'remove') return takeFrom('removals', payload.targets, rank)
  if (payload.operation === 'add') join(payload.members)
  if (payload.operation === 'role') return changeRoles(payload.members, rank)
  return null

  function isSelf(account: Account): boolean {
    return personOf(account) === author
  }

  function join(members: readonly GroupMember[]): void {
    for (const [place, member] of members.entries()) {
      const person = personOf(member)
      // Who is in it already stays what they are: `role` changes that.
      if (roll.isMember(person, then)) continue
      roll.grant('joins', person, node, place)
      if (member.role === 'admin') roll.grant('promotions', person, node, place)
    }
  }

  function changeRoles(members: readonly GroupMember[], mine: Rank): Refusal | null {
    const raised = members.filter((one) => one.role === 'admin')
    for (const [place, member] of raised.entries()) {
      const person = personOf(member)
      const theirs = roll.rank(person, then)
      if (theirs !== null && theirs.level > 0) roll.grant('promotions', person, node, place)
    }
    const lowered = members.filter((one) => one.role === 'member')
    const refusal = lowered.length === 0 ? null : takeFrom('demotions', lowered, mine)
    return raised.length > 0 ? null : refusal
  }

  function takeFrom(kind: LossKind, targets: readonly Account[], mine: Rank): Refusal | null {
    let taken = 0
    for (const target of targets) {
      const person = personOf(target)
      const theirs = roll.rank(person, then)
      const isSenior = theirs !== null && theirs.level < 2 && compareRanks(theirs, mine) < 0
      if (person !== author && isSenior) continue
      lose(kind, person, mine)
      taken++
    }
    return taken === 0 ? 'senior' : null
  }

  function lose(kind: LossKind, person: Person, by: Rank): void {
    roll.take(kind, person, node)
    losses.push({ node, person, kind, rank: by })
  }
}

/**
 * What the most senior author's removal or demotion beats: all that its target did without knowing of it, and that it
 * did not know of. Who was removed may write such operations for ever, and none of them counts.
 *
 * And what the next ones beat, as long as judging all again between them would come to the same: what builds on what is
 * beaten may be worth something else then, and is left alone; where any of that takes something from somebody it is a
 * matter of its own.
 */
function beaten(
  { counting, losses }: Round,
  nodes: readonly HistoryNode[],
  byAuthor: ReadonlyMap<Person, readonly HistoryNode[]>,
  most: number,
): readonly HistoryNode[] {
  const ordered = [...losses].sort((a, b) => compareRanks(a.rank, b.rank) || a.node.index - b.node.index)
  const losers = new Set<HistoryNode>()
  const open = new Set<HistoryNode>()
  let taken = 0
  for (const loss of ordered) {
    const mine = (byAuthor.get(loss.person) ?? []).filter(
      (node) =>
        counting.has(node.index) &&
        isAside(node, loss.node) &&
        node.entry.payload.operation !== 'leave' &&
        !losers.has(node) &&
        !open.has(node),
    )
    if (mine.length === 0) continue
    const above = nodes.filter(({ past }) => mine.some(({ index }) => past.has(index)))
    const isQuiet = !mine.some(takes) && !above.some(takes)
    if (!isQuiet && taken > 0) break
    for (const node of mine) losers.add(node)
    for (const node of above) open.add(node)
    taken++
    if (!isQuiet || taken >= most) break
  }
  return [...losers]
}

/** Whether it may take something from somebody. */
function takes({ entry: { payload } }: HistoryNode): boolean {
  return payload.operation !== 'settings' && payload.operation !== 'add'
}

function isAside(a: HistoryNode, b: HistoryNode): boolean {
  return a.index !== b.index && !a.past.has(b.index) && !b.past.has(a.index)
}
