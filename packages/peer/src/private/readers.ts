/**
 * Whose keys a text is sealed to, by the newest that is known here (spec Y15, X9; T21).
 *
 *     Account ─┬ verdict of its root ─▶ boxes of its devices of now, and its recovery key
 *              └ a lone device ───────▶ the box of its newest identification
 *
 * @module
 */
import {
  type Account,
  type AccountReaders,
  type Authority,
  EffigyError,
  type Identity,
  parseBase64url,
  readersOf,
} from '@effigy/core'
import { isSoundBox } from '@effigy/crypto'
import type { Store } from '@effigy/store'

/** What may be read of whom, and by which keys. */
export interface Reader {
  readonly account: Account
  /** X25519 public keys, 32 bytes each. */
  readonly keys: readonly Uint8Array[]
  /** Whose devices these are, where they are known. */
  readonly devices: readonly Identity[]
}

export type ReaderStore = Pick<Store, 'synods' | 'profile'>

/** The account of a name, as far as it is known here: a device of one stands for all of it. */
export function authorityOf(
  { synods }: Pick<Store, 'synods'>,
  { identity, root }: Account,
): Authority | null {
  const known = root ?? synods?.accountOf(identity) ?? null
  return known === null ? null : (synods?.account(known) ?? null)
}

/** Null when nothing is known that could be sealed to. */
export function knownReader(store: ReaderStore, account: Account): Reader | null {
  try {
    return readerOf(store, account)
  } catch (cause) {
    if (cause instanceof EffigyError && cause.code === 'no-box-key') return null
    throw cause
  }
}

/** Throws `EffigyError` 'no-box-key' when nothing is known that could be sealed to. */
export function readerOf(store: ReaderStore, account: Account): Reader {
  const authority = authorityOf(store, account)
  if (authority !== null) {
    const readers = readersOf(authority)
    if (readers === null) throw noKey(account, 'Its devices disagree about who speaks for it.')
    const keys = keysIn(readers)
    if (keys.length === 0) throw noKey(account, none)
    return {
      account: { identity: authority.identity, root: authority.root },
      keys,
      devices: readers.devices.map(({ identity }) => identity),
    }
  }
  if (account.root !== null) throw noKey(account, 'Nothing of this account is here yet.')
  const item = store.profile(account.identity)
  const payload = item?.state.type === 'shown' ? item.state.payload : null
  const box = payload?.type === 'identification' ? parseBase64url(payload.box as string) : null
  // The box is its author's alone (P13).
  if (box == null || !isSoundBox(box) || item?.identity !== account.identity || !item.verified) {
    throw noKey(account, none)
  }
  return { account, keys: [box], devices: [account.identity] }
}

const none = 'It has not published one, or its profile is not here yet.'

/** Of the devices that read and the recovery key; what nothing can be sealed to is none, and keeps a text from nobody else. */
export function keysIn({ devices, recovery }: AccountReaders): readonly Uint8Array[] {
  const texts = [...devices.map(({ box }) => box), recovery]
  return texts.flatMap((text) => parseBase64url(text) ?? []).filter(isSoundBox)
}

/** All keys of some readers and of oneself, each once. */
export function keysOf(readers: readonly Reader[], own: readonly Uint8Array[]): readonly Uint8Array[] {
  const keys = new Map<string, Uint8Array>()
  for (const key of [...own, ...readers.flatMap((reader) => reader.keys)]) keys.set(key.join(), key)
  return [...keys.values()]
}

function noKey({ identity }: Account, why: string): EffigyError {
  const message = `There is no key of ${identity} to seal to. ${why} Connect to them, or to a hub that keeps their feed, and try again.`
  return new EffigyError('no-box-key', message)
}
