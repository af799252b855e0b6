/**
 * `peer.leases`: others keep the feeds of one's own devices, and are asked whether they still do (spec V30-V39).
 *
 *     ask ─▶ signed promise ─renewed before it ends▶ … ─▶ end
 *                 └─ spot checks ─▶ copies │ found out
 *
 * @module
 */
import type { Identity, RawCid } from '@effigy/core'

export interface PeerLeases {
  /**
   * Asks somebody who is connected (a hub, a friend, an own device) to keep the feeds of all own devices, as far as they
   * are here whole. From then on every own device that meets them renews it, covers what is new, and checks it.
   * Resolves with what came of it for each feed. Errors: 'lease-terms' (no whole days from 1 to 90, or a size below 0);
   * as `publish` while nothing may be written.
   */
  ask(holder: Identity, options: AskLeaseOptions): Promise<readonly LeaseOutcome[]>
  /**
   * They need not keep anything any more: told now, or when they are met; the bytes go 30 days later at most (V32).
   * Errors: as `publish`.
   */
  end(holder: Identity, options: { readonly signal: AbortSignal }): Promise<void>
  /** Renews and checks now what is due; with a holder, all of theirs. */
  tend(options: { readonly holder?: Identity; readonly signal: AbortSignal }): Promise<void>

  /** Who can be asked now, and whoever was asked by any own device, in the order of their names. */
  holders(): readonly LeaseHolderView[]
  /** What they would be asked to reserve. Reads each entry's row. */
  size(holder: Identity, options?: { readonly blobs?: number }): LeaseSize

  /** What was promised to us, by holder and feed. */
  list(): readonly GivenLease[]
  /** Now and after each change, until the signal. */
  changes(signal: AbortSignal): AsyncIterable<readonly GivenLease[]>
  /** Holders that answered their last spot check of that feed rightly within 30 days (V34). */
  copies(feed: Identity): number

  /** What we promised to others. */
  held(): readonly HeldForOther[]
}

export interface AskLeaseOptions {
  /** 1 to 90; 30 when omitted. */
  readonly days?: number
  /** Files up to this size each, bytes; 0: entries and texts alone. 64 MiB when omitted. */
  readonly blobs?: number
  readonly signal: AbortSignal
}

export interface LeaseHolderView {
  readonly holder: Identity
  /** It is connected, and leases to us. */
  readonly isOffered: boolean
  /** What a person asked of it, gone on with by all own devices; `days` 0: to let everything go. Null: nothing. */
  readonly wanted: { readonly days: number; readonly blobs: number } | null
}

export interface LeaseSize {
  /** Of all own feeds that are here whole. */
  readonly bytes: number
  /** Own feeds that are not: other devices ask for them. */
  readonly missing: number
}

export type LeaseOutcome =
  /** `until`: ms on the holder's clock. `blobs`: as `AskLeaseOptions`, perhaps less than asked for. */
  | { readonly type: 'leased'; readonly feed: Identity; readonly until: number; readonly blobs: number }
  /** `not-here`: this device does not have all of it; another one asks. Else the holder's code. */
  | {
      readonly type: 'refused'
      readonly feed: Identity
      readonly code: string
      readonly retryMs: number | null
    }

/**
 * `promised`: not asked after yet. `checked`: it showed within 30 days that it has it. `unchecked`: that is longer ago.
 * `failed`: it does not keep its word (`failure`). `gone`: it says so itself. `ended`: its time is over.
 */
export type LeaseState = 'promised' | 'checked' | 'unchecked' | 'failed' | 'gone' | 'ended'

export interface GivenLease {
  readonly holder: Identity
  readonly feed: Identity
  readonly state: LeaseState
  readonly epoch: number
  /** Entries that it covers. */
  readonly length: number
  readonly head: RawCid
  /** Files up to this size each, bytes. */
  readonly blobs: number
  /** Ms on the holder's clock. */
  readonly until: number
  /** Reserved there. */
  readonly bytes: number
  /** Own clock, ms; null: never. */
  readonly checkedAt: number | null
  /**
   * `absent`, `range`: it cannot show what it promised to have. `wrong-answer`: it shows something else. `not-listed`:
   * it does not know of the lease any more. `gone`: it signed a receipt. Null: nothing is wrong.
   */
  readonly failure: string | null
}

export interface HeldForOther {
  readonly feed: Identity
  readonly owner: Identity
  readonly until: number
  readonly bytes: number
}
