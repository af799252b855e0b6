/**
 * Payload texts: what they are, what they are called, and the way from text to payload (spec P1 to P3).
 *
 *     entry.payload ─classifyPayload▶ inline │ age │ box │ detached ─block▶ one of the former
 *     inline text   ─strict JSON▶ object ─schema of its type▶ Payload
 *
 * A fault here is never the feed's: that payload is not acted on, and that is all.
 *
 * @module
 */
import { parseUtf8, utf8 } from '../bytes.ts'
import type { Link } from '../entry.ts'
import { parseRawCid, type RawCid, rawCid } from '../names.ts'
import type { Sha256 } from '../ports.ts'
import { err, ok, type Result } from '../result.ts'
import {
  type Json,
  type JsonFault,
  type JsonObject,
  parseStrictJson,
  writeStrictJson,
} from '../strict-json.ts'
import type { PayloadBase } from './base-fields.ts'
import { fitsBytes } from './bounded-text.ts'
import { hasClearFiles } from './contents.ts'
import type { Schema } from './fields.ts'
import { knownSchemas, mayDetach, mustEncrypt, type Payload } from './known.ts'
import { maxDetachedBytes } from './limits.ts'
import { isPlainNote, readPlainNote } from './plain-note.ts'
import { unknownSchema } from './schemas/unknown.ts'

export type PayloadKind = 'inline' | 'age' | 'box' | 'detached'

export interface PayloadFault {
  readonly code:
    | JsonFault['code']
    /** Above 256 KiB. */
    | 'payload-size'
    /** A detached block that is not UTF-8. */
    | 'payload-text'
    /** None of the four kinds, or one that may not stand there. */
    | 'payload-kind'
    /** A field is missing or wrong; `detail` says which. */
    | 'payload-schema'
    /** This type may not be detached. */
    | 'payload-detached'
    /** Detached in the clear, without salt. */
    | 'payload-salt'
    /** This type counts only when encrypted; or a sealed entry names something that is not. */
    | 'payload-clear'
    /** This type counts only where everybody can read it. */
    | 'payload-sealed'
    /** Detached, and the block is not the first link. */
    | 'payload-link'
  /** For people who look for the reason: a path such as `target.content`. Never content. */
  readonly detail: string
}

/** Where a JSON text was found; both false when left out. */
export interface PayloadPlace {
  /** In a detached block, itself or as the ciphertext that was opened. */
  readonly detached?: boolean
  /** Inside `age:`, `box:` or a sealed drop. */
  readonly encrypted?: boolean
  /** In the clear inside a sealed entry (E9): counts as encrypted, and so must all that it names outside of itself (X21). */
  readonly sealed?: boolean
}

/** What a payload text is, by its first characters (P1); null when it is nothing we know. */
export function classifyPayload(payloadText: string): PayloadKind | null {
  if (payloadText.startsWith('{')) return 'inline'
  if (payloadText.startsWith('age:')) return 'age'
  if (payloadText.startsWith('box:')) return 'box'
  return parseRawCid(payloadText) === null ? null : 'detached'
}

/**
 * The content's name: the raw CID of the payload text, inline or detached (P1). Of
 * an entry whose payload is detached that is the payload field itself.
 */
export function contentId(payloadText: string, sha256: Sha256): RawCid {
  return parseRawCid(payloadText) ?? rawCid(utf8(payloadText), sha256)
}

/** The block of a detached payload; null when the payload is not detached. The block must be the first link. */
export function detachedBlock(
  payloadText: string,
  links: readonly Link[],
): Result<RawCid | null, PayloadFault> {
  const block = parseRawCid(payloadText)
  return block === null || links[0]?.[0] === block ? ok(block) : fault('payload-link', 'links.0')
}

/** The payload text inside a detached block: inline, `age:` or `box:`, never detached again. */
export function decodeDetached(block: Uint8Array): Result<string, PayloadFault> {
  if (block.length > maxDetachedBytes) return fault('payload-size', `${block.length} bytes`)
  const text = parseUtf8(block)
  if (text === null) return fault('payload-text', 'not UTF-8')
  const kind = classifyPayload(text)
  return kind === null || kind === 'detached' ? fault('payload-kind', kind ?? 'unknown') : ok(text)
}

