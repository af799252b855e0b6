/**
 * What own devices tell each other: of each key the newest value over all of them (spec P12, P18).
 *
 *     device_state {changes: [[key, value], …]} of any own device ─▶ one row a key ─newest (comparable, CID)▶ value
 *
 * @module
 */
import { compareBytes, type DeviceState, type Identity, type Json } from '@effigy/core'
import type { Sqlite } from '../sqlite.ts'
import { feedIdOf } from './items.ts'

/** Where a statement stands in the order of all. */
export interface StatePlace {
  readonly entry: number
  readonly feed: number
  readonly comparable: number
  /** Digest. */
  readonly cid: Uint8Array
}

/** A key and what was last said of it; null: it was removed. */
export interface DeviceValue {
  readonly key: string
  readonly value: Json
  /** Whoever says something newer writes a comparable above it. */
  readonly comparable: number
}

type StateRow = {
  readonly key: string
  readonly comparable: number
  readonly cid: Uint8Array
  readonly value: string
}

export function insertStates(db: Sqlite, { changes }: DeviceState, place: StatePlace): void {
  for (const [key, value] of changes) {
    db.run(
      'insert or replace into device_states (key, feed, comparable, cid, entry, value) values (?, ?, ?, ?, ?, ?)',
      key,
      place.feed,
      place.comparable,
      place.cid,
      place.entry,
      JSON.stringify(value),
    )
  }
}

export function deleteStates(db: Sqlite, entry: number): void {
  db.run('delete from device_states where entry = ?', entry)
}

/** Keys that say how far one has read: what one device read, another one that knows less does not take back. */
const markPrefix = 'read/'

/** What the devices last said of a key; null when none of them ever said anything. Of read markers the furthest counts. */
export function deviceValue(db: Sqlite, devices: Iterable<Identity>, key: string): DeviceValue | null {
  const [newest, ...others] = deviceSaid(db, devices, key)
  if (newest === undefined) return null
  if (!key.startsWith(markPrefix) || typeof newest.value !== 'number') return newest
  const marks = [newest, ...others].flatMap(({ value }) => (typeof value === 'number' ? [value] : []))
  return { ...newest, value: Math.max(...marks) }
}

/** What each of the devices last said of a key, the newest word first. */
export function deviceSaid(db: Sqlite, devices: Iterable<Identity>, key: string): readonly DeviceValue[] {
  const rows: StateRow[] = []
  for (const device of devices) {
    const feed = feedIdOf(db, device)
    if (feed === null) continue
    const row = db.first<StateRow>(
      `select key, comparable, cid, value from device_states where key = ? and feed = ?
       order by comparable desc, cid desc limit 1`,
      key,
      feed,
    )
    if (row !== null) rows.push(row)
  }
  return rows.sort(newestFirst).map(toValue)
}

/** The values of up to `limit` keys that begin with `prefix` and were not removed, in the order of keys, above `after`. */
export function deviceValues(
  db: Sqlite,
  devices: Iterable<Identity>,
  prefix: string,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): readonly DeviceValue[] {
  const own = [...devices]
  const values: DeviceValue[] = []
  let last = after ?? ''
  let isFirst = after === null
  while (values.length < limit) {
    const next = db.first<{ key: string }>(
      `select key from device_states where key ${isFirst ? '>=' : '>'} ? and key >= ? order by key limit 1`,
      last,
      prefix,
    )
    if (next === null || !next.key.startsWith(prefix)) break
    last = next.key
    isFirst = false
    const found = deviceValue(db, own, last)
    if (found !== null && found.value !== null) values.push(found)
  }
  return values
}

function newestFirst(a: StateRow, b: StateRow): number {
  return b.comparable - a.comparable || compareBytes(b.cid, a.cid)
}

function toValue({ key, comparable, value }: StateRow): DeviceValue {
  // Written by `insertStates`, from a payload that passed its schema.
  return { key, comparable, value: JSON.parse(value) as Json }
}
