/** What others promised, and what came of asking after it (V32, V34, V38). */
import { identityOfKey, rawCidOfDigest } from '@effigy/core'
import { expect, test } from 'vitest'
import { openSqlite } from '../../test/medium.ts'
import { createChanges } from '../changes.ts'
import { migrations } from '../schema.ts'
import { createPromiseTable } from './promise-table.ts'

const someone = (byte: number) => identityOfKey(new Uint8Array(32).fill(byte))
const [hub, friend, feed] = [someone(1), someone(2), someone(3)]
const head = rawCidOfDigest(new Uint8Array(32).fill(7))
const promise = { holder: hub, for: feed, epoch: 1, length: 5, head, blobs: 0, until: 100, bytes: 50, at: 10 }
const fresh = { passedAt: null, failedAt: null, failure: null }

function open() {
  const db = openSqlite(':memory:', { migrations })
  return createPromiseTable(db, createChanges(db))
}

test('[V32] one a holder and feed: a renewal takes its place, what was found out stays', () => {
  const promises = open()
  promises.put(promise)
  expect(promises.get(hub, feed)).toEqual({ ...promise, ...fresh })
  expect(promises.get(friend, feed)).toBeNull()
  promises.note(hub, feed, { type: 'passed', at: 20 })
  promises.put({ ...promise, until: 200, at: 30 })
  expect(promises.list()).toEqual([{ ...promise, ...fresh, until: 200, at: 30, passedAt: 20 }])
  expect([promises.remove(hub, feed), promises.remove(hub, feed)]).toEqual([true, false])
})

test('[V38] a failure stands until a check is passed; it says nothing of when it was right before', () => {
  const promises = open()
  promises.put(promise)
  promises.note(hub, feed, { type: 'passed', at: 20 })
  promises.note(hub, feed, { type: 'failed', at: 30, code: 'absent' })
  promises.put({ ...promise, at: 40 })
  expect(promises.get(hub, feed)).toMatchObject({ passedAt: 20, failedAt: 30, failure: 'absent' })
  promises.note(hub, feed, { type: 'passed', at: 50 })
  expect(promises.get(hub, feed)).toMatchObject({ passedAt: 50, failedAt: null, failure: null })
})

test('[V38] who let it go and promises anew has shown nothing yet', () => {
  for (const code of ['gone', 'not-listed']) {
    const promises = open()
    promises.put(promise)
    promises.note(hub, feed, { type: 'passed', at: 20 })
    promises.note(hub, feed, { type: 'failed', at: 30, code })
    promises.put({ ...promise, at: 40 })
    expect(promises.get(hub, feed)).toMatchObject(fresh)
  }
})
