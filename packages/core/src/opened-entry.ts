/**
 * Sealed entries once they are open (spec E9, X20): the rules of feeds hold over what is inside, its name and its bytes
 * are those of the sealed one.
 *
 *     sealed bytes ─┬─ CID, parent links, head record, what is kept and served
 *                   └─ key ─▶ inner entry ─decodeOpenedEntry▶ SignedEntry: identity, length, payload, signature of inside
 *
 * Opening itself needs cryptography (`@effigy/crypto`); here is what is pure of it.
 *
 * @module
 */
import { parseUtf8 } from './bytes.ts'
import { decodeEntry, type EntryFault, type SignedEntry } from './entry.ts'
import type { Sha256 } from './ports.ts'
import { err, ok, type Result } from './result.ts'
import { maxInnerEntryBytes } from './sealed-entry.ts'

/**
 * Reads what was inside of a sealed entry, `bytes`. An inner entry that is no entry, or sealed once more, is
 * `encoding`: that is the author's doing, as everybody with the key can see. Never throws.
 */
export function decodeOpenedEntry(
  bytes: Uint8Array,
  inner: Uint8Array,
  sha256: Sha256,
): Result<SignedEntry, EntryFault> {
  const keyId = sealedKeyId(bytes)
  if (keyId === null) return err({ code: 'encoding' })
  if (inner.length > maxInnerEntryBytes) return err({ code: 'too-large' })
  // The name is that of the sealed bytes.
  const read = decodeEntry(inner, () => sha256(bytes))
  if (!read.ok) return err({ code: read.error.code === 'version' ? 'version' : 'encoding' })
  const { cid, entry, signature } = read.value
  return ok({ cid, bytes, entry, signature, sealed: { keyId, inner } })
}

const opening = '{"v":1,"sealed":"'
const idForm = /^[A-Za-z0-9_-]{22}$/

/**
 * Which key an entry is sealed under, base64url of 16 bytes; null when it does not begin like a sealed entry. Whether
 * the rest has the shape of one (E9) is not looked at: for bytes that were judged, or are about to be opened.
 */
export function sealedKeyId(bytes: Uint8Array): string | null {
  for (let at = 0; at < opening.length; at++) if (bytes[at] !== opening.charCodeAt(at)) return null
  const id = parseUtf8(bytes.subarray(opening.length, opening.length + 22))
  return id !== null && idForm.test(id) ? id : null
}
