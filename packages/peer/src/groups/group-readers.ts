/**
 * Whose box keys read for whom in a group, by the newest that is known here (spec Q13, Y15; T21).
 *
 *     person ─▶ devices of now and the recovery key, 8 bytes of the hash of each; those that read once, and no more
 *
 * @module
 */
import {
  type Account,
  type Identity,
  type PersonPrints,
  parseBase64url,
  readerPrint,
  type Sha256,
} from '@effigy/core'
import type { Store } from '@effigy/store'
import { authorityOf, knownReader, type ReaderStore } from '../private/readers.ts'

export interface GroupReaders {
  /** X25519 keys, 32 bytes each; null where nothing is known of them. */
  keysOf(account: Account): readonly Uint8Array[] | null
  devicesOf(account: Account): readonly Identity[] | null
  printsOf(account: Account): PersonPrints | null
  print(key: Uint8Array): string
}

export interface GroupReadersPorts {
  readonly store: ReaderStore & Pick<Store, 'synods'>
  readonly self: Identity
  /** Of this device first, then the others of its account and the recovery key. */
  readonly ownKeys: () => readonly Uint8Array[]
  readonly sha256: Sha256
}

export function createGroupReaders({ store, self, ownKeys, sha256 }: GroupReadersPorts): GroupReaders {
  const print = (key: Uint8Array): string => readerPrint(key, sha256)

  function isSelf({ identity, root }: Account): boolean {
    const mine = store.synods?.accountOf(self) ?? null
    return (
      identity === self || (mine !== null && (root ?? store.synods?.accountOf(identity) ?? null) === mine)
    )
  }

  function keysOf(account: Account): readonly Uint8Array[] | null {
    return isSelf(account) ? ownKeys() : (knownReader(store, account)?.keys ?? null)
  }

  /** Of every proven state of the account: also of devices that were gone before the newest one. */
  function everKeys(account: Account): readonly Uint8Array[] {
    const root = authorityOf(store, account)?.root ?? null
    const states = root === null ? [] : (store.synods?.states(root) ?? [])
    const texts = states.flatMap(({ state }) => [...state.identities.map(([, box]) => box), state.recovery])
    return [...new Set(texts)].flatMap((text) => parseBase64url(text) ?? [])
  }

  return {
    keysOf,
    devicesOf: (account) => keysOf(account) && (knownReader(store, account)?.devices ?? [account.identity]),
    printsOf(account) {
      const keys = keysOf(account)
      if (keys === null) return null
      const now = keys.map(print)
      const gone = everKeys(account).map(print)
      return { now, gone: gone.filter((each) => !now.includes(each)) }
    },
    print,
  }
}
