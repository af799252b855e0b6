/**
 * Every message of a session, as types (spec M2, M6); `messages-schema.ts` reads them. Those by which two peers come
 * up to date stand in `messages-catch-up.ts`, those before a session in `messages-handshake.ts`, those of signalling and relaying in
 * `messages-relay.ts`.
 *
 * A message is the header of a frame; what its byte part holds is said here and
 * read and written by `messages-bytes.ts`. Fields are always all there.
 *
 *     id  a request of the sender, answered under the same number in
 *     re  a request of the receiver
 *
 * @module
 */
import type { JsonObject } from '@effigy/core'
import type {
  Agree,
  Agreed,
  CellsMessage,
  Compare,
  GetPrints,
  ListMessage,
  PositionMessage,
  PrintsMessage,
  Resume,
  Resumed,
  Unlike,
  Unmatched,
} from './messages-catch-up.ts'

import type {
  Attempts,
  MessageFrom,
  MessageTo,
  Online,
  OnlineAs,
  OpenRelay,
  Presence,
  Relay,
  RelayEnd,
  Relayed,
  Relaying,
  RelayRead,
  Sent,
} from './messages-relay.ts'

export type * from './messages-catch-up.ts'
export type * from './messages-handshake.ts'
export type * from './messages-relay.ts'

/** The session is over; nothing follows. */
export interface Bye {
  readonly type: 'bye'
  readonly code: string
}

/** "I begin nothing here any more, and all that I asked here is answered": another session of the pair stands (A13). */
export interface Moved {
  readonly type: 'moved'
}

/** "Are you there?" Answered by the session itself. */
export interface Ping {
  readonly type: 'ping'
  readonly id: number
}

export interface Pong {
  readonly type: 'pong'
  readonly re: number
  readonly end: true
}

/** Bytes: `Provided`, what the sender does for the receiver; replaces what it said before. */
export interface Provides {
  readonly type: 'provides'
}

/** Bytes: `count` identities. Answered by `lastknownheads`. */
export interface GetHeads {
  readonly type: 'getheads'
  readonly id: number
  readonly count: number
}

/** Bytes: `count` compact heads. What is not held or not shared is left out. */
export interface LastKnownHeads {
  readonly type: 'lastknownheads'
  readonly re: number
  readonly end: boolean
  readonly count: number
}

/** Bytes: `count` identities whose accepted heads shall come as `heads` from now on. */
export interface Watch {
  readonly type: 'watch'
  readonly id: number
  readonly count: number
  /** The list so far is forgotten. */
  readonly replace: boolean
}

export interface Watching {
  readonly type: 'watching'
  readonly re: number
  readonly end: true
}

/** Bytes: `count` compact heads, those of the first `online` identities that are connected now. */
export interface Heads {
  readonly type: 'heads'
  readonly count: number
  readonly online: number
}

/** Bytes: compact head ‖ R4: a head that moved, with the entries below it (G4). */
export interface News {
  readonly type: 'news'
  /** Length of its oldest entry. */
  readonly first: number
  readonly count: number
}

/** Bytes: `count` identities whose new entries shall come as `news` from now on, or no longer (G4). */
export interface Carry {
  readonly type: 'carry'
  readonly on: boolean
  readonly count: number
}

/** Bytes: identity, CID of the head, prefixes of the locator (R3): see `locatorPositions`. */
export interface GetFeed {
  readonly type: 'getfeed'
  readonly id: number
  /** Of the chain that the asker holds; 0 for none. */
  readonly length: number
  /** Entries, the newest; null for all. */
  readonly limit: number | null
  /** No entry with a lesser comparable; null for all. */
  readonly since: number | null
  /** Rebuilt bytes that may come before `credit`. */
  readonly window: number
  /** Small detached payloads come along. */
  readonly bodies: boolean
  /** R6: whole entries only, after a batch that could not be rebuilt. */
  readonly verbatim: boolean
}

/** The first answer to `getfeed`. */
export interface FeedStart {
  readonly type: 'feed'
  readonly re: number
  /** Up to this length both chains are the same, as far as the source sees; 0 for none. */
  readonly base: number
  /** Entries that will come. */
  readonly total: number
}

/** Bytes: R4. */
export interface Batch {
  readonly type: 'batch'
  readonly re: number
  readonly end: boolean
  /** Length of its oldest entry. */
  readonly first: number
  readonly count: number
}

