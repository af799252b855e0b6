/** `hub admin …` over the socket of a home, and over HTTP by a link. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog, systemClock } from '@effigy/sync'
import { expect, onTestFinished, test } from 'vitest'
import { adminKey, keyText, startAdminHub } from '../../test/admin-hub.ts'
import { adminHelp, runAdmin } from './command.ts'
import { parseAdminLine } from './command-line.ts'
import { keyFileName } from './key.ts'
import { operations } from './operations.ts'
import { offerAdministration, socketIn } from './socket.ts'

const content = 'bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4'
const other = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'

async function world({ isRunning = true } = {}) {
  const home = mkdtempSync(join(tmpdir(), 'effigy-admin-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  writeFileSync(join(home, keyFileName), `${keyText}\n`)
  const at = await startAdminHub()
  const { administration } = at.hub
  if (administration === null) throw new Error('there is a key')
  const door = isRunning
    ? await offerAdministration(home, administration, { clock: systemClock, log: silentLog })
    : null
  const run = async (...words: readonly string[]) => {
    const line = parseAdminLine(words, operations)
    if (!line.ok) throw new Error(line.error.message)
    let out = ''
    let err = ''
    const terminal = {
      say(text: string) {
        out += text
      },
      complain(text: string) {
        err += text
      },
    }
    const code = await runAdmin(line.value, home, terminal, AbortSignal.timeout(20_000))
    return { code, out, err }
  }
  return {
    home,
    at,
    run,
    async [Symbol.asyncDispose]() {
      await door?.[Symbol.asyncDispose]()
      await at[Symbol.asyncDispose]()
    },
  }
}

test('tables for people, one object a line for programs', async () => {
  await using here = await world()
  const { run } = here
  expect(await run('people')).toEqual({ code: 0, out: 'There is nothing.\n', err: '' })
  for (const one of [content, other]) expect((await run('takedowns', 'add', one, '--yes')).code).toBe(0)
  expect((await run('takedowns')).out).toMatch(/^CONTENT +REASON +AT\nbafkrei.*\nbafkrei.*\n$/)
  const lines = (await run('takedowns', '--json')).out.trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).content)).toEqual([content, other])
  // Whoever asked for one row gets one; whoever asked for all gets all pages.
  expect((await run('takedowns', '--json', '--limit', '1')).out.trim().split('\n')).toHaveLength(1)
  const device = here.at.hub.identity
  expect((await run('credit', 'grant', device, '2 KB')).code).toBe(0)
  expect((await run('credit', 'show', device)).out).toContain('2.0 KB')
  expect((await run('overview')).out).toMatch(/^VERSION +9\.9\.9\n/)
  expect(JSON.parse((await run('overview', '--json')).out)).toMatchObject({ isReady: true })
})

test('what cannot be undone is not done without --yes', async () => {
  await using here = await world()
  expect(await here.run('takedowns', 'add', content)).toMatchObject({
    code: 2,
    err: expect.stringContaining('--yes'),
  })
  expect((await here.run('takedowns')).out).toBe('There is nothing.\n')
})

test('what the hub refuses is said in its words', async () => {
  await using here = await world()
  expect(await here.run('takedowns', 'remove', content)).toEqual({
    code: 1,
    out: '',
    err: 'That content was not taken down.',
  })
  writeFileSync(join(here.home, keyFileName), `${keyText.replace(/^./, 'A')}\n`)
  expect(await here.run('people')).toMatchObject({ code: 1, err: expect.stringContaining('right key') })
})

test('by a one-time link, once, and its session is ended behind', async () => {
  await using here = await world()
  const { link } = JSON.parse((await here.run('link', '--json')).out)
  expect(await here.run('connections', '--link', link)).toMatchObject({ code: 0, out: 'There is nothing.\n' })
  expect(await here.run('connections', '--link', link)).toMatchObject({ code: 1 })
  expect(JSON.parse((await here.run('sessions', 'end', '--json')).out)).toEqual({ ended: 0 })
})

test('at an address, with the key of a file', async () => {
  await using here = await world()
  const file = join(here.home, keyFileName)
  const origin = `http://127.0.0.1:${here.at.hub.port}`
  expect((await here.run('people', '--at', origin, '--key-file', file)).code).toBe(0)
  expect(await here.run('people', '--at', 'hub.example')).toMatchObject({ code: 2 })
  expect(await here.run('people', '--at', 'http://127.0.0.1:1')).toMatchObject({
    code: 4,
    err: expect.stringContaining('ECONNREFUSED'),
  })
})

test('a hub that does not run, a home without a key, a key that is none', async () => {
  await using here = await world({ isRunning: false })
  const { home, run } = here
  expect(await run('people')).toEqual({
    code: 4,
    out: '',
    err: `No hub runs over ${home}. Start it, or say where its home is: --home.`,
  })
  // Left by one that was killed.
  writeFileSync(socketIn(home), '')
  expect((await run('people')).code).toBe(4)
  writeFileSync(join(home, keyFileName), 'x')
  expect(await run('people')).toMatchObject({ code: 2, err: expect.stringContaining('does not hold a key') })
  rmSync(join(home, keyFileName))
  expect(await run('people')).toMatchObject({ code: 4, err: expect.stringContaining('There is no key') })
})

test('help names every operation', () => {
  const help = adminHelp(operations)
  for (const { name } of operations) expect(help).toContain(`hub admin ${name}`)
  expect(adminKey).toHaveLength(32)
})
