/**
 * Which connection is behind a port: for the few things that the port does not have (copy.ts).
 *
 * @module
 */
import type { DatabaseSync } from 'node:sqlite'
import type { Sqlite } from '../sqlite.ts'

const connections = new WeakMap<Sqlite, DatabaseSync>()

export function noteConnection(db: Sqlite, connection: DatabaseSync): void {
  connections.set(db, connection)
}

/** Null for a database of another port. */
export function connectionOf(db: Sqlite): DatabaseSync | null {
  return connections.get(db) ?? null
}
