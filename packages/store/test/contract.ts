/**
 * What every `FeedStore` must do, whatever SQLite is below it; the bracketed ids are rules of SPEC.md.
 *
 * @module
 */
import type { Sqlite } from '../src/sqlite.ts'
import { actingContract } from './contract-acting.ts'
import { chainContract } from './contract-chains.ts'
import { changeContract } from './contract-changes.ts'

/** `open` gives an empty database with the migrations run. */
export function feedStoreContract(open: () => Sqlite): void {
  chainContract(open)
  changeContract(open)
  actingContract(open)
}
