import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type RtcSignal, readRtcSignal, writeRtcSignal } from './signals.ts'

const connection = '0123456789abcdef'.repeat(2)
const description = {
  ufrag: 'fsf0',
  pwd: 'WhdhV2ku8M7iaDxQbsWI7t',
  fingerprint: new Uint8Array(32).fill(9),
  maxMessageBytes: 262_144,
}
const signals: RtcSignal[] = [
  { type: 'rtcoffer', connection, round: 0, restart: true, description: { type: 'offer', ...description } },
  {
    type: 'rtcanswer',
    connection,
    round: 7,
    restart: false,
    description: { type: 'answer', ...description },
  },
  {
    type: 'rtccandidates',
    connection,
    ufrag: 'fsf0',
    candidates: ['candidate:1 1 udp 1 192.0.2.1 9 typ host'],
  },
  { type: 'rtcrestart', connection, round: 3 },
  { type: 'rtcend', connection, code: 'no-route' },
]

test.each(signals)('[M14] $type travels as JSON', (signal) => {
  const text = JSON.stringify(writeRtcSignal(signal))
  expect(readRtcSignal(JSON.parse(text))).toEqual(signal)
})

test('[M14] the longest is far below what a sealed signal takes', () => {
  const candidates = Array.from({ length: 16 }, () => 'x'.repeat(256))
  const longest = { type: 'rtccandidates', connection, ufrag: 'u'.repeat(256), candidates } as const
  expect(JSON.stringify(writeRtcSignal(longest)).length).toBeLessThan(8_192)
  const offer = { type: 'offer', ...description, ufrag: 'u'.repeat(256), pwd: 'p'.repeat(256) } as const
  const signal = {
    type: 'rtcoffer',
    connection,
    round: 1_000_000,
    restart: false,
    description: offer,
  } as const
  expect(JSON.stringify(writeRtcSignal(signal)).length).toBeLessThan(8_192)
})

const [offer] = signals.map(writeRtcSignal)

test.each([
  ['no object', 'rtcoffer'],
  ['a list', [offer]],
  ['nothing', null],
  ['another type', { ...offer, type: 'rtchello' }],
  ['a name of every object', { ...offer, type: 'toString' }],
  ['a field too many', { ...offer, sdp: 'v=0' }],
  ['a field too few', { ...offer, pwd: undefined }],
  ['a connection in capitals', { ...offer, connection: connection.toUpperCase() }],
  ['half a round', { ...offer, round: 0.5 }],
  ['a round below none', { ...offer, round: -1 }],
  ['a round without end', { ...offer, round: 2 ** 40 }],
  ['a fingerprint that is too short', { ...offer, fingerprint: '09'.repeat(31) }],
  ['a list for a fingerprint', { ...offer, fingerprint: ['09'.repeat(32)] }],
  ['a line break in a name', { ...offer, ufrag: 'fsf0\r\na=x' }],
  ['a line break in a word', { ...offer, pwd: 'WhdhV2ku8M7iaDxQbsWI7t\n' }],
  ['messages that are too short', { ...offer, maxMessageBytes: 16_383 }],
  ['a size below none', { ...offer, maxMessageBytes: -1 }],
  ['no answer to whether', { ...offer, restart: 1 }],
  ['too many candidates', { ...writeRtcSignal(signals[2]!), candidates: Array(33).fill('x') }],
  ['a candidate that is too long', { ...writeRtcSignal(signals[2]!), candidates: ['x'.repeat(257)] }],
  ['a candidate that is no text', { ...writeRtcSignal(signals[2]!), candidates: [1] }],
  ['an end in prose', { ...writeRtcSignal(signals[4]!), code: 'It failed' }],
])('[M14] [T7] %s is refused', (_name, value) => {
  expect(readRtcSignal(value)).toBeNull()
})

test('reading never throws', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => void readRtcSignal(value)))
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(offer ?? {})), fc.jsonValue(), (field, value) => {
      void readRtcSignal({ ...offer, [field]: value })
    }),
  )
})
