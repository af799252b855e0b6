/**
 * The one function that signs (spec E6): a prefix per purpose, then strict JSON.
 * Nothing that a peer chose is ever signed raw.
 *
 *     record = JSON ⏎ base64url(Ed25519(`effigy/<purpose>/1\n` ‖ JSON))
 *
 * @module
 */
import { encodeBase64url, parseBase64url } from './base.ts'
import { concatBytes, parseUtf8, utf8 } from './bytes.ts'
import type { Signer } from './ports.ts'
import { err, ok, type Result } from './result.ts'
import { type JsonObject, writeStrictJson } from './strict-json.ts'

/** Every purpose that a key may sign for. A new one is a new rule of the spec. */
export type SigningPurpose =
  | 'entry'
  | 'head'
  | 'session'
  | 'member'
  | 'move'
  | 'drop'
  | 'lease'
  | 'receipt'
  | 'invite'
  | 'alias'
  | 'offer'
  | 'share'
  | 'feedkey'

/** An Ed25519 signature, 64 bytes, spelled in base64url without padding. */
export const signatureTextLength = 86

const newline = 0x0a

/** A signed text and its parts, cut from one received array. */
export interface SignedRecord {
  /** JSON ⏎ signature, as received or written. */
  readonly bytes: Uint8Array
  /** The JSON alone, not yet read. */
  readonly text: string
  /** 64 bytes. */
  readonly signature: Uint8Array
}

export interface RecordFault {
  readonly code: 'too-large' | 'encoding'
}

/** What is really signed: the purpose's prefix and the JSON. */
export function signingMessage(purpose: SigningPurpose, json: Uint8Array): Uint8Array {
  return concatBytes(purposePrefix(purpose), json)
}

/** Signs the strict JSON of `value`; throws a TypeError when it has none. Gives 64 bytes. */
export async function sign(purpose: SigningPurpose, value: JsonObject, signer: Signer): Promise<Uint8Array> {
  return signer.signBytes(signingMessage(purpose, utf8(writeStrictJson(value))))
}

/** JSON ⏎ signature. */
export function writeRecord(json: string, signature: Uint8Array): Uint8Array {
  return utf8(`${json}\n${encodeBase64url(signature)}`)
}

/** Cuts a record apart without reading its JSON; checks size, UTF-8 and the signature's spelling. */
export function parseRecord(bytes: Uint8Array, maxBytes: number): Result<SignedRecord, RecordFault> {
  if (bytes.length > maxBytes) return err({ code: 'too-large' })
  const cut = bytes.length - signatureTextLength - 1
  if (cut < 0 || bytes[cut] !== newline) return err({ code: 'encoding' })
  const whole = parseUtf8(bytes)
  if (whole === null) return err({ code: 'encoding' })
  // The tail is ASCII when it is base64url, so characters and bytes count alike from the end.
  const signature = parseBase64url(whole.slice(-signatureTextLength))
  if (signature?.length !== 64) return err({ code: 'encoding' })
  return ok({ bytes, text: whole.slice(0, -signatureTextLength - 1), signature })
}

const versionStart = /^\{"v":([1-9][0-9]{0,15}),/

/**
 * Whether a record's text is written for a later protocol (E3): told by how it begins alone, so that no two
 * readers of JSON differ. Nothing else of such a text is known.
 */
export function isLaterVersion(text: string): boolean {
  const version = Number(versionStart.exec(text)?.[1] ?? 1)
  return version > 1 && Number.isSafeInteger(version)
}

/** The message that a record's signature is over. */
export function recordMessage(purpose: SigningPurpose, record: Uint8Array): Uint8Array {
  return signingMessage(purpose, record.subarray(0, record.length - signatureTextLength - 1))
}

const prefixes = new Map<SigningPurpose, Uint8Array>()

function purposePrefix(purpose: SigningPurpose): Uint8Array {
  const known = prefixes.get(purpose)
  if (known !== undefined) return known
  const prefix = utf8(`effigy/${purpose}/1\n`)
  prefixes.set(purpose, prefix)
  return prefix
}
