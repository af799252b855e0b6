/**
 * Reads a signed record with fields in one order (spec V10): what drop, lease, receipt and alias share.
 *
 *     bytes ─size, signature's spelling▶ text ─later version?▶ strict JSON ─fields in order▶ value
 *
 * @module
 */
import { type Identity, parseIdentity, parseRawCid, type RawCid } from '../names.ts'
import { err, ok, type Result } from '../result.ts'
import { isLaterVersion, parseRecord } from '../signing.ts'
import { type Json, parseStrictJson } from '../strict-json.ts'

export interface ServiceRecordFault {
  readonly code: 'too-large' | 'encoding' | 'version'
}

/** A signed claim and its signature, 64 bytes. */
export interface Signed<Claim> {
  readonly claim: Claim
  readonly signature: Uint8Array
}

/** One parser a field, in the order of writing, after `v`; null from a parser refuses the record. */
export type FieldParsers<Claim> = { readonly [Key in keyof Claim]: (value: Json) => Claim[Key] | null }

/** Every accepted text is the only one of its value. The signature is not verified here. */
export function decodeServiceRecord<Claim extends object>(
  bytes: Uint8Array,
  maxBytes: number,
  fields: FieldParsers<Claim>,
): Result<Signed<Claim>, ServiceRecordFault> {
  const record = parseRecord(bytes, maxBytes)
  if (!record.ok) return record
  const { text, signature } = record.value
  if (isLaterVersion(text)) return err({ code: 'version' })
  const parsed = parseStrictJson(text)
  if (!parsed.ok) return err({ code: 'encoding' })
  const value = parsed.value
  const names = Object.keys(fields) as (keyof Claim & string)[]
  if (typeof value !== 'object' || value === null || Object.keys(value).join() !== ['v', ...names].join()) {
    return err({ code: 'encoding' })
  }
  const given = value as { readonly [key: string]: Json }
  if (given.v !== 1) return err({ code: 'encoding' })
  const claim: Partial<Claim> = {}
  for (const name of names) {
    const field = fields[name](given[name] as Json)
    if (field === null) return err({ code: 'encoding' })
    claim[name] = field
  }
  return ok({ claim: claim as Claim, signature: new Uint8Array(signature) })
}

export function identityOf(value: Json): Identity | null {
  return typeof value === 'string' ? parseIdentity(value) : null
}

export function rawCidOf(value: Json): RawCid | null {
  return typeof value === 'string' ? parseRawCid(value) : null
}

/** Whole and from 0. */
export function wholeOf(value: Json): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

/** Whole and from 1. */
export function countOf(value: Json): number | null {
  return wholeOf(value) === 0 ? null : wholeOf(value)
}
