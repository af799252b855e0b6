/**
 * Lists in the byte part (spec M5): identities, CIDs, head records, the locator.
 *
 *     Identity[] ◀▶ 32 bytes each      Cid[] ◀▶ 36 each      HeadRecord[] ◀▶ about 141 each
 *
 * Readers give null when the bytes are not exactly such a list of at most 1,000:
 * the session then ends (M3). Writers throw a RangeError: split the list before.
 *
 * @module
 */
import {
  type ByteReader,
  type ByteWriter,
  type Cid,
  cidBytes,
  cidOfBytes,
  createByteReader,
  createByteWriter,
  type HeadRecord,
  type Identity,
  identityKey,
  identityOfKey,
  readCompactHead,
  readHeadEssentials,
  writeCompactHead,
  writeHeadEssentials,
} from '@effigy/core'
import type { LogPosition } from '@effigy/store'
import { maxListedIds } from './limits.ts'
import { readOneHead } from './one-head.ts'

/** M5: 32 bytes each. Throws a RangeError above 1,000. */
export function writeIdentities(identities: readonly Identity[]): Uint8Array {
  return writeList(identities, 32, identityKey)
}

/** Keys are not checked for soundness (K1) here. */
export function readIdentities(bytes: Uint8Array): Identity[] | null {
  return readList(bytes, 32, identityOfKey)
}

/** M5: 36 bytes each. Throws a RangeError above 1,000. */
export function writeCids(cids: readonly Cid[]): Uint8Array {
  return writeList(cids, 36, cidBytes)
}

/** Null: the bytes are no such list, or name more than 1,000. */
export function readCids(bytes: Uint8Array): Cid[] | null {
  return readList(bytes, 36, cidOfBytes)
}

/** MACs of CIDs, for a keyed `iwant`; the items are views. */
export function readKeyedNames(bytes: Uint8Array): Uint8Array[] | null {
  return readList(bytes, 32, (item) => item)
}

/** M5: compact, with signatures, some 141 bytes each. Throws a RangeError above 1,000. */
export function writeHeads(heads: readonly HeadRecord[]): Uint8Array {
  checkCount(heads.length)
  const writer = createByteWriter(heads.length * 144)
  for (const head of heads) writeCompactHead(writer, head)
  return writer.take()
}

/** `count` is the header's. Signatures are not checked here. */
export function readHeads(bytes: Uint8Array, count: number): readonly HeadRecord[] | null {
  if (count > maxListedIds) return null
  if (count === 1) return readOneHead(bytes)
  const reader = createByteReader(bytes)
  const heads: HeadRecord[] = []
  for (let index = 0; index < count; index++) {
    const head = readCompactHead(reader)
    if (head === null) return null
    heads.push(head)
  }
  return reader.left === 0 ? heads : null
}

/** C2: what a watch set is known by. */
export const hashBytes = 16

/** C5: an identity, and the beginning of its head's digest. */
export const listedBytes = 40

/** C3: log 8 ‖ count. */
export function writePosition(writer: ByteWriter, { log, count }: LogPosition): void {
  writer.bytes(log)
  writer.varint(count)
}

/** C3; null: the bytes end before it does. The log's name is a copy. */
export function readPosition(reader: ByteReader): LogPosition | null {
  const log = reader.bytes(8)
  const count = reader.varint()
  return log === null || count === null ? null : { log: new Uint8Array(log), count }
}

/** C3. */
export interface ReadResume {
  readonly hash: Uint8Array
  readonly known: LogPosition
  readonly own: LogPosition
  readonly removed: readonly number[]
  readonly added: Uint8Array
}

/** Null unless the bytes are exactly that, the indexes ascending. The counts are the header's. */
export function readResume(bytes: Uint8Array, removedCount: number, addedCount: number): ReadResume | null {
  const reader = createByteReader(bytes)
  const hash = reader.bytes(hashBytes)
  const known = readPosition(reader)
  const own = readPosition(reader)
  const removed: number[] = []
  for (let index = 0; index < removedCount; index++) {
    const place = reader.varint()
    if (place === null || place <= (removed.at(-1) ?? -1)) return null
    removed.push(place)
  }
  const added = reader.bytes(addedCount * 32)
  if (hash === null || known === null || own === null || added === null || reader.left > 0) return null
  return { hash, known, own, removed, added: new Uint8Array(added) }
}

/** A head by the place of its identity in a set that both sides know: about 112 bytes. */
export function writeIndexedHead(writer: ByteWriter, index: number, record: HeadRecord): void {
  writer.varint(index)
  writeHeadEssentials(writer, record)
}

/** `identityAt` gives null beyond the set. Signatures are not checked here. */
export function readIndexedHead(
  reader: ByteReader,
  identityAt: (index: number) => Identity | null,
): HeadRecord | null {
  const index = reader.varint()
  const identity = index === null ? null : identityAt(index)
  return identity === null ? null : readHeadEssentials(reader, identity)
}

/** R3: n, n − 1, n − 2, n − 4, n − 8, … down to 1; none for 0. */
export function locatorPositions(length: number): number[] {
  if (length < 1) return []
  const positions = [length]
  for (let step = 1; length - step >= 1; step *= 2) positions.push(length - step)
  return positions
}

function writeList<Item>(
  items: readonly Item[],
  itemBytes: number,
  bytesOf: (item: Item) => Uint8Array,
): Uint8Array {
  checkCount(items.length)
  const bytes = new Uint8Array(items.length * itemBytes)
  for (const [index, item] of items.entries()) bytes.set(bytesOf(item), index * itemBytes)
  return bytes
}

function readList<Item>(
  bytes: Uint8Array,
  itemBytes: number,
  itemOf: (bytes: Uint8Array) => Item | null,
): Item[] | null {
  if (bytes.length % itemBytes !== 0 || bytes.length / itemBytes > maxListedIds) return null
  const items: Item[] = []
  for (let at = 0; at < bytes.length; at += itemBytes) {
    const item = itemOf(bytes.subarray(at, at + itemBytes))
    if (item === null) return null
    items.push(item)
  }
  return items
}

function checkCount(count: number): void {
  if (count > maxListedIds) throw new RangeError(`${count} in one message: at most ${maxListedIds}`)
}
