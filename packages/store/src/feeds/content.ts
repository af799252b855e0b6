/**
 * From an entry to its payload, read once on its way in (DESIGN 2.2, 2.5).
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
  parseRawCid,
  readPayload,
  type Sha256,
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
export function payloadOf(entry: Entry, body: Uint8Array | null): Payload | null {
  if (entry.payload.charCodeAt(0) === 0x7b) return read(entry.payload, false)
  if (body === null || !isDetached(entry)) return null
  const text = decodeDetached(body)
  return text.ok && text.value.startsWith('{') ? read(text.value, true) : null
}

function read(text: string, detached: boolean): Payload | null {
  const payload = readPayload(text, detached ? inBlock : inEntry)
  return payload.ok ? payload.value : null
}

const inBlock = { detached: true } as const
const inEntry = {} as const
