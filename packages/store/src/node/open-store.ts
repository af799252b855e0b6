/**
 * A store in a folder of this machine.
 *
 *     FOLDER/main.sqlite  FOLDER/blocks.sqlite ─▶ Store
 *
 * @module
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { EffigyError, type Sha256 } from '@effigy/core'
import { blockDatabase } from '../blobs/block-database.ts'
import { createRoom } from '../blobs/room.ts'
import { createStore } from '../open-store.ts'
import { migrations } from '../schema.ts'
import type { Sqlite } from '../sqlite.ts'
import type { Store } from '../store.ts'
import { createBlockFile } from './block-writer.ts'
import { noteMainFile } from './copy.ts'
import { openSqlite } from './sqlite.ts'
import { textDigest } from './text-digest.ts'

export interface NodeStoreOptions {
  readonly sha256: Sha256
  /** Wall clock, ms. */
  readonly now: () => number
}

/** Opens or creates a store; dispose it. `:memory:` keeps everything in memory. Throws as `Sqlite` does. */
export function openNodeStore(folder: string, { sha256, now }: NodeStoreOptions): Store {
  const isMemory = folder === ':memory:'
  if (!isMemory) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
    } catch (cause) {
      const message = `The folder ${folder} cannot be made: choose one that you may write to.`
      throw new EffigyError('storage-failed', message, { cause })
    }
  }
  const path = (name: string): string => (isMemory ? ':memory:' : join(folder, name))
  const main = openSqlite(path('main.sqlite'), { migrations, givesBack: true })
  let blocks: Sqlite
  try {
    blocks = openSqlite(path('blocks.sqlite'), blockDatabase)
  } catch (cause) {
    main[Symbol.dispose]()
    throw cause
  }
  const parts = { main, sha256, textDigest, now, createRoom, pause: nextTurn }
  if (isMemory) return createStore({ ...parts, blocks })
  const file = createBlockFile(path('blocks.sqlite'), blocks)
  const store = createStore({ ...parts, blocks: file.db, blockWriter: file.writer })
  noteMainFile(store, main)
  return store
}
