import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe } from 'vitest'
import { migrations } from '../src/index.ts'
import { openSqlite } from '../src/node.ts'
import { feedStoreContract } from './contract.ts'
import { openFeeds } from './open-feeds.ts'

const directories: string[] = []

afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true })
})

describe('node:sqlite in memory', () => {
  feedStoreContract((options) => openFeeds(openSqlite(':memory:', { migrations }), options))
})

describe('node:sqlite on disk', () => {
  feedStoreContract((options) => {
    const directory = mkdtempSync(join(tmpdir(), 'effigy-store-'))
    directories.push(directory)
    return openFeeds(openSqlite(join(directory, 'feeds.sqlite'), { migrations }), options)
  })
})
