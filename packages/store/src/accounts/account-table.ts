/**
 * What was given to and taken from each identity (spec G5), as it was last saved.
 *
 * A claim of nobody: our own count. Rows are few, the ledger (`@effigy/sync`) bounds them.
 *
 * @module
 */
import { type Identity, identityKey, identityOfKey } from '@effigy/core'
import type { Changes } from '../changes.ts'
import type { Sqlite } from '../sqlite.ts'

/** Bytes, all whole and from 0. */
export interface Account {
  readonly identity: Identity
  /** Sent to it. */
  readonly given: number
  /** Received from it, and wanted. */
  readonly taken: number
  /** Credit from an operator. */
  readonly granted: number
  /** When given and taken were halved last; wall clock, ms. */
  readonly since: number
}

export interface AccountTable {
  all(): readonly Account[]
  /** Writes some and takes others out, in one transaction. */
  save(accounts: Iterable<Account>, gone: Iterable<Identity>): void
}

/** Part of the main file's migrations. */
export const accountTables = `
  create table accounts (
    identity blob primary key, given integer not null, taken integer not null, granted integer not null,
    since integer not null
  ) without rowid;
`

interface Row extends Record<string, number | Uint8Array> {
  readonly identity: Uint8Array
  readonly given: number
  readonly taken: number
  readonly granted: number
  readonly since: number
}

export function createAccountTable(db: Sqlite, { commit }: Pick<Changes, 'commit'>): AccountTable {
  return {
    all: () =>
      Array.from(
        db.rows<Row>('select identity, given, taken, granted, since from accounts'),
        ({ identity, given, taken, granted, since }) => ({
          identity: identityOfKey(identity),
          given,
          taken,
          granted,
          since,
        }),
      ),
    save(accounts, gone) {
      commit(() => {
        for (const identity of gone) db.run('delete from accounts where identity = ?', identityKey(identity))
        for (const { identity, given, taken, granted, since } of accounts) {
          db.run(
            'insert or replace into accounts (identity, given, taken, granted, since) values (?, ?, ?, ?, ?)',
            identityKey(identity),
            given,
            taken,
            granted,
            since,
          )
        }
      })
    },
  }
}
