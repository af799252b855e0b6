import { EffigyError } from '@effigy/core'
import { expect, test } from 'vitest'
import { type ConfigSources, readConfig } from './config/config.ts'
import { exitCodes, explainFailure } from './failure.ts'

const sources: ConfigSources = { flags: new Map(), environment: {}, file: null, defaultHome: '/srv/hub' }
const read = readConfig(sources)
if (!read.ok) throw new Error('the defaults are wrong')
const { config } = read.value

const system = (code: string, syscall: string): Error => Object.assign(new Error(code), { code, syscall })
const ours = (code: string): Error => new EffigyError(code, 'what happened')

test.for([
  [system('EADDRINUSE', 'listen'), exitCodes.network, '--port 7338'],
  [Object.assign(system('EADDRINUSE', 'listen'), { port: 80 }), exitCodes.network, '--http-port 81'],
  [system('EACCES', 'listen'), exitCodes.network, 'above 1023'],
  [ours('tls-exposed'), exitCodes.config, 'What happened.'],
  [system('EADDRNOTAVAIL', 'listen'), exitCodes.network, '--host 0.0.0.0'],
  [system('ENOTFOUND', 'getaddrinfo'), exitCodes.network, '--host'],
  [system('EACCES', 'mkdir'), exitCodes.storage, '/srv/hub cannot be written'],
  [system('EROFS', 'mkdir'), exitCodes.storage, '--home'],
  [system('ENOTDIR', 'mkdir'), exitCodes.storage, '/srv/hub is not a folder'],
  [system('ENOSPC', 'write'), exitCodes.storage, 'no space left'],
  [ours('storage-full'), exitCodes.storage, 'no space left'],
  [ours('storage-locked'), exitCodes.storage, 'Another process is using /srv/hub'],
  [ours('storage-damaged'), exitCodes.storage, 'Move its folder store away'],
  [ours('storage-newer'), exitCodes.storage, 'newer version'],
  [ours('storage-failed'), exitCodes.storage, 'permissions'],
  [ours('home-unwritable'), exitCodes.storage, '--home'],
  [ours('vault-exposed'), exitCodes.storage, 'What happened.'],
  [ours('admin-key'), exitCodes.storage, 'What happened.'],
  [ours('vault-damaged'), exitCodes.storage, 'What happened.'],
  [ours('vault-locked'), exitCodes.config, 'EFFIGY_PASSPHRASE_FILE'],
  [ours('passphrase-wrong'), exitCodes.config, 'nothing was locked out'],
  [ours('passphrase-file'), exitCodes.config, 'EFFIGY_PASSPHRASE_FILE'],
  [ours('app-missing'), exitCodes.config, 'What happened.'],
  [ours('vault-plain'), exitCodes.config, 'effigy -C /srv/hub lock'],
  [ours('self-test'), exitCodes.failed, 'The hub failed (self-test): What happened.'],
  [new TypeError('a bug'), exitCodes.failed, 'The hub failed (unexpected): A bug.'],
  ['no error at all', exitCodes.failed, 'No error at all.'],
  [null, exitCodes.failed, 'unexpected'],
] as const)('%s: one sentence with what to do', ([error, exitCode, message]) => {
  const failure = explainFailure(error, config)
  expect(failure.exitCode).toBe(exitCode)
  expect(failure.message).toContain(message)
  expect(failure.message).not.toContain('\n')
  expect(failure.message).toMatch(/\.$/)
})
