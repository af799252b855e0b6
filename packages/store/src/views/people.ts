/**
 * People: profiles, whom they follow, block and mute, and whose words are kept out of sight (spec P12, P13).
 *
 *     current claims of all devices of an account ─newest for each target▶ relations, hidden authors
 *
 * @module
 */
import {
  type Account,
  compareBytes,
  encodeBase64url,
  equalBytes,
  type Identity,
  identityKey,
  identityOfKey,
  parseBase64url,
  type Root,
} from '@effigy/core'
import type { Leaving } from '../feeds/leaving.ts'
import type { Sqlite, SqlValue } from '../sqlite.ts'
import type { Item, Persons, RelationKind } from '../store.ts'
import { isSuperseded } from './claims.ts'
import { feedIdOf, type ItemReader } from './items.ts'
import type { Siblings } from './resolve.ts'
import { claimKind } from './tables.ts'

export interface People {
  profile(identity: Identity): Item | null
  relations(identity: Identity, kind: RelationKind): readonly Identity[]
  persons(identity: Identity, kind: RelationKind): Persons
  lastSaid(identity: Identity, kind: RelationKind, target: Account): number
  relates(identity: Identity, kind: RelationKind, target: Account): boolean
  follows(identity: Identity, limit: number): readonly Account[]
  followers(identity: Identity): readonly Identity[]
  /** The account of an identity, by one of its identities that is always the same. */
  account(identity: Identity): Identity
  /** Those whom `self` blocks or mutes, for `unhidden`. */
  hidden(): Hidden
  /** Whether `self` blocks whoever that is: nothing of them is shown, wherever it is asked for. */
  isBlocked(identity: Identity): boolean
  /** Something that it was derived from has changed. */
  forget(): void
}

/** JSON lists, as SQL takes them. */
export interface Hidden {
  /** `feeds.id`. */
  readonly feeds: string
  /** Public keys in upper case hexadecimal. */
  readonly keys: string
}

const nobody: Hidden = { feeds: '[]', keys: '[]' }

/** Whether the item `i` may be seen: neither its author nor whom it answers is hidden. Takes `hiddenValues`. */
export const unhidden = `
  i.feed not in (select value from json_each(?))
  and not exists (
    select 1 from replies h where h.entry = i.entry and (
      hex(h.target_author) in (select value from json_each(?)) or hex(h.root_author) in (select value from json_each(?))
    ))`

export function hiddenValues({ feeds, keys }: Hidden): readonly SqlValue[] {
  return [feeds, keys, keys]
}

type ClaimRow = {
  readonly entry: number
  readonly identity: Uint8Array
  readonly subject: Uint8Array
  readonly person: Uint8Array | null
  readonly comparable: number
  readonly cid: Uint8Array
  readonly value: number
}

const claimColumns = 'c.entry, f.identity, c.subject, c.person, c.comparable, c.cid, c.value'

export interface PeoplePorts {
  readonly items: ItemReader
  readonly siblings: Siblings
  readonly self: () => Identity | null
  /** Who says nothing here any more. */
  readonly leaving: Pick<Leaving, 'has' | 'all' | 'isEmpty'>
}

