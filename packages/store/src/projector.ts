/**
 * The seam between the entries and the views made of them (spec S5).
 *
 *     appendRun, settle, rewind ─▶ Projector ─▶ items, replies, labels, profiles, …
 *
 * Called inside the transaction that changes the entries; never by anyone else.
 *
 * @module
 */
import type { Identity, Payload, RawCid } from '@effigy/core'

/** An entry as the views see it. */
export interface ProjectedEntry {
  /** `entries.id`. */
  readonly id: number
  /** `feeds.id`. */
  readonly feed: number
  readonly identity: Identity
  readonly cid: RawCid
  readonly content: RawCid
  readonly comparable: number
  /** When first seen here, ms. */
  readonly seen: number
  readonly verified: boolean
  /** Null when it cannot be read: encrypted, faulty, or a body that is not here yet. */
  readonly payload: Payload | null
}

export interface Projector {
  /** An entry is now shown, or its body has arrived, or its signature was verified. Repeating is harmless. */
  show(entry: ProjectedEntry): void
  /** An entry is no longer shown: hidden, disputed, broken, erased or dropped. */
  hide(entryId: number): void
}
