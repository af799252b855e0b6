/**
 * How the block file is opened (spec S).
 *
 *     256 KiB ─commit▶ appended to the file once, on the medium      freed pages ─giveBack▶ the disk
 *
 * A write-ahead log would write every byte twice, and wait for the disk in pieces of 16 MiB
 * (docs/decisions/0007-blocks-at-speed.md).
 *
 * @module
 */
import type { DatabaseOptions } from '../migrate.ts'
import { blockMigrations } from '../schema.ts'
import { blockPageBytes } from './tables.ts'

/** For whoever opens the second file of a store. Files of former versions are converted as they are opened. */
export const blockDatabase: DatabaseOptions = {
  migrations: blockMigrations,
  pageBytes: blockPageBytes,
  journal: 'rollback',
  givesBack: true,
}
