/**
 * Whom one deals with: followed, named or made sure of; and whose names look like theirs (spec Y44).
 *
 *     near people ─petnames, own names▶ skeletons ◀─ the name of somebody
 *
 * @module
 */
import {
  type Account,
  accountKey,
  type Identity,
  nameSkeleton,
  parseIdentity,
  parseRoot,
  type Root,
} from '@effigy/core'
import type { Persons, RelationKind, Store, StoreChange } from '@effigy/store'
import { ownDevices } from '../own/devices.ts'
import type { Card, Cards } from './cards.ts'
import type { MarkBook } from './marks.ts'
import type { LookAlike } from './people.ts'

export interface Near {
  /** Each person once, oneself and who is blocked left out. */
  people(): readonly Account[]
  /** The same of those of whom own devices say something. */
  marked(): readonly Account[]
  has(kind: RelationKind, person: Account): boolean
  lookAlikes(person: Account, shown: string): readonly LookAlike[]
  isSelf(person: Account): boolean
  /** For each commit. */
  changed(change: StoreChange): void
}

interface Known {
  readonly people: readonly Account[]
  readonly marked: readonly Account[]
  readonly stances: ReadonlyMap<RelationKind, Persons>
  readonly bySkeleton: ReadonlyMap<string, readonly (LookAlike & { readonly key: string })[]>
  /** What all devices of these people call themselves: while that stays, so does the rest. */
  readonly names: ReadonlyMap<Identity, string>
}

/** People whose names are compared: more than that nobody deals with. */
const maxNear = 10_000

/** Of one name. */
const maxLookAlikes = 8

export interface NearPorts {
  readonly store: Pick<Store, 'synods' | 'persons' | 'follows'>
  readonly self: Identity
  readonly cards: Cards
  readonly marks: MarkBook
}

export function createNear({ store, self, cards, marks }: NearPorts): Near {
  let known: Known | null = null
  /** Who may call themselves something else by now. */
  const doubtful = new Set<Identity>()
  const skeletons = new Map<string, string>()

  function skeletonOf(name: string): string {
    const made = skeletons.get(name) ?? nameSkeleton(name)
    if (skeletons.size >= 2 * maxNear) skeletons.clear()
    skeletons.set(name, made)
    return made
  }

  const me = (): Account => cards.of(self).person
  const isSelf = (person: Account): boolean => accountKey(person) === accountKey(me())

  function has(stances: Known['stances'], kind: RelationKind, { identity, root }: Account): boolean {
    const persons = stances.get(kind)
    if (persons === undefined) return false
    return persons.identities.has(identity) || (root !== null && persons.roots.has(root))
  }

  function personOfKey(key: string): Account | null {
    const identity = parseIdentity(key)
    if (identity !== null) return cards.of(identity).person
    const root = parseRoot(key)
    const authority = root === null ? null : (store.synods?.account(root) ?? null)
    return authority === null ? null : { identity: authority.identity, root: authority.root as Root }
  }

  function look(): Known {
    const stances = new Map<RelationKind, Persons>()
    for (const kind of ['follow', 'block', 'mute'] as const) stances.set(kind, store.persons(self, kind))
    const isMet = (person: Account): boolean => !isSelf(person) && !has(stances, 'block', person)
    const once = (people: readonly Account[]): readonly Account[] => [
      ...new Map(people.filter(isMet).map((person) => [accountKey(person), person])).values(),
    ]
    const followed = store.follows(self, maxNear).map(({ identity }) => cards.of(identity).person)
    const marked = once([...marks.named()].flatMap((key) => personOfKey(key) ?? []))
    const people = once([...followed, ...marked]).slice(0, maxNear)
    const names = new Map<Identity, string>()
    const bySkeleton = new Map<string, (LookAlike & { readonly key: string })[]>()
    for (const person of [me(), ...people]) {
      const { identity } = person
      const own = cards.of(identity).name
      for (const each of [identity, ...(store.synods?.siblings(identity) ?? [])]) names.set(each, own)
      const key = accountKey(person)
      for (const name of new Set([marks.of(person).petname, own])) {
        const skeleton = name === null ? '' : skeletonOf(name)
        if (name === null || skeleton === '') continue
        const alike = bySkeleton.get(skeleton) ?? []
        alike.push({ identity, name, isSelf: isSelf(person), isSame: false, key })
        bySkeleton.set(skeleton, alike)
      }
    }
    return { people, marked, stances, bySkeleton, names }
  }

  const now = (): Known => {
    if ([...doubtful].some((feed) => known?.names.get(feed) !== cards.of(feed).name)) known = null
    doubtful.clear()
    known ??= look()
    return known
  }

  return {
    people: () => now().people,
    marked: () => now().marked,
    has: (kind, person) => has(now().stances, kind, person),
    isSelf,
    lookAlikes(person, shown) {
      const skeleton = isSelf(person) ? '' : skeletonOf(shown)
      if (skeleton === '') return []
      const own = accountKey(person)
      const plain = shown.normalize('NFC')
      return (now().bySkeleton.get(skeleton) ?? [])
        .filter(({ key }) => key !== own)
        .slice(0, maxLookAlikes)
        .map(({ identity, name, isSelf: isMe }) => {
          return { identity, name, isSelf: isMe, isSame: name.normalize('NFC') === plain }
        })
    },
    changed({ feeds, views, synods }) {
      if (known === null) return
      const isAny = (synods?.size ?? 0) > 0 || (views && feeds.size === 0)
      if (isAny || ownDevices(store, self).some((device) => feeds.has(device))) known = null
      else for (const feed of feeds) if (known.names.has(feed)) doubtful.add(feed)
    },
  }
}

/** What is to be shown for a person: one's own name for them first. */
export function shownName(petname: string | null, { name }: Pick<Card, 'name'>): string {
  return petname ?? name
}
