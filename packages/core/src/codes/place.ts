/**
 * Where somebody can be reached, inside a code: who answers there, and an address (spec L3).
 *
 *     identity 32 ‖ LENGTH, 1 byte ‖ address, ASCII
 *
 * @module
 */
import { utf8 } from '../bytes.ts'
import { type Identity, identityKey, identityOfKey } from '../names.ts'
import { maxUrlLength } from '../payloads/limits.ts'
import type { ByteReader, ByteWriter } from '../varint.ts'

/** `[who answers there, the address]`: the one who shows the code, or a hub that carries to them. */
export type CodePlace = readonly [Identity, string]

/** What is longer, or has other characters, is no address here. */
const addressForm = /^[a-z][a-z0-9+.-]*:\/\/[!-~]+$/

/** Whether a code may hold it: the form alone is judged, not whether it can be dialled. */
export function isAddress(address: string): boolean {
  return address.length <= maxUrlLength && addressForm.test(address)
}

export function writePlace(writer: ByteWriter, [identity, address]: CodePlace): void {
  if (!isAddress(address)) throw new RangeError('no address for a code')
  writer.bytes(identityKey(identity))
  writer.byte(address.length)
  writer.bytes(utf8(address))
}

/** Null where the bytes are no place. */
export function readPlace(reader: ByteReader): CodePlace | null {
  const key = reader.bytes(32)
  const length = reader.byte()
  const bytes = length === null ? null : reader.bytes(length)
  if (key === null || bytes === null) return null
  // Of bytes that are no ASCII the form refuses what comes of them.
  const address = String.fromCharCode(...bytes)
  return isAddress(address) ? [identityOfKey(key), address] : null
}
