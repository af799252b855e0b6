import { describe } from 'vitest'
import { migrations } from '../src/index.ts'
import { feedStoreContract } from './contract.ts'
import { medium, newFolder, openSqlite } from './medium.ts'
import { openFeeds } from './open-feeds.ts'

// In Chromium that would be a file too.
describe.skipIf(medium.platform === 'chromium')('in memory', () => {
  feedStoreContract((options) => openFeeds(openSqlite(':memory:', { migrations }), options))
})

describe('on disk', () => {
  feedStoreContract((options) =>
    openFeeds(openSqlite(`${newFolder()}/feeds.sqlite`, { migrations }), options),
  )
})
