/** States that have to go, and come back (spec S30). */
import type { SignedEntry } from '@effigy/core'
import { expect, test } from 'vitest'
import { sha256, testIdentity } from '../../test/feed-maker.ts'
import { openSqlite } from '../../test/medium.ts'
import { testAccount } from '../../test/synod-kit.ts'
import { migrations } from '../schema.ts'
import { createStateTable } from './state-table.ts'

test('[S30] two states of which each pushes out the other come to rest', () => {
  using db = openSqlite(':memory:', { migrations })
  const table = createStateTable(db, sha256, () => 0)
  const account = testAccount('contradiction')
  const drafts = Array.from({ length: 257 }, () => ({ members: [testIdentity('laptop')] }))
  const states = account.feed(0, drafts)
  const [lowest, highest] = [states[0], states.at(-1)] as [SignedEntry, SignedEntry]
  for (const state of states) table.add(state, 1, true, null)
  expect(table.find(lowest.cid)).toBeNull()
  let rounds = 0
  // With an end the lowest stays and the highest goes, without one the other way round.
  const changes = (): boolean => {
    const isIn = table.add(lowest, 1, true, 256).row !== null
    return table.add(highest, 1, true, null).row !== null || isIn
  }
  while (changes() && rounds < 100) rounds++
  expect(rounds).toBe(4)
})
