import { ownVectors } from '@effigy/testkit/node'
import { describe, expect, test } from 'vitest'
import { parseCandidate } from './candidate.ts'
import { readSdp, writeSdp } from './description.ts'
import { webrtcBinding } from './link.ts'
import { readChannelMessage } from './messages.ts'
import type { RtcDescription } from './rtc-port.ts'
import { readRtcSignal, toHex } from './signals.ts'

interface Vectors {
  readonly binding: readonly {
    readonly dialler: string
    readonly acceptor: string
    readonly binding: string
  }[]
  readonly messages: readonly { readonly name: string; readonly hex: string; readonly read: object }[]
  readonly descriptions: readonly (Omit<RtcDescription, 'fingerprint'> & {
    readonly fingerprint: string
    readonly sdp: string
  })[]
  readonly candidates: readonly { readonly line: string; readonly travels: string | null }[]
  readonly signals: readonly { readonly name: string; readonly signal: unknown; readonly accept: boolean }[]
}

const vectors = JSON.parse(ownVectors('webrtc.json')) as Vectors
const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

describe('webrtc.json', () => {
  test.each(vectors.binding)('[A3] the binding', ({ dialler, acceptor, binding }) => {
    expect(toHex(webrtcBinding(bytes(dialler), bytes(acceptor)))).toBe(binding)
  })

  test.each(vectors.messages)('[M10] $name', ({ hex, read }) => {
    expect(readChannelMessage(bytes(hex))).toEqual(read)
  })

  test.each(vectors.descriptions)('[M12] an SDP for $type', ({ sdp, ...fields }) => {
    const description = { ...fields, fingerprint: bytes(fields.fingerprint) }
    expect(writeSdp(description)).toBe(sdp)
    expect(readSdp(fields.type, sdp)).toEqual(description)
  })

  test.each(vectors.candidates)('[M13] $line', ({ line, travels }) => {
    expect(parseCandidate(line)?.line ?? null).toBe(travels)
  })

  test.each(vectors.signals)('[M14] $name', ({ signal, accept }) => {
    expect(readRtcSignal(signal) !== null).toBe(accept)
  })
})
