/**
 * What people ask a store for (spec S20 to S22): timelines, threads, profiles, search, page by page.
 *
 * @module
 */
import type { Account, Identity, Payload, RawCid, Root, SignedEntry } from '@effigy/core'
import type { DeviceValue } from './views/device-states.ts'

export interface StoredEntry {
  readonly signed: SignedEntry
  readonly verified: boolean
  /** When this peer first saw it, ms. */
  readonly seen: number
  /** CID of the payload text. */
  readonly content: RawCid
  /** The detached payload text; null when inline, or not here. */
  readonly body: Uint8Array | null
}

/** An entry as people read it. */
export interface Item {
  readonly cid: RawCid
  readonly identity: Identity
  readonly length: number
  readonly comparable: number
  /** Views are ordered by this: the lesser of comparable and a minute after first seen, ms. */
  readonly sort: number
  readonly verified: boolean
  readonly content: RawCid
  readonly state:
    | { readonly type: 'shown'; readonly payload: Payload }
    /** Detached and not fetched yet. */
    | { readonly type: 'missing' }
    | { readonly type: 'erased' }
    /** For readers that we are not. */
    | { readonly type: 'encrypted' }
    | { readonly type: 'fault'; readonly code: string }
}

/** Opaque; hand it back to go on. */
export type Cursor = string & { readonly __cursor: true }

export interface PageRequest {
  /** From 1 to 500; 50 when omitted. */
  readonly limit?: number
  readonly after?: Cursor | null
}

export interface Page<Value> {
  readonly items: readonly Value[]
  /** Null at the end. */
  readonly next: Cursor | null
}

export interface SearchProgress {
  /** Entries that search does not know yet. */
  readonly behind: number
}

/** Whoever `setSelf` names sees nothing of those whom they block, by whatever it is asked for but `profile`. */
export interface QueryStore {
  item(cid: RawCid): Item | null
  /** By (identity, content), the newest entry that carries or replaces it. `evenBlocked`: to be judged, and shown to nobody. */
  resolve(identity: Identity, content: RawCid, evenBlocked?: boolean): Item | null
  /** One feed, newest first. */
  feedItems(identity: Identity, page?: PageRequest): Page<Item>
  /** Notes, pictures, media and collections of watched feeds (or of `identities`) that are not muted or blocked, newest first. */
  timeline(page?: PageRequest & TimelineFilter): Page<Item>
  /** How many of such a timeline stand above an `Item.sort` and are others'; more than 1,000 are not counted. */
  countAbove(sort: number, filter?: TimelineFilter): number
  /** Comments on and below (identity, content), oldest first. Below a comment they are walked, with `lookUps` at most where that is given. */
  thread(identity: Identity, content: RawCid, page?: PageRequest & { readonly lookUps?: number }): Page<Item>
  /**
   * What comments of that thread answer, or begin with, and is not here: each once, up to 100. Nothing tells of comments that nobody
   * here answered.
   */
  gaps(identity: Identity, content: RawCid): readonly ThreadGap[]
  /** Reactions to (identity, content): labels with who gave them; the newest tag of each author counts. */
  reactions(
    identity: Identity,
    content: RawCid,
  ): readonly { readonly label: string; readonly by: readonly Identity[] }[]
  /** Of (identity, content), for whoever shows many: how many answer it or hang from it (1,000 stands for more too), and each label's count. */
  tally(identity: Identity, content: RawCid): Tally
  /** The labels that the account of `by` last gave (identity, content), and the comparable that the next word has to exceed; 0: none yet. */
  labelsBy(
    by: Identity,
    identity: Identity,
    content: RawCid,
  ): { readonly labels: readonly string[]; readonly comparable: number }
  /** What names an identity, or answers it, newest first. */
  mentions(identity: Identity, page?: PageRequest): Page<Item>
  byType(type: string, page?: PageRequest): Page<Item>
  byTag(label: string, page?: PageRequest): Page<Item>
  /** Newest `identification` of an account. */
  profile(identity: Identity): Item | null
  /** Whom `identity` follows, blocks or mutes now (`follow`, `block`, `mute`). */
  relations(identity: Identity, kind: RelationKind): readonly Identity[]
  /**
   * The comparable of what the devices of `identity` last said of a person (P12); 0 when they never did. Whoever says
   * something else writes one above it.
   */
  lastSaid(identity: Identity, kind: RelationKind, target: Account): number
  /** Whether the newest of what they said of that person is yes: one look-up, where `persons` and `follows` read all. */
  relates(identity: Identity, kind: RelationKind, target: Account): boolean
  /** The same with all that is known to belong to the same accounts. */
  persons(identity: Identity, kind: RelationKind): Persons
  /** Up to `limit` of those whom `identity` follows now, the newest follows first: for graphs of many. */
  follows(identity: Identity, limit: number): readonly Account[]
  /** Who follows it, as far as is known here. */
  followers(identity: Identity): readonly Identity[]
  /**
   * What own devices last said of a key (P18), null when none ever did; `value` null: it was removed. Of keys that begin with `read/` the
   * greatest number counts (S46).
   */
  deviceValue(key: string): DeviceValue | null
  /** What each own device last said of a key, the newest word first. */
  deviceSaid(key: string): readonly DeviceValue[]
  /** Values of up to `limit` keys (1,000) that begin with `prefix` and were not removed, in the order of keys. */
  deviceValues(
    prefix: string,
    page?: { readonly after?: string | null; readonly limit?: number },
  ): readonly DeviceValue[]
  /** FTS5 query words, all must be there, a trailing `*` for a prefix; newest first. Never throws on odd input. */
  search(text: string, page?: PageRequest & SearchFilter): Page<Item>
  /** Indexes up to `limit` more entries for search. */
  indexSearch(limit: number): SearchProgress
  /** Throws the views away and makes them anew from the bytes. */
  rebuildViews(options: {
    readonly signal: AbortSignal
    readonly onProgress?: (progress: Progress) => void
  }): Promise<void>
}

