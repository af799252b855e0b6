/**
 * What goes between the driver and its tabs, all of it JSON.
 *
 * @module
 */
import type { Identity, RawCid } from '@effigy/core'
import type { Event, FileFacts } from '../kills/events.ts'

/** What a tab tells while it writes; a dead one tells nothing more. */
export type TabEvent =
  | Exclude<Event, { readonly type: 'head' }>
  /** Of an acknowledged entry. */
  | { readonly type: 'length'; readonly epoch: number; readonly length: number }

export interface WritingOrder {
  readonly seed: string
  readonly writers: number
  /** Its operations are numbered from here. */
  readonly firstId: number
}

export interface Follower {
  readonly address: string
  readonly identity: Identity
}

/** A tab's peer is open. */
export interface Opened {
  readonly identity: Identity
  readonly persistence: string
  readonly continuity: string
  readonly isGone: boolean
}

/** `identity`: null while nothing of it may be there yet. */
export interface InspectOrder {
  readonly name: string
  readonly identity: Identity | null
  readonly contents: readonly (readonly [content: RawCid, file: FileFacts | null])[]
}

export interface Found {
  /** What SQLite says of its files, and what is wrong with the chain. */
  readonly faults: readonly string[]
  readonly head: { readonly epoch: number; readonly length: number; readonly cid: string } | null
  readonly contents: readonly (readonly [content: RawCid, fact: ContentFact])[]
}

export interface ContentFact {
  readonly isOnChain: boolean
  /** `shown`, `erased`, …; null: it is not known at all. */
  readonly state: string | null
  /** The words and the file are there, byte for byte. */
  readonly isWhole: boolean
}
