/**
 * `peer.people` over a store and what own devices share (people.ts).
 *
 *     cards (what they say) + marks (what one says) + near (whom one deals with) ─▶ names, pages, lists
 *
 * @module
 */
import {
  type Account,
  accountKey,
  EffigyError,
  type Identity,
  nameFacts,
  ok,
  type Sha256,
} from '@effigy/core'
import type { Store, StoreChange } from '@effigy/store'
import type { Clock } from '@effigy/sync'
import { loadRoom } from '#later'
import { ownDevices } from '../own/devices.ts'
import type { OwnState } from '../own/state.ts'
import { rest } from '../rest.ts'
import { type Card, createCards } from './cards.ts'
import { pageOf } from './list.ts'
import { createMarkBook, isPetname, type Marks } from './marks.ts'
import { createNear, shownName } from './near.ts'
import type { InCommon, PeerPeople, PeopleKind, PersonName, PersonView, Verified } from './people.ts'
import { judgeScan, safetyOf } from './safety.ts'
import { createVisits, type VisitPorts } from './visits.ts'

export interface PeoplePorts extends Omit<VisitPorts, 'store' | 'clock'> {
  readonly store: Store
  readonly clock: Clock
  readonly sha256: Sha256
  readonly state: Pick<OwnState, 'set'>
  /** Gives room back to the disk. */
  readonly sweep: () => void
  /** The peer is closed. */
  readonly signal: AbortSignal
}

export interface OpenPeople {
  readonly api: PeerPeople
  /** For each commit. */
  changed(change: StoreChange): void
}

/** Of whom somebody follows that many are looked at. */
const maxFollows = 5_000
const maxCommon = 100

/** Ms between two looks at somebody whom one visits: a feed comes in many parts. */
const visitEveryMs = 500