/** Which entries a timeline has. */
export interface TimelineFilter {
  readonly comments?: boolean
  readonly identities?: readonly Identity[]
  /** Also feeds that are watched for others' sake alone (`WatchPolicy.hop`). */
  readonly hops?: boolean
  /** With this label, whether its author gave it at once or later. */
  readonly tag?: string
}

export interface SearchFilter {
  /** Written by these alone. */
  readonly identities?: readonly Identity[]
  /** `Item.sort`, ms: at or above, and below. */
  readonly since?: number
  readonly before?: number
  /** What timelines show, and comments; or what was said in conversations. Either may give an empty page that is not the last. */
  readonly among?: Among
}

export type Among = 'posts' | 'messages'

export interface Tally {
  readonly answers: number
  /** As `reactions`; `isOwn`: given by whoever the store is of. */
  readonly reactions: readonly { readonly label: string; readonly count: number; readonly isOwn: boolean }[]
}

/** Something in a thread that is not here. */
export interface ThreadGap {
  readonly identity: Identity
  readonly content: RawCid
  /** `older`: its author's feed is watched, and it stands below what is here or is on its way. */
  readonly why: 'older' | 'not-watched'
  /** How many comments that are here answer it. */
  readonly answers: number
}

export type RelationKind = 'follow' | 'block' | 'mute'

/** Who is meant by a list of people. */
export interface Persons {
  /** Those who are named, and what else is known to be of their accounts. */
  readonly identities: ReadonlySet<Identity>
  /** As they are named. */
  readonly accounts: readonly Account[]
  /** Accounts that are named: whoever belongs to one is meant too. */
  readonly roots: ReadonlySet<Root>
}

export interface Progress {
  readonly done: number
  readonly total: number
}
