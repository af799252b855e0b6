import { identityOfKey } from '@effigy/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePeerAddress, writePeerAddress } from './address.ts'

const identity = identityOfKey(new Uint8Array(32).fill(7))

describe('parsePeerAddress', () => {
  test.for([
    ['ws://127.0.0.1:7337/effigy/1', 'ws://127.0.0.1:7337/effigy/1', null],
    [`wss://hub.example/effigy/1#${identity}`, 'wss://hub.example/effigy/1', identity],
    [` wss://hub.example/effigy/1#${encodeURIComponent(identity)}\n`, 'wss://hub.example/effigy/1', identity],
    ['wss://hub.example/effigy/1#', 'wss://hub.example/effigy/1', null],
    ['http://127.0.0.1:7337', 'ws://127.0.0.1:7337/effigy/1', null],
    ['https://hub.example/', 'wss://hub.example/effigy/1', null],
    ['ws://[::1]:7337/effigy/1', 'ws://[::1]:7337/effigy/1', null],
    [`memory:alice#${identity}`, 'memory:alice', identity],
  ] as const)('%s', ([text, url, expect_]) => {
    expect(parsePeerAddress(text)).toEqual({ ok: true, value: { url, expect: expect_ } })
  })

  test.for([
    '',
    'hub.example',
    'wss://',
    `wss://hub.example/effigy/1#${identity}x`,
    'wss://hub.example/effigy/1#%',
    'wss://hub.example/effigy/1#somebody',
    'wss://alice:secret@hub.example/effigy/1',
    `wss://hub.example/${'a'.repeat(400)}`,
  ])('refused: %s', (text) => {
    const parsed = parsePeerAddress(text)
    expect(parsed).toMatchObject({ ok: false, error: { code: 'address-invalid' } })
  })

  test('never throws, and what it gives has no fragment', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl({ withFragments: true })), (text) => {
        const parsed = parsePeerAddress(text)
        if (!parsed.ok) return
        expect(parsed.value.url).not.toContain('#')
        expect(parsePeerAddress(writePeerAddress(parsed.value))).toEqual(parsed)
      }),
    )
  })
})
