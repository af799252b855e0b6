/**
 * `peer.drops`: messages for those who are away (spec V11, V20-V28, V40-V45).
 *
 *     send ─seal to the devices of a person▶ boxes that it names │ boxes that we share
 *     connect ─listen, fetch, open, check▶ kept here ─▶ acknowledged ─▶ handler of that type │ requests
 *
 * @module
 */
import type { Hub, Identity, JsonObject, RawCid } from '@effigy/core'

export interface PeerDrops {
  /**
   * Leaves something for a person: sealed to the devices that the newest state held of its account lists, or to the key
   * that a lone device says; into the boxes that it names, else into those that serve us. Resolves with what became of it.
   * `payload` has a `type` of 1 to 64 characters. Errors: 'drop-no-key' (whom nobody here knows a key of: meet them
   * first), 'drop-no-box' (nobody named, nobody connected), 'drop-too-large', 'drop-invalid'.
   */
  send(to: Identity | DropTarget, payload: JsonObject, options: SendDropOptions): Promise<SentDrop>

  /**
   * Acts on drops of one type until disposed: on those that wait first, then on each that comes. What it resolves for
   * is removed here, so by then it must be durable in a place of its own; what it rejects for waits, and is given
   * again later. Given at least once: (from, nonce) says whether it was here before. One handler a type: 'drop-handled'.
   * What is of a type that nothing acts on has little room, and goes after 30 days (V43).
   */
  handle(type: string, handler: DropHandler, options?: HandleDropOptions): Disposable

  /** Up to 500 of those that wait: for a handler, or for a person to accept. The oldest first. */
  list(which: 'waiting' | 'requests'): Promise<readonly ReceivedDrop[]>
  /** A person wants it: it goes where drops of those go who are named here. Error: 'drop-unknown'. */
  accept(id: RawCid): void
  /** Error: 'drop-unknown'. */
  remove(id: RawCid): void

  /** How many wait; now and after each change, until the signal. */
  counts(signal: AbortSignal): AsyncIterable<DropCounts>
  /** Resolves when every box that serves us has given what it offered at connect, and handlers are done with it. */
  settled(signal: AbortSignal): Promise<void>
}

/** Somebody of whom the account is not known here, or not yet. */
export interface DropTarget {
  readonly to: Identity
  /** X25519, 32 bytes each, at most 64. */
  readonly keys: readonly Uint8Array[]
  /** In place of those that it names. */
  readonly boxes?: readonly Hub[]
}

export interface SendDropOptions {
  readonly signal: AbortSignal
}

export interface SentDrop {
  /** Of the sealed bytes. */
  readonly id: RawCid
  /** Names it with our identity, for whoever opens it. */
  readonly nonce: string
  /** Bytes, sealed. */
  readonly size: number
  /** One for each box that was asked; kept nowhere when none says so. */
  readonly boxes: readonly DropFate[]
}

export type DropFate =
  /** The box's word: to those whom its owner did not name it says so whatever it did (V22). `until`: our clock, ms. */
  | { readonly type: 'kept'; readonly box: Identity; readonly until: number }
  /** `unreachable`, the box's code, or that of the call. `retryMs` null: never. */
  | {
      readonly type: 'refused'
      readonly box: Identity
      readonly code: string
      readonly retryMs: number | null
    }

export interface ReceivedDrop {
  readonly id: RawCid
  readonly from: Identity
  readonly nonce: string
  /** The sender's clock, ms. */
  readonly at: number
  /** Our own clock, ms. */
  readonly takenAt: number
  readonly payload: JsonObject
  /** From somebody whom we do not follow, or of doubtful time, and nobody accepted it yet. */
  readonly isRequest: boolean
  /** It may have been here before: shown only when a person asks. */
  readonly byHand: boolean
}

export type DropHandler = (
  drop: ReceivedDrop,
  options: { readonly signal: AbortSignal },
) => Promise<void> | void

export interface HandleDropOptions {
  /** Requests too, but those by hand; false when omitted. */
  readonly requests?: boolean
}

export interface DropCounts {
  readonly waiting: number
  readonly requests: number
}
