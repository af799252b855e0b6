/** `effigy lease …` as processes, against a hub as a process. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const main = join(import.meta.dirname, 'main.ts')
const hubMain = join(import.meta.dirname, '../../hub/src/main.ts')
const root = mkdtempSync(join(tmpdir(), 'effigy-lease-'))
const env = { PATH: process.env.PATH, HOME: root, XDG_CACHE_HOME: join(root, 'cache'), LANG: 'C' }
const running = new Set<ChildProcess>()

afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

async function startHub(): Promise<string> {
  const child = spawn(
    process.execPath,
    [hubMain, '--port', '0', '--home', join(root, 'hub'), '--log-level', 'off'],
    { env },
  )
  running.add(child)
  let out = ''
  child.stdout.on('data', (piece) => {
    out += String(piece)
  })
  while (!/ws:\S+/.test(out)) await once(child.stdout, 'data')
  return /ws:\S+/.exec(out)?.[0] ?? ''
}

async function effigy(...words: readonly string[]) {
  const child = spawn(process.execPath, [main, '-C', join(root, 'alice'), ...words], { env })
  running.add(child)
  let out = ''
  let error = ''
  child.stdout.on('data', (piece) => {
    out += String(piece)
  })
  child.stderr.on('data', (piece) => {
    error += String(piece)
  })
  child.stdin.end()
  const [code] = await once(child, 'close')
  running.delete(child)
  return { code: code as number | null, out, error }
}

const lines = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

test('asked, listed, checked, told where, ended', { timeout: 120_000 }, async () => {
  await effigy('init', '--name', 'Alice')
  await effigy('post', 'hello')
  expect(await effigy('lease', 'ask')).toMatchObject({ code: 4, error: expect.stringContaining('[no-hub]') })
  expect(await effigy('lease', 'list')).toMatchObject({
    code: 0,
    error: expect.stringContaining('Nobody promised'),
  })
  const address = await startHub()
  await effigy('hub', 'add', address)

  const asked = await effigy('lease', 'ask', '--days', '20', '--blobs', 'all', '--json')
  expect({ ...asked, code: asked.code }).toMatchObject({ code: 0 })
  expect(lines(asked.out)).toMatchObject([{ type: 'leased', blobs: 64 * 2 ** 20 }])

  const checked = await effigy('lease', 'check', address)
  expect(checked).toMatchObject({ code: 0, out: expect.stringContaining('until ') })
  const listed = await effigy('lease', 'list', '--json')
  expect(lines(listed.out)).toMatchObject([{ state: 'checked', failure: null }])
  const where = await effigy('synod', 'where', '--json')
  expect(lines(where.out)).toMatchObject([
    { copies: 2, places: [{ type: 'self' }, { type: 'hub', checked: true }] },
  ])

  await effigy('synod', 'create')
  expect(await effigy('synod', 'set', '--dropbox', 'ws://nobody.example/')).toMatchObject({ code: 2 })
  expect(await effigy('synod', 'set', '--dropbox', address)).toMatchObject({ code: 0 })

  expect(await effigy('lease', 'end')).toMatchObject({
    code: 0,
    out: expect.stringContaining('need not keep'),
  })
  expect(lines((await effigy('lease', 'held', '--json')).out || '{}')).toEqual([{}])
  expect((await effigy('lease', 'list', '--json')).out).toBe('')
})
