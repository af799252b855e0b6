/**
 * Drops: a message left for somebody who is away (spec V11). This is what is inside the seal.
 *
 *     {from, to, nonce, at, payload} ⏎ signature of `from`
 *
 * @module
 */
import { encodeBase64url, parseBase64url } from '../base.ts'
import { utf8 } from '../bytes.ts'
import { type Identity, identityKey } from '../names.ts'
import type { SignatureCheck, Signer } from '../ports.ts'
import type { Result } from '../result.ts'
import { recordMessage, sign, writeRecord } from '../signing.ts'
import { type Json, type JsonObject, writeStrictJson } from '../strict-json.ts'
import {
  decodeServiceRecord,
  identityOf,
  type ServiceRecordFault,
  type Signed,
  wholeOf,
} from './read-record.ts'

export interface Drop {
  readonly from: Identity
  /** For whom it was written: a drop that somebody passes on names another than its new receiver. */
  readonly to: Identity
  /** base64url of 16 random bytes; with `from` it names the drop for who has opened it. */
  readonly nonce: string
  /** The sender's clock, ms. */
  readonly at: number
  /** Has a `type`, like the payload of an entry. */
  readonly payload: JsonObject
}

/** Before sealing; with the padding of the seal it stays below `maxSealedDropBytes`. */
export const maxDropRecordBytes: number = 48 * 1024

const nonceBytes = 16

/** What is signed and sealed. */
export function writeDropJson({ from, to, nonce, at, payload }: Drop): string {
  return writeStrictJson({ v: 1, from, to, nonce, at, payload })
}

/** JSON ⏎ signature. Throws a TypeError where the payload is no strict JSON. */
export async function signDrop(drop: Drop, signer: Signer): Promise<Uint8Array> {
  const { from, to, nonce, at, payload } = drop
  return writeRecord(writeDropJson(drop), await sign('drop', { v: 1, from, to, nonce, at, payload }, signer))
}

/** Judges the form alone; whether the signature is right says `dropCheck`. */
export function decodeDrop(bytes: Uint8Array): Result<Signed<Drop>, ServiceRecordFault> {
  return decodeServiceRecord<Drop>(bytes, maxDropRecordBytes, {
    from: identityOf,
    to: identityOf,
    nonce: nonceOf,
    at: wholeOf,
    payload: payloadOf,
  })
}

/** What has to be verified before a decoded drop counts as its sender's. */
export function dropCheck({ claim, signature }: Signed<Drop>): SignatureCheck {
  const record = writeRecord(writeDropJson(claim), signature)
  return { publicKey: identityKey(claim.from), message: recordMessage('drop', record), signature }
}

/** Of 16 random bytes. */
export function dropNonce(random: Uint8Array): string {
  if (random.length !== nonceBytes) throw new TypeError('a nonce has 16 bytes')
  return encodeBase64url(random)
}

/** The text of a decoded record, as it was. */
export function encodeDrop({ claim, signature }: Signed<Drop>): Uint8Array {
  return utf8(`${writeDropJson(claim)}\n${encodeBase64url(signature)}`)
}

function nonceOf(value: Json): string | null {
  return typeof value === 'string' && parseBase64url(value)?.length === nonceBytes ? value : null
}

function payloadOf(value: Json): JsonObject | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const payload = value as JsonObject
  return typeof payload.type === 'string' ? payload : null
}
