import { silentLog } from '@effigy/sync'
import { expect, test } from 'vitest'
import { createTally, maxEvents } from './tally.ts'

test('events are counted by name, ends of sessions by code', () => {
  const { log, events, closed, refused } = createTally(silentLog)
  log.info('session.closed', { peer: 'EGta2doK', code: 'cut' })
  log.info('session.closed', { peer: 'EGta2doK', code: 'cut' })
  log.info('session.refused', { code: 'proof' })
  log.warn('storage.failed', { code: 'storage-full' })
  expect(Object.fromEntries(events)).toEqual({
    'session.closed': 2,
    'session.refused': 1,
    'storage.failed': 1,
  })
  expect([Object.fromEntries(closed), Object.fromEntries(refused)]).toEqual([{ cut: 2 }, { proof: 1 }])
})

test('[T16] what others put into a `bye` makes no list longer', () => {
  const { log, closed } = createTally(silentLog)
  for (let n = 0; n < 1_000; n++) log.info('session.closed', { code: `my-own-${n}` })
  expect(Object.fromEntries(closed)).toEqual({ other: 1_000 })
})

test('[T16] names of events have a bound', () => {
  const { log, events } = createTally(silentLog)
  for (let n = 0; n < 2 * maxEvents; n++) log.info(`event.${n}`, {})
  expect([events.size, events.get('other')]).toEqual([maxEvents + 1, maxEvents])
})

test('everything is passed on', () => {
  const lines: string[] = []
  const { log } = createTally({
    info: (event, fields) => lines.push(`info ${event} ${JSON.stringify(fields)}`),
    warn: (event) => lines.push(`warn ${event}`),
  })
  log.info('a', { b: 1 })
  log.warn('c', {})
  expect(lines).toEqual(['info a {"b":1}', 'warn c'])
})
