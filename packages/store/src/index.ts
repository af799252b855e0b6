/**
 * The store of one peer (spec S): feeds, views and blobs in two SQLite files.
 *
 * @module
 */

export type { Account, AccountTable } from './accounts/account-table.ts'
export * from './blobs/index.ts'
export { type Changes, createChanges } from './changes.ts'
export * from './feed-keys/index.ts'
export type { FeedStoreOptions } from './feeds/context.ts'
export { createFeedStore, type FeedTables } from './feeds/feed-store.ts'
export { headDigest, headDigestBytes } from './feeds/head-digest.ts'
export { compareKeys, keyBytes, orderOfKeys, placeOfKey, takeColumn } from './feeds/key-order.ts'
export * from './files/index.ts'
export * from './groups/index.ts'
export { type DatabaseOptions, prepareDatabase } from './migrate.ts'
export { createStore, type StoreParts } from './open-store.ts'
export * from './private/index.ts'
export { type ProjectedEntry, type Projector, waitsForSignature } from './projector.ts'
export { blockMigrations, migrations, type Place, place } from './schema.ts'
export * from './services/index.ts'
export { durableTransaction, type Sqlite, type SqlRow, type SqlValue, transaction } from './sqlite.ts'
export { type StorageErrorCode, storageError, storageErrorOf } from './storage-error.ts'
export type * from './store.ts'
export * from './synods/index.ts'
export {
  type Finding,
  type VerifiedRecords,
  type VerifyRecordsOptions,
  verifyRecords,
} from './verify-records.ts'
export * from './views/index.ts'
