/**
 * All we ask of a SQLite: a few synchronous calls. `node.ts` fits `node:sqlite`,
 * `browser.ts` sqlite-wasm, and the testkit a disk that fails at step k.
 *
 * @module
 */

export type SqlValue = null | number | string | Uint8Array

export type SqlRow = Record<string, SqlValue>

/**
 * One connection. Statements are prepared once and kept by their text, so pass
 * constant texts. Every method throws `EffigyError` when the medium fails:
 * `storage-full`, `storage-locked`, `storage-damaged`, `storage-failed`.
 */
export interface Sqlite extends Disposable {
  /** Runs one statement; gives the number of rows it changed. */
  run(sql: string, ...values: readonly SqlValue[]): number
  /** The first row, or null. */
  first<Row extends SqlRow>(sql: string, ...values: readonly SqlValue[]): Row | null
  /** All rows, lazily; finish or leave the loop before the next write. */
  rows<Row extends SqlRow>(sql: string, ...values: readonly SqlValue[]): Iterable<Row>
  /** Several statements without parameters: migrations and pragmas. */
  script(sql: string): void
}

/** Runs `work` in one transaction: all of it or nothing. Does not nest. */
export function transaction<Value>(db: Sqlite, work: () => Value): Value {
  db.run('begin immediate')
  let value: Value
  try {
    value = work()
    db.run('commit')
  } catch (cause) {
    rollBack(db)
    throw cause
  }
  return value
}

function rollBack(db: Sqlite): void {
  try {
    db.run('rollback')
  } catch {
    // SQLite has rolled back by itself already, as it does when the disk is full.
  }
}
