/**
 * Reads a head that comes alone, as live ones do: the same one over each session, so it is read once and held once.
 *
 *     bytes ─ in their slot? ─ yes ▶ the same record      no ▶ decode ─▶ takes the slot over
 *
 * @module
 */
import { decodeCompactHead, equalBytes, type HeadRecord } from '@effigy/core'

/** About a megabyte when all are taken. */
const slotCount = 1024
const slotBytes: (Uint8Array | undefined)[] = new Array(slotCount)
const slotHeads: (readonly HeadRecord[] | undefined)[] = new Array(slotCount)

/** The one record as a list; null when the bytes are not exactly that. Its signature is not checked here. */
export function readOneHead(bytes: Uint8Array): readonly HeadRecord[] | null {
  // Two bytes of the signature: as good as chance, and where somebody makes them alike, reading costs what it always did.
  const slot = (((bytes.at(-40) ?? 0) << 8) | (bytes.at(-41) ?? 0)) % slotCount
  const known = slotBytes[slot]
  if (known !== undefined && equalBytes(known, bytes)) return slotHeads[slot] ?? null
  const record = decodeCompactHead(bytes)
  if (record === null) return null
  const heads = [record]
  slotBytes[slot] = new Uint8Array(bytes)
  slotHeads[slot] = heads
  return heads
}
