/**
 * Equal records and entries once, however many peers hold them.
 *
 *     record of peer 1, of peer 2, … ─same bytes?▶ one object
 *
 * @module
 */
import { equalBytes, type HeadRecord, type RawCid, type SignedEntry } from '@effigy/core'

export interface Interning {
  record(record: HeadRecord): HeadRecord
  entry(entry: SignedEntry): SignedEntry
}

export function createInterning(): Interning {
  /** The newest of each name: a record of another epoch may name the same head. */
  const records = new Map<RawCid, HeadRecord>()
  const entries = new Map<RawCid, SignedEntry>()
  return {
    record(record) {
      const known = records.get(record.head.head)
      if (known !== undefined && isSame(known, record)) return known
      records.set(record.head.head, record)
      return record
    },
    entry(entry) {
      // A CID names all bytes.
      const known = entries.get(entry.cid)
      if (known !== undefined) return known
      entries.set(entry.cid, entry)
      return entry
    },
  }
}

function isSame(a: HeadRecord, b: HeadRecord): boolean {
  const [x, y] = [a.head, b.head]
  return (
    x.identity === y.identity &&
    x.epoch === y.epoch &&
    x.length === y.length &&
    x.comparable === y.comparable &&
    x.bytes === y.bytes &&
    equalBytes(a.signature, b.signature)
  )
}
