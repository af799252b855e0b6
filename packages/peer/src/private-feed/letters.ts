/**
 * Letters with the key of a private feed: written by its author, opened by whom they name (spec X24).
 *
 *     key ─read_key▶ age: devices and recovery keys of the readers ─sign▶ letter ─▶ anybody may carry it ─open▶ key
 *
 * @module
 */
import {
  decodeFeedLetter,
  EffigyError,
  encodeBase64url,
  err,
  type FeedLetter,
  type FeedReadKey,
  feedLetterCheck,
  type JsonObject,
  maxLetterTexts,
  ok,
  parseBase64url,
  type ReadKey,
  type Result,
  readPayload,
  type Signer,
  signFeedLetter,
  writeStrictJson,
} from '@effigy/core'
import { type AgreementKey, type Crypto, maxAgeRecipients, openAge, sealAge } from '@effigy/crypto'
import type { FeedKey, KeptLetter } from '@effigy/store'
import { keyContext } from '../private/contexts.ts'

/** Devices and recovery keys of all readers together. */
export const maxLetterReaders: number = maxLetterTexts * maxAgeRecipients

export interface WriteLetterOptions {
  readonly key: FeedKey
  /** ms; above that of the letter before. */
  readonly at: number
  /** X25519 public keys, 1 to `maxLetterReaders`. */
  readonly readers: readonly Uint8Array[]
  readonly signer: Signer
  readonly crypto: Crypto
}

/** Throws `EffigyError` 'too-many-readers'. */
export async function writeLetter({
  key,
  at,
  readers,
  signer,
  crypto,
}: WriteLetterOptions): Promise<KeptLetter> {
  if (readers.length > maxLetterReaders) throw tooManyReaders()
  const { feed, epoch } = key
  const readKey: FeedReadKey = { kind: 'feed', feed, epoch, key: encodeBase64url(key.key) }
  const body = { type: 'read_key', at, ...readKey } as unknown as JsonObject
  const texts: string[] = []
  for (let first = 0; first < readers.length; first += maxAgeRecipients) {
    const recipients = readers.slice(first, first + maxAgeRecipients)
    const text = await sealAge({ from: feed, context: keyContext(readKey), body, recipients, crypto })
    if (!text.ok) throw tooManyReaders()
    texts.push(text.value)
  }
  const record = await signFeedLetter({ from: feed, epoch, at, texts }, signer)
  return { feed, epoch, at, record }
}

/** A letter whose signature is its author's; `refuse` says why it is not wanted, before that is looked at. */
export async function readLetter(
  record: Uint8Array,
  crypto: Crypto,
  refuse: (letter: FeedLetter) => string | null,
): Promise<Result<FeedLetter, { readonly code: string }>> {
  const decoded = decodeFeedLetter(record)
  if (!decoded.ok) return err({ code: 'letter-invalid' })
  const { claim } = decoded.value
  const code = refuse(claim)
  if (code !== null) return err({ code })
  const [valid] = await crypto.verify([feedLetterCheck(decoded.value)])
  return valid === true ? ok(claim) : err({ code: 'letter-forged' })
}

/** The key inside of a letter that was read; tries all of its texts. */
export async function openLetter(
  letter: FeedLetter,
  keys: readonly AgreementKey[],
  crypto: Crypto,
): Promise<Result<FeedKey, { readonly code: 'letter-not-for-us' }>> {
  for (const text of letter.texts) {
    const note = await openAge(text, keys, crypto)
    if (!note.ok || note.value.from !== letter.from) continue
    const payload = readPayload(writeStrictJson(note.value.body), { encrypted: true })
    if (!payload.ok || payload.value.type !== 'read_key') continue
    const readKey = payload.value as ReadKey
    if (readKey.kind !== 'feed' || note.value.context !== keyContext(readKey)) continue
    const key = feedKeyOf(readKey)
    // A letter speaks of its author's feed alone, and of the epoch that is written outside.
    if (key !== null && key.feed === letter.from && key.epoch === letter.epoch) return ok(key)
  }
  return err({ code: 'letter-not-for-us' })
}

export function feedKeyOf({ feed, epoch, key: text }: FeedReadKey): FeedKey | null {
  const key = parseBase64url(text)
  return key?.length === 32 ? { feed, epoch, key } : null
}

/** The same text for the same readers and key, whatever their order: whether a letter is still right. */
export function readersPrint(
  keyId: string,
  readers: readonly Uint8Array[],
  { sha256 }: Pick<Crypto, 'sha256'>,
): string {
  const names = readers.map((key) => encodeBase64url(key)).sort()
  return encodeBase64url(sha256(new TextEncoder().encode([keyId, ...names].join())))
}

export function tooManyReaders(): EffigyError {
  const message = `A private feed has at most ${maxLetterReaders} devices and recovery keys that read it. Take somebody off the list.`
  return new EffigyError('too-many-readers', message)
}
