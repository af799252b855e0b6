/**
 * What a dispute leaves to a move: what the branches say of devices and of the account all the same (spec Y5, Y18).
 *
 *     states above the common beginning ─▶ whom all list │ whom one lists, or all revoke, and where it ends │ the name
 *                                                                                             on which all agree
 *
 * @module
 */
import {
  type Authority,
  compareHeads,
  type Final,
  finalOfHead,
  type Head,
  type Identity,
  type Synod,
  type SynodProfile,
} from '@effigy/core'
import type { Store } from '@effigy/store'
import { isDoubted } from './branches.ts'
import { profileOf } from './own-account.ts'

type Stored = Pick<Store, 'synods' | 'feed'>

/** Whether no branch says anything against a device; without a dispute nobody does. */
export function isListedByAll(contested: readonly Synod[], device: Identity): boolean {
  return contested.every(({ identities }) => identities.some(([listed]) => listed === device))
}

/** Every device that a branch lists. */
export function listedByAny(contested: readonly Synod[]): ReadonlySet<Identity> {
  return new Set(contested.flatMap(({ identities }) => identities.map(([device]) => device)))
}

/** Whom every branch revokes: that is no matter of the dispute. */
export function revokedByAll(contested: readonly Synod[]): ReadonlySet<Identity> {
  const [first, ...others] = contested.map(({ revoked }) => revoked.map(([device]) => device))
  return new Set(first?.filter((device) => others.every((each) => each.includes(device))))
}

/**
 * Where such a device ends: as all its branches say, else at what is held of it or was when the first of them came, else
 * at what it told (S35). Not where one branch alone says: a thief would cut off what it wrote. Undefined: nothing is known.
 */
export function endOfContested(
  authority: Authority,
  store: Stored,
  device: Identity,
): Final | null | undefined {
  const standing = authority.standings.get(device)
  if (standing?.type === 'revoked' && !isDoubted(authority, store, device)) return standing.final
  const { synods, feed } = store
  // Signed by the device itself, whatever a branch names as its end.
  const here = feed(device)?.record?.head ?? null
  const before = synods?.heldBefore(device) ?? synods?.beyond(device) ?? null
  const head = highest(here, before)
  return head === null ? undefined : finalOfHead(head)
}

function highest(a: Head | null, b: Head | null): Head | null {
  if (a === null || b === null) return a ?? b
  return compareHeads(a, b) < 0 ? b : a
}

/** What all of them say of the account itself. */
export function agreedProfile(contested: readonly Synod[]): Partial<SynodProfile> {
  const [first, ...others] = contested.map(profileOf)
  const agreed = Object.entries(first ?? {}).filter(([field, value]) =>
    others.every((other) => JSON.stringify(other[field as keyof SynodProfile]) === JSON.stringify(value)),
  )
  return Object.fromEntries(agreed)
}
