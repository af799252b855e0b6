/**
 * What goes between a worker that has no RTCPeerConnection and the page that lends it some (decision 0019).
 *
 *     worker (borrowed.ts) ─LentRequest▶ MessagePort ─▶ page (page/lend.ts) ─LentEvent▶ worker
 *
 * Both ends are of one build of one app, and nobody else holds a port.
 *
 * @module
 */
import type { ChannelFacts, PlatformChannel } from './data-channel.ts'
import type {
  RtcCandidate,
  RtcDescription,
  RtcIceServer,
  RtcOptions,
  RtcState,
  RtcStats,
} from './rtc-port.ts'

/** What a call of a borrowed connection takes and gives. */
export interface LentCalls {
  readonly offer: { readonly takes: null; readonly gives: RtcDescription }
  readonly answer: { readonly takes: RtcDescription; readonly gives: RtcDescription }
  readonly accept: { readonly takes: RtcDescription; readonly gives: null }
  readonly stats: { readonly takes: null; readonly gives: RtcStats }
  /** Once the channel that was handed over is open. */
  readonly facts: { readonly takes: null; readonly gives: ChannelFacts | null }
}

/** `id`: of the connection, made up by the worker. */
export type LentRequest =
  | { readonly type: 'open'; readonly id: number; readonly options: RtcOptions }
  | { readonly type: 'offer' | 'stats' | 'facts'; readonly id: number; readonly call: number }
  | {
      readonly type: 'answer' | 'accept'
      readonly id: number
      readonly call: number
      readonly description: RtcDescription
    }
  | { readonly type: 'candidate'; readonly id: number; readonly candidate: RtcCandidate }
  | { readonly type: 'servers'; readonly id: number; readonly servers: readonly RtcIceServer[] }
  /** Where the channel stayed in the page. */
  | { readonly type: 'send'; readonly id: number; readonly message: Uint8Array }
  | { readonly type: 'close'; readonly id: number }

export type LentEvent =
  /** The channel itself, where the browser hands it over. */
  | { readonly type: 'channel'; readonly id: number; readonly channel: PlatformChannel }
  /** The channel stays in the page, and is open. */
  | { readonly type: 'open'; readonly id: number; readonly facts: ChannelFacts }
  | { readonly type: 'done'; readonly id: number; readonly call: number; readonly value: unknown }
  | { readonly type: 'refused'; readonly id: number; readonly call: number }
  | { readonly type: 'candidate'; readonly id: number; readonly candidate: RtcCandidate }
  | { readonly type: 'state'; readonly id: number; readonly state: RtcState }
  | { readonly type: 'message'; readonly id: number; readonly message: Uint8Array | null }
  /** Of what `send` brought, so many bytes in all have gone. */
  | { readonly type: 'left'; readonly id: number; readonly bytes: number }
  | { readonly type: 'end'; readonly id: number }
  | { readonly type: 'network' }

/** Bytes that went and are not told at once: below `lowChannelBytes`, so that the worker never waits for them. */
export const untoldLeftBytes: number = 128 * 1024
