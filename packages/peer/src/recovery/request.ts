/**
 * What a new device asks a custodian, and the words that two people compare over another way (spec Z24, Z25).
 *
 *     {account, name, identity, box, to, nonce, at} ─SHA-256─▶ id ─stretched─▶ six words, the same on both devices
 *
 * Whoever stands between has to find a request of their own with the same six words: 2^66 tries, each of 2,048 rounds.
 *
 * @module
 */
import {
  concatBytes,
  encodeBase64url,
  type Identity,
  type JsonObject,
  maxNameBytes,
  parseBase64url,
  parseIdentity,
  parseRoot,
  parseStrictJson,
  type Root,
  type Sha256,
  utf8,
  utf8Length,
  writeStrictJson,
} from '@effigy/core'
import { loadWords } from '#later'

export interface ShareRequest {
  /** Who the person says to be; null: only by name. */
  readonly account: Root | null
  /** Their name, a claim: at most 96 bytes, one line. */
  readonly name: string
  /** The new device. */
  readonly identity: Identity
  /** Its X25519 key, 32 bytes, base64url: shares are sealed to it. */
  readonly box: string
  /** The custodian's account. */
  readonly to: Root
  /** base64url of 16 random bytes. */
  readonly nonce: string
  /** ms, the new device's claim. */
  readonly at: number
}

/** Words that are compared: 11 bits each. */
export const comparedWords = 6

/** UTF-8 bytes of a request. */
export const maxRequestBytes = 1_024

const idPrefix = utf8('effigy/recovery-request/1\n')

export function writeRequest({ account, name, identity, box, to, nonce, at }: ShareRequest): string {
  return writeStrictJson({ v: 1, account, name, identity, box, to, nonce, at })
}

const fields = 'v,account,name,identity,box,to,nonce,at'

/** Null when it is none, or not in the one way of writing it. */
export function readRequest(text: string): ShareRequest | null {
  if (text.length > maxRequestBytes || utf8Length(text) > maxRequestBytes) return null
  const parsed = parseStrictJson(text)
  const value = parsed.ok ? parsed.value : null
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  if (Object.keys(value).join() !== fields) return null
  const { v, account, name, identity, box, to, nonce, at } = value as JsonObject
  const claimed = typeof account === 'string' ? parseRoot(account) : null
  const device = typeof identity === 'string' ? parseIdentity(identity) : null
  const custodian = typeof to === 'string' ? parseRoot(to) : null
  if (v !== 1 || device === null || custodian === null || (account !== null && claimed === null)) return null
  if (typeof name !== 'string' || !isLine(name)) return null
  if (!isBytes(box, 32) || !isBytes(nonce, 16)) return null
  if (typeof at !== 'number' || !Number.isSafeInteger(at) || at < 0) return null
  return { account: claimed, name, identity: device, box, to: custodian, nonce, at }
}

const misleading = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

/** One line without control and direction characters: it is shown beside a question that decides much. */
export function isLine(text: string): boolean {
  return utf8Length(text) <= maxNameBytes && !misleading.test(text)
}

/** base64url of 32 bytes: what an answer names. */
export function requestId(request: ShareRequest, sha256: Sha256): string {
  return encodeBase64url(digestOf(request, sha256))
}

/** Six words of the list of phrases (D2), 66 bits. Slow on purpose, as deriving from a phrase is. */
export async function requestWords(request: ShareRequest, sha256: Sha256): Promise<string> {
  const { phraseOfEntropy, phraseSeed } = await loadWords()
  const stretched = await phraseSeed(phraseOfEntropy(digestOf(request, sha256).slice(0, 16)))
  return phraseOfEntropy(stretched.slice(0, 16)).split(' ').slice(0, comparedWords).join(' ')
}

function digestOf(request: ShareRequest, sha256: Sha256): Uint8Array {
  return sha256(concatBytes(idPrefix, utf8(writeRequest(request))))
}

function isBytes(value: unknown, length: number): value is string {
  return typeof value === 'string' && parseBase64url(value)?.length === length
}
