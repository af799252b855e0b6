/**
 * The devices of this person, and whom they seal their private payloads to (spec X2, Y13, Y15).
 *
 *     verdict of the own account ─▶ devices whose words count, box keys of those that read
 *
 * @module
 */
import { type Authority, type Identity, parseBase64url, readersOf } from '@effigy/core'
import type { Store } from '@effigy/store'

function authorityOf({ synods }: Pick<Store, 'synods'>, self: Identity): Authority | null {
  const root = synods?.accountOf(self) ?? null
  return root === null ? null : (synods?.account(root) ?? null)
}

/** This device first, then those of its account that are, or were and may still be heard. */
export function ownDevices(store: Pick<Store, 'synods'>, self: Identity): readonly Identity[] {
  const others: Identity[] = []
  for (const [identity, { type }] of authorityOf(store, self)?.standings ?? []) {
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
  const authority = authorityOf(store, self)
  const isMember = authority?.standings.get(self)?.type === 'member'
  const readers = authority === null || !isMember ? null : readersOf(authority)
  const texts = readers === null ? [] : [...readers.devices.map(({ box }) => box), readers.recovery]
  const others = texts.flatMap((text) => parseBase64url(text) ?? [])
  return [
    own,
    ...others.filter((key) => key.length === own.length && key.some((byte, at) => byte !== own[at])),
  ]
}
