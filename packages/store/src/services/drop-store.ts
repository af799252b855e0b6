/**
 * What a drop box keeps for those who are away (DESIGN 3.6, spec V20-V24): a port with two drivers.
 *
 *     drop-box (sync) ─▶ DropStore ─┬─ memory-drops.ts
 *                                   └─ drop-table.ts: SQLite
 *
 * `dropStoreContract` in test/ says what a correct one does.
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

export interface DropStore {
  /** Keeps a drop; false when it is here already, which changes nothing. On the medium when it returns. */
  add(drop: DropInfo, bytes: Uint8Array): boolean
  info(id: RawCid): DropInfo | null
  bytes(id: RawCid): Uint8Array | null
  /** Those for a receiver, friends' first, then in the order in which they came; at most `limit`. */
  waiting(to: Identity | null, limit: number): readonly DropInfo[]
  /** Of friends' drops to one receiver, or of the others. */
  usage(to: Identity | null, isFriend: boolean): DropUsage
  /** Bytes of all drops. */
  readonly totalBytes: number
  /** Notes that a device has it; gives all devices that have. Empty when there is no such drop. */
  acknowledge(id: RawCid, device: Identity): readonly Identity[]
  /** What the device has not acknowledged, as `waiting`. */
  unseen(to: Identity | null, device: Identity, limit: number): readonly DropInfo[]
  remove(id: RawCid): boolean
  /** Removes what has expired at `now`, ms; gives how many. */
  expire(now: number): number
  /** Replaces a receiver's list. */
  setFriends(to: Identity, friends: readonly Identity[]): void
  isFriend(to: Identity, from: Identity): boolean
}
