/**
 * The seam between the entries and what is made of them: views, holds on blobs (spec S5).
 *
 *     appendRun, settle, rewind, dropHidden ─▶ Projector ─▶ items, replies, labels, profiles, holders, …
 *
 * Called inside the transaction that changes the entries; never by anyone else.
 *
 * @module
 */
import type { Identity, Link, Payload, RawCid } from '@effigy/core'

/** An entry as the views see it. Digests are 32 bytes, as the tables hold them; do not write to them. */
export interface ProjectedEntry {
  /** `entries.id`. */
  readonly id: number
  /** `feeds.id`. */
  readonly feed: number
  readonly identity: Identity
  readonly cid: RawCid
  readonly cidDigest: Uint8Array
  /** Of the payload text. */
  readonly contentDigest: Uint8Array
  readonly length: number
  readonly comparable: number
  /** When first seen here, ms. */
  readonly seen: number
  readonly links: readonly Link[]
  readonly verified: boolean
  /** `types.id`, also in `entries.type`; 0 when `payload` is null. */
  readonly type: number
  /** Null when it cannot be read: encrypted, faulty, or a body that is not here yet. */
  readonly payload: Payload | null
}

export interface Projector {
  /**
   * An entry is now shown, or its body has arrived, or its signature was verified (told only of
   * types that `waitsForSignature`). Repeating is harmless.
   */
  show(entry: ProjectedEntry): void
  /** The same for many that were inserted just now. One without it is told of each. */
  showNew?(entries: readonly ProjectedEntry[]): void
  /** An entry is no longer shown: hidden, disputed, broken, erased or dropped. */
  hide(entryId: number): void
  /** What was hidden is dropped: it comes back only by being fetched again. Told after `hide`; repeating is harmless. */
  drop?(entryId: number): void
}

/** Payloads that change trust, keys or readers, or delete: they act only once their signature is verified (F8). */
export function waitsForSignature(type: string): boolean {
  return waiting.has(type)
}

const waiting: ReadonlySet<string> = new Set([
  'synod',
  'identification',
  'follow',
  'block',
  'mute',
  'erase',
  'group',
  'read_key',
  'recovery_share',
  'device_state',
])
