import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { memoryRecords } from '../../test/records.ts'
import { createAdminSessions, linkMs, maxLinks, sessionMs } from './sessions.ts'

function world() {
  const clock = createFakeClock()
  const records = memoryRecords(clock)
  let made = 0
  const random = (length: number) => new Uint8Array(length).fill(++made)
  const bucket = records.bucket('admin')
  return { clock, records, bucket, sessions: createAdminSessions({ records: bucket, clock, random }) }
}

const wrong = ['', 'x', 'A'.repeat(22), 'A'.repeat(23), '=', '\u0000', 'link:', '../..']

test('a link is good until its time is over, a session too', async () => {
  const { clock, records, sessions } = world()
  await using _records = records
  const [late, right] = [await sessions.createLink(), await sessions.createLink()]
  await clock.advance(linkMs - 1)
  const secret = (await sessions.exchange(right ?? '')) ?? ''
  await clock.advance(1)
  expect(await sessions.exchange(late ?? '')).toBeNull()
  expect(await sessions.check(secret)).toBe(true)
  await clock.advance(sessionMs - 2)
  expect(await sessions.check(secret)).toBe(true)
  await clock.advance(1)
  expect(await sessions.check(secret)).toBe(false)
})

test('what is no secret opens nothing; a link is no session, a session no link', async () => {
  const { records, sessions } = world()
  await using _records = records
  const link = (await sessions.createLink()) ?? ''
  expect(await sessions.check(link)).toBe(false)
  const secret = (await sessions.exchange(link)) ?? ''
  expect(await sessions.exchange(secret)).toBeNull()
  for (const each of wrong)
    expect([await sessions.exchange(each), await sessions.check(each)]).toEqual([null, false])
})

test('of many who show one link at once, one is let in', async () => {
  const { records, sessions } = world()
  await using _records = records
  const link = (await sessions.createLink()) ?? ''
  const secrets = await Promise.all(Array.from({ length: 20 }, () => sessions.exchange(link)))
  expect(secrets.filter((secret) => secret !== null)).toHaveLength(1)
})

test('[T16] unused links: at the limit and one above', async () => {
  const { records, sessions, clock } = world()
  await using _records = records
  for (let count = 0; count < maxLinks; count++) expect(await sessions.createLink()).not.toBeNull()
  expect(await sessions.createLink()).toBeNull()
  await clock.advance(linkMs)
  expect(await sessions.createLink()).not.toBeNull()
})

test('[T22] the records hold no secret', async () => {
  const { records, bucket, sessions } = world()
  await using _records = records
  const link = (await sessions.createLink()) ?? ''
  const other = (await sessions.createLink()) ?? ''
  const secret = (await sessions.exchange(link)) ?? ''
  const page = await bucket.list({ limit: 10 })
  expect(page.records).toHaveLength(2)
  for (const hidden of [other, secret]) expect(JSON.stringify(page)).not.toContain(hidden)
})
