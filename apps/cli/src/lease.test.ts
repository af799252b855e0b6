/** `effigy lease …` as processes, against a hub as a process. */
import { expect, test } from 'vitest'
import { createPrograms, linesOf } from '../test/programs.ts'

const { run, startHub } = createPrograms('lease')
const effigy = (...words: readonly string[]) => run('alice', words)

test('asked, listed, checked, told where, ended', { timeout: 120_000 }, async () => {
  await effigy('init', '--name', 'Alice')
  await effigy('post', 'hello')
  expect(await effigy('lease', 'ask')).toMatchObject({ code: 4, error: expect.stringContaining('[no-hub]') })
  expect(await effigy('lease', 'list')).toMatchObject({
    code: 0,
    error: expect.stringContaining('Nobody promised'),
  })
  const address = await startHub('--log-level', 'off')
  await effigy('hub', 'add', address)

  const asked = await effigy('lease', 'ask', '--days', '20', '--blobs', 'all', '--json')
  expect({ ...asked, code: asked.code }).toMatchObject({ code: 0 })
  expect(linesOf(asked.out)).toMatchObject([{ type: 'leased', blobs: 64 * 2 ** 20 }])

  const checked = await effigy('lease', 'check', address)
  expect(checked).toMatchObject({ code: 0, out: expect.stringContaining('until ') })
  const listed = await effigy('lease', 'list', '--json')
  expect(linesOf(listed.out)).toMatchObject([{ state: 'checked', failure: null }])
  const where = await effigy('synod', 'where', '--json')
  expect(linesOf(where.out)).toMatchObject([
    { copies: 2, places: [{ type: 'self' }, { type: 'hub', checked: true }] },
  ])

  await effigy('synod', 'create')
  expect(await effigy('synod', 'set', '--dropbox', 'ws://nobody.example/')).toMatchObject({ code: 2 })
  expect(await effigy('synod', 'set', '--dropbox', address)).toMatchObject({ code: 0 })

  expect(await effigy('lease', 'end')).toMatchObject({
    code: 0,
    out: expect.stringContaining('need not keep'),
  })
  expect(linesOf((await effigy('lease', 'held', '--json')).out || '{}')).toEqual([{}])
  expect((await effigy('lease', 'list', '--json')).out).toBe('')
})
