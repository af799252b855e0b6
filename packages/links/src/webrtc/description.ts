/**
 * What of a session description travels, and the SDP that is made of it again (spec M12).
 *
 *     own stack's SDP ─readSdp▶ RtcDescription ─signals▶ RtcDescription ─writeSdp▶ other stack
 *
 * The other side's SDP never reaches a parser of the platform: only these fields do, each checked, in an SDP of ours.
 *
 * @module
 */
import type { RtcDescription } from './rtc-port.ts'

/** UTF-16 code units of an own SDP; without candidates it has some 500. */
const maxSdpLength: number = 32 * 1024

/** Bytes: a side that takes only shorter messages is refused, since a frame of 1 MiB would be a million of them (T16). */
export const leastMaxMessageBytes: number = 16 * 1024

/** RFC 8841: of who does not say what it takes. */
const usualMaxMessageBytes: number = 64 * 1024

const ufragPattern = /^[A-Za-z0-9+/]{4,256}$/
const pwdPattern = /^[A-Za-z0-9+/]{22,256}$/
const fingerprintPattern = /^sha-256 ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})$/i

export const isUfrag = (text: string): boolean => ufragPattern.test(text)
export const isPwd = (text: string): boolean => pwdPattern.test(text)
export const isMaxMessageBytes = (bytes: number): boolean =>
  bytes === 0 || (Number.isSafeInteger(bytes) && bytes >= leastMaxMessageBytes)

/** Null: not an SDP of one data channel with exactly one SHA-256 fingerprint and nothing else. */
export function readSdp(type: RtcDescription['type'], sdp: string): RtcDescription | null {
  if (sdp.length > maxSdpLength) return null
  const lines = sdp.split(/\r?\n/)
  const media = lines.filter((line) => line.startsWith('m='))
  if (
    media.length !== 1 ||
    !/^m=application \d{1,5} UDP\/DTLS\/SCTP webrtc-datachannel$/.test(media[0] ?? '')
  ) {
    return null
  }
  const attribute = (name: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`a=${name}:`)).map((line) => line.slice(name.length + 3))
  const [ufrag = '', ...ufrags] = attribute('ice-ufrag')
  const [pwd = '', ...pwds] = attribute('ice-pwd')
  const [fingerprintText = '', ...fingerprints] = attribute('fingerprint')
  const [setup = '', ...setups] = attribute('setup')
  const [mid = '', ...mids] = attribute('mid')
  const [port = '', ...ports] = attribute('sctp-port')
  const [size = String(usualMaxMessageBytes), ...sizes] = attribute('max-message-size')
  if ([ufrags, pwds, fingerprints, setups, mids, ports, sizes].some(({ length }) => length > 0)) return null
  const fingerprint = readFingerprint(fingerprintText)
  const maxMessageBytes = /^\d{1,16}$/.test(size) ? Number(size) : -1
  if (fingerprint === null || !isUfrag(ufrag) || !isPwd(pwd) || !isMaxMessageBytes(maxMessageBytes))
    return null
  if (setup !== setupOf[type] || mid !== '0' || port !== '5000') return null
  return { type, ufrag, pwd, fingerprint, maxMessageBytes }
}

/** Who answers is the client of DTLS. */
const setupOf = { offer: 'actpass', answer: 'active' } as const

export function writeSdp({ type, ufrag, pwd, fingerprint, maxMessageBytes }: RtcDescription): string {
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${pwd}`,
    'a=ice-options:trickle',
    `a=fingerprint:sha-256 ${writeFingerprint(fingerprint)}`,
    `a=setup:${setupOf[type]}`,
    'a=mid:0',
    'a=sctp-port:5000',
    `a=max-message-size:${maxMessageBytes}`,
  ]
  return `${lines.join('\r\n')}\r\n`
}

/** Of the form `sha-256 AB:CD:…`; null: another. */
export function readFingerprint(text: string): Uint8Array | null {
  const hex = fingerprintPattern.exec(text)?.[1]
  return hex === undefined ? null : Uint8Array.from(hex.split(':'), (byte) => Number.parseInt(byte, 16))
}

export function writeFingerprint(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':')
}
