/**
 * The disk of a simulated machine: SQLite in memory, and what of it survives.
 *
 *     commit ─▶ latest ─kill▶ latest            commit under `synchronous = full` ─▶ synced ─power loss▶ synced, or later
 *
 * A commit is whole or not at all: what a torn write does to SQLite's files is shown on the disk of
 * `faulty-disk.ts`. Here a whole network of stores has to be fast.
 *
 * @module
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import {
  type DatabaseOptions,
  prepareDatabase,
  type Sqlite,
  type SqlRow,
  type SqlValue,
  storageError,
  storageErrorOf,
} from '@effigy/store'
import type { Random } from '../seed.ts'

/** Bytes of each database by its name. */
export type Photograph = ReadonlyMap<string, Uint8Array>

/** `power`: of what was not synced, all or nothing by chance. */
export type Loss = 'kill' | 'power'

export interface MemoryDisk {
  /** Opens or creates a database; dispose it. */
  open(name: string, options: DatabaseOptions): Sqlite
  /** What has been committed, for a backup. */
  photograph(): Photograph
  /** The machine dies within the `statements`-th statement that writes, from now on; `died` is called in the middle of it. */
  dieAt(statements: number, died: () => void): void
  /** Turns it off and gives what survives. */
  off(loss: Loss, random: Random): Photograph
  /** Calls `listener` whenever everything committed so far in that database is on the medium. */
  onSync(listener: (name: string) => void): void
}

export interface MemoryDiskOptions {
  /** Whether it will ever lose power: else nobody asks what was synced, and a copy at each sync is saved. */
  readonly mayLosePower: boolean
  /** A build that is broken on purpose: what is committed durably is not, before the database is closed. */
  readonly ignoresSync?: boolean
}

export function createMemoryDisk(
  contents: Photograph = new Map(),
  { mayLosePower, ignoresSync = false }: MemoryDiskOptions = { mayLosePower: true },
): MemoryDisk {
  const open = new Map<string, DatabaseSync>()
  const synced = new Map(contents)
  let latest: Photograph = contents
  let isDead = false
  let planned: { left: number; readonly died: () => void } | null = null
  let listener = (_name: string): void => {}

  /** Called before each statement that may write; one that rolls back is let through, as the journal of a real file would. */
  function step(sql: string): void {
    if (isDead && sql !== 'rollback') throw storageError('storage-failed')
    if (planned === null || --planned.left > 0) return
    const { died } = planned
    planned = null
    isDead = true
    died()
    throw storageError('storage-failed')
  }

  function sync(name: string, database: DatabaseSync): void {
    if (!mayLosePower || (ignoresSync && synced.has(name))) return
    synced.set(name, database.serialize())
    listener(name)
  }

  function photograph(): Photograph {
    if (open.size === 0) return latest
    const taken = new Map(latest)
    for (const [name, database] of open) {
      if (database.isTransaction) database.exec('rollback')
      taken.set(name, database.serialize())
    }
    return taken
  }

  return {
    open(name, options) {
      const database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: false })
      const bytes = latest.get(name)
      if (bytes !== undefined) database.deserialize(bytes)
      open.set(name, database)
      const db = sqliteOf(database, {
        step,
        synced: () => sync(name, database),
        closing() {
          if (!isDead) latest = new Map(latest).set(name, database.serialize())
          open.delete(name)
        },
      })
      prepareDatabase(db, options)
      sync(name, database)
      return db
    },
    photograph,
    dieAt(statements, died) {
      planned = { left: statements, died }
    },
    off(loss, random) {
      isDead = true
      const seen = photograph()
      if (loss === 'kill') return seen
      return new Map(
        Array.from(seen, ([name, bytes]) => [name, random.chance(0.5) ? bytes : (synced.get(name) ?? bytes)]),
      )
    },
    onSync(next) {
      listener = next
    },
  }
}

interface Hooks {
  step(sql: string): void
  synced(): void
  closing(): void
}

/** The port over one connection, as `node:sqlite` has it in `@effigy/store/node`, with a hook before each statement. */
function sqliteOf(database: DatabaseSync, hooks: Hooks): Sqlite {
  const kept = new Map<string, StatementSync>()
  let isOpen = true
  let isFull = false
  /** As it was asked for: in memory there is neither a log nor a journal, and SQLite says so. */
  let journal = 'memory'

  function prepare(sql: string): StatementSync {
    const known = kept.get(sql)
    if (known !== undefined) return known
    const made = database.prepare(sql)
    kept.set(sql, made)
    return made
  }

  function guard<Value>(sql: string | null, work: () => Value): Value {
    if (!isOpen) throw storageError('closed')
    if (sql !== null) hooks.step(sql)
    try {
      return work()
    } catch (cause) {
      const code = (cause as { readonly errcode?: unknown } | null)?.errcode
      throw (typeof code === 'number' ? storageErrorOf(code, cause) : null) ?? cause
    }
  }

  return {
    run(sql, ...values) {
      const changes = guard(sql, () => Number(prepare(sql).run(...values).changes))
      if (sql === 'commit' && isFull) hooks.synced()
      return changes
    },
    first<Row extends SqlRow>(sql: string, ...values: readonly SqlValue[]): Row | null {
      if (sql === 'pragma journal_mode') return { journal_mode: journal } as unknown as Row
      const row = guard(null, () => (prepare(sql).get(...values) as Row | undefined) ?? null)
      if (sql.startsWith('pragma wal_checkpoint(truncate')) hooks.synced()
      return row
    },
    // All at once: three times as fast as row by row, and these stores are small.
    rows: <Row extends SqlRow>(sql: string, ...values: readonly SqlValue[]): Iterable<Row> =>
      guard(null, () => prepare(sql).all(...values) as Row[]),
    script(sql) {
      guard(sql, () => database.exec(sql))
      const level = database.prepare('pragma synchronous').get() as
        | { readonly synchronous: number }
        | undefined
      journal = /journal_mode = (\w+)/.exec(sql)?.[1] ?? journal
      isFull = (level?.synchronous ?? 0) >= 2
    },
    [Symbol.dispose]() {
      if (!isOpen) return
      isOpen = false
      hooks.closing()
      kept.clear()
      database.close()
    },
  }
}
