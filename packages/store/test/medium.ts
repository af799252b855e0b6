/**
 * What the tests of the store stand on: the same tests run over `node:sqlite` in Node, and over OPFS in a worker of Chromium.
 *
 *     x.test.ts ─▶ medium ─┬ Node: medium-node.ts
 *                          ╰ Chromium: what suite.worker.ts has put there before it loads the test
 *
 * @module
 */
import type { Sha256 } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { DatabaseOptions } from '../src/migrate.ts'
import type { Sqlite } from '../src/sqlite.ts'
import type { Store } from '../src/store.ts'
import { mediumKey } from './medium-key.ts'

export interface StoreOptions {
  readonly sha256: Sha256
  readonly now: () => number
}

export interface Medium {
  readonly platform: 'node' | 'chromium'
  readonly sha256: Sha256
  readonly crypto: Crypto
  /** A folder that is there; it and its files are gone after the test. */
  newFolder(): string
  /** `path`: a file in such a folder; or `:memory:`, which in Chromium is a new file all the same. */
  openSqlite(path: string, options: DatabaseOptions): Sqlite
  /** Of a file that is not open. */
  fileBytes(path: string): number
  deleteFile(path: string): void
  /** A database that was closed. */
  copyFile(from: string, to: string): void
  /** In such a folder; or `:memory:`. */
  openStore(folder: string, options: StoreOptions): Store
}

const given = (globalThis as { readonly [mediumKey]?: Medium })[mediumKey]
const nodeMedium = './medium-node.ts'

export const medium: Medium =
  given ?? ((await import(/* @vite-ignore */ nodeMedium)) as { readonly medium: Medium }).medium

export const { openSqlite } = medium
export const openTestStore = medium.openStore
export const { newFolder } = medium

/** Runs of a property: fewer where each takes files of its own. */
export const runs = (count: number): number => (medium.platform === 'node' ? count : Math.ceil(count / 20))

/** Where thousands of rows take too long for a test: each page may go through another process. */
export const isSlow = medium.platform === 'chromium'
