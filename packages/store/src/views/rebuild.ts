/**
 * The views made anew from the bytes, in slices (spec S22).
 *
 *     empty ─▶ slice, slice, … (each a transaction that also saves how far it is) ─▶ done
 *
 * While it runs, entries come and go as always: what is projected twice is there once. After a crash
 * `pending` says so, and the next call goes on from the last slice.
 *
 * @module
 */
import { identityOfKey, type Payload, readPayload } from '@effigy/core'
import type { Changes } from '../changes.ts'
import { place } from '../schema.ts'
import type { Sqlite } from '../sqlite.ts'
import type { QueryStore } from '../store.ts'
import { type ItemReader, type ItemRow, itemColumns, itemTables } from './items.ts'
import type { Viewed, ViewProjector } from './project.ts'
import { clearViews } from './tables.ts'

/** Entries of one transaction: some milliseconds, so that whoever shares the thread hardly waits. */
const sliceEntries = 500

export interface RebuildDeps {
  readonly db: Sqlite
  readonly changes: Changes
  readonly items: ItemReader
  readonly projector: ViewProjector
  /** Lets others run between two slices. */
  readonly pause: () => Promise<void>
  readonly onCleared: () => void
}

export interface Rebuilder {
  /** Whether a rebuild was begun and not finished. */
  readonly pending: boolean
  readonly run: QueryStore['rebuildViews']
  /** One entry of the shown chain, as its row stands. */
  project(row: ItemRow): void
}

export function createRebuilder(deps: RebuildDeps): Rebuilder {
  const { db, changes, pause, onCleared } = deps

  const cursor = (): number | null =>
    db.first<{ value: number }>("select value from meta where key = 'views.rebuild'")?.value ?? null

  const start = (): void => {
    db.script(clearViews)
    db.run("delete from meta where key = 'search.indexed'")
    db.run("insert or replace into meta (key, value) values ('views.rebuild', 0)")
    onCleared()
  }

  /** Gives how many entries it went over; the last slice is a short one. */
  const slice = (from: number): number => {
    const rows = [
      ...db.rows<ItemRow>(
        `select ${itemColumns} from ${itemTables} where e.id > ? order by e.id limit ${sliceEntries}`,
        from,
      ),
    ]
    for (const row of rows) projectRow(deps, row)
    const last = rows.at(-1)
    if (rows.length < sliceEntries || last === undefined)
      db.run("delete from meta where key = 'views.rebuild'")
    else db.run("update meta set value = ? where key = 'views.rebuild'", last.id)
    changes.touchViews()
    return rows.length
  }

  return {
    get pending() {
      return cursor() !== null
    },
    project: (row) => projectRow(deps, row),
    async run({ signal, onProgress }) {
      signal.throwIfAborted()
      if (cursor() === null) changes.commit(start)
      const total = count(db, -1)
      while (true) {
        const from = cursor()
        if (from === null) break
        changes.commit(() => slice(from))
        onProgress?.({ done: total - (cursor() === null ? 0 : count(db, cursor() ?? 0)), total })
        await pause()
        signal.throwIfAborted()
      }
    },
  }
}

function count(db: Sqlite, above: number): number {
  return db.first<{ count: number }>('select count(*) as count from entries where id > ?', above)?.count ?? 0
}

function projectRow({ items, projector }: RebuildDeps, row: ItemRow): void {
  if (row.place !== place.chain) return
  const entry: Viewed = {
    id: row.id,
    feed: row.feed,
    identity: identityOfKey(row.identity),
    cidDigest: row.cid,
    contentDigest: row.content,
    comparable: row.comparable,
    seen: row.seen,
    verified: row.verified === 1,
    type: row.type,
    payload: row.type === 0 ? null : readRow(items, row),
  }
  if (row.hidden_at === null) projector.show(entry)
  else projector.showErased(entry)
}

function readRow(items: ItemReader, row: ItemRow): Payload | null {
  const found = items.textOf(row)
  if (found.type !== 'clear') return null
  const payload = readPayload(found.text, found.place)
  return payload.ok ? payload.value : null
}
