/** Whoever makes a hub log at the speed of their frames fills no disk. */
import type { LogFields } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { pacedLog } from './paced-log.ts'

function world() {
  const clock = createFakeClock()
  const lines: (readonly [string, LogFields])[] = []
  const log = pacedLog(
    {
      info: (event, fields) => lines.push([event, fields]),
      warn: (event, fields) => lines.push([event, fields]),
    },
    clock,
  )
  return { clock, lines, log }
}

test('[T16] of many lines of one event a second ten are written, and say how many were left out', async () => {
  const { clock, lines, log } = world()
  for (let index = 0; index < 10_000; index++) log.info('news.repeated', { feed: 'abc' })
  expect(lines).toHaveLength(4_000)
  expect(lines.at(-1)).toEqual(['news.repeated', { feed: 'abc' }])
  await clock.advance(1_000)
  for (let index = 0; index < 1_000; index++) log.info('news.repeated', { feed: 'abc' })
  expect(lines).toHaveLength(4_010)
  expect(lines[4_000]).toEqual(['news.repeated', { feed: 'abc', leftOut: 6_000 }])
  expect(lines[4_001]).toEqual(['news.repeated', { feed: 'abc' }])
})

test('[T16] other events, and warnings, are written meanwhile', () => {
  const { lines, log } = world()
  for (let index = 0; index < 5_000; index++) log.info('news.repeated', {})
  log.warn('storage.full', { code: 'storage-full' })
  log.info('member.joined', { peer: 'abc' })
  expect(lines.slice(-2)).toEqual([
    ['storage.full', { code: 'storage-full' }],
    ['member.joined', { peer: 'abc' }],
  ])
})
