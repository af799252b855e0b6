import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseIp } from './ip-range.ts'
import {
  attributeTypes,
  decodeEndpoint,
  decodeError,
  decodeStun,
  encodeEndpoint,
  encodeStun,
  find,
  formatEndpoint,
  hasIntegrity,
  longTermKey,
  methods,
  type StunClass,
} from './stun-message.ts'

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')

/** RFC 5769, section 2. */
const shortTermKey = Buffer.from('VOkJxbRl1RmTxUk/WvJxBt')
const request = hex(`
  00010058 2112a442 b7e7a701bc34d686fa87dfae
  80220010 5354554e 20746573 7420636c 69656e74
  00240004 6e0001ff
  80290008 932ff9b1 51263b36
  00060009 6576746a 3a683676 59202020
  00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2
  80280004 e57a3bcf`)
const response4 = hex(`
  0101003c 2112a442 b7e7a701bc34d686fa87dfae
  8022000b 74657374 20766563 746f7220
  00200008 0001a147 e112a643
  00080014 2b91f599 fd9e90c3 8c7489f9 2af9ba53 f06be7d7
  80280004 c07d4c96`)
const response6 = hex(`
  01010048 2112a442 b7e7a701bc34d686fa87dfae
  8022000b 74657374 20766563 746f7220
  00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9
  00080014 a382954e 4be67bf1 1784c97c 8292c275 bfe3ed41
  80280004 c8fb0b4c`)
const longTerm = hex(`
  00010060 2112a442 78ad3433c6ad72c029da412e
  00060012 e3839ee3 8388e383 aae38383 e382afe3 82b90000
  0015001c 662f2f34 39396b39 35346436 4f4c3334 6f4c3946 53547679 36347341
  0014000b 6578616d 706c652e 6f726700
  00080014 f6702465 6dd64a3e 02b8e071 2e85c9a2 8ca89666`)

describe('RFC 5769', () => {
  test.for([
    ['2.1 request', request, 'request', null],
    ['2.2 IPv4 response', response4, 'success', '192.0.2.1:32853'],
    ['2.3 IPv6 response', response6, 'success', '[2001:db8:1234:5678:11:2233:4455:6677]:32853'],
  ] as const)('%s', ([_, bytes, kind, mapped]) => {
    const message = decodeStun(bytes)
    expect(message).toMatchObject({ method: methods.binding, class: kind })
    expect(hasIntegrity(bytes, shortTermKey)).toBe(true)
    expect(hasIntegrity(bytes, Buffer.from('another'))).toBe(false)
    if (message === null || mapped === null) return
    const value = find(message, attributeTypes.xorMappedAddress)
    const endpoint = value && decodeEndpoint(value, message.transaction)
    expect(endpoint && formatEndpoint(endpoint)).toBe(mapped)
    expect(endpoint && encodeEndpoint(endpoint, message.transaction)).toEqual(value)
  })

  test('2.4 request with long-term authentication', () => {
    const message = decodeStun(longTerm)
    const user = message && find(message, attributeTypes.username)
    expect(user && Buffer.from(user).toString()).toBe('マトリックス')
    expect(hasIntegrity(longTerm, longTermKey('マトリックス', 'example.org', 'TheMatrIX'))).toBe(true)
  })
})

const anyMessage = fc.record({
  method: fc.integer({ min: 0, max: 0xfff }),
  class: fc.constantFrom<StunClass>('request', 'indication', 'success', 'error'),
  transaction: fc.uint8Array({ minLength: 12, maxLength: 12 }),
  attributes: fc.array(
    fc.record({
      type: fc
        .integer({ min: 0, max: 0xffff })
        .filter((type) => type !== attributeTypes.messageIntegrity && type !== attributeTypes.fingerprint),
      value: fc.uint8Array({ maxLength: 40 }),
    }),
    { maxLength: 6 },
  ),
})
const plain = (message: ReturnType<typeof decodeStun>) =>
  message && {
    ...message,
    transaction: Uint8Array.from(message.transaction),
    attributes: message.attributes.map(({ type, value }) => ({ type, value: Uint8Array.from(value) })),
  }

describe('messages', () => {
  test('are read as they were written, and their integrity holds', () => {
    fc.assert(
      fc.property(anyMessage, fc.uint8Array({ minLength: 1, maxLength: 32 }), (message, key) => {
        const bytes = encodeStun(message, key)
        expect(plain(decodeStun(bytes))).toEqual(message)
        expect(hasIntegrity(bytes, key)).toBe(true)
        expect(hasIntegrity(encodeStun(message, null), key)).toBe(false)
      }),
    )
  })

  test.for([
    ['request', request],
    ['response', response6],
    ['long-term', longTerm],
  ] as const)('cut at any length, a %s is none', ([_, whole]) => {
    for (let length = 0; length < whole.length; length++) {
      expect(decodeStun(whole.subarray(0, length))).toBeNull()
      expect(() => hasIntegrity(whole.subarray(0, length), shortTermKey)).not.toThrow()
    }
  })

  test('a flipped bit is noticed', () => {
    // Of the fingerprint, which nobody signs, only what it says.
    const signedBits = (request.length - 8) * 8
    for (let bit = 0; bit < signedBits; bit++) {
      const bytes = Uint8Array.from(request)
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      // One that takes the end of the message into an attribute takes its signature, too.
      expect(decodeStun(bytes) === null || !hasIntegrity(bytes, shortTermKey), `bit ${bit}`).toBe(true)
    }
  })

  test('random bytes are read or not, and never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        decodeStun(bytes)
        hasIntegrity(bytes, shortTermKey)
        decodeError(bytes)
        decodeEndpoint(bytes, request.subarray(8, 20))
      }),
    )
  })

  test('what stands behind the integrity does not count', () => {
    const signed = Buffer.from(request.subarray(0, request.length - 8))
    const bytes = Buffer.concat([signed, hex('00160008 0001a147 e112a643')])
    bytes.writeUInt16BE(bytes.length - 20, 2)
    const message = decodeStun(bytes)
    expect(message).not.toBeNull()
    expect(message && find(message, attributeTypes.xorRelayedAddress)).toBeNull()
  })

  test('an error is its code, and a reason without anything that moves a terminal', () => {
    const value = Buffer.concat([hex('0000 0401'), Buffer.from('No\u001b[2J')])
    expect(decodeError(value)).toEqual({ code: 401, reason: 'No[2J' })
    expect(decodeError(hex('00000700'))).toBeNull()
  })

  test('addresses of both families stay what they are', () => {
    for (const text of ['0.0.0.0', '255.255.255.255', '::', 'ffff::1']) {
      const address = parseIp(text)
      const transaction = request.subarray(8, 20)
      const endpoint = address && { address, port: 65_535 }
      expect(endpoint && decodeEndpoint(encodeEndpoint(endpoint, transaction), transaction)).toEqual(endpoint)
    }
  })
})
