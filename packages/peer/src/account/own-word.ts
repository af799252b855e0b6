/**
 * Which account this device belongs to is for this device to say (spec S39): it says so when it creates, joins or moves
 * one. Where the store was lost since, what it still holds or published says it: the account's key, and the account that
 * the newest own entry names (E5).
 *
 *     key in the vault │ `synod` of the newest own entry ─verdict here─▶ pin
 *
 * @module
 */
import type { Identity, Root } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Keyring } from './keyring.ts'

type Stored = Pick<Store, 'synods' | 'feed' | 'entry' | 'setting' | 'saveSetting'>

const uncertainKey = 'account-uncertain'

/** It is not known whether the account kept this device in its list (L14): what comes of it tells. */
export function noteUncertain(store: Pick<Store, 'saveSetting'>, root: Root): void {
  store.saveSetting(uncertainKey, root)
}

export function pinByOwnWord(store: Stored, self: Identity, keyring: Pick<Keyring, 'synod'>): void {
  const { synods } = store
  if (synods === undefined) return
  if (synods.accountOf(self) !== null) {
    leaveUncertain(store, self)
    return
  }
  const held = keyring.synod === null ? null : synods.accountOf(keyring.synod.identity)
  const root = held ?? namedRoot(store, self)
  if (root !== null) synods.pin(self, root)
}

/** Taken off the list before it wrote anything: it never joined, and goes on as before. */
function leaveUncertain(store: Stored, self: Identity): void {
  const { synods } = store
  if (synods?.standing(self).type !== 'frozen') return
  const root = synods.accountOf(self)
  if (store.setting(uncertainKey) !== root || namedRoot(store, self) === root) return
  synods.pin(self, null)
  store.saveSetting(uncertainKey, null)
}

/** Its head record is signed by this device, so its newest entry is its own word before the signature is looked at. */
function namedRoot({ synods, feed, entry }: Stored, self: Identity): Root | null {
  const head = feed(self)?.record?.head.head ?? null
  const named = head === null ? null : (entry(head)?.signed.entry.synod ?? null)
  if (named === null) return null
  const [key, state] = named
  const root = synods?.accountOf(key) ?? null
  return root !== null && synods?.states(root).some(({ cid }) => cid === state) === true ? root : null
}
