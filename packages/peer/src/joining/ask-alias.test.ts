/** What the host of an alias may answer (W23). */
import { type AliasClaim, identityOfKey, ok, parseUtf8, signAlias, utf8 } from '@effigy/core'
import { createFakeClock, testSeed } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { never, testCrypto } from '../../test/world.ts'
import { aliasMs, askAlias } from './ask-alias.ts'
import type { FetchAlias } from './joining.ts'

const clock = createFakeClock()
const signer = await testCrypto.signer(testSeed('hub'))
const hub = identityOfKey(signer.publicKey)
const other = identityOfKey((await testCrypto.signer(testSeed('other'))).publicKey)
const claim: AliasClaim = {
  ...{ alias: 'alice', hub, synod: other, at: clock.now() },
  root: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' as AliasClaim['root'],
}
const record = parseUtf8(await signAlias(claim, signer)) ?? ''
const good = { alias: 'alice', hub, address: `wss://hub.example/effigy/1#${hub}`, record }
const alias = { name: 'alice', host: 'hub.example' }

async function told(body: unknown, status = 200, at = clock) {
  const fetchAlias: FetchAlias = async () =>
    ok({ status, body: utf8(typeof body === 'string' ? body : JSON.stringify(body)) })
  const result = await askAlias(alias, { fetchAlias, verify: testCrypto.verify, clock: at }, never)
  return result.ok ? result.value : result.error.code
}

test('[W23] the word of the hub that is there', async () => {
  expect(await told(good)).toEqual({ claim, address: good.address })
})

test('[W23] a name that nobody has', async () => {
  expect(await told({ ...good, record: null })).toBe('alias-unknown')
  expect(await told({}, 429)).toBe('alias-too-fast')
})

test.for([
  ['no JSON', 'x'],
  ['a list', []],
  ['nothing', 'null'],
  ['another name', { ...good, alias: 'bob' }],
  ['another name in the record', { ...good, record: record.replace('"alice"', '"bobby"') }],
  ['what the hub never signed', { ...good, record: record.replace(/"at":\d/, '"at":2') }],
  ['a record of another kind', { ...good, record: 7 }],
  ['an address on another host', { ...good, address: `wss://10.0.0.1/effigy/1#${hub}` }],
  ['an address where another one answers', { ...good, address: `wss://hub.example/effigy/1#${other}` }],
  ['an address where anybody answers', { ...good, address: 'wss://hub.example/effigy/1' }],
  ['more than it may', { ...good, more: 'x'.repeat(4096) }],
] as const)('[W23] %s is no answer', async ([, body]) => {
  expect(await told(body)).toBe('alias-bad-answer')
})

test('[W23] a page that is not there is no answer', async () => {
  expect(await told(good, 404)).toBe('alias-bad-answer')
})

test('[W23] [T24] a word of yesterday, or of tomorrow', async () => {
  for (const days of [-2, 2]) {
    const late = { ...clock, now: () => claim.at + days * 86_400_000 }
    expect(await told(good, 200, late as typeof clock)).toBe('alias-stale')
  }
})

test('[W23] [T16] who does not answer is not waited for, and who asked may stop', async () => {
  const fetchAlias: FetchAlias = (_, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  const asked = askAlias(alias, { fetchAlias, verify: testCrypto.verify, clock }, never)
  await clock.advance(aliasMs)
  expect(await asked).toEqual({ ok: false, error: { code: 'alias-unreachable' } })
  const stop = new AbortController()
  const stopped = askAlias(alias, { fetchAlias, verify: testCrypto.verify, clock }, stop.signal)
  stop.abort(new Error('enough'))
  await expect(stopped).rejects.toThrow('enough')
})

test('[W23] plain http for this machine alone, and private addresses for whoever typed such a host', async () => {
  const asked: unknown[] = []
  const fetchAlias: FetchAlias = async (url, { isLocal }) => {
    asked.push([url.replace('/.well-known/effigy/alias?name=alice', ''), isLocal])
    return ok({ status: 400, body: new Uint8Array() })
  }
  for (const host of [
    'hub.example',
    'localhost:7337',
    '10.0.0.1',
    'nas',
    'nas.local',
    '[::1]',
    '[fd00::1]:80',
  ]) {
    await askAlias({ name: 'alice', host }, { fetchAlias, verify: testCrypto.verify, clock }, never)
  }
  expect(asked).toEqual([
    ['https://hub.example', false],
    ['http://localhost:7337', true],
    ['https://10.0.0.1', true],
    ['https://nas', true],
    ['https://nas.local', true],
    ['http://[::1]', true],
    ['https://[fd00::1]:80', true],
  ])
})