/** Bytes: CID of the entry that breaks the rule `code` (F1) at `length`. A hint, to be checked. */
export interface BrokenAt {
  readonly type: 'brokenat'
  readonly re: number
  readonly end: true
  readonly length: number
  readonly code: string
}

/** Bytes: `count` CIDs. */
export interface GetEntry {
  readonly type: 'getentry'
  readonly id: number
  readonly count: number
}

/** Bytes: entries, one after the other, `sizes[n]` bytes each. */
export interface Entries {
  readonly type: 'entries'
  readonly re: number
  readonly end: boolean
  readonly sizes: readonly number[]
}

/** Bytes: `count` CIDs, or 32-byte MACs of CIDs when `keyed`. Open until `cancel`. */
export interface IWant {
  readonly type: 'iwant'
  readonly id: number
  readonly count: number
  readonly keyed: boolean
}

/** Bytes: the names of what is here, as they were asked for, in the order of `sizes`. */
export interface IHave {
  readonly type: 'ihave'
  readonly re: number
  readonly sizes: readonly number[]
}

/** Bytes: CID of one block. */
export interface GetBlob {
  readonly type: 'getblob'
  readonly id: number
  /** Bytes of the whole block; a larger one is `error too-large`. */
  readonly maxsize: number
  readonly offset: number
  /** Bytes from `offset`; null for the rest. */
  readonly length: number | null
}

/** Bytes: those of the block from `offset` on, at most 256 KiB. */
export interface Blob {
  readonly type: 'blob'
  readonly re: number
  readonly end: boolean
  /** Bytes of the whole block. */
  readonly size: number
  readonly offset: number
}

/** Answered by `providesservice`, or by `error` with the reason. */
export interface WantService {
  readonly type: 'wantservice'
  readonly id: number
  readonly service: string
}

export interface ProvidesService {
  readonly type: 'providesservice'
  readonly re: number
  readonly end: true
  readonly service: string
  /** base64url of 16 random bytes, good for this session only. */
  readonly token: string
}

/** One call of a service's method; the bytes are the method's. Answered by `answer`, maybe many times. */
export interface Call {
  readonly type: 'call'
  readonly id: number
  readonly service: string
  readonly token: string
  readonly method: string
  readonly value: JsonObject
}

/** The bytes are the method's. */
export interface Answer {
  readonly type: 'answer'
  readonly re: number
  readonly end: boolean
  readonly value: JsonObject
}

/** The sender no longer wants its request `id`. */
export interface Cancel {
  readonly type: 'cancel'
  readonly id: number
}

/** `bytes` more may come for the sender's request `id`. */
export interface Credit {
  readonly type: 'credit'
  readonly id: number
  readonly bytes: number
}

/** The last answer to `re`, or, with null, about no request. */
export interface ErrorMessage {
  readonly type: 'error'
  readonly re: number | null
  readonly code: string
  /** Ms after which trying again makes sense; null for never. */
  readonly retry: number | null
}

/** Bytes: the body of an invite (L5), to the hub that it names (W3). */
export interface Join {
  readonly type: 'join'
  readonly id: number
}

/** The hub keeps the sender's data from now on. */
export interface Joined {
  readonly type: 'joined'
  readonly re: number
  readonly end: true
}

/** What only its receiver may answer. */
export type Request =
  | Ping
  | GetHeads
  | Watch
  | Resume
  | Compare
  | PrintsMessage
  | GetPrints
  | ListMessage
  | Agree
  | GetFeed
  | GetEntry
  | IWant
  | GetBlob
  | WantService
  | Call
  | Online
  | MessageTo
  | OpenRelay
  | Join

export type Response =
  | Pong
  | LastKnownHeads
  | Watching
  | Resumed
  | Unlike
  | CellsMessage
  | Unmatched
  | Agreed
  | FeedStart
  | Batch
  | BrokenAt
  | Entries
  | IHave
  | Blob
  | ProvidesService
  | Answer
  | OnlineAs
  | Sent
  | Relaying
  | Joined

export type Message =
  | Bye
  | Moved
  | Provides
  | Heads
  | News
  | Carry
  | PositionMessage
  | Presence
  | MessageFrom
  | Attempts
  | Relayed
  | Relay
  | RelayRead
  | RelayEnd
  | Cancel
  | Credit
  | ErrorMessage
  | Request
  | Response
