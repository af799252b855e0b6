/**
 * Opens what this device encrypted to itself, so that blocks and mutes count (DESIGN 2.5, 2.6).
 *
 *     own entries with `age:` ─box key▶ payload ─▶ store.rememberOpened
 *
 * @module
 */
import { type Identity, writeStrictJson } from '@effigy/core'
import { type AgreementKey, type Crypto, openAge } from '@effigy/crypto'
import type { Store, StoredEntry } from '@effigy/store'

export interface OpenerDeps {
  readonly store: Store
  readonly crypto: Crypto
  readonly identity: Identity
  readonly boxKey: AgreementKey
}

/** Opens one entry of one's own; nothing happens when it is for others, or lifted from another author. */
export async function openOwn(stored: StoredEntry, deps: OpenerDeps): Promise<void> {
  const { store, crypto, identity, boxKey } = deps
  const { payload } = stored.signed.entry
  if (!payload.startsWith('age:')) return
  const note = await openAge(payload, [boxKey], crypto)
  if (!note.ok || note.value.from !== identity || note.value.context !== 'state') return
  store.rememberOpened(identity, stored.content, writeStrictJson(note.value.body))
}

/** Opens own entries above the position that was reached before; remembers how far it came. */
export async function openAllOwn(deps: OpenerDeps): Promise<void> {
  const { store, identity } = deps
  const record = store.feed(identity)?.record ?? null
  if (record === null) return
  const place = `${record.head.epoch}/${record.head.length}`
  const reached = store.setting('opened-through')
  if (reached === place) return
  const [epoch, length] = (reached ?? '').split('/').map(Number)
  // A rebase may have brought entries back to any place: they are looked at again, which is harmless.
  const first = epoch === record.head.epoch && length !== undefined ? length + 1 : 1
  for (const stored of [...store.chain(identity, { first })]) await openOwn(stored, deps)
  store.saveSetting('opened-through', place)
}
