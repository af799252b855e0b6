/** Slow because of Chromium: a browser is started anew for every fifth kill, and each life loads a page and SQLite. */
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../../browser-kit/browser.ts'
import { tabKills } from './tab-kills.ts'
import { tabRounds } from './tab-rounds.ts'

const none = { 'acknowledged operations lost': 0, 'faults of the database': 0, forks: 0 }

describe.skipIf(noBrowser !== null)(`tabs die${noBrowser === null ? '' : ` (${noBrowser})`}`, () => {
  test(`[T2] [S52] ${tabKills.short} tabs killed while they write: nothing acknowledged is lost, no fork is made`, {
    timeout: 900_000,
  }, async () => {
    const { failures, counts } = await tabKills.run({ n: tabKills.short, seed: 'test' })
    expect(failures).toEqual([])
    expect(counts).toMatchObject({ ...none, 'false alarms of a restored disk': 0 })
    expect(counts['operations acknowledged']).toBeGreaterThan(5 * tabKills.short)
  })

  test(`[T2] [O12] ${tabRounds.short} rounds of two tabs that load again and close: the database is intact, one tab leads`, {
    timeout: 900_000,
  }, async () => {
    const { failures, counts } = await tabRounds.run({ n: tabRounds.short, seed: 'test' })
    expect(failures).toEqual([])
    expect(counts).toMatchObject({ ...none, 'times without one leader': 0 })
    expect(counts['operations acknowledged']).toBeGreaterThan(5 * tabRounds.short)
  })
})
