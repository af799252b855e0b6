/**
 * How one's own entries are sealed: as those below them (spec X20, X25).
 *
 *     entry below ─ its key id ─▶ FeedKeys ─▶ SealOwn for the next      first entry: as the person wants it
 *
 * @module
 */
import {
  type ChainPoint,
  EffigyError,
  type Identity,
  maxEntryBytes,
  maxInnerEntryBytes,
  type SealOwn,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import { type Store, sealWith } from '@effigy/store'
import { readIntent } from './intent.ts'

export interface SealingDeps {
  readonly store: Pick<Store, 'feedKeys' | 'setting'>
  readonly crypto: Pick<Crypto, 'sha256' | 'hmacSha256' | 'sealX'>
  readonly identity: Identity
}

/** Null: entries above it are not sealed. `below` null: the first of the feed. Throws `EffigyError` 'feed-key-absent'. */
export function sealAbove(deps: SealingDeps, below: Pick<ChainPoint, 'keyId'> | null): SealOwn | null {
  const keyId = below === null ? readIntent(deps.store, deps.identity)?.keyId : below.keyId
  return keyId == null ? null : sealUnder(deps, keyId)
}

export function sealUnder({ store, crypto, identity }: SealingDeps, keyId: string): SealOwn {
  const key = store.feedKeys?.find(identity, keyId) ?? null
  if (key === null) {
    const message =
      'This feed is private, and its key is not on this device any more. Connect to another device of yours that has it.'
    throw new EffigyError('feed-key-absent', message)
  }
  return sealWith(key.key, crypto)
}

/** Whether what is written next is sealed. */
export function isPrivateFeed(store: Pick<Store, 'feed' | 'entry' | 'setting'>, identity: Identity): boolean {
  return keyIdOf(store, identity) !== null
}

/** Under which key the own feed is sealed now, or will be when nothing is written yet; null: it is not. */
export function keyIdOf(store: Pick<Store, 'feed' | 'entry' | 'setting'>, identity: Identity): string | null {
  const head = store.feed(identity)?.record?.head.head
  if (head === undefined) return readIntent(store, identity)?.keyId ?? null
  return store.entry(head)?.signed.sealed?.keyId ?? null
}

/** Bytes that an entry may have before it is sealed, or as it is. */
export const roomFor = (seal: SealOwn | null): number => (seal === null ? maxEntryBytes : maxInnerEntryBytes)
