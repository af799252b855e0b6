/**
 * Sealed entries by their shape (spec E9): what anybody can tell of one without its key.
 *
 *     bytes ─parseSealedEntry▶ {"v":1,"sealed":<key id>,"box":<nonce ‖ ciphertext ‖ tag>}, and nothing of what is inside
 *
 * Here, because every reader of entries must tell them from broken ones, whether it can open them or not.
 *
 * @module
 */
import { parseBase64url } from './base.ts'
import { parseUtf8, utf8 } from './bytes.ts'

/** Bytes of the padded inner entry, signature included: in base64url it still fits an entry (E9). */
export const maxInnerEntryBytes = 11_264

/** Bytes of a key id: of SHA-256, so that a reader finds the key without trying all. */
export const keyIdBytes = 16

/** Bytes that XChaCha20-Poly1305 adds: the nonce in front, the tag behind. */
export const sealedOverheadBytes: number = 24 + 16

const opening = utf8('{"v":1,"sealed":"')
const shape = /^\{"v":1,"sealed":"([A-Za-z0-9_-]{22})","box":"([A-Za-z0-9_-]+)"\}$/

export interface SealedEntry {
  /** 16 bytes. */
  readonly keyId: Uint8Array
  /** Nonce, ciphertext and tag. */
  readonly box: Uint8Array
}

/** The parts of a sealed entry; null when bytes, at most an entry's, have not its one canonical shape. */
export function parseSealedEntry(bytes: Uint8Array): SealedEntry | null {
  // Most entries are not: told by their first bytes, without reading the rest.
  for (let at = 0; at < opening.length; at++) if (bytes[at] !== opening[at]) return null
  const text = parseUtf8(bytes)
  const [, keyIdText = '', boxText = ''] = (text === null ? null : shape.exec(text)) ?? []
  const keyId = parseBase64url(keyIdText)
  if (keyId?.length !== keyIdBytes) return null
  const box = parseBase64url(boxText)
  if (box === null || box.length <= sealedOverheadBytes) return null
  return box.length <= sealedOverheadBytes + maxInnerEntryBytes ? { keyId, box } : null
}

/** Whether bytes, at most an entry's, have the one canonical shape of a sealed entry. */
export function isSealedEntry(bytes: Uint8Array): boolean {
  return parseSealedEntry(bytes) !== null
}