export function createPeople(db: Sqlite, { items, siblings, self, leaving }: PeoplePorts): People {
  /** Asked for each item; null: to be looked up. */
  let shunned: { readonly blocked: ReadonlySet<Identity>; readonly muted: ReadonlySet<Identity> } | null =
    null

  function shunnedNow(): NonNullable<typeof shunned> {
    const own = self()
    // Nobody hides what one says oneself, on whatever device.
    const ours = new Set(own === null ? [] : accountOf(own))
    const named = (kind: RelationKind): ReadonlySet<Identity> =>
      new Set([...(own === null ? [] : persons(own, kind).identities)].filter((other) => !ours.has(other)))
    shunned ??= { blocked: named('block'), muted: named('mute') }
    return shunned
  }

  const accountOf = (identity: Identity): readonly Identity[] => [
    ...new Set([identity, ...siblings(identity)]),
  ]

  function feedOf(identity: Identity): number | null {
    const feed = feedIdOf(db, identity)
    return feed === null || leaving.has(feed) ? null : feed
  }

  const isLeaving = (identity: Identity): boolean => !leaving.isEmpty() && feedOf(identity) === null

  function claimsOf(identity: Identity, kind: number): readonly ClaimRow[] {
    return accountOf(identity).flatMap((device) => {
      const feed = feedOf(device)
      if (feed === null) return []
      return [
        ...db.rows<ClaimRow>(
          `select ${claimColumns} from claims c join feeds f on f.id = c.feed
           where c.kind = ? and c.feed = ? and c.current = 1`,
          kind,
          feed,
        ),
      ]
    })
  }

  function account(identity: Identity): Identity {
    let least = identity
    for (const sibling of siblings(identity)) if (sibling < least) least = sibling
    return least
  }

  /** The newest first; one identity may stand there under several roots. */
  function related(identity: Identity, kind: RelationKind): readonly Account[] {
    const subjects = new Set<string>()
    const accounts: Account[] = []
    for (const { subject, person, value } of [...claimsOf(identity, claimKind[kind])].sort(newestFirst)) {
      const key = upperHex(subject)
      if (!subjects.has(key) && value === 1 && person !== null) accounts.push(accountIn(subject, person))
      subjects.add(key)
    }
    return accounts
  }

  function relations(identity: Identity, kind: RelationKind): readonly Identity[] {
    return [...new Set(related(identity, kind).map((account) => account.identity))]
  }

  function persons(identity: Identity, kind: RelationKind): Persons {
    const accounts = related(identity, kind)
    return {
      accounts,
      identities: new Set(accounts.flatMap(({ identity: named }) => [named, ...siblings(named)])),
      roots: new Set(accounts.flatMap(({ root }) => root ?? [])),
    }
  }

  function lastSaid(identity: Identity, kind: RelationKind, { identity: target, root }: Account): number {
    const subject = (root === null ? null : parseBase64url(root)) ?? identityKey(target)
    const said = claimsOf(identity, claimKind[kind]).filter((row) => equalBytes(row.subject, subject))
    return Math.max(0, ...said.map(({ comparable }) => comparable))
  }

  function relates(identity: Identity, kind: RelationKind, { identity: target, root }: Account): boolean {
    const subject = (root === null ? null : parseBase64url(root)) ?? identityKey(target)
    const said = feedsOf(identity).flatMap((feed) => [
      ...db.rows<ClaimRow>(
        `select ${claimColumns} from claims c join feeds f on f.id = c.feed
         where c.kind = ? and c.feed = ? and c.subject = ? and c.current = 1`,
        claimKind[kind],
        feed,
        subject,
      ),
    ])
    const [newest] = said.sort(newestFirst)
    return newest !== undefined && newest.value === 1 && newest.person !== null
  }

  const feedsOf = (identity: Identity): readonly number[] =>
    accountOf(identity).flatMap((device) => feedOf(device) ?? [])

  return {
    account,
    relations,
    lastSaid,
    relates,
    persons,
    follows(identity, limit) {
      // Devices of one account may contradict each other: only all of their statements tell.
      if (accountOf(identity).length > 1) return related(identity, 'follow').slice(0, limit)
      const feed = feedOf(identity)
      if (feed === null) return []
      const rows = db.rows<{ subject: Uint8Array; person: Uint8Array | null; value: number }>(
        `select subject, person, value from claims where kind = ${claimKind.follow} and feed = ? and current = 1
         order by entry desc limit ?`,
        feed,
        // Those that were taken back count too: what a hostile feed can make us read is bounded.
        2 * limit,
      )
      const followed: Account[] = []
      for (const { subject, person, value } of rows) {
        if (value === 1 && person !== null && followed.length < limit)
          followed.push(accountIn(subject, person))
      }
      return followed
    },
    profile(identity) {
      const [newest] = [...claimsOf(identity, claimKind.identification)].sort(newestFirst)
      return newest === undefined ? null : items.byId(newest.entry)
    },
    followers(identity) {
      const rows = accountOf(identity).flatMap((target) => [
        ...db.rows<ClaimRow>(
          `select ${claimColumns} from claims c join feeds f on f.id = c.feed
           where c.kind = ${claimKind.follow} and coalesce(c.person, c.subject) = ? and c.current = 1`,
          identityKey(target),
        ),
      ])
      const followers = new Map<Identity, Identity>()
      const feeds = new Map<Identity, readonly number[]>()
      for (const row of rows.sort(newestFirst)) {
        const follower = identityOfKey(row.identity)
        if (row.value === 0 || followers.has(account(follower)) || isLeaving(follower)) continue
        const devices = feeds.get(follower) ?? feedsOf(follower)
        feeds.set(follower, devices)
        // Another device of the follower's account took it back.
        if (isSuperseded(db, row.entry, devices)) continue
        if (!shunnedNow().blocked.has(follower)) followers.set(account(follower), follower)
      }
      return [...followers.values()]
    },
    isBlocked: (identity) => shunnedNow().blocked.has(identity),
    forget() {
      shunned = null
    },
    hidden() {
      const { blocked, muted } = shunnedNow()
      if (blocked.size + muted.size === 0 && leaving.isEmpty()) return nobody
      const identities = new Set([...blocked, ...muted])
      const keys = JSON.stringify([...identities].map((identity) => upperHex(identityKey(identity))))
      const feeds = [
        ...db.rows<{ id: number }>(
          'select id from feeds where identity in (select unhex(value) from json_each(?))',
          keys,
        ),
      ].map(({ id }) => id)
      return { feeds: JSON.stringify([...feeds, ...leaving.all()]), keys }
    },
  }
}

/** A stance is about a root, or a lone identity (`claims.subject`). */
function accountIn(subject: Uint8Array, person: Uint8Array): Account {
  const root = equalBytes(subject, person) ? null : (encodeBase64url(subject) as Root)
  return { identity: identityOfKey(person), root }
}

function newestFirst(a: ClaimRow, b: ClaimRow): number {
  return b.comparable - a.comparable || compareBytes(b.cid, a.cid)
}

export function upperHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text.toUpperCase()
}
