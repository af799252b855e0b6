/**
 * From an entry to its payload, read once on its way in.
 *
 *     inline `{…`        ─────────────▶ Payload
 *     detached `bafkrei…` ─body, block▶ Payload, or null while it is not here
 *
 * @module
 */
import {
  decodeDetached,
  type Entry,
  type Payload,
  type PayloadPlace,
  rawCidDigest,
  readPayload,
  type Sha256,
  type SignedEntry,
  utf8,
} from '@effigy/core'

/** The digest of the content's name: of the payload text, or of the block that holds it. */
export function contentDigest(payloadText: string, sha256: Sha256): Uint8Array {
  return blockDigest(payloadText) ?? sha256(utf8(payloadText))
}

/** That of the block that the payload stands in; null where it stands in the entry. */
export function blockDigest(payloadText: string): Uint8Array | null {
  // Every entry of every sync passes here, and most begin with a brace.
  return payloadText.charCodeAt(0) === 0x62 ? rawCidDigest(payloadText) : null
}

/** Whether the payload stands in a block of its own. */
export function isDetached({ payload }: Entry): boolean {
  return blockDigest(payload) !== null
}

/** Payloads by the names of their blocks: thousands of entries may name one text, which is read once. */
export type ReadTexts = Map<string, Payload | null>

/** Null when it is encrypted, faulty, or detached and its text, `body`, is null. */
export function payloadOf(
  { entry, sealed }: Pick<SignedEntry, 'entry' | 'sealed'>,
  body: Uint8Array | null,
  texts?: ReadTexts,
): Payload | null {
  const isSealed = sealed !== undefined
  if (entry.payload.charCodeAt(0) === 0x7b) return read(entry.payload, isSealed ? inSealed : inEntry)
  // What a sealed entry names outside of itself is encrypted (X21).
  if (body === null || isSealed) return null
  const known = texts?.get(entry.payload)
  if (known !== undefined) return known
  const text = decodeDetached(body)
  const payload = text.ok && text.value.startsWith('{') ? read(text.value, inBlock) : null
  texts?.set(entry.payload, payload)
  return payload
}

const noLinks: Entry['links'] = []

/** What is fetched and kept for an entry: nothing where a sealed one names in the clear what must be encrypted (X21). */
export function heldLinks(
  { entry, sealed }: Pick<SignedEntry, 'entry' | 'sealed'>,
  payload: Payload | null,
): Entry['links'] {
  const isUnread = sealed !== undefined && payload === null && entry.payload.charCodeAt(0) === 0x7b
  return isUnread ? noLinks : entry.links
}

function read(text: string, place: PayloadPlace): Payload | null {
  const payload = readPayload(text, place)
  return payload.ok ? payload.value : null
}

const inBlock = { detached: true } as const
const inEntry = {} as const
const inSealed = { sealed: true } as const
