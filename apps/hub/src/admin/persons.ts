/**
 * Who is meant: a device by its identity, or a person by the root of an account with all devices it ever had.
 *
 *     Identity ─known account?▶ Root, else itself        Root ─▶ identities, as far as the hub knows them
 *
 * @module
 */
import { type Identity, parseIdentity, type Root, type Standing } from '@effigy/core'
import type { Store } from '@effigy/store'

/** By which records about somebody go. */
export type PersonName = Identity | Root

export type KnownAccounts = Pick<Store, 'synods'>

export function isRoot(name: PersonName): name is Root {
  return parseIdentity(name) === null
}

/** The account that a device belongs, or belonged, to; a lone one goes by itself. */
export function personOf({ synods }: KnownAccounts, identity: Identity): PersonName {
  return synods?.accountOf(identity) ?? identity
}

/** Every identity that a name stands for, keys of the account included. */
export function identitiesOf({ synods }: KnownAccounts, name: PersonName): readonly Identity[] {
  if (!isRoot(name)) return [name]
  return [...(synods?.account(name)?.standings.keys() ?? [])].filter((one) => synods?.accountOf(one) === name)
}

/** An account, and what everybody is, or was, to it. */
export interface Listing {
  readonly root: Root
  readonly standings: ReadonlyMap<Identity, Standing>
}

/**
 * The account that lists this device now (spec W6); null when none does. All of its devices said themselves that they belong
 * to it, so that another account which lists one of them as well takes nothing away.
 */
export function accountListing({ synods }: KnownAccounts, device: Identity): Listing | null {
  if (synods?.standing(device).type !== 'member') return null
  const root = synods.accountOf(device)
  const standings = root === null ? undefined : synods.account(root)?.standings
  return root === null || standings === undefined ? null : { root, standings }
}
