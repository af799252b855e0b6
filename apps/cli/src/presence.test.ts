/** `effigy presence …` as processes, against a hub as a process. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { codeCache } from '../test/programs.ts'

const main = join(import.meta.dirname, 'main.ts')
const hubMain = join(import.meta.dirname, '../../hub/src/main.ts')
const root = mkdtempSync(join(tmpdir(), 'effigy-presence-'))
const env = { PATH: process.env.PATH, HOME: root, XDG_CACHE_HOME: codeCache, LANG: 'C' }
const running = new Set<ChildProcess>()

afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

function start(...words: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  return child
}

/** The pipe stays open: a program without a reader ends. */
function said(child: ChildProcess, what: RegExp): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let out = ''
  child.stdout?.on('data', (piece) => {
    out += String(piece)
    const found = what.exec(out)
    if (found !== null) resolve(found[0])
  })
  child.once('close', () => reject(new Error(`not said: ${what} in ${out}`)))
  return promise
}

async function effigy(who: string, ...words: readonly string[]): Promise<{ code: number; out: string }> {
  const child = start(main, '-C', join(root, who), ...words)
  let out = ''
  child.stdout?.on('data', (piece) => {
    out += String(piece)
  })
  const [code] = await once(child, 'close')
  running.delete(child)
  return { code: code as number, out }
}

const lines = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

test('[V69] a friend is seen, until it hides; what was chosen is remembered', {
  timeout: 120_000,
}, async () => {
  const hub = start(hubMain, '--port', '0', '--home', join(root, 'hub'), '--log-level', 'off')
  const address = await said(hub, /ws:\S+/)
  const ids: Record<string, string> = {}
  for (const who of ['alice', 'bob']) {
    await effigy(who, 'init', '--name', who)
    await effigy(who, 'hub', 'add', address)
    ids[who] = String(lines((await effigy(who, 'id', '--json')).out)[0]?.identity)
  }
  await effigy('alice', 'follow', String(ids.bob))
  await effigy('bob', 'follow', String(ids.alice))
  for (const who of ['alice', 'bob']) await effigy(who, 'sync')
  expect(lines((await effigy('bob', 'presence', 'set', 'friends', 'room', '--json')).out)).toEqual([
    { type: 'choice', friends: true, list: [], room: true, invisible: false },
  ])
  const bob = start(main, '-C', join(root, 'bob'), 'presence', '--watch', '--json')
  await said(bob, /"choice"/)
  const seen = lines((await effigy('alice', 'presence', '--json')).out)
  expect(seen).toMatchObject([
    { type: 'here', identity: ids.bob, circle: 'friend', isConnected: false },
    { type: 'hub', privacy: 'open', hasRoom: false },
    { type: 'choice', friends: true, list: [], room: false, invisible: false },
  ])
  bob.kill('SIGINT')
  await once(bob, 'close')
  expect((await effigy('bob', 'presence', 'set', 'invisible')).out).toContain('You are invisible')
  expect((await effigy('bob', 'presence', 'set', 'invisible', 'friends')).code).toBe(2)
  const hidden = start(main, '-C', join(root, 'bob'), 'presence', '--watch', '--json')
  await said(hidden, /"choice"/)
  expect((await effigy('alice', 'presence', '--json')).out).not.toContain('"here"')
})
