/**
 * What people say of themselves, read once until it may be another (spec P13, P14).
 *
 *     newest identification ─┐
 *     state of the account ──┴─▶ Card
 *
 * @module
 */
import type { Account, Hub, Identification, Identity, ImageFile } from '@effigy/core'
import type { Store, StoreChange } from '@effigy/store'

export interface Card {
  readonly person: Account
  readonly isKnown: boolean
  /** From an `identification`, not only from what strangers see first. */
  readonly isSaid: boolean
  readonly name: string
  readonly about: string
  readonly avatar: ImageFile | null
  readonly aliases: readonly string[]
  readonly hubs: readonly Hub[]
  /** Two chains of the account's key are known. */
  readonly isDisputed: boolean
}

export interface Cards {
  of(identity: Identity): Card
  /** For each commit. */
  changed(change: StoreChange): void
}

/** Some 10 MB of them at most. */
const maxCards = 20_000

export function createCards(store: Pick<Store, 'profile' | 'synods'>): Cards {
  const cards = new Map<Identity, Card>()

  function read(identity: Identity): Card {
    const root = store.synods?.accountOf(identity) ?? null
    const authority = root === null ? null : (store.synods?.account(root) ?? null)
    // A device that was revoked said what it said as that person.
    const person = { identity: authority?.identity ?? identity, root: authority?.root ?? null }
    const state = store.profile(person.identity)?.state
    const said = state?.type === 'shown' && state.payload.type === 'identification' ? state.payload : null
    const isDisputed = authority?.disputed === true
    if (said !== null) {
      const { name, about, avatar, hubs, aliases = [] } = said as Identification
      return { person, isKnown: true, isSaid: true, name, about, avatar, hubs, aliases, isDisputed }
    }
    const first = authority?.current?.state ?? null
    return {
      person,
      isKnown: first !== null,
      isSaid: false,
      name: first?.name ?? '',
      about: first?.about ?? '',
      avatar: first?.avatar ?? null,
      hubs: first?.hubs ?? [],
      aliases: [],
      isDisputed,
    }
  }

  return {
    of(identity) {
      const known = cards.get(identity)
      if (known !== undefined) return known
      const card = read(identity)
      if (cards.size >= maxCards) cards.clear()
      cards.set(identity, card)
      return card
    },
    changed({ feeds, views, synods }) {
      // Hubs, and peers that nobody looks at, have none.
      if (cards.size === 0) return
      // A text that was opened names no feed, and devices of one account speak for each other.
      if ((synods?.size ?? 0) > 0 || (views && feeds.size === 0)) cards.clear()
      for (const feed of feeds) {
        cards.delete(feed)
        for (const sibling of store.synods?.siblings(feed) ?? []) cards.delete(sibling)
      }
    },
  }
}