export function openPeople(ports: PeoplePorts): OpenPeople {
  const { store, self, state, clock, sha256 } = ports
  const cards = createCards(store)
  const marks = createMarkBook(store, state)
  const near = createNear({ store, self, cards, marks })
  const visits = createVisits(ports)
  const safety = { store, self, cards, sha256 }
  const room = async () => (await loadRoom()).openRoom({ ...ports, cards, near })

  function nameOf(card: Card): PersonName {
    const { person, name, avatar, isKnown } = card
    const said = marks.of(person)
    const shown = shownName(said.petname, card)
    return {
      ...person,
      isSelf: near.isSelf(person),
      petname: said.petname,
      name,
      avatar,
      isKnown,
      isChanged: isChanged(card, said),
      verified: verifiedOf(card, said),
      hasLookAlikes: near.lookAlikes(person, shown).length > 0,
      facts: nameFacts(shown),
    }
  }

  function viewOf(card: Card): PersonView {
    const { person, about, aliases, hubs, name, avatar } = card
    const said = marks.of(person)
    const { looked } = said
    const before = {
      name: looked?.name ?? name,
      hadPicture: looked !== null && looked.avatar !== null,
      isPictureNew: looked?.avatar !== (avatar?.blob ?? null),
    }
    return {
      ...nameOf(card),
      ...{ about, aliases, hubs },
      isFollowed: near.has('follow', person),
      isBlocked: near.has('block', person),
      isMuted: near.has('mute', person),
      followsMe: followsMe(person),
      before: isChanged(card, said) ? before : null,
      verifiedAt: said.verified?.at ?? null,
      lookAlikes: near.lookAlikes(person, shownName(said.petname, card)),
    }
  }

  function followsMe({ identity }: Account): boolean {
    const me = cards.of(self).person
    const own = new Set<Identity>([me.identity, ...ownDevices(store, self)])
    return store
      .follows(identity, maxFollows)
      .some((each) => own.has(each.identity) || (each.root !== null && each.root === me.root))
  }

  function peopleOf(which: PeopleKind): readonly Account[] {
    const named = (identities: readonly Identity[]): readonly Account[] => {
      const people = identities.map((identity) => cards.of(identity).person)
      return [...new Map(people.map((person) => [accountKey(person), person])).values()]
    }
    switch (which) {
      case 'near':
        return near.people()
      case 'following':
        return near.people().filter((person) => near.has('follow', person))
      case 'followers':
        return named(store.followers(self)).filter((person) => !near.isSelf(person))
      case 'blocked':
        return named(store.relations(self, 'block'))
      case 'muted':
        return named(store.relations(self, 'mute'))
      case 'verified':
        return near.marked().filter((person) => marks.of(person).verified !== null)
      case 'changed':
        return near.marked().filter((person) => {
          const card = cards.of(person.identity)
          const said = marks.of(person)
          return isChanged(card, said) || verifiedOf(card, said) === 'moved'
        })
    }
  }

  function common(identity: Identity): InCommon {
    const { person } = cards.of(identity)
    const mine = store.persons(self, 'follow')
    const isMine = (each: Account): boolean =>
      mine.identities.has(each.identity) || (each.root !== null && mine.roots.has(each.root))
    const once = (identities: readonly Identity[]): readonly Identity[] => {
      const people = identities.map((each) => cards.of(each).person)
      const others = people.filter((each) => accountKey(each) !== accountKey(person) && !near.isSelf(each))
      return [...new Map(others.map((each) => [accountKey(each), each.identity])).values()]
    }
    const followers = once(store.followers(person.identity).filter((each) => mine.identities.has(each)))
    const theirs = store.follows(person.identity, maxFollows).filter(isMine)
    const following = once(theirs.map((each) => each.identity))
    return {
      followers: followers.slice(0, maxCommon),
      followersCount: followers.length,
      following: following.slice(0, maxCommon),
      followingCount: following.length,
    }
  }

  const verify = (person: Account, at: number | null): Promise<void> =>
    marks.set(person, { verified: at === null ? null : { identity: person.identity, at } })

  const api: PeerPeople = {
    name: (identity) => nameOf(cards.of(identity)),
    show: (identity) => viewOf(cards.of(identity)),
    list: (which, page = {}) => {
      const listed = peopleOf(which).map((person) => {
        const { name } = cards.of(person.identity)
        return { ...person, name, petname: marks.of(person).petname }
      })
      return pageOf(listed, page, ({ identity }) => nameOf(cards.of(identity)))
    },
    async setPetname(identity, petname) {
      const text = petname?.normalize('NFC').trim() ?? null
      if (text !== null && !isPetname(text)) {
        const message = 'What you call somebody is one line of at most 96 bytes. Choose something shorter.'
        throw new EffigyError('petname-invalid', message)
      }
      const card = cards.of(identity)
      await marks.set(card.person, { petname: text, ...lookedNow(card) })
    },
    async looked(identity) {
      const card = cards.of(identity)
      if (!near.isSelf(card.person)) await marks.set(card.person, lookedNow(card))
    },
    safety: (identity) => safetyOf(safety, identity),
    async scan(text, expected = null) {
      const judged = judgeScan(safety, text, expected)
      if (!judged.ok) return judged
      const { person } = judged.value
      await verify(person, clock.now())
      return ok({ identity: person.identity })
    },
    async setVerified(identity, compared) {
      const { person, isDisputed } = cards.of(identity)
      if (near.isSelf(person)) throw new EffigyError('own-identity', 'This is you. Choose somebody else.')
      if (compared === null) return verify(person, null)
      if (isDisputed) {
        const message =
          'Two say that they speak for this account. Nobody can be sure of it until its owner has moved it to a new key.'
        throw new EffigyError('account-disputed', message)
      }
      const now = safetyOf(safety, identity)
      if (now?.identity !== compared.identity || now.number !== compared.number) {
        const message =
          'What there is to compare has changed meanwhile. Look at it again, and compare once more.'
        throw new EffigyError('safety-moved', message)
      }
      await verify(person, clock.now())
    },
    async cost(identity, { signal }) {
      using visit = visits.open(identity)
      return await visit.look(AbortSignal.any([signal, ports.signal]))
    },
    async *visit(identity, signal) {
      const until = AbortSignal.any([signal, ports.signal])
      using visit = visits.open(identity)
      let last = ''
      try {
        while (!until.aborted) {
          const cost = await visit.look(until)
          const text = JSON.stringify(cost)
          if (text !== last) yield cost
          last = text
          await visit.news(until)
          await rest(clock, visitEveryMs, until)
        }
      } catch (reason) {
        if (!until.aborted) throw reason
      }
    },
    common,
    storage: async (limit) => (await room()).storage(limit),
    olderFiles: async (identity, newest) => (await room()).olderFiles(identity, newest),
    letGoOlder: async (identity, newest) => (await room()).letGoOlder(identity, newest),
    wantOlder: async (identity) => (await room()).wantOlder(identity),
    freeUnheld: async () => (await room()).freeUnheld(),
  }

  return {
    api,
    changed(change) {
      cards.changed(change)
      near.changed(change)
      if (!marks.isRead) return
      const { feeds, views } = change
      // What own devices say may be opened later, and that names no feed.
      const isOwn = ownDevices(store, self).some((device) => feeds.has(device))
      if (isOwn || (views && feeds.size === 0) || (change.synods?.size ?? 0) > 0) marks.forget()
    },
  }
}

/** Until they have said who they are there was nothing to look at. */
function lookedNow({ isSaid, name, avatar }: Card): Partial<Marks> {
  return isSaid ? { looked: { name, avatar: avatar?.blob ?? null } } : {}
}

function isChanged({ isSaid, name, avatar }: Card, { looked }: Marks): boolean {
  return isSaid && looked !== null && (looked.name !== name || looked.avatar !== (avatar?.blob ?? null))
}

function verifiedOf({ person, isDisputed }: Card, { verified }: Marks): Verified {
  if (verified === null) return 'no'
  return verified.identity === person.identity && !isDisputed ? 'yes' : 'moved'
}
