/** `config check` and the start say the same of the files that settings name. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { configWith } from '../../test/hub-world.ts'
import { checkFiles } from './files.ts'
import type { HubConfig } from './options.ts'

function world() {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-files-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return {
    at: (name: string) => join(folder, name),
    check: (changes: Partial<HubConfig>) => checkFiles(configWith(changes), Date.now()),
  }
}

const turnUrls = ['turn:relay.example:3478?transport=udp']

test.for([
  ['turn-secret', (path: string) => ({ turnUrls, turnSecretFile: path })],
  ['passphrase-file', (path: string) => ({ passphraseFile: path })],
  ['app-missing', (path: string) => ({ app: path })],
  ['tls-missing', (path: string) => ({ tls: 'files', tlsCert: path, tlsKey: path }) as const],
] as const)('%s: what is not there is said', ([code, changes]) => {
  const { at, check } = world()
  expect(() => check(changes(at('nothing')))).toThrow(expect.objectContaining({ code }))
})

test('a secret that is none, a passphrase without a line', () => {
  const { at, check } = world()
  writeFileSync(at('empty'), '\n', { mode: 0o600 })
  expect(() => check({ turnUrls, turnSecretFile: at('empty') })).toThrow(/one line of 32 to 256/)
  expect(() => check({ passphraseFile: at('empty') })).toThrow(/its first line is empty/)
})

test('what is there is right, and what is not used is not read', () => {
  const { at, check } = world()
  writeFileSync(at('secret'), 'a'.repeat(43), { mode: 0o600 })
  writeFileSync(at('passphrase'), 'correct horse battery\n')
  mkdirSync(at('app'))
  writeFileSync(at('app/index.html'), '<!doctype html>')
  check({ turnUrls, turnSecretFile: at('secret'), passphraseFile: at('passphrase'), app: at('app') })
  check({ turnUrls: ['stun:relay.example'], turnSecretFile: at('nothing'), app: 'off' })
})

test.skipIf(process.platform === 'win32')('a passphrase in a pipe is left for the start', () => {
  // A device is no file either, and would never end.
  world().check({ passphraseFile: '/dev/zero' })
})
