import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isAllowed, maxCandidateLength, parseCandidate } from './candidate.ts'

test.each([
  [
    'candidate:842163049 1 udp 1677729535 203.0.113.7 50000 typ srflx raddr 192.168.1.4 rport 50000 generation 0 ufrag x network-cost 999',
    'srflx',
    'candidate:842163049 1 udp 1677729535 203.0.113.7 50000 typ srflx raddr 0.0.0.0 rport 0',
  ],
  [
    'candidate:2 1 UDP 2116026111 FD00::2 55728 typ host',
    'host',
    'candidate:2 1 udp 2116026111 fd00::2 55728 typ host',
  ],
  [
    'candidate:1 1 udp 2113937151 0D1b2c3d-0000-4000-8000-0123456789ab.local 61000 typ host generation 0',
    'host',
    'candidate:1 1 udp 2113937151 0d1b2c3d-0000-4000-8000-0123456789ab.local 61000 typ host',
  ],
  [
    'candidate:a+/9 1 udp 41885439 198.51.100.9 49152 typ relay raddr 203.0.113.7 rport 1',
    'relay',
    'candidate:a+/9 1 udp 41885439 198.51.100.9 49152 typ relay raddr 0.0.0.0 rport 0',
  ],
])('[M13] [T20] %s travels without what stands behind it', (line, kind, travels) => {
  const parsed = parseCandidate(line)
  expect(parsed).toEqual({ kind, line: travels, isLocal: false })
  expect(parseCandidate(travels)).toEqual(parsed)
})

const usual = 'candidate:1 1 udp 2113937151 192.0.2.1 61000 typ host'

test.each([
  ['TCP', usual.replace('udp', 'tcp')],
  ['another component', usual.replace('1 udp', '2 udp')],
  ['an address that a name server is asked for', usual.replace('192.0.2.1', 'evil.example')],
  ['a name that no browser made up', usual.replace('192.0.2.1', 'printer.local')],
  [
    'a name for more than a host',
    usual.replace('192.0.2.1', '0d1b2c3d-0000-4000-8000-0123456789ab.local').replace('host', 'srflx'),
  ],
  ['nobody’s address', usual.replace('192.0.2.1', '0.0.0.0')],
  ['a group’s', usual.replace('192.0.2.1', '224.0.0.251')],
  ['everybody’s', usual.replace('192.0.2.1', '255.255.255.255')],
  ['nobody’s of IPv6', usual.replace('192.0.2.1', '::')],
  ['a group’s of IPv6', usual.replace('192.0.2.1', 'ff02::fb')],
  ['a number that looks like an address', usual.replace('192.0.2.1', '192.0.2.256')],
  ['octal', usual.replace('192.0.2.1', '192.0.02.1')],
  ['too many groups', usual.replace('192.0.2.1', '1:2:3:4:5:6:7:8:9')],
  ['two gaps', usual.replace('192.0.2.1', '1::2::3')],
  ['a zone', usual.replace('192.0.2.1', 'fe80::1%eth0')],
  ['port 0', usual.replace('61000', '0')],
  ['port 65536', usual.replace('61000', '65536')],
  ['no priority', usual.replace('2113937151', '0')],
  ['too much of it', usual.replace('2113937151', '4294967296')],
  ['an unknown kind', usual.replace('host', 'magic')],
  ['a line break', `${usual}\r\na=fingerprint:x`.replace(' typ', '\r\n typ')],
  ['what stands in an SDP', `a=${usual}`],
  ['one that is too long', `${usual} ${'x'.repeat(maxCandidateLength)}`],
  ['nothing', ''],
])('[M13] [T7] %s is none that we use', (_name, line) => {
  expect(parseCandidate(line)).toBeNull()
})

test.each([
  ['127.0.0.1', true],
  ['127.255.0.9', true],
  ['169.254.1.1', true],
  ['::1', true],
  ['fe80::1', true],
  ['febf::9', true],
  ['::ffff:7f00:1', true],
  ['::7f00:1', true],
  ['::ffff:a9fe:1', true],
  ['128.0.0.1', false],
  ['169.253.1.1', false],
  ['192.168.1.1', false],
  ['fec0::1', false],
  ['fd00::1', false],
  ['::ffff:c000:201', false],
  ['0d1b2c3d-0000-4000-8000-0123456789ab.local', false],
])('[M13] [T20] %s is of this machine or its link alone: %s', (address, isLocal) => {
  for (const kind of address.endsWith('.local') ? ['host'] : ['host', 'srflx', 'relay']) {
    const parsed = parseCandidate(usual.replace('192.0.2.1', address).replace('host', kind))
    if (parsed === null) throw new Error('none that we use')
    expect(parsed.isLocal).toBe(isLocal)
    expect(isAllowed(parsed, { policy: 'all' })).toBe(!isLocal)
    expect(isAllowed(parsed, { policy: 'all', takesLocal: true })).toBe(true)
  }
})

test('[M13] what is behind the kind is not passed on', () => {
  expect(parseCandidate(`${usual} \r\na=candidate:evil`)?.line).toBe(usual)
})

test('[M13] [T20] relays alone', () => {
  expect(isAllowed({ kind: 'relay', line: '', isLocal: false }, { policy: 'relay' })).toBe(true)
  for (const kind of ['host', 'srflx', 'prflx'] as const) {
    const candidate = { kind, line: '', isLocal: false }
    expect([isAllowed(candidate, { policy: 'relay' }), isAllowed(candidate, { policy: 'all' })]).toEqual([
      false,
      true,
    ])
  }
})

test('whatever comes, what is taken is one line of a form of ours, and stays as it is', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc
          .tuple(fc.nat(usual.length), fc.string({ maxLength: 3 }))
          .map(([at, text]) => usual.slice(0, at) + text + usual.slice(at + 1)),
      ),
      (line) => {
        const parsed = parseCandidate(line)
        if (parsed === null) return
        expect(parsed.line).toMatch(
          /^candidate:[A-Za-z0-9+/]{1,32} 1 udp \d+ [0-9a-z.:-]+ \d+ typ [a-z]+( raddr 0\.0\.0\.0 rport 0)?$/,
        )
        expect(parseCandidate(parsed.line)).toEqual(parsed)
      },
    ),
  )
})
