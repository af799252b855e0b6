/**
 * `peer.signals`: a word to a device that is there now, through hubs that can neither read nor change it, nor keep it
 * for later (spec V62, V63, V67-V69).
 *
 *     send ─sign, seal▶ hub ─▶ messages
 *
 * @module
 */
import type { Identity, JsonObject } from '@effigy/core'

export interface PeerSignals {
  /**
   * To one device; `payload` has a `type` of 1 to 64 characters, and at most 8,192 bytes as JSON. Through hubs where
   * they are, then through others, until one has handed it on. Errors: 'signal-no-key' (nobody here knows a key of
   * theirs), 'signal-no-hub', 'signal-invalid', 'signal-too-large', 'signal-blocked' (we block them). Rejects with the
   * signal's reason, too.
   */
  send(to: Identity, payload: JsonObject, options: { readonly signal: AbortSignal }): Promise<SentSignal>
  /**
   * What comes from now on, of those to whom this device shows itself, but types that begin with `rtc`, which are the peer's own: signed by who sent it, of this minute, each
   * once. Who reads slowly misses the oldest above 256. Ends with the signal.
   */
  messages(signal: AbortSignal): AsyncIterable<ReceivedSignal>
}

/**
 * `delivered`: given to their session, which says nothing of whether they read it. `busy`: their line is full.
 * `accepted`: the hub does not say, since they do not show themselves to us. `absent`: not there. `refused`: no hub took it.
 */
export type SignalOutcome = 'delivered' | 'busy' | 'accepted' | 'absent' | 'refused'

export interface SentSignal {
  /** Names it, with our identity. */
  readonly id: string
  /** The best of all hubs. */
  readonly outcome: SignalOutcome
  /** In the order in which they were asked. */
  readonly hubs: readonly SignalFate[]
}

export type SignalFate =
  | { readonly hub: Identity; readonly outcome: Exclude<SignalOutcome, 'refused'> }
  /** The hub's code; `too-fast`, `cut`, `unanswered`. */
  | { readonly hub: Identity; readonly outcome: 'refused'; readonly code: string }

export interface ReceivedSignal {
  readonly from: Identity
  readonly id: string
  /** The sender's clock, ms; within a minute of ours. */
  readonly at: number
  readonly payload: JsonObject
  /** That handed it on. */
  readonly hub: Identity
  /** How many were missed before this one. */
  readonly missed: number
}
