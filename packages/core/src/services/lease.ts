/**
 * Leases: "I keep that feed up to that head until then", signed by who keeps it; and the receipt of who does not
 * any more (spec V12, V13).
 *
 *     {holder, for, epoch, length, head, blobs, until, bytes, at} ⏎ signature of `holder`
 *     {holder, for, head, at} ⏎ signature of `holder`
 *
 * @module
 */
import { maxEpoch } from '../head-record.ts'
import { type Identity, identityKey, type RawCid } from '../names.ts'
import type { SignatureCheck, Signer } from '../ports.ts'
import type { Result } from '../result.ts'
import { recordMessage, sign, writeRecord } from '../signing.ts'
import { type Json, type JsonObject, writeStrictJson } from '../strict-json.ts'
import {
  countOf,
  decodeServiceRecord,
  identityOf,
  rawCidOf,
  type ServiceRecordFault,
  type Signed,
  wholeOf,
} from './read-record.ts'

export interface Lease {
  readonly holder: Identity
  /** Whose feed it is. */
  readonly for: Identity
  readonly epoch: number
  readonly length: number
  /** The chain up to here is covered. */
  readonly head: RawCid
  /** Files of its entries are covered up to this size each, bytes; 0: none. */
  readonly blobs: number
  /** Until when, ms on the holder's clock. */
  readonly until: number
  /** What the holder gives at most, bytes of entries and files together. */
  readonly bytes: number
  /** When it was signed, ms on the holder's clock. */
  readonly at: number
}

/** A claim: nobody can prove that bytes are gone. */
export interface Receipt {
  readonly holder: Identity
  readonly for: Identity
  readonly head: RawCid
  readonly at: number
}

/** More than any of the two can be. */
export const maxLeaseRecordBytes = 640

/** JSON ⏎ signature of the holder. */
export async function signLease(lease: Lease, signer: Signer): Promise<Uint8Array> {
  return writeRecord(writeStrictJson(leaseFields(lease)), await sign('lease', leaseFields(lease), signer))
}

/** Judges the form alone; whether the signature is right says `leaseCheck`. */
export function decodeLease(bytes: Uint8Array): Result<Signed<Lease>, ServiceRecordFault> {
  return decodeServiceRecord<Lease>(bytes, maxLeaseRecordBytes, {
    holder: identityOf,
    for: identityOf,
    epoch: (value) => (typeof value === 'number' && value <= maxEpoch ? countOf(value) : null),
    length: countOf,
    head: rawCidOf,
    blobs: wholeOf,
    until: wholeOf,
    bytes: wholeOf,
    at: wholeOf,
  })
}

/** What has to be verified before a decoded lease counts as its holder's. */
export function leaseCheck({ claim, signature }: Signed<Lease>): SignatureCheck {
  const record = writeRecord(writeStrictJson(leaseFields(claim)), signature)
  return { publicKey: identityKey(claim.holder), message: recordMessage('lease', record), signature }
}

/** JSON ⏎ signature of the holder. */
export async function signReceipt(receipt: Receipt, signer: Signer): Promise<Uint8Array> {
  const fields = receiptFields(receipt)
  return writeRecord(writeStrictJson(fields), await sign('receipt', fields, signer))
}

/** Judges the form alone; whether the signature is right says `receiptCheck`. */
export function decodeReceipt(bytes: Uint8Array): Result<Signed<Receipt>, ServiceRecordFault> {
  return decodeServiceRecord<Receipt>(bytes, maxLeaseRecordBytes, {
    holder: identityOf,
    for: identityOf,
    head: rawCidOf,
    at: wholeOf,
  })
}

/** What has to be verified before a decoded receipt counts as its holder's. */
export function receiptCheck({ claim, signature }: Signed<Receipt>): SignatureCheck {
  const record = writeRecord(writeStrictJson(receiptFields(claim)), signature)
  return { publicKey: identityKey(claim.holder), message: recordMessage('receipt', record), signature }
}

function leaseFields(lease: Lease): JsonObject {
  const { holder, for: owner, epoch, length, head, blobs, until, bytes, at } = lease
  return { v: 1, holder, for: owner, epoch, length, head, blobs, until, bytes, at } satisfies Record<
    string,
    Json
  >
}

function receiptFields({ holder, for: owner, head, at }: Receipt): JsonObject {
  return { v: 1, holder, for: owner, head, at }
}
