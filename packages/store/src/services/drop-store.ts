/**
 * What a drop box keeps for those who are away (spec V20-V24): a port with two drivers.
 *
 *     drop-box (sync) ─▶ DropStore ─┬─ memory-drops.ts
 *                                   └─ drop-table.ts: SQLite
 *
 * A drop is named by its receiver and its bytes: the same bytes for two receivers are two drops (V20).
 * `contract.test.ts` says what a correct one does.
 *
 * @module
 */
import type { Identity, RawCid } from '@effigy/core'

export interface DropInfo {
  /** Raw CID of the sealed bytes. */
  readonly id: RawCid
  /** Null: for whoever can open it. */
  readonly to: Identity | null
  /** Whoever handed it in. */
  readonly from: Identity
  /** Whether the receiver had named the sender when it came. */
  readonly isFriend: boolean
  /** Of the sealed bytes. */
  readonly size: number
  /** When it came, ms on the box's clock. */
  readonly at: number
  /** From then on it is gone, ms on the box's clock. */
  readonly expires: number
}

/** Of one receiver. */
export interface DropUsage {
  readonly items: number
  readonly bytes: number
}

/** All that waits for one receiver. */
export interface DropBoxUsage extends DropUsage {
  readonly to: DropReceiver
}

/** Null: for whoever can open it. */
export type DropReceiver = Identity | null

export interface DropStore {
  /** Keeps a drop; false when its receiver has it already, which changes nothing. On the medium when it returns. */
  add(drop: DropInfo, bytes: Uint8Array): boolean
  /** Costs the medium what `add` costs, and keeps nothing: whether a drop was kept must not show (V22). */
  pretend(drop: DropInfo, bytes: Uint8Array): void
  info(to: DropReceiver, id: RawCid): DropInfo | null
  bytes(to: DropReceiver, id: RawCid): Uint8Array | null
  /** Those for a receiver, friends' first, then in the order in which they came; at most `limit`. */
  waiting(to: DropReceiver, limit: number): readonly DropInfo[]
  /** Of friends' drops to one receiver, or of the others; where `from` is given, of that sender's alone. */
  usage(to: DropReceiver, isFriend: boolean, from?: Identity): DropUsage
  /** Receivers of whom something is here, those with most bytes first; up to `limit`. */
  boxes(limit: number): readonly DropBoxUsage[]
  /** Bytes of all drops. */
  readonly totalBytes: number
  /** Notes that a device has it; gives all devices that have. Empty when there is no such drop. */
  acknowledge(to: DropReceiver, id: RawCid, device: Identity): readonly Identity[]
  /**
   * What the device has not acknowledged, at most `limit` (`withStrangers`): friends' first, of each the senders in turns,
   * of a sender in the order in which they came.
   */
  unseen(to: DropReceiver, device: Identity, limit: number): readonly DropInfo[]
  remove(to: DropReceiver, id: RawCid): boolean
  /** Removes all that waits for a receiver; gives how much that was. */
  clear(to: DropReceiver): DropUsage
  /** Removes up to `limit` of those that have expired at `now`, ms; gives how many. */
  expire(now: number, limit: number): number
  /** Replaces a receiver's list. */
  setFriends(to: Identity, friends: readonly Identity[]): void
  isFriend(to: Identity, from: Identity): boolean
  /** Names in the list of a receiver; null: in those of all. */
  listed(to: Identity | null): number
  /** Receivers who have a list, in an order that does not change; those after `after`, up to `limit`. */
  listReceivers(after: Identity | null, limit: number): readonly Identity[]
}
