/** Addresses of relays and names for them (V80-V82). */
import { err, identityOfKey, ok } from '@effigy/core'
import { testSigner } from '@effigy/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseIceUrl } from './ice-url.ts'
import type { ServiceCall } from './service.ts'
import { createTurnService, readTurnServers, type TurnServers } from './turn-service.ts'

const alice = identityOfKey((await testSigner('alice')).publicKey)

const good: TurnServers = {
  urls: ['turn:relay.example:3478?transport=udp', 'stun:relay.example'],
  login: { user: '1790000000:AAAAAAAAAAAAAAAAAAAAAA', password: 'cGFzc3dvcmQ=' },
  seconds: 600,
}

const call = (give: Parameters<typeof createTurnService>[0]['give']) =>
  createTurnService({ isFor: () => true, give }).methods.servers?.({
    remote: alice,
    value: {},
  } as ServiceCall)

test('[V80] what is answered is read back as it was given', async () => {
  const without: TurnServers = { urls: ['stun:relay.example'], login: null, seconds: 1 }
  for (const servers of [good, without]) {
    const answer = await call((remote) =>
      remote === alice ? ok(servers) : err({ code: 'x', retryMs: null }),
    )
    expect(answer?.ok && readTurnServers(answer.value.value)).toEqual(servers)
  }
})

test('[V82] why there is none now is answered with its code', async () => {
  const busy = { code: 'busy', retryMs: 1_000 }
  expect(await call(() => err(busy))).toEqual({ ok: false, error: busy })
})

test.for([
  ['turn:a.example', 'turn', 'a.example', 3478, 'udp'],
  ['turn:a.example:1?transport=tcp', 'turn', 'a.example', 1, 'tcp'],
  ['turns:a.example', 'turns', 'a.example', 5349, 'tcp'],
  ['stun:192.0.2.1:65535', 'stun', '192.0.2.1', 65_535, 'udp'],
  ['stuns:a', 'stuns', 'a', 5349, 'tcp'],
  ['turn:[2001:db8::1]:80', 'turn', '2001:db8::1', 80, 'udp'],
] as const)('[V80] %s is an address', ([url, scheme, host, port, transport]) => {
  expect(parseIceUrl(url)).toEqual({ scheme, host, port, transport })
})

test.for([
  '',
  'turn:',
  'TURN:a.example',
  'turn://a.example',
  'turn:a.example/',
  'turn:a.example:0',
  'turn:a.example:65536',
  'turn:a.example?transport=sctp',
  'stun:a.example?transport=udp',
  'turn:user@a.example',
  'turn:a.example ',
  'turn:a.example\n',
  'turn:[::1',
  'turn:[:::]',
  'turn:-a.example',
  'http:a.example',
  `turn:${'a'.repeat(260)}`,
])('[V80] %j is none', (url) => expect(parseIceUrl(url)).toBeNull())

const value = { urls: good.urls, ...good.login, seconds: good.seconds }

test.for([
  ['no addresses', { urls: [] }],
  ['nine addresses', { urls: Array(9).fill('turn:a.example') }],
  ['an address that is none', { urls: ['turn:a.example', 'javascript:alert(1)'] }],
  ['addresses that are no list', { urls: 'turn:a.example' }],
  ['a relay without a name', { user: null, password: null }],
  ['half a name', { password: null }],
  ['a name that nobody needs', { urls: ['stun:a.example'] }],
  ['a name of two lines', { user: 'a\nb' }],
  ['a long name', { user: 'a'.repeat(129) }],
  ['an empty password', { password: '' }],
  ['no time', { seconds: 0 }],
  ['a long time', { seconds: 86_401 }],
  ['half a second', { seconds: 0.5 }],
  ['a text for the time', { seconds: '600' }],
] as const)('[V80] %s: as no answer', ([_, change]) => {
  expect(readTurnServers({ ...value, ...change })).toBeNull()
})

test('[V80] any answer is read or not, and never throws', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (any) => void readTurnServers(any as never)),
  )
  expect(readTurnServers({})).toBeNull()
})
