/**
 * The fields that payload schemas are built of (spec P4).
 *
 * Checks stand in `z.custom` predicates: one call a field is what keeps the
 * reading of a note below the price of its JSON.
 *
 * @module
 */
import * as z from 'zod/mini'
import { parseRoot, type Root } from '../account/keys.ts'
import { parseBase64url } from '../base.ts'
import { type Cid, type Identity, parseCid, parseIdentity, parseRawCid, type RawCid } from '../names.ts'
import type { Json } from '../strict-json.ts'
import { fitsBytes, isLine } from './bounded-text.ts'
import { maxAt, maxTypeLength, maxUrlLength, saltBytes } from './limits.ts'

// A strict Content-Security-Policy forbids code made from text; without this zod would try.
z.config({ jitless: true })

/** A schema whose output is `Value`: a field of the type that the schema lacks is a type error. */
export type Schema<Value> = z.ZodMiniType<Value>

export const identityField: Schema<Identity> = textField(parseIdentity)
export const cidField: Schema<Cid> = textField(parseCid)
export const rawCidField: Schema<RawCid> = textField(parseRawCid)
export const rootField: Schema<Root> = textField(parseRoot)

export const flagField: Schema<boolean> = z.boolean()

/** ms since 1970, the author's claim. */
export const atField: Schema<number> = wholeField(0, maxAt)

export const saltField: Schema<string> = bytesField(saltBytes)

/** Anything strict JSON can say; the reader has checked it already. */
export const jsonField: Schema<Json> = z.custom<Json>((value) => value !== undefined)

/** A whole number from `least` to `most`. */
export function wholeField(least: number, most: number = Number.MAX_SAFE_INTEGER): Schema<number> {
  return z.custom<number>(
    (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
  )
}

/** Canonical base64url of exactly `length` bytes, kept as text. */
export function bytesField(length: number): Schema<string> {
  const characters = Math.ceil((length * 4) / 3)
  return z.custom<string>(
    (value) => typeof value === 'string' && value.length === characters && parseBase64url(value) !== null,
  )
}

/** Canonical base64url of 1 to `most` bytes, kept as text. */
export function bytesUpToField(most: number): Schema<string> {
  const characters = Math.ceil((most * 4) / 3)
  return z.custom<string>((value) => {
    return (
      typeof value === 'string' &&
      value !== '' &&
      value.length <= characters &&
      parseBase64url(value) !== null
    )
  })
}

/** Any text of at most `maxBytes` in UTF-8; may be empty, may have lines. */
export function longTextField(maxBytes: number): Schema<string> {
  return z.custom<string>((value) => typeof value === 'string' && fitsBytes(value, maxBytes))
}

/** One line of `minBytes` (0 or 1) to `maxBytes` in UTF-8. */
export function lineField(minBytes: 0 | 1, maxBytes: number): Schema<string> {
  return z.custom<string>((value) => {
    return (
      typeof value === 'string' && value.length >= minBytes && fitsBytes(value, maxBytes) && isLine(value)
    )
  })
}

/** A text of ASCII that `pattern` describes, no longer than `maxLength`. */
export function patternField(pattern: RegExp, maxLength: number): Schema<string> {
  return z.custom<string>(
    (value) => typeof value === 'string' && value.length <= maxLength && pattern.test(value),
  )
}

/** The name of a payload type or of a kind of attachment. */
export const typeNameField: Schema<string> = patternField(/^[a-z][a-z0-9_.-]*$/, maxTypeLength)

/** BCP 47, by its shape alone: registries change, verdicts do not. */
export const languageField: Schema<string> = patternField(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 35)

/** A media type without parameters, lower case. */
export const mimeField: Schema<string> = patternField(
  /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/,
  127,
)

/** The address of a hub: printable ASCII, whatever it says beyond the scheme is for the dialler to judge. */
export const hubUrlField: Schema<string> = patternField(/^wss?:\/\/[!-~]+$/, maxUrlLength)

/** A list of at most `most`, of at least `least`. */
export function listField<Item>(item: Schema<Item>, most: number, least = 0): Schema<Item[]> {
  return z.array(item).check(z.minLength(least), z.maxLength(most))
}

/** The same, no two items with one key. */
export function distinctField<Item>(
  item: Schema<Item>,
  keyOf: (item: Item) => unknown,
  most: number,
  least = 0,
): Schema<Item[]> {
  return z.array(item).check(
    z.minLength(least),
    z.maxLength(most),
    z.refine((items) => new Set(items.map(keyOf)).size === items.length),
  )
}

function textField<Name extends string>(parse: (text: string) => Name | null): Schema<Name> {
  return z.custom<Name>((value) => typeof value === 'string' && parse(value) !== null)
}
