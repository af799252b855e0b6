/**
 * How two devices that can send each other signals come to a WebRTC link: the port of `negotiate.ts` (spec M14).
 *
 * @module
 */
import type { Clock, Link, Log } from '@effigy/sync'
import type { RtcIceServer, RtcPolicy, RtcPort, RtcStats } from './rtc-port.ts'
import type { RtcSignal, SignalObject } from './signals.ts'

export type RtcRole = 'dialler' | 'acceptor'

export interface NegotiateOptions {
  readonly rtc: RtcPort
  readonly clock: Clock
  readonly randomBytes: (length: number) => Uint8Array
  readonly log: Log
  /** Gives way when both offer: true on exactly one side, that of the greater identity (A11). */
  readonly polite: boolean
  /** Asked for each connection, and each restart. */
  policy(): RtcPolicy
  /** Asked for each connection, and each restart; when it rejects, there are none. */
  iceServers(signal: AbortSignal): Promise<readonly RtcIceServer[]>
  /** To the other device, sealed and signed (V67), in this order; one that is lost costs time. */
  send(signal: SignalObject): void
  /** The link is the taker's. A newer one takes the place of the one before, which closes with code `replaced`. */
  onLink(link: Link, role: RtcRole): void
  /** After each change of `state`. */
  onState?(state: NegotiationState): void
  /** Ends everything. */
  readonly signal: AbortSignal
}

export type NegotiationState =
  | { readonly type: 'idle' }
  | { readonly type: 'connecting'; readonly role: RtcRole }
  | { readonly type: 'open'; readonly role: RtcRole }
  /** The link stands and nothing goes through: a new way is being looked for. */
  | { readonly type: 'interrupted'; readonly role: RtcRole }
  /**
   * Until the next try; why the last one made no link, or its link broke: `no-relay` (only relays are allowed, and there is
   * none), `no-route` (nothing that was tried goes through), `timeout`, `fingerprint` (somebody else is at the other end), `lost`,
   * `rtc` (the platform refuses), or what the other side says.
   */
  | { readonly type: 'failed'; readonly code: string }

/** With one other device, for as long as this side cares: connections come and go. */
export interface Negotiation {
  readonly state: NegotiationState
  /** Offers, unless something stands or is under way. */
  connect(): void
  /** What the other device sent, opened and checked (V67); null: it is none of ours, or malformed, and was ignored. */
  receive(signal: unknown): RtcSignal['type'] | null
  /** This machine is in another network, or awake again: looks for a new way. */
  networkChanged(): void
  /** Of the connection that stands; null: none does. */
  stats(): Promise<RtcStats | null>
  /** Ends the connection that stands; one that is being made goes on (M15). */
  closeStanding(code?: string): void
  /** Ends that, and what is being made, and tells the other side. `connect` may follow. */
  close(code?: string): void
}
