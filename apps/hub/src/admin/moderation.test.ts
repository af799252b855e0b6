import { type Identity, rawCidOfDigest } from '@effigy/core'
import { silentLog } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { testIdentity } from '../../test/fake-peer.ts'
import { memoryRecords } from '../../test/records.ts'
import { createModeration } from './moderation.ts'
import { openReports, reportLimits } from './reports.ts'

const [alice, bob] = (await Promise.all(['alice', 'bob'].map(testIdentity))) as [Identity, Identity]
const signal = new AbortController().signal
const content = rawCidOfDigest(new Uint8Array(32).fill(1))
const isNewcomer = (one: Identity) => one !== alice && one !== bob
const right = { about: alice, content, reason: 'abuse', text: 'not kind' }

async function world() {
  const clock = createFakeClock()
  const records = memoryRecords(clock)
  const reports = await openReports({ isNewcomer, records, clock, log: silentLog, signal })
  const takeDowns = {
    get: (one: unknown) => (one === content ? { content, reason: 'mine alone', at: 7 } : null),
  }
  const service = createModeration({ reports, takeDowns, clock })
  const call = (method: 'report' | 'state', value: unknown, remote = bob) =>
    service.methods[method]?.({ remote, value } as never)
  return { clock, records, reports, call, [Symbol.asyncDispose]: () => records[Symbol.asyncDispose]() }
}

test('[V92] a report is kept with who reported, and the answer says nothing else', async () => {
  await using at = await world()
  expect(await at.call('report', right)).toEqual({ ok: true, value: { value: {} } })
  expect(at.reports.list).toMatchObject([{ ...right, from: bob, resolved: null }])
  // The same again replaces it.
  await at.call('report', { ...right, reason: 'spam' })
  expect(at.reports.list).toMatchObject([{ reason: 'spam' }])
  await at.call('report', { ...right, content: null })
  // The newest first, those of one moment too.
  expect(at.reports.list).toMatchObject([{ content: null }, { reason: 'spam' }])
})

test.for([
  {},
  { ...right, about: 'nobody' },
  { ...right, content: 'x' },
  { ...right, content: undefined },
  { ...right, reason: 'because' },
  { ...right, text: 7 },
  { ...right, text: '\ud800' },
  { ...right, text: 'x'.repeat(reportLimits.textLength + 1) },
  { ...right, more: 1 },
])('[V92] refused: %j', async (value) => {
  await using at = await world()
  expect(await at.call('report', value)).toMatchObject({ ok: false, error: { code: 'bad-value' } })
})

test('[V92] [T16] pace of one reporter: at the limit and one above, and others are not concerned', async () => {
  await using at = await world()
  const report = (text: string, from = bob) => at.call('report', { ...right, text }, from)
  for (let count = 0; count < reportLimits.burst; count++) expect((await report('x'))?.ok).toBe(true)
  expect(await report('x')).toMatchObject({ error: { code: 'too-fast', retryMs: 60_000 } })
  expect((await report('x', alice))?.ok).toBe(true)
  await at.clock.advance(60_000)
  expect((await report('x'))?.ok).toBe(true)
})

test('[V92] [T16] unresolved of one reporter: at the limit and one above; resolved ones make room', async () => {
  await using at = await world()
  const report = async (byte: number) => {
    await at.clock.advance(60_000)
    return at.call('report', { ...right, content: rawCidOfDigest(new Uint8Array(32).fill(byte)) })
  }
  for (let count = 0; count < reportLimits.ofOne; count++) expect((await report(count))?.ok).toBe(true)
  expect(await report(200)).toMatchObject({ error: { code: 'too-many' } })
  expect(await at.reports.resolve(at.reports.list[0]?.id ?? '', null)).toBe(true)
  expect((await report(200))?.ok).toBe(true)
})

test('[V92] [T16] in all: one above the limit is refused', async () => {
  await using at = await world()
  const full = Array.from({ length: reportLimits.ofAll }, (_, count) => ({
    ...right,
    from: alice,
    at: count,
    resolved: null,
  }))
  const bucket = at.records.bucket('reports')
  await Promise.all(full.slice(0, 4_000).map((one, id) => bucket.put(`${id}`, JSON.stringify(one))))
  await Promise.all(full.slice(4_000).map((one, id) => bucket.put(`more${id}`, JSON.stringify(one))))
  const reports = await openReports({
    isNewcomer,
    records: at.records,
    clock: at.clock,
    log: silentLog,
    signal,
  })
  const more = { from: bob, about: alice, content, reason: 'spam', text: '' } as const
  expect(await reports.report(more)).toMatchObject({ error: { code: 'full' } })
})

test('[V92] [T16] newcomers fill their own places; members go on, and who comes to be known has theirs', async () => {
  await using at = await world()
  const crowd = await Promise.all(Array.from({ length: 101 }, (_, number) => testIdentity(`new ${number}`)))
  const report = async (from: Identity, byte: number) =>
    (await at.call('report', { ...right, content: rawCidOfDigest(new Uint8Array(32).fill(byte)) }, from))?.ok
  const [last = bob, ...others] = crowd
  for (const one of others) for (let byte = 0; byte < 5; byte++) expect(await report(one, byte)).toBe(true)
  expect(at.reports.list).toHaveLength(reportLimits.ofNewcomers)
  expect([await report(last, 0), await report(bob, 0)]).toEqual([false, true])
  // What stands is replaced, and what is resolved makes room.
  expect(await report(others[0] ?? last, 0)).toBe(true)
  await at.reports.resolve(at.reports.list.find(({ isNewcomer }) => isNewcomer)?.id ?? '', null)
  const again = await openReports({
    isNewcomer,
    records: at.records,
    clock: at.clock,
    log: silentLog,
    signal,
  })
  const more = { from: last, about: alice, content, reason: 'spam', text: '' } as const
  expect([(await again.report(more)).ok, (await again.report({ ...more, content: null })).ok]).toEqual([
    true,
    false,
  ])
})

test('[V94] what was taken down, in the order asked, without the operator’s note', async () => {
  await using at = await world()
  const other = rawCidOfDigest(new Uint8Array(32).fill(2))
  expect(await at.call('state', { contents: [other, content] })).toEqual({
    ok: true,
    value: { value: { takendown: [[content, 7]] } },
  })
  for (const contents of [[], ['x'], 'x', [7], Array.from({ length: 65 }, () => content)]) {
    expect(await at.call('state', { contents })).toMatchObject({ error: { code: 'bad-value' } })
  }
  for (let count = 1; count < 20; count++) await at.call('state', { contents: [content] })
  expect(await at.call('state', { contents: [content] })).toMatchObject({ error: { code: 'too-fast' } })
})

test('damaged records are passed over', async () => {
  await using at = await world()
  await at.call('report', right)
  const bucket = at.records.bucket('reports')
  for (const [key, text] of [
    ['a', '{'],
    ['b', 'null'],
    ['c', '{"from":"x"}'],
    ['d', '[]'],
  ] as const) {
    await bucket.put(key, text)
  }
  const again = await openReports({
    isNewcomer,
    records: at.records,
    clock: at.clock,
    log: silentLog,
    signal,
  })
  expect(again.list).toMatchObject([{ from: bob }])
})
