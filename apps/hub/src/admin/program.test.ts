/** `hub admin` as a program, against a hub that runs as one. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const env = { PATH: process.env.PATH, HOME: '/nowhere' }

test('finds the hub of its home by the socket and key in it', { timeout: 120_000 }, async () => {
  const home = mkdtempSync(join(tmpdir(), 'effigy-admin-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const hub = spawn(process.execPath, [main, '--port', '0', '--home', home], { env })
  onTestFinished(() => void hub.kill('SIGKILL'))
  let said = ''
  hub.stdout.on('data', (piece) => (said += piece))
  hub.stderr.on('data', (piece) => (said += piece))
  await expect.poll(() => said, { timeout: 60_000 }).toContain('Ctrl-C')
  for (const file of ['admin-key', 'admin.sock']) expect(statSync(join(home, file)).mode & 0o777).toBe(0o600)

  const words = [main, 'admin', 'link', '--json', '--home', home]
  const { promise, resolve } = Promise.withResolvers<string>()
  execFile(process.execPath, words, { env }, (error, out) => resolve(error === null ? out : error.message))
  const { link } = JSON.parse(await promise)
  expect(link).toMatch(/\/admin\/#[\w-]{22}$/)

  const key = readFileSync(join(home, 'admin-key'), 'utf8').trim()
  hub.kill('SIGTERM')
  const [code] = await once(hub, 'close')
  expect(code).toBe(0)
  // T22: neither key nor link is told by the hub itself.
  for (const secret of [key, link.split('#')[1]]) expect(said).not.toContain(secret)
  expect(() => statSync(join(home, 'admin.sock'))).toThrow('ENOENT')
})
