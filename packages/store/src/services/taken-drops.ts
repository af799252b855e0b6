/**
 * Drops that were taken from a box and wait here for whoever acts on them (spec V26, V40-V43): sealed as
 * they came, so that only this device's keys open them.
 *
 *     fetched, opened, checked ─put▶ TakenDrops ─▶ acknowledged at the box
 *                                        └─ handler │ person ─▶ removed
 *
 * `taken-table.ts` is the driver.
 *
 * @module
 */
import type { Identity, RawCid } from '@effigy/core'

export interface TakenDrop {
  /** Raw CID of the sealed bytes. */
  readonly id: RawCid
  readonly from: Identity
  /** base64url of 16 bytes; with `from` it names the drop, however often it was sealed. */
  readonly nonce: string
  /** Of the payload. */
  readonly type: string
  /** The sender's clock, ms. */
  readonly at: number
  /** Our own clock, ms. */
  readonly takenAt: number
  /** For a person to look at first: from somebody who is not named here, or of doubtful time. */
  readonly isRequest: boolean
  /** Whether it was here before cannot be told (V26, V27). */
  readonly byHand: boolean
  /** Of the sealed bytes. */
  readonly size: number
}

export interface TakenDrops {
  /** On the medium when it returns. False: one of that (from, nonce) is here, which changes nothing. */
  put(drop: TakenDrop, sealed: Uint8Array): boolean
  get(id: RawCid): TakenDrop | null
  /** The sealed bytes. */
  bytes(id: RawCid): Uint8Array | null
  /** In the order in which they were taken; at most `limit`. */
  list(isRequest: boolean, limit: number): readonly TakenDrop[]
  /** Of one sender, or of all; where `acted` is given, of other types than those alone. */
  usage(
    isRequest: boolean,
    from: Identity | null,
    acted?: readonly string[],
  ): { readonly items: number; readonly bytes: number }
  /** A person says that it is none any more: for whoever acts on such drops. On the medium when it returns. */
  accept(id: RawCid): boolean
  /** On the medium when it returns. */
  remove(id: RawCid): boolean
  /**
   * Removes up to `limit` requests that were taken at `before` (ms) or earlier, and where `acted` is given what else was,
   * of other types than those; gives how many.
   */
  expire(before: number, limit: number, acted: readonly string[] | null): number
  /** Since when a sender is named here, ms on our own clock; null: it is not. */
  namedSince(from: Identity): number | null
  /** Replaces the list of those who are named; who is new on it is so since `now`. */
  name(senders: ReadonlySet<Identity>, now: number): void
}
