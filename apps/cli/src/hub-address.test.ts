/** Addresses of hubs, as people paste them. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseHubAddress, writeHubAddress } from './hub-address.ts'

const identity = 'did:key:z6MkiEcoiAtBByF62MuKLh4FACFfvoD8YaHjzq6DtBCgFPi8'

test.for([
  ['ws://127.0.0.1:7337/effigy/1', 'ws://127.0.0.1:7337/effigy/1', null],
  [`wss://hub.example/effigy/1#${identity}`, 'wss://hub.example/effigy/1', identity],
  ['http://127.0.0.1:7337', 'ws://127.0.0.1:7337/effigy/1', null],
  ['https://hub.example/', 'wss://hub.example/effigy/1', null],
  ['ws://[::1]:7337/effigy/1', 'ws://[::1]:7337/effigy/1', null],
  [`  ws://host/effigy/1#${encodeURIComponent(identity)}\n`, 'ws://host/effigy/1', identity],
] as const)('%s is an address', ([typed, address, who]) => {
  expect(parseHubAddress(typed)).toEqual({ address, identity: who })
})

test.for([
  '',
  'hub.example',
  'ftp://hub.example/',
  'ws://user:secret@hub.example/effigy/1',
  'ws://hub.example/effigy/1#did:key:z6Mkwrong',
  'ws://hub.example/effigy/1#%',
  `ws://hub.example/${'a'.repeat(300)}`,
])('%s is none', (typed) => {
  expect(parseHubAddress(typed)).toBeNull()
})

test('what is written is read again, and nothing throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl({ validSchemes: ['ws', 'wss', 'http'] })), (typed) => {
      const hub = parseHubAddress(typed)
      if (hub !== null) expect(parseHubAddress(writeHubAddress(hub))).toEqual(hub)
    }),
  )
})
