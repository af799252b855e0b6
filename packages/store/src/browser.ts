/**
 * The store in browsers: sqlite-wasm on OPFS, in a dedicated worker (spec S50 to S57).
 *
 * @module
 */
export type { ExportOptions } from './browser/export-store.ts'
export {
  type ImportFault,
  type ImportOptions,
  type ImportReport,
  importBrowserStore,
} from './browser/import-later.ts'
export {
  type BrowserStore,
  type BrowserStoreOptions,
  deleteBrowserStore,
  type MemoryReason,
  openBrowserStore,
  type StoreHistory,
} from './browser/open-store.ts'
export type { Room } from './browser/room.ts'
