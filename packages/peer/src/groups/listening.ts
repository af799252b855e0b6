/**
 * Whose feeds are heard because groups name them (spec Q17; T16): places are few, and nobody fills them all.
 *
 *     what each group names ─in turns, by who made it─▶ at most 1,024 people │ of strangers' groups 128, and less of each
 *
 * @module
 */
import { type Account, type Identity, maxKnown, type Person, type Root } from '@effigy/core'
import type { Store } from '@effigy/store'
import { ownDevices } from '../own/devices.ts'

/** One group, or keys of one. */
export interface NamingGroup {
  /** Who made it; while its creation is not here, those who gave its keys. */
  readonly givers: readonly Account[]
  /** Its creation is here. */
  readonly isMade: boolean
  /** Besides oneself. */
  readonly members: readonly Account[]
  /** Whose feeds hold what is said and done there. */
  readonly named: readonly Account[]
}

export interface Listened extends Account {
  /** By strangers alone: little of it is wanted until somebody says who they are. */
  readonly isAsking: boolean
}

/** Some people, by all names they are known under. */
export interface Meant {
  readonly identities: ReadonlySet<Identity>
  readonly roots: ReadonlySet<Root>
}

export interface Stances {
  /** Followed, accepted, oneself. */
  readonly known: Meant
  readonly blocked: Meant
}

/** People of all groups. */
const maxNamed = 1_024

/** Of groups of strangers together. */
const maxAsking = 128

/** Of a group without its creation: as many as one hand-out names. */
const maxHinting: number = maxKnown

export function stancesOf(
  store: Pick<Store, 'persons' | 'synods'>,
  self: Identity,
  accepted: readonly Account[],
): Stances {
  const followed = store.persons(self, 'follow')
  const own = ownDevices(store, self)
  return {
    known: {
      identities: new Set([...followed.identities, ...own, ...accepted.map(({ identity }) => identity)]),
      roots: new Set([...followed.roots, ...accepted.flatMap(({ root }) => root ?? [])]),
    },
    blocked: store.persons(self, 'block'),
  }
}

/** `groups` in the order in which they came. */
export function listenTo(
  groups: readonly NamingGroup[],
  { known, blocked }: Stances,
  personOf: (account: Account) => Person,
): readonly Listened[] {
  const isKnown = (account: Account): boolean => isAmong(known, account) && !isAmong(blocked, account)
  /** By who made them; null: not known here. */
  const shares = new Map<Person | null, NamingGroup[]>()
  const asking: NamingGroup[] = []
  for (const group of groups) {
    const giver = group.givers.find(isKnown)
    const isMet = giver !== undefined || group.members.some(isKnown)
    // Whoever blocks a stranger has ended what that one brought.
    if (!isMet && group.givers.every((one) => isAmong(blocked, one))) continue
    const person = giver === undefined ? null : personOf(giver)
    const share = isMet ? (shares.get(person) ?? []) : asking
    share.push(group)
    if (isMet) shares.set(person, share)
  }
  const found = new Map<Person, Listened>()
  take(inTurns([...shares.values()].map(shareOf)), maxNamed, false)
  take(shareOf(asking), Math.min(maxNamed, found.size + maxAsking), true)
  return [...found.values()]

  function take(accounts: Iterable<Account>, most: number, isAsking: boolean): void {
    for (const account of accounts) {
      if (found.size >= most) return
      const person = personOf(account)
      if (!found.has(person)) found.set(person, { identity: account.identity, root: account.root, isAsking })
    }
  }
}

/** What can be judged comes first. */
function* shareOf(groups: readonly NamingGroup[]): Iterable<Account> {
  yield* inTurns(groups.filter(({ isMade }) => isMade).map(({ named }) => named))
  yield* inTurns(groups.filter(({ isMade }) => !isMade).map(({ named }) => named.slice(0, maxHinting)))
}

function* inTurns<Value>(lists: readonly Iterable<Value>[]): Iterable<Value> {
  let open = lists.map((list) => list[Symbol.iterator]())
  while (open.length > 0) {
    const left: Iterator<Value>[] = []
    for (const list of open) {
      const next = list.next()
      if (next.done === true) continue
      yield next.value
      left.push(list)
    }
    open = left
  }
}

function isAmong({ identities, roots }: Meant, { identity, root }: Account): boolean {
  return identities.has(identity) || (root !== null && roots.has(root))
}
