/**
 * The SQLite port over `node:sqlite` (spec S1).
 *
 * @module
 */

export type { InspectFault } from './inspect.ts'
export {
  type CopyOptions,
  copyDatabase,
  copyMainFile,
  inspectDatabase,
} from './node/copy.ts'
export { type NodeStoreOptions, openNodeStore } from './node/open-store.ts'
export { openSqlite, type SqliteOptions } from './node/sqlite.ts'
