/**
 * Sealed entries of private feeds (spec E9, X4): whole entries under the feed read key of an epoch.
 *
 *     entry ⏎ signature, zeros ─XChaCha20-Poly1305, nonce = HMAC of the entry─▶ {"v":1,"sealed":<key id>,"box":…}
 *
 * The nonce depends on key and entry alone: sealing again gives the same bytes, and no nonce ever serves two
 * entries. A reader computes it again, so that an entry has one sealed form, and that form one key.
 *
 * @module
 */
import {
  concatBytes,
  encodeBase64url,
  equalBytes,
  err,
  type Identity,
  identityKey,
  keyIdBytes,
  maxEntryBytes,
  maxInnerEntryBytes,
  ok,
  parseSealedEntry,
  type Result,
  utf8,
} from '@effigy/core'
import type { Crypto } from './crypto.ts'
import { paddedLength } from './padme.ts'

/**
 * 'no-key': sealed under another key; 'altered': not what was sealed for that feed under that key; 'content': what is
 * inside is not padded as X4 says.
 */
export interface OpenSealedFault {
  readonly code: 'too-large' | 'encoding' | 'no-key' | 'altered' | 'content'
}

const nonceLength = 24

/** The key id that sealed entries name: 16 bytes in base64url. */
export function feedKeyId(feedKey: Uint8Array, crypto: Pick<Crypto, 'sha256'>): string {
  return encodeBase64url(keyIdOf(feedKey, crypto))
}

/**
 * Seals the bytes of a whole entry, signature included, of the feed of `identity`; `feedKey` has 32 bytes. Throws a
 * RangeError when the entry has more than `maxInnerEntryBytes`: ask `entrySize` first where a person waits.
 */
export function sealEntry(
  entry: Uint8Array,
  identity: Identity,
  feedKey: Uint8Array,
  crypto: Pick<Crypto, 'sha256' | 'hmacSha256' | 'sealX'>,
): Uint8Array {
  if (entry.length > maxInnerEntryBytes) {
    throw new RangeError(`a sealed entry has at most ${maxInnerEntryBytes} bytes inside, not ${entry.length}`)
  }
  const keyId = keyIdOf(feedKey, crypto)
  const nonce = nonceOf(entry, feedKey, crypto)
  const padded = new Uint8Array(paddedLength(entry.length))
  padded.set(entry)
  const sealed = crypto.sealX(feedKey, nonce, associated(identity, keyId), padded)
  const box = encodeBase64url(concatBytes(nonce, sealed))
  return utf8(`{"v":1,"sealed":"${encodeBase64url(keyId)}","box":"${box}"}`)
}

/**
 * The bytes of the entry inside, not decoded or judged yet: that it is of this feed, and of its place, is for the rules
 * of entries. Never throws, whatever `bytes` are.
 */
export function openSealedEntry(
  bytes: Uint8Array,
  identity: Identity,
  feedKey: Uint8Array,
  crypto: Pick<Crypto, 'sha256' | 'hmacSha256' | 'openX'>,
): Result<Uint8Array, OpenSealedFault> {
  if (bytes.length > maxEntryBytes) return err({ code: 'too-large' })
  const sealed = parseSealedEntry(bytes)
  if (sealed === null) return err({ code: 'encoding' })
  const keyId = keyIdOf(feedKey, crypto)
  if (!equalBytes(sealed.keyId, keyId)) return err({ code: 'no-key' })
  const nonce = sealed.box.subarray(0, nonceLength)
  const padded = crypto.openX(feedKey, nonce, associated(identity, keyId), sealed.box.subarray(nonceLength))
  if (padded === null) return err({ code: 'altered' })
  // An entry ends with a character of its signature, never with a zero.
  let end = padded.length
  while (end > 0 && padded[end - 1] === 0) end--
  if (end === 0 || paddedLength(end) !== padded.length) return err({ code: 'content' })
  const entry = padded.slice(0, end)
  return equalBytes(nonceOf(entry, feedKey, crypto), nonce) ? ok(entry) : err({ code: 'altered' })
}

function keyIdOf(feedKey: Uint8Array, crypto: Pick<Crypto, 'sha256'>): Uint8Array {
  return crypto.sha256(concatBytes(utf8('effigy/keyid/1\n'), feedKey)).subarray(0, keyIdBytes)
}

function nonceOf(entry: Uint8Array, feedKey: Uint8Array, crypto: Pick<Crypto, 'hmacSha256'>): Uint8Array {
  return crypto.hmacSha256(feedKey, concatBytes(utf8('effigy/sealed/1\n'), entry)).subarray(0, nonceLength)
}

function associated(identity: Identity, keyId: Uint8Array): Uint8Array {
  return concatBytes(identityKey(identity), keyId)
}
