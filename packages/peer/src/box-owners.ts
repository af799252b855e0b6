/**
 * Whose drop box is whose, where accounts are known (spec V23, V44): a person has one, whatever name of theirs is meant.
 *
 *     device, key of now or before ─▶ root of its account, as a name      lone device ─▶ itself
 *
 * A root names its first key without having asked it (T27), so it is the root that boxes go by, and only names that
 * said themselves that they belong to it count.
 *
 * @module
 */
import {
  encodeBase64url,
  type Identity,
  identityKey,
  identityOfKey,
  parseBase64url,
  parseRoot,
  type Root,
} from '@effigy/core'
import type { Store } from '@effigy/store'
import type { DropBoxOptions } from './kept-services.ts'

type Known = Pick<Store, 'synods'>

/** The account of a device that it lists now, or of one of its keys; null: none that is known. */
function rootOf({ synods }: Known, identity: Identity): Root | null {
  const type = synods?.standing(identity).type
  const isOf = type === 'member' || type === 'in-power' || type === 'moved'
  return isOf ? (synods?.accountOf(identity) ?? null) : null
}

/** All names of the person that `identity` is one of, itself first: its devices of now, and its keys. */
export function namesOf(store: Known, identity: Identity): readonly Identity[] {
  const root = rootOf(store, identity)
  return root === null ? [identity] : [...new Set([identity, ...namesIn(store, root)])]
}

/** Boxes for the persons of whom some name is a member here. `store`: asked late; null while it is not open. */
export function boxOwners(
  store: () => Known | null,
  isMember: (identity: Identity) => boolean,
): Pick<DropBoxOptions, 'devicesOf' | 'accountOf'> {
  const none: Known = { synods: undefined }
  return {
    devicesOf(name) {
      const known = store() ?? none
      const root = parseRoot(encodeBase64url(identityKey(name)))
      const names = root === null ? [] : namesIn(known, root)
      if (names.length === 0) return namesOf(known, name).some(isMember) ? [name] : []
      return names.some(isMember) ? names.filter((one) => known.synods?.standing(one).type === 'member') : []
    },
    accountOf(identity) {
      const root = rootOf(store() ?? none, identity)
      const bytes = root === null ? null : parseBase64url(root)
      return bytes === null ? identity : identityOfKey(bytes)
    },
  }
}

function namesIn(store: Known, root: Root): readonly Identity[] {
  const standings = store.synods?.account(root)?.standings ?? new Map<Identity, unknown>()
  return [...standings.keys()].filter((identity) => rootOf(store, identity) === root)
}
