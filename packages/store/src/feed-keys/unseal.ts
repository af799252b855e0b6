/**
 * Opens sealed entries with the keys that are here, and seals one's own (spec E9, X4, X20).
 *
 *     sealed bytes ─key id▶ FeedKeys ─openSealedEntry▶ inner bytes ─decodeOpenedEntry▶ SignedEntry
 *
 * @module
 */
import {
  decodeEntry,
  decodeOpenedEntry,
  type EntryFault,
  err,
  type Identity,
  type Result,
  type SealOwn,
  type SignedEntry,
  sealedKeyId,
} from '@effigy/core'
import { type Crypto, openSealedEntry, sealEntry } from '@effigy/crypto'
import type { FeedKeys } from './feed-keys.ts'

export type UnsealFault =
  | { readonly code: Exclude<EntryFault['code'], 'sealed'> }
  /** `keyId`: that key is not here; null: it is, and does not open it. Nobody can tell more, and nothing is held against it. */
  | { readonly code: 'sealed'; readonly keyId: string | null }

/** Reads an entry of that feed, sealed or not. Never throws, whatever `bytes` are. */
export type Unseal = (bytes: Uint8Array, feed: Identity) => Result<SignedEntry, UnsealFault>

type OpeningCrypto = Pick<Crypto, 'sha256' | 'hmacSha256' | 'openX'>

/** With `keys` null nothing sealed is opened. */
export function createUnseal(keys: Pick<FeedKeys, 'find'> | null, crypto: OpeningCrypto): Unseal {
  return (bytes, feed) => {
    const decoded = decodeEntry(bytes, crypto.sha256)
    if (decoded.ok) return decoded
    const { code } = decoded.error
    if (code !== 'sealed') return err({ code })
    const keyId = sealedKeyId(bytes)
    const key = keyId === null ? null : (keys?.find(feed, keyId) ?? null)
    if (key === null) return err({ code, keyId })
    const inner = openSealedEntry(bytes, feed, key.key, crypto)
    if (!inner.ok) return err({ code, keyId: null })
    const opened = decodeOpenedEntry(bytes, inner.value, crypto.sha256)
    if (opened.ok) return opened
    return err(opened.error.code === 'sealed' ? { code: 'encoding' } : { code: opened.error.code })
  }
}

/** Seals one's own signed entries under a feed read key of 32 bytes; what it gives throws a RangeError for an entry above `maxInnerEntryBytes`. */
export function sealWith(key: Uint8Array, crypto: Pick<Crypto, 'sha256' | 'hmacSha256' | 'sealX'>): SealOwn {
  return (signed) => {
    const { identity } = signed.entry
    const bytes = sealEntry(signed.bytes, identity, key, crypto)
    const sealed = decodeOpenedEntry(bytes, signed.bytes, crypto.sha256)
    if (!sealed.ok) throw new Error('what was just sealed is a sealed entry')
    return sealed.value
  }
}
