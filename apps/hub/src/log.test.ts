import { expect, test } from 'vitest'
import { createLog, redact } from './log.ts'

const identity = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'
const cid = 'bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4'

function linesOf(level: 'info' | 'warn' | 'off') {
  const lines: string[] = []
  return { log: createLog(level, { write: (line) => lines.push(line) }), lines }
}

test('an event is one line of JSON with its name', () => {
  const { log, lines } = linesOf('info')
  log.info('session.opened', { peer: 'EGta2doK', role: 'acceptor' })
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    event: 'session.opened',
    peer: 'EGta2doK',
    role: 'acceptor',
  })
})

test('levels', () => {
  const quiet = linesOf('warn')
  quiet.log.info('a', {})
  quiet.log.warn('b', {})
  expect(quiet.lines).toHaveLength(1)
  const off = linesOf('off')
  off.log.warn('b', {})
  expect(off.lines).toEqual([])
})

test('[T22] fields about places and secrets are left out', () => {
  const secrets = { address: 'ws://x', ip: '1', key: 'k', Secret: 's', token: 't', body: 'b', payload: 'p' }
  expect(redact({ ...secrets, code: 'cut', count: 3 })).toEqual({ code: 'cut', count: 3 })
  const more = { readKey: 'k', boxSecret: 's', passphrase: 'p', new_words: 'w', share: 's', feed_keys: 'k' }
  expect(redact({ ...more, monkey: 'm', keyCount: 3 })).toEqual({ monkey: 'm', keyCount: 3 })
  const { log, lines } = linesOf('info')
  log.info('a', { ...more, error: 'AGE-SECRET-KEY-1QQQQ' })
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'a', error: '(secret)' })
  expect(Object.keys(JSON.parse(lines[0] ?? ''))).toEqual(['level', 'time', 'error', 'event'])
})

test.for<[string, string]>([
  [`no room for ${identity}`, 'no room for …EGta2doK'],
  [`${cid} is damaged`, '…m2devei4 is damaged'],
  ['connect ECONNREFUSED 192.168.1.17:7337', 'connect ECONNREFUSED (address):7337'],
  ['from 2001:db8::1 and ::1', 'from (address) and (address)'],
  ['bad key FVQpA3iRnVw0B1xjZT6jmYFBKIz8BFhf5PP3iRZYDB4 here', 'bad key (secret) here'],
  ['not legal winner thank year wave sausage worth useful legal winner thank yellow: no', '(words): no'],
  ['code effigy-link-1-AbCdEf12', 'code (secret)'],
  ['key -----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG\n-----END PRIVATE KEY----- no', 'key (secret) no'],
  ['cut -----BEGIN EC PRIVATE KEY-----\nMIGHAgEAMBMG', 'cut (secret)'],
  ['from age:QUFBQUFBQUFBQUFBQUFBQQ', 'from (sealed)'],
  ['Error: at 12 o clock', 'Error: at 12 o clock'],
  ['x'.repeat(600), 'x'.repeat(512)],
])('[T20] [T22] %s', ([text, kept]) => {
  expect(redact({ error: text })).toEqual({ error: kept })
})
