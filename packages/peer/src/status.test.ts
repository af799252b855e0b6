import type { Identity } from '@effigy/core'
import { expect, test } from 'vitest'
import { createStatus, type StatusDeps } from './status.ts'

const self = 'did:key:self' as Identity

interface Other {
  readonly headsAnswered: boolean
  readonly upToDate: boolean
  readonly sinceMs: number
  readonly isChosen: boolean
}

/** A restored device whose own head is here, with these sessions, at a time of 100 s. */
function confirmed(others: readonly Other[]): boolean {
  const record = { head: { identity: self, head: 'bafkrei' } }
  const served = others.map(({ isChosen, sinceMs, ...status }) => ({
    session: { remote: self },
    isChosen,
    receipts: { state: 'pending' },
    replicator: { status: () => status },
    since: sinceMs,
  }))
  const deps = {
    store: { feed: () => record, entry: () => ({}) },
    network: { connections: { list: [] }, served },
    clock: { monotonic: () => 100_000 },
    search: { unsearchable: 0, isDue: false },
    mayWrite: () => false,
  }
  return createStatus(self, deps as unknown as StatusDeps).ownFeedConfirmed()
}

const hub: Other = { headsAnswered: true, upToDate: true, sinceMs: 99_000, isChosen: true }

test('[S13] whom we chose has told its heads: that is enough', () => {
  expect(confirmed([])).toBe(false)
  expect(confirmed([hub])).toBe(true)
  expect(confirmed([{ ...hub, isChosen: false }])).toBe(false)
})

test('[S13] [T6] who keeps entries back does not keep us from writing', () => {
  expect(confirmed([hub, { ...hub, upToDate: false }])).toBe(true)
})

test('[S13] [T6] who has not answered is waited for, but not for ever', () => {
  const silent: Other = { headsAnswered: false, upToDate: false, sinceMs: 60_000, isChosen: true }
  expect(confirmed([hub, silent])).toBe(false)
  expect(confirmed([hub, { ...silent, sinceMs: 39_000 }])).toBe(true)
  expect(confirmed([{ ...silent, sinceMs: 0 }])).toBe(false)
})
