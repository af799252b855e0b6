/**
 * Sealing and opening drops (spec V11, V26; T28).
 *
 *     drop ─sign▶ record ─age to the box keys of `to`▶ sealed bytes ─SHA-256▶ id
 *     sealed bytes ─▶ record ─for us? from its signer? new? of these days?▶ payload ─copied▶ remembered
 *
 * @module
 */
import {
  type Drop,
  decodeDrop,
  dropCheck,
  encodeBase64url,
  err,
  type Identity,
  maxDropRecordBytes,
  ok,
  parseBase64url,
  parseUtf8,
  type RawCid,
  type Result,
  rawCidOfDigest,
  type Signer,
  signDrop,
  utf8,
} from '@effigy/core'
import { type AgreementKey, agePrefix, type Crypto, openAge, sealAge } from '@effigy/crypto'
import type { SeenDrops } from '@effigy/store'
import { dropMemoryMs, maxDropAheadMs, maxSealedDropBytes } from '../limits.ts'

/** K6: what the seal is for. */
const context = 'drop'

export interface SealedDrop {
  readonly id: RawCid
  readonly bytes: Uint8Array
}

export interface SealDropFault {
  readonly code: 'no-recipients' | 'too-many-recipients' | 'too-large' | 'bad-recipient'
}

/** `boxKeys`: of all devices of `drop.to`, X25519, 32 bytes each. Throws a TypeError where the payload is no strict JSON. */
export async function sealDrop(
  drop: Drop,
  signer: Signer,
  boxKeys: readonly Uint8Array[],
  crypto: Crypto,
): Promise<Result<SealedDrop, SealDropFault>> {
  const signed = await signDrop(drop, signer)
  if (signed.length > maxDropRecordBytes) return err({ code: 'too-large' })
  const record = parseUtf8(signed) ?? ''
  const sealed = await sealAge({ from: drop.from, context, body: record, recipients: boxKeys, crypto })
  if (!sealed.ok) return err({ code: sealed.error.code })
  const bytes = parseBase64url(sealed.value.slice(agePrefix.length)) ?? new Uint8Array(0)
  if (bytes.length > maxSealedDropBytes) return err({ code: 'too-large' })
  return ok({ id: rawCidOfDigest(crypto.sha256(bytes)), bytes })
}

export interface OpenedDrop {
  readonly drop: Drop
  /** Its time is too old, too far ahead, or forgotten: whether it was here before cannot be told. Shown only when a person asks. */
  readonly byHand: boolean
}

/**
 * `not-for-us`: none of our keys opens it, or it was written for somebody else and passed on; `forged`: its seal
 * or signature is not that of its sender; `seen`: here already; `ahead`: its time is so far off that nobody could remember
 * it until then, unless our own clock is wrong; `own-key`: one of our keys cannot be used now, so that nothing is known of it.
 */
export interface OpenDropFault {
  readonly code: 'too-large' | 'encoding' | 'version' | 'not-for-us' | 'forged' | 'seen' | 'ahead' | 'own-key'
}

export interface OpenDropPorts {
  readonly crypto: Crypto
  readonly seen: SeenDrops
  readonly now: () => number
  /** Since when the sender is on the receiver's list, ms on the receiver's clock; null: it is not. */
  readonly listedSince: (from: Identity) => number | null
}

/**
 * Never throws, whatever `bytes` are. `self`: the names that we are written to by. Remembers nothing, so that what is
 * lost before it is copied comes again: copy it first, by its (from, nonce); then `rememberDrop`; then acknowledge it.
 */
export async function openDrop(
  bytes: Uint8Array,
  self: ReadonlySet<Identity>,
  keys: readonly AgreementKey[],
  { crypto, seen, now, listedSince }: OpenDropPorts,
): Promise<Result<OpenedDrop, OpenDropFault>> {
  if (bytes.length > maxSealedDropBytes) return err({ code: 'too-large' })
  const note = await openAge(agePrefix + encodeBase64url(bytes), keys, crypto)
  if (!note.ok) {
    const { code } = note.error
    return err({ code: code === 'not-for-us' || code === 'own-key' ? code : 'encoding' })
  }
  const { from, context: use, body } = note.value
  if (use !== context || typeof body !== 'string') return err({ code: 'encoding' })
  const decoded = decodeDrop(utf8(body))
  if (!decoded.ok) return decoded
  const drop = decoded.value.claim
  // Who passes a drop on can seal it anew, but not sign it for its new receiver.
  if (!self.has(drop.to)) return err({ code: 'not-for-us' })
  const [isValid] = await crypto.verify([dropCheck(decoded.value)])
  if (from !== drop.from || isValid !== true) return err({ code: 'forged' })
  if (seen.has(drop.from, drop.nonce)) return err({ code: 'seen' })
  const nowMs = now()
  if (drop.at > nowMs + dropMemoryMs) return err({ code: 'ahead' })
  const isOutOfTime = drop.at <= nowMs - dropMemoryMs || drop.at > nowMs + maxDropAheadMs
  return ok({ drop, byHand: isOutOfTime || isDoubtful(drop, listedSince(drop.from), seen) })
}

/** Whether it may have been here, and was forgotten since: in the room of those on the list, or before it was on it. */
function isDoubtful({ at }: Drop, since: number | null, seen: SeenDrops): boolean {
  const others = since === null || at <= since + maxDropAheadMs ? seen.forgotten(false) : null
  return [seen.forgotten(true), others].some((mark) => mark !== null && at <= mark)
}

/** Durable when it returns. False: somebody was faster, and it is to be acted on no more. */
export function rememberDrop(
  { from, nonce, at }: Drop,
  { seen, now, listedSince }: Omit<OpenDropPorts, 'crypto'>,
): boolean {
  // By its own time, too: the mark of what was forgotten (V27) never comes near to now.
  const until = Math.max(now() + maxDropAheadMs, at) + dropMemoryMs
  return seen.remember({ from, nonce, at, isListed: listedSince(from) !== null }, until)
}
