/**
 * The WebRTC port: connections with one data channel, as whatever platform there is makes them (spec M10).
 *
 *     negotiate.ts ─offer, answer, candidates─▶ RtcConnection ─onOpen▶ RtcChannel ─▶ link.ts
 *                                                  page │ node │ lent by a page │ fake
 *
 * A driver adds nothing of its own: when to restart, whom to believe and what may leave is decided above it.
 *
 * @module
 */

/** Of the form that `RTCPeerConnection` takes. */
export interface RtcIceServer {
  /** `stun:`, `stuns:`, `turn:`, `turns:`. */
  readonly urls: readonly string[]
  readonly username?: string
  readonly credential?: string
}

/** `relay`: no candidate but those of TURN servers is gathered or used (T20). */
export type RtcPolicy = 'all' | 'relay'

/** RFC 8445: an own address, one that a STUN server or the other side saw, one of a TURN server. */
export type RtcCandidateKind = 'host' | 'srflx' | 'prflx' | 'relay'

export interface RtcOptions {
  readonly iceServers: readonly RtcIceServer[]
  readonly policy: RtcPolicy
}

/** All that two stacks have to know of each other; never its SDP (M12). */
export interface RtcDescription {
  readonly type: 'offer' | 'answer'
  /** 4 to 256 characters of ICE: letters, digits, `+`, `/`. */
  readonly ufrag: string
  /** 22 to 256 of them. */
  readonly pwd: string
  /** SHA-256 of the certificate, 32 bytes; each connection has a fresh one. */
  readonly fingerprint: Uint8Array
  /** The longest message that this side takes; 0 is no limit. */
  readonly maxMessageBytes: number
}

export interface RtcCandidate {
  /** `candidate:…`, as it stands in an SDP, without `a=`. */
  readonly line: string
  /** Of the description that it belongs to. */
  readonly ufrag: string
}

/** `disconnected` may come back by itself, `failed` only by a new offer. */
export type RtcState = 'connecting' | 'connected' | 'disconnected' | 'failed'

/** What a connection tells. Nothing is told after its `close`. */
export interface RtcEvents {
  onCandidate(candidate: RtcCandidate): void
  onState(state: RtcState): void
  /** Once. Who wants what arrives calls `listen` before this returns. */
  onOpen(channel: RtcChannel): void
  /** The connection is over and was not closed by this side; the channel, if there is one, has told its listener. */
  onEnd(): void
}

export interface RtcChannel {
  /** The longest message that the other side takes, from 2. */
  readonly maxMessageBytes: number
  /** SHA-256 of the own certificate. */
  readonly ownFingerprint: Uint8Array
  /** SHA-256 of the certificate that the other side proved to have; where the platform does not show it, of the one that it demands. */
  readonly otherFingerprint: Uint8Array
  /** Given to `send` and not gone. */
  readonly bufferedBytes: number
  /** Once. */
  listen(listener: RtcChannelListener): void
  /** One binary message, whose memory is the channel's from now on; ignored when the channel is over. */
  send(message: Uint8Array): void
}

export interface RtcChannelListener {
  /** The bytes are the listener's. Text is no message of ours: null. */
  onMessage(message: Uint8Array | null): void
  /** `bufferedBytes` fell to `lowChannelBytes` or below it. Some platforms forget it: look yourself too. */
  onLow(): void
  /** Once, after the last message: the channel or its connection is over, and this side did not end it. */
  onClose(): void
}

/** Bytes; a channel that holds no more than this wants more. */
export const lowChannelBytes: number = 256 * 1024

export interface RtcStats {
  /** Through the data channel, or, where the platform counts nothing finer, through its transport. */
  readonly bytesSent: number
  readonly bytesReceived: number
  /** Of the pair of candidates in use; null while there is none. */
  readonly local: RtcCandidateKind | null
  readonly remote: RtcCandidateKind | null
}

/**
 * One connection, one certificate, one data channel (reliable, ordered, number 0, made by both sides).
 * Methods reject with `EffigyError` `rtc` when the platform refuses, and after `close`.
 */
export interface RtcConnection {
  /** The own offer, from now on in force. Again: with a new `ufrag`, an ICE restart; an answer to the one before no longer counts. */
  offer(): Promise<RtcDescription>
  /** The own answer to the other side's offer, both in force. Again: to an ICE restart. */
  answer(offer: RtcDescription): Promise<RtcDescription>
  /** The other side's answer to the own offer. */
  accept(answer: RtcDescription): Promise<void>
  /** Of the other side, after its description; what the platform cannot use is ignored. */
  addCandidate(candidate: RtcCandidate): void
  /** For the next `offer` or `answer`: names for TURN servers run out. */
  setIceServers(servers: readonly RtcIceServer[]): void
  stats(): Promise<RtcStats>
  /** Frees everything, at once; what is buffered is lost. */
  close(): void
}

export interface RtcPort {
  /** Whether `offer` and `answer` can be done again (ICE restart). */
  readonly canRestart: boolean
  /** Addresses of this machine and its link alone are sent and taken too (M13): on a machine that talks to itself, as in tests. */
  readonly takesLocal?: boolean
  /** Throws `EffigyError` `rtc` where the platform refuses; servers that it does not understand are left out. */
  open(options: RtcOptions, events: RtcEvents): RtcConnection
  /** Calls `changed` when this machine came into another network, where the platform tells. */
  watchNetwork(changed: () => void): Disposable
}
