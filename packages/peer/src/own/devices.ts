/**
 * The devices of this person, and whom they seal their private payloads to (spec X2, Y13, Y15).
 *
 *     verdict of the own account ─▶ devices whose words count, box keys of those that read
 *
 * @module
 */
import { equalBytes, type Identity, readersOf } from '@effigy/core'
import type { Store } from '@effigy/store'
import { authorityOf, keysIn } from '../private/readers.ts'

/** This device first, then those of its account that are, or were and may still be heard. */
export function ownDevices(store: Pick<Store, 'synods'>, self: Identity): readonly Identity[] {
  const others: Identity[] = []
  for (const [identity, { type }] of authorityOf(store, { identity: self, root: null })?.standings ?? []) {
    const isDevice = type === 'member' || type === 'revoked' || type === 'frozen'
    if (isDevice && identity !== self) others.push(identity)
  }
  return [self, ...others]
}

/** X25519 keys, 32 bytes each: `own`, and while this device is a member those of the others and the recovery key. */
export function ownReaders(
  store: Pick<Store, 'synods'>,
  self: Identity,
  own: Uint8Array,
): readonly Uint8Array[] {
  const authority = authorityOf(store, { identity: self, root: null })
  const isMember = authority?.standings.get(self)?.type === 'member'
  const readers = authority === null || !isMember ? null : readersOf(authority)
  const keys = readers === null ? [] : keysIn(readers)
  return [own, ...keys.filter((key) => !equalBytes(key, own))]
}
