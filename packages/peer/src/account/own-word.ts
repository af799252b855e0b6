/**
 * Which account this device belongs to is for this device to say (spec S39): it says so when it creates, joins or moves
 * one. Where the store was lost since, what it still holds or published says it: the account's key, and the account that
 * the newest own entry names (E5).
 *
 *     key in the vault │ `synod` of the newest own entry ─verdict here─▶ pin
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Keyring } from './keyring.ts'

export function pinByOwnWord(
  store: Pick<Store, 'synods' | 'feed' | 'entry'>,
  self: Identity,
  keyring: Pick<Keyring, 'synod'>,
): void {
  const { synods } = store
  if (synods === undefined || synods.accountOf(self) !== null) return
  const held = keyring.synod === null ? null : synods.accountOf(keyring.synod.identity)
  const root = held ?? namedRoot(store, self)
  if (root !== null) synods.pin(self, root)
}

/** Its head record is signed by this device, so its newest entry is its own word before the signature is looked at. */
function namedRoot({ synods, feed, entry }: Pick<Store, 'synods' | 'feed' | 'entry'>, self: Identity) {
  const head = feed(self)?.record?.head.head ?? null
  const named = head === null ? null : (entry(head)?.signed.entry.synod ?? null)
  if (named === null) return null
  const [key, state] = named
  const root = synods?.accountOf(key) ?? null
  return root !== null && synods?.states(root).some(({ cid }) => cid === state) === true ? root : null
}