export interface PayloadRegistry {
  /** Reads a JSON payload text (kind `inline`, or a plaintext). */
  read(text: string, place?: PayloadPlace): Result<Payload, PayloadFault>
  /** Checks a payload that is about to be written and gives its one text. */
  write(payload: Payload, place?: PayloadPlace): Result<string, PayloadFault>
}

/** The types of the protocol and those of an app; throws a TypeError on a name without `x-`. */
export function createPayloadRegistry(
  extra: Readonly<Record<`x-${string}`, Schema<PayloadBase>>> = {},
): PayloadRegistry {
  const extensions = new Map<string, Schema<PayloadBase>>(Object.entries(extra))
  for (const name of extensions.keys()) {
    if (!/^x-[a-z0-9_.-]{1,62}$/.test(name)) throw new TypeError(`not a name for an app's own type: ${name}`)
  }

  function check(value: Json, place: PayloadPlace): Result<Payload, PayloadFault> {
    if (!isObject(value)) return fault('payload-schema', '')
    if (!isPlainNote(value)) {
      const { type } = value
      const own = typeof type === 'string' ? knownSchemas.get(type) : undefined
      const schema = own ?? unknownSchema
      const parsed = schema.safeParse(value)
      if (!parsed.success) return schemaFault(parsed.error)
      const extension = extensions.get(parsed.data.type)?.safeParse(value)
      if (extension?.success === false) return schemaFault(extension.error)
    }
    // The schemas change nothing: what was checked is handed on, unknown fields and their order included.
    return placed(value as unknown as Payload, place)
  }

  return {
    read(text, place = {}) {
      if (!fitsBytes(text, maxDetachedBytes)) return fault('payload-size', '')
      if (!text.startsWith('{')) return fault('payload-kind', classifyPayload(text) ?? 'unknown')
      const note = readPlainNote(text)
      if (note !== null) return placed(note, place)
      const json = parseStrictJson(text)
      return json.ok ? check(json.value, place) : fault(json.error.code, '')
    },
    write(payload, place = {}) {
      const json = payload as unknown as Json
      let text: string
      try {
        text = writeStrictJson(json)
      } catch (cause) {
        if (!(cause instanceof TypeError)) throw cause
        return fault('payload-schema', cause.message)
      }
      if (!fitsBytes(text, maxDetachedBytes)) return fault('payload-size', '')
      const checked = check(json, place)
      return checked.ok ? ok(text) : checked
    },
  }
}

const protocolTypes = createPayloadRegistry()

/** Reads a payload of the protocol's own types; others, `x-` included, are kept as unknown. */
export function readPayload(text: string, place?: PayloadPlace): Result<Payload, PayloadFault> {
  return protocolTypes.read(text, place)
}

/** The one text of a payload of the protocol's own types. */
export function writePayload(payload: Payload, place?: PayloadPlace): Result<string, PayloadFault> {
  return protocolTypes.write(payload, place)
}

function placed(payload: Payload, place: PayloadPlace): Result<Payload, PayloadFault> {
  const misplaced = placeFault(payload, place)
  return misplaced === null ? ok(payload) : fault(misplaced, payload.type)
}

function placeFault(payload: Payload, place: PayloadPlace): PayloadFault['code'] | null {
  if (place.sealed === true) {
    if (payload.type === 'synod' || payload.type === 'device_state') return 'payload-sealed'
    return place.detached === true || hasClearFiles(payload) ? 'payload-clear' : null
  }
  const encrypted = place.encrypted ?? false
  if (!encrypted && mustEncrypt(payload.type)) return 'payload-clear'
  if (place.detached !== true) return null
  if (!mayDetach(payload.type, encrypted)) return 'payload-detached'
  // A ciphertext is random enough; a text in the clear is not.
  return encrypted || payload.salt !== undefined ? null : 'payload-salt'
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

interface SchemaError {
  readonly issues: readonly { readonly path: readonly PropertyKey[] }[]
}

/** Only the path of the first issue: names of our fields and numbers, nothing that the author chose. */
function schemaFault({ issues }: SchemaError): Result<never, PayloadFault> {
  return fault('payload-schema', issues[0]?.path.map(String).join('.') ?? '')
}

function fault(code: PayloadFault['code'], detail: string): Result<never, PayloadFault> {
  return err({ code, detail })
}
