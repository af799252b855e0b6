/**
 * The key that one device is written to with: of its account's newest state, or of its own identification (V67).
 *
 * @module
 */
import { type Identity, parseBase64url, readersOf } from '@effigy/core'
import type { Store } from '@effigy/store'

/** 32 bytes; null: nobody here knows one. A device that its account lists no more has none. */
export function boxKeyOf(store: Pick<Store, 'synods' | 'profile'>, device: Identity): Uint8Array | null {
  const root = store.synods?.accountOf(device) ?? null
  const authority = root === null ? null : (store.synods?.account(root) ?? null)
  if (authority === null) return ownWord(store, device)
  const box = readersOf(authority)?.devices.find(({ identity }) => identity === device)?.box
  return box === undefined ? null : parseBase64url(box)
}

function ownWord(store: Pick<Store, 'profile'>, device: Identity): Uint8Array | null {
  const state = store.profile(device)?.state
  if (state?.type !== 'shown' || state.payload.type !== 'identification') return null
  return parseBase64url(state.payload.box)
}
