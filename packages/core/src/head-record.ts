/**
 * Head records: "this feed ends here", signed, so that a tracker that never saw
 * the entry can tell a forged or stale head from a real one (spec H).
 *
 *     record JSON ⏎ signature ◀▶ compact form (about 141 bytes on the wire)
 *
 * @module
 */
import { utf8 } from './bytes.ts'
import {
  cidDigest,
  compareCids,
  type Identity,
  identityKey,
  identityOfKey,
  parseIdentity,
  parseRawCid,
  type RawCid,
  rawCidOfDigest,
} from './names.ts'
import type { SignatureCheck, Signer } from './ports.ts'
import { err, ok, type Result } from './result.ts'
import { isLaterVersion, parseRecord, recordMessage, signingMessage, writeRecord } from './signing.ts'
import { type ByteReader, type ByteWriter, createByteReader, createByteWriter } from './varint.ts'

export interface Head {
  readonly identity: Identity
  /** From 1; one more at each rebase. */
  readonly epoch: number
  /** Of the head entry; a claim until that entry is here. */
  readonly length: number
  /** Of the head entry; a claim until that entry is here. */
  readonly comparable: number
  /** Sum of the sizes of all entries of the feed; a claim until all are here. */
  readonly bytes: number
  readonly head: RawCid
}

export interface HeadRecord {
  readonly head: Head
  /** 64 bytes. */
  readonly signature: Uint8Array
}

export interface HeadFault {
  readonly code: 'too-large' | 'encoding' | 'version'
}

/** H3: an epoch fits 32 bits with room for the sign. */
export const maxEpoch = 2 ** 31

/** More than any record can be: names, five numbers of 16 digits, a signature. */
export const maxHeadRecordBytes = 512

/** The one spelling of a head, which is signed. */
export function writeHeadJson(head: Head): string {
  const { identity, epoch, length, comparable, bytes } = head
  return `{"v":1,"identity":"${identity}","epoch":${epoch},"length":${length},"comparable":${comparable},"bytes":${bytes},"head":"${head.head}"}`
}

/** The signer has to be the head's identity: it is not checked here. */
export async function signHead(head: Head, signer: Signer): Promise<HeadRecord> {
  const signature = await signer.signBytes(signingMessage('head', utf8(writeHeadJson(head))))
  return { head, signature }
}

/** JSON ⏎ signature: the form that is hashed, exported and embedded. */
export function encodeHeadRecord(record: HeadRecord): Uint8Array {
  return writeRecord(writeHeadJson(record.head), record.signature)
}

/** Judges the form alone; whether the signature is right says `headCheck`. */
export function decodeHeadRecord(bytes: Uint8Array): Result<HeadRecord, HeadFault> {
  const record = parseRecord(bytes, maxHeadRecordBytes)
  if (!record.ok) return record
  if (isLaterVersion(record.value.text)) return err({ code: 'version' })
  let value: unknown
  try {
    value = JSON.parse(record.value.text)
  } catch {
    return err({ code: 'encoding' })
  }
  const head = parseHead(value)
  if (head === null || writeHeadJson(head) !== record.value.text) return err({ code: 'encoding' })
  return ok({ head, signature: record.value.signature })
}

/** What has to be verified before a decoded record counts. */
export function headCheck(record: HeadRecord): SignatureCheck {
  return {
    publicKey: identityKey(record.head.identity),
    message: recordMessage('head', encodeHeadRecord(record)),
    signature: record.signature,
  }
}

/** H4: the order of heads of one identity. A fork is decided in `feed.ts`, not here. */
export function compareHeads(a: Head, b: Head): number {
  return (
    a.epoch - b.epoch || a.length - b.length || a.comparable - b.comparable || compareCids(a.head, b.head)
  )
}

/** M5: identity 32, epoch, length, comparable, bytes as varints, head digest 32, signature 64. */
export function writeCompactHead(writer: ByteWriter, record: HeadRecord): void {
  writer.bytes(identityKey(record.head.identity))
  writeHeadEssentials(writer, record)
}

/** The same without the identity, for a list whose identities both sides know. */
export function writeHeadEssentials(writer: ByteWriter, { head, signature }: HeadRecord): void {
  writer.varint(head.epoch)
  writer.varint(head.length)
  writer.varint(head.comparable)
  writer.varint(head.bytes)
  writer.bytes(cidDigest(head.head))
  writer.bytes(signature)
}

/** Null where the bytes are no compact head; whether the signature is right says `headCheck`. */
export function readCompactHead(reader: ByteReader): HeadRecord | null {
  const key = reader.bytes(32)
  return key === null ? null : readHeadEssentials(reader, identityOfKey(key))
}

/** As `readCompactHead`, of the identity that both sides know. */
export function readHeadEssentials(reader: ByteReader, identity: Identity): HeadRecord | null {
  const epoch = reader.varint()
  const length = reader.varint()
  const comparable = reader.varint()
  const bytes = reader.varint()
  const digest = reader.bytes(32)
  const signature = reader.bytes(64)
  if (epoch === null || length === null || comparable === null || bytes === null) return null
  if (digest === null || signature === null) return null
  if (epoch < 1 || epoch > maxEpoch || length < 1 || comparable < 1 || bytes < 1) return null
  const head = { identity, epoch, length, comparable, bytes, head: rawCidOfDigest(digest) }
  // Not `slice`: a Buffer's is a view of memory that is used again.
  return { head, signature: new Uint8Array(signature) }
}

/** As `writeCompactHead`, in bytes of its own. */
export function encodeCompactHead(record: HeadRecord): Uint8Array {
  const writer = createByteWriter(160)
  writeCompactHead(writer, record)
  return writer.take()
}

/** Exactly one compact head, or null. */
export function decodeCompactHead(bytes: Uint8Array): HeadRecord | null {
  const reader = createByteReader(bytes)
  const record = readCompactHead(reader)
  return reader.left === 0 ? record : null
}

function parseHead(value: unknown): Head | null {
  if (typeof value !== 'object' || value === null) return null
  const fields = value as Record<string, unknown>
  if (fields.v !== 1 || typeof fields.identity !== 'string' || typeof fields.head !== 'string') return null
  const identity = parseIdentity(fields.identity)
  const head = parseRawCid(fields.head)
  const { epoch, length, comparable, bytes } = fields
  if (identity === null || head === null) return null
  if (!isCount(epoch) || epoch > maxEpoch || !isCount(length) || !isCount(comparable) || !isCount(bytes)) {
    return null
  }
  return { identity, epoch, length, comparable, bytes, head }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1
}
