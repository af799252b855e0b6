/**
 * From an entry to its payload, read once on its way in.
 *
 *     inline `{…`        ─────────────▶ Payload
 *     detached `bafkrei…` ─body, block▶ Payload, or null while it is not here
 *
 * @module
 */
import {
  cidDigest,
  decodeDetached,
  type Entry,
  type Payload,
  type PayloadPlace,
  parseRawCid,
  readPayload,
  type Sha256,
  type SignedEntry,
  utf8,
} from '@effigy/core'

/** The digest of the content's name: of the payload text, or of the block that holds it. */
export function contentDigest(payloadText: string, sha256: Sha256): Uint8Array {
  const first = payloadText.charCodeAt(0)
  // Every entry of every sync passes here, and most begin with a brace.
  if (first !== 0x62) return sha256(utf8(payloadText))
  const block = parseRawCid(payloadText)
  return block === null ? sha256(utf8(payloadText)) : cidDigest(block)
}

/** Whether the payload stands in a block of its own. */
export function isDetached({ payload }: Entry): boolean {
  return payload.charCodeAt(0) === 0x62 && parseRawCid(payload) !== null
}

/** Null when it is encrypted, faulty, or detached and `body` is null. */
export function payloadOf(
  { entry, sealed }: Pick<SignedEntry, 'entry' | 'sealed'>,
  body: Uint8Array | null,
): Payload | null {
  const isSealed = sealed !== undefined
  if (entry.payload.charCodeAt(0) === 0x7b) return read(entry.payload, isSealed ? inSealed : inEntry)
  // What a sealed entry names outside of itself is encrypted (X21).
  if (body === null || isSealed || !isDetached(entry)) return null
  const known = texts.get(body)
  if (known !== undefined) return known
  const text = decodeDetached(body)
  const payload = text.ok && text.value.startsWith('{') ? read(text.value, inBlock) : null
  texts.set(body, payload)
  return payload
}

/** What was read: thousands of entries may name one text. */
const texts = new WeakMap<Uint8Array, Payload | null>()

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
