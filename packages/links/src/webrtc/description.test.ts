import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readFingerprint, readSdp, writeFingerprint, writeSdp } from './description.ts'
import type { RtcDescription } from './rtc-port.ts'

const fingerprint = Uint8Array.from({ length: 32 }, (_, index) => index * 8)

const description: RtcDescription = {
  type: 'offer',
  ufrag: 'fsf0',
  pwd: 'WhdhV2ku8M7iaDxQbsWI7t',
  fingerprint,
  maxMessageBytes: 262_144,
}

/** As libdatachannel writes it; browsers have the fingerprint in the other part. */
const foreign = `v=0\r
o=rtc 544777467 0 IN IP4 127.0.0.1\r
s=-\r
t=0 0\r
a=group:BUNDLE 0\r
a=msid-semantic:WMS *\r
a=ice-options:ice2,trickle\r
a=fingerprint:sha-256 ${writeFingerprint(fingerprint)}\r
m=application 55728 UDP/DTLS/SCTP webrtc-datachannel\r
c=IN IP4 192.0.2.2\r
a=mid:0\r
a=sendrecv\r
a=sctp-port:5000\r
a=max-message-size:262144\r
a=setup:actpass\r
a=ice-ufrag:fsf0\r
a=ice-pwd:WhdhV2ku8M7iaDxQbsWI7t\r
a=candidate:2 1 UDP 2116026111 fd00::2 55728 typ host\r
a=end-of-candidates\r
`

test('[M12] of a stack’s SDP five things travel', () => {
  expect(readSdp('offer', foreign)).toEqual(description)
})

test('[M12] what is written is read as what it was', () => {
  for (const type of ['offer', 'answer'] as const) {
    expect(readSdp(type, writeSdp({ ...description, type }))).toEqual({ ...description, type })
  }
  expect(writeSdp(description)).not.toContain('candidate')
})

const usual = writeSdp(description)
const line = (text: string): string => `${usual}${text}\r\n`

test.each([
  ['a second fingerprint', line(`a=fingerprint:sha-256 ${writeFingerprint(fingerprint)}`)],
  ['another kind of fingerprint beside it', line('a=fingerprint:sha-1 00:11')],
  ['no fingerprint', usual.replace(/a=fingerprint.*\r\n/, '')],
  ['a short fingerprint', usual.replace(/:F8\r\n/, '\r\n')],
  ['a weaker hash alone', usual.replace('sha-256', 'sha-1')],
  ['sound beside the data', line('m=audio 9 UDP/TLS/RTP/SAVPF 111')],
  ['two data channels', line('m=application 9 UDP/DTLS/SCTP webrtc-datachannel')],
  ['no medium', usual.replace(/m=.*\r\n/, '')],
  ['another protocol', usual.replace('UDP/DTLS/SCTP', 'TCP/DTLS/SCTP')],
  ['two names for ICE', line('a=ice-ufrag:abcd')],
  ['a short name for ICE', usual.replace('fsf0', 'abc')],
  ['a short word for ICE', usual.replace('WhdhV2ku8M7iaDxQbsWI7t', 'short')],
  ['another role in DTLS', usual.replace('actpass', 'passive')],
  ['another port of SCTP', usual.replace('5000', '5001')],
  ['messages that are too short', usual.replace('262144', '1000')],
  ['a size that is none', usual.replace('262144', '-1')],
  ['another name of the medium', usual.replace('mid:0', 'mid:data')],
  ['one that is too long', usual + 'a=x\r\n'.repeat(8_000)],
])('[M12] [T7] %s is refused', (_name, sdp) => {
  expect(readSdp('offer', sdp)).toBeNull()
})

test('[M12] an answer is no offer', () => {
  expect(readSdp('answer', usual)).toBeNull()
})

test('reading never throws, and truncated descriptions are refused', () => {
  for (let length = 0; length < usual.length - 2; length++) {
    const read = readSdp('offer', usual.slice(0, length))
    // What is left out at the end alone has a default, or is shorter by a digit.
    if (read !== null) expect(length).toBeGreaterThan(usual.indexOf('a=sctp-port:5000') + 15)
  }
  fc.assert(fc.property(fc.string(), (text) => void readSdp('offer', text)))
})

test('a fingerprint is 32 bytes in hex, with colons', () => {
  expect(readFingerprint(`sha-256 ${writeFingerprint(fingerprint)}`)).toEqual(fingerprint)
  expect(readFingerprint(`sha-256 ${writeFingerprint(fingerprint).toLowerCase()}`)).toEqual(fingerprint)
  expect(readFingerprint(`sha-256 ${writeFingerprint(fingerprint.subarray(1))}`)).toBeNull()
})
