/** `effigy hub quota` as a process, against a hub as a process. */
import { expect, test } from 'vitest'
import { createPrograms, linesOf } from '../test/programs.ts'

const { run, startHub } = createPrograms('hub-quota')
const effigy = (...words: readonly string[]) => run('alice', words)

test('[V113] says what the hub keeps and would keep', { timeout: 120_000 }, async () => {
  await effigy('init', '--name', 'Alice')
  await effigy('post', 'hello')
  expect(await effigy('hub', 'quota')).toMatchObject({ code: 4, error: expect.stringContaining('[no-hub]') })
  const address = await startHub('--log-level', 'off', '--file-bytes-per-member', '3 MiB')
  await effigy('hub', 'add', address)
  const told = await effigy('hub', 'quota', '--json')
  expect(told.code).toBe(0)
  expect(linesOf(told.out)).toMatchObject([
    { feeds: 1, askedFeeds: 1, maxFeeds: 1_000, fileBytes: 0, maxFileBytes: 3 * 2 ** 20, devices: 1 },
  ])
  expect(await effigy('hub', 'quota')).toMatchObject({
    code: 0,
    out: expect.stringContaining('feeds    1 of at most 1000'),
  })
})
