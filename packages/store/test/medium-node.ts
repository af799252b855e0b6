/**
 * The medium of tests in Node.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createNodeCrypto } from '@effigy/crypto/node'
import { afterEach } from 'vitest'
import { openNodeStore, openSqlite } from '../src/node.ts'
import type { Medium } from './medium.ts'

const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

export const medium: Medium = {
  platform: 'node',
  sha256: (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest()),
  crypto: createNodeCrypto(),
  newFolder() {
    const folder = mkdtempSync(join(tmpdir(), 'effigy-store-'))
    folders.push(folder)
    return folder
  },
  openSqlite: (path, options) => openSqlite(path, { busyTimeoutMs: 10, ...options }),
  openStore: openNodeStore,
  fileBytes: (path) => statSync(path).size,
  deleteFile: (path) => rmSync(path, { force: true }),
  copyFile: copyFileSync,
}
