/**
 * `peer.direct`: ways from device to device, without a hub between (spec R20-R28).
 *
 *     present friends, own devices, whom a person asks for ─▶ WebRTC, else a hub's relay ─▶ how, and why not better
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { RtcStats } from '@effigy/links'

export interface PeerDirect {
  /** Whether this device can make such connections at all. */
  readonly isAble: boolean
  /** No address of this device goes to anybody: all goes through relays for packets, or through hubs. */
  readonly hidesAddress: boolean
  /** Durable when it returns; what stands and shows an address ends. */
  setHidesAddress(hides: boolean): void
  /**
   * Seeks a way to one device before others, and through a hub meanwhile, until `leave` or the end of the process. To who is no
   * friend it goes over a relay for packets alone. Throws `EffigyError` 'too-many' above 64.
   */
  seek(identity: Identity): void
  leave(identity: Identity): void
  /** The network is back, or a person asks: tries now what waits. */
  retry(): void
  now(): DirectView
  /** Now, and when it has changed; ends with the signal. */
  watch(signal: AbortSignal): AsyncIterable<DirectView>
  /** Bytes, and what kind of way it is; null where none stands. */
  stats(identity: Identity): Promise<RtcStats | null>
}

export interface DirectView {
  readonly isAble: boolean
  readonly hidesAddress: boolean
  /** By identity. */
  readonly devices: readonly DirectDevice[]
}

export interface DirectDevice {
  readonly identity: Identity
  /** A person asks for it. */
  readonly isAsked: boolean
  /** `interrupted`: it stands, and nothing goes through. `waiting`: until `retryAt`, or until they ask. */
  readonly state: 'connecting' | 'open' | 'interrupted' | 'waiting'
  /** Over a relay for packets; false where none stands. */
  readonly isTurn: boolean
  /** Why there is none, or none better: see `explainDirect`. */
  readonly why: DirectReason | null
  /** Wall clock, ms. */
  readonly retryAt: number | null
  /** That handed on what was refused, of `hub-changed` and `not-of-now`. */
  readonly hub: Identity | null
}

export type DirectReason = keyof typeof sentences

const sentences = {
  connecting: 'A direct way is being looked for.',
  'no-webrtc':
    'This device makes no direct connections. What you exchange goes through a hub, which cannot read it.',
  'not-there': 'They are not there now, as far as your hubs tell.',
  'no-hub': 'No hub is connected that brings you together. Connect to one that you both use.',
  'no-key': 'No key of that device is here yet. Follow them, and connect to somebody who has their feed.',
  'not-friends': 'Direct connections are for those who follow each other. Follow them, or ask for this one.',
  unseen: 'You do not show them that you are here, so no direct way to them is looked for.',
  enough: 'Enough direct connections stand; this one waits for its turn.',
  saving: 'You spare your line or battery: only few direct connections are made.',
  hidden: 'Your address is hidden from them, so all goes over a relay for packets.',
  'no-turn':
    'Your address is hidden, and no hub of yours has a relay for packets. Choose one that has, or show your address.',
  'no-way-through':
    'Your networks let no direct connection through, and no relay for packets did. A hub with such a relay helps.',
  'only-relayed': 'Your networks let no direct connection through, only one over a relay for packets.',
  'no-answer': 'They did not answer in time. They may be just leaving.',
  refused: 'Their device refused the connection.',
  'hub-changed':
    'A hub changed what your devices say to each other to connect. It was refused. Use another hub.',
  'not-of-now':
    'What they said came a minute late or early: a hub kept it, or a clock is wrong. Look at yours.',
  'somebody-else': 'Somebody else was at the other end. The connection was refused, and nothing was said.',
  'not-possible': 'This device or browser refused to make the connection.',
  lost: 'The direct connection broke. It is tried again by itself.',
  interrupted: 'Nothing goes through at the moment; another way is being looked for.',
} as const

/** A sentence for a person about a `why` of a session or device. */
export function explainDirect(reason: string): string {
  return Object.hasOwn(sentences, reason) ? sentences[reason as DirectReason] : 'It did not come about.'
}

/** Of what ended a try: codes of negotiations, of the other side, of signals. */
export function reasonOf(code: string): DirectReason {
  switch (code) {
    case 'no-relay':
      return 'no-turn'
    case 'no-route':
      return 'no-way-through'
    case 'timeout':
    case 'unknown':
      return 'no-answer'
    case 'fingerprint':
    case 'identity':
    case 'signature':
    case 'bad-seal':
    case 'self':
      return 'somebody-else'
    case 'rtc':
      return 'not-possible'
    case 'lost':
    case 'cut':
    case 'stalled':
    case 'done':
    case 'duplicate':
    case 'stopping':
      return 'lost'
    case 'signal-no-key':
      return 'no-key'
    case 'signal-no-hub':
      return 'no-hub'
    default:
      return Object.hasOwn(sentences, code) ? (code as DirectReason) : 'refused'
  }
}
