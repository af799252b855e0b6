import { silentLog } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { testIdentity } from '../test/fake-peer.ts'
import { readConfig } from './config/config.ts'
import { announceHub } from './lan.ts'

function problemsOf(flags: Record<string, string>): readonly string[] {
  const read = readConfig({
    flags: new Map(Object.entries(flags)),
    environment: {},
    file: null,
    defaultHome: '/nowhere',
  })
  return read.ok ? [] : read.error.map(({ message }) => message)
}

test('off unless somebody turns it on', async () => {
  const read = readConfig({ flags: new Map(), environment: {}, file: null, defaultHome: '/nowhere' })
  if (!read.ok) throw new Error('the defaults are wrong')
  expect(read.value.config.lan).toBe(false)
  const deps = { clock: createFakeClock(), log: silentLog }
  expect(
    await announceHub({ identity: await testIdentity('hub'), port: 7337 }, read.value.config, deps),
  ).toBeNull()
})

test('[U1] it is not told of a hub that nobody would reach so', () => {
  expect(problemsOf({ lan: 'true', host: '0.0.0.0' })).toEqual([])
  expect(problemsOf({ lan: 'true' })).toEqual([expect.stringContaining('0.0.0.0')])
  expect(problemsOf({ lan: 'true', host: '0.0.0.0', port: '80' })).toEqual([expect.stringContaining('1024')])
  expect(
    problemsOf({ lan: 'true', host: '0.0.0.0', tls: 'files', 'tls-cert': '/c', 'tls-key': '/k' }),
  ).toEqual([expect.stringContaining('https')])
})
