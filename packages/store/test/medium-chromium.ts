/**
 * The medium of tests in a dedicated worker of Chromium: every database is a file on OPFS.
 *
 * @module
 */
import type { Sha256 } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import { blobDatabase, mainDatabase, orClose, storeOver } from '../src/browser/open-store.ts'
import { openPool } from '../src/browser/pool.ts'
import type { DatabaseOptions } from '../src/migrate.ts'
import type { Sqlite } from '../src/sqlite.ts'
import type { Medium } from './medium.ts'

export interface ChromiumMedium extends Medium {
  /** After each test: closes what it left open, and deletes its files. */
  clean(): void
}

/** Files that one test may have at the same time. */
const capacity = 200

export async function createMedium(
  folder: string,
  { crypto, sha256 }: { readonly crypto: Crypto; readonly sha256: Sha256 },
): Promise<ChromiumMedium> {
  const pool = await openPool(folder, new AbortController().signal, { capacity })
  const open = new Set<Sqlite>()
  const files = new Set<string>()
  const empty = new Map<string, Uint8Array>()
  let made = 0

  /** A new database of that kind: made once, because running all migrations takes longer than most tests. */
  function emptyOne(options: DatabaseOptions): Uint8Array {
    const kind = JSON.stringify(options)
    const known = empty.get(kind)
    if (known !== undefined) return known
    pool.open('empty.sqlite', options)[Symbol.dispose]()
    const bytes = pool.files.exportFile('/empty.sqlite')
    for (const end of ['', '-wal', '-journal']) pool.delete(`empty.sqlite${end}`)
    empty.set(kind, bytes)
    return bytes
  }

  function openSqlite(path: string, options: DatabaseOptions): Sqlite {
    const name = path === ':memory:' ? `memory-${made++}.sqlite` : path
    files.add(name)
    if (!pool.has(name)) pool.files.importDb(`/${name}`, emptyOne(options))
    const db = pool.open(name, options)
    open.add(db)
    return db
  }

  return {
    platform: 'chromium',
    crypto,
    sha256,
    newFolder: () => `folder-${made++}`,
    openSqlite,
    openStore(folder, options) {
      const at = (name: string): string => (folder === ':memory:' ? folder : `${folder}/${name}`)
      const main = openSqlite(at('main.sqlite'), mainDatabase)
      return storeOver(
        { main, blocks: orClose([main], () => openSqlite(at('blocks.sqlite'), blobDatabase)) },
        options,
      )
    },
    fileBytes: (path) => pool.files.exportFile(`/${path}`).length,
    deleteFile: (path) => pool.delete(path),
    copyFile(from, to) {
      files.add(to)
      pool.files.importDb(`/${to}`, pool.files.exportFile(`/${from}`))
    },
    clean() {
      for (const db of open) db[Symbol.dispose]()
      open.clear()
      for (const file of files) for (const end of ['', '-wal', '-journal']) pool.delete(file + end)
      files.clear()
    },
  }
}
