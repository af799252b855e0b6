/**
 * Whose drop box is whose, where accounts are known (spec V23, V44): a person has one, whatever device of theirs is meant.
 *
 *     device, key of now or before ─▶ key 0 of its account      lone device ─▶ itself
 *
 * @module
 */
import type { Authority, Identity } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { DropBoxOptions } from './kept-services.ts'

type Known = Pick<Store, 'synods'>

/** The account of a device that it lists now, or of one of its keys; null: none that is known. */
function accountOf({ synods }: Known, identity: Identity): Authority | null {
  const root = synods?.accountOf(identity) ?? null
  const type = synods?.standing(identity).type
  if (root === null || (type !== 'member' && type !== 'in-power' && type !== 'moved')) return null
  return synods?.account(root) ?? null
}

/** All names of the person that `identity` is one of, itself first: its devices of now, and its keys. */
export function namesOf(store: Known, identity: Identity): readonly Identity[] {
  const account = accountOf(store, identity)
  if (account === null) return [identity]
  return [...new Set([identity, ...account.keys, ...membersOf(account)])]
}

/** Boxes for the persons of whom some name is a member here. `store`: asked late; null while it is not open. */
export function boxOwners(
  store: () => Known | null,
  isMember: (identity: Identity) => boolean,
): Pick<DropBoxOptions, 'devicesOf' | 'accountOf'> {
  const none: Known = { synods: undefined }
  return {
    devicesOf(identity) {
      const known = store() ?? none
      if (!namesOf(known, identity).some(isMember)) return []
      const account = accountOf(known, identity)
      return account === null ? [identity] : membersOf(account)
    },
    accountOf: (identity) => accountOf(store() ?? none, identity)?.keys[0] ?? identity,
  }
}

function membersOf({ standings }: Authority): readonly Identity[] {
  return [...standings].flatMap(([identity, { type }]) => (type === 'member' ? [identity] : []))
}
