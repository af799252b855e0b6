/**
 * What a dispute leaves to a move: the branches of the key in power that nobody tells apart, and what they say all the
 * same (spec Y5, Y18).
 *
 *     states above the common beginning ─▶ who is listed by them alone │ whom all revoke │ the name on which all agree
 *
 * @module
 */
import {
  type Authority,
  type Final,
  finalOfHead,
  type Identity,
  type Synod,
  type SynodProfile,
} from '@effigy/core'
import type { Store } from '@effigy/store'
import { profileOf } from './own-account.ts'

type Stored = Pick<Store, 'synods' | 'feed'>

/** The states that are disputed; none while the feed is not. */
export function contestedOf(authority: Authority, { synods }: Stored): readonly Synod[] {
  const { root, identity, current, disputed, states } = authority
  if (!disputed) return []
  const proven = synods?.states(root) ?? []
  return proven.flatMap(({ identity: key, length, cid, state }) =>
    key === identity && length > (current?.length ?? 0) && states.get(cid) === 'undecided' ? [state] : [],
  )
}

/** Whom every branch revokes: that is no matter of the dispute. */
export function revokedByAll(contested: readonly Synod[]): ReadonlySet<Identity> {
  const [first, ...others] = contested.map(({ revoked }) => revoked.map(([device]) => device))
  return new Set(first?.filter((device) => others.every((each) => each.includes(device))))
}

/** Every device that a branch lists. */
export function listedByAny(contested: readonly Synod[]): ReadonlySet<Identity> {
  return new Set(contested.flatMap(({ identities }) => identities.map(([device]) => device)))
}

/**
 * Where such a device ends: as its branches say, else at what is held of it, else at what it told (S35). Null where
 * nothing is known: the states that list it count no more, so nobody would freeze it for their sake.
 */
export function endOfContested(
  { standings }: Authority,
  { synods, feed }: Stored,
  device: Identity,
): Final | null {
  const standing = standings.get(device)
  if (standing?.type === 'revoked') return standing.final
  const head = feed(device)?.record?.head ?? synods?.beyond(device) ?? null
  return head === null ? null : finalOfHead(head)
}

/** What all of them say of the account itself. */
export function agreedProfile(contested: readonly Synod[]): Partial<SynodProfile> {
  const [first, ...others] = contested.map(profileOf)
  const agreed = Object.entries(first ?? {}).filter(([field, value]) =>
    others.every((other) => JSON.stringify(other[field as keyof SynodProfile]) === JSON.stringify(value)),
  )
  return Object.fromEntries(agreed)
}
