/**
 * Offers: what one device signs for another one of that moment, before it goes through hubs (spec V14).
 *
 *     {from, to, id, at, hash} ⏎ signature of `from`      hash = SHA-256 of what is offered, which stands beside it
 *
 * @module
 */
import { encodeBase64url, parseBase64url } from '../base.ts'
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

export interface Offer {
  readonly from: Identity
  /** The device that it is for: nobody can pass it on. */
  readonly to: Identity
  /** base64url of 16 random bytes; with `from` it names the offer. */
  readonly id: string
  /** The sender's clock, ms. */
  readonly at: number
  /** base64url of the SHA-256 of what is offered. */
  readonly hash: string
}

/** More than any can be. */
export const maxOfferRecordBytes = 512

const idBytes = 16
const hashBytes = 32

const fieldsOf = ({ from, to, id, at, hash }: Offer): JsonObject => ({ v: 1, from, to, id, at, hash })

/** JSON ⏎ signature. */
export async function signOffer(offer: Offer, signer: Signer): Promise<Uint8Array> {
  const fields = fieldsOf(offer)
  return writeRecord(writeStrictJson(fields), await sign('offer', fields, signer))
}

/** Judges the form alone; whether the signature is right says `offerCheck`. */
export function decodeOffer(bytes: Uint8Array): Result<Signed<Offer>, ServiceRecordFault> {
  return decodeServiceRecord<Offer>(bytes, maxOfferRecordBytes, {
    from: identityOf,
    to: identityOf,
    id: (value) => bytesText(value, idBytes),
    at: wholeOf,
    hash: (value) => bytesText(value, hashBytes),
  })
}

/** What has to be verified before a decoded offer counts. */
export function offerCheck({ claim, signature }: Signed<Offer>): SignatureCheck {
  const record = writeRecord(writeStrictJson(fieldsOf(claim)), signature)
  return { publicKey: identityKey(claim.from), message: recordMessage('offer', record), signature }
}

/** Of 16 random bytes. */
export function offerId(random: Uint8Array): string {
  if (random.length !== idBytes) throw new TypeError('the id of an offer has 16 bytes')
  return encodeBase64url(random)
}

function bytesText(value: Json, length: number): string | null {
  return typeof value === 'string' && parseBase64url(value)?.length === length ? value : null
}
