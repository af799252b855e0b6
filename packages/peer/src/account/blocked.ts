/**
 * Who is blocked, by whichever own device it was said (spec S41): all devices of the person, present and
 * future, whatever one of them was named.
 *
 *     block {identity, root} ─verdict of root▶ everybody of it ─▶ not watched, not served, not met
 *                                 └─ newest states of its key alone are still heard: who joins it is blocked as well
 *
 * @module
 */
import type { Identity, Root } from '@effigy/core'
import type { Store, WatchPolicy } from '@effigy/store'
import { isForItself } from '../relations.ts'

export interface Blocked {
  readonly identities: ReadonlySet<Identity>
  readonly roots: ReadonlySet<Root>
}

/** The newest state tells all, the ones below whether it is disputed. */
const newestStates: WatchPolicy = { depth: { type: 'last', count: 16 }, blobs: { type: 'none' } }

/** Who was watched for itself when it was blocked; beyond it the oldest is not watched again. */
const maxRemembered = 10_000

const watchedKey = 'blocked-watched'

/** All who are blocked, whatever device of theirs was named. */
export function blockedOf(store: Pick<Store, 'persons' | 'synods'>, self: Identity): Blocked {
  const { identities, roots } = store.persons(self, 'block')
  const known = [...roots].flatMap((root) => [...(store.synods?.account(root)?.standings.keys() ?? [])])
  const everybody = new Set([...identities, ...known])
  // Whoever tricked an own device out of its signature lists it with his own (T15).
  for (const own of [self, ...membersWith(store, self)]) everybody.delete(own)
  return { identities: everybody, roots }
}

function membersWith({ synods }: Pick<Store, 'synods'>, self: Identity): readonly Identity[] {
  const root = synods?.accountOf(self) ?? null
  const standings = root === null ? undefined : synods?.account(root)?.standings
  return [...(standings ?? [])].flatMap(([identity, { type }]) => (type === 'member' ? [identity] : []))
}

/** Keys of blocked accounts: what they say of their devices is all that is asked for. */
export function keysOfBlocked(
  { persons, synods }: Pick<Store, 'persons' | 'synods'>,
  self: Identity,
  { identities, roots }: Blocked,
): ReadonlyMap<Identity, WatchPolicy & { readonly account: Root }> {
  const keys = new Map<Identity, WatchPolicy & { readonly account: Root }>()
  const accounts = new Set(roots)
  for (const identity of identities) {
    const root = synods?.accountOf(identity) ?? null
    if (root !== null) accounts.add(root)
  }
  for (const root of accounts) {
    const key = synods?.account(root)?.identity
    if (key !== undefined && root !== synods?.accountOf(self))
      keys.set(key, { ...newestStates, account: root })
  }
  // Another own device knew the account, this one does not yet.
  for (const { identity, root } of persons(self, 'block').accounts) {
    if (root !== null && synods?.account(root) == null) keys.set(identity, { ...newestStates, account: root })
  }
  return keys
}

/** Feeds that were watched for themselves, and are again when the block is taken back. */
export interface Parted {
  /** With what is wanted of it then. */
  add(identity: Identity, policy: WatchPolicy): void
  /** Those who are blocked no more; they are remembered no more. */
  back(blocked: ReadonlySet<Identity>): ReadonlyMap<Identity, WatchPolicy>
  /** Nobody wants it back. */
  drop(identity: Identity): void
}

export function createParted(store: Pick<Store, 'setting' | 'saveSetting'>): Parted {
  const text = store.setting(watchedKey)
  // Nobody but this module writes it.
  const parted = new Map(text === null ? [] : (JSON.parse(text) as [Identity, WatchPolicy][]))

  function save(): void {
    const kept = [...parted].slice(-maxRemembered)
    store.saveSetting(watchedKey, kept.length === 0 ? null : JSON.stringify(kept))
  }

  return {
    add(identity, policy) {
      parted.set(identity, policy)
      save()
    },
    back(blocked) {
      const back = [...parted].filter(([identity]) => !blocked.has(identity))
      for (const [identity] of back) parted.delete(identity)
      if (back.length > 0) save()
      return new Map(back)
    },
    drop(identity) {
      if (parted.delete(identity)) save()
    },
  }
}

/** What is wanted of a feed because a person, or a hub's guest, wanted it and not its account; null: nothing. */
export function wantedForItself(store: Pick<Store, 'feed'>, identity: Identity): WatchPolicy | null {
  const { watched, policy } = store.feed(identity) ?? { watched: false, policy: null }
  return watched && policy !== null && isForItself(policy) && policy.account === undefined ? policy : null
}
