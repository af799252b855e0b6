/**
 * The one API that apps use: write, read, follow, connect. The same in Node, in a
 * browser worker and in the simulator, because everything else is handed in.
 *
 *     publish ─▶ sign ─▶ store ─▶ heads to everyone who watches
 *     connect / accept ─▶ session ─▶ replication ─▶ store ─▶ live queries
 *
 * @module
 */
import type { Cid, Entry, HeadRecord, Identity, Payload, RandomBytes, RawCid, Signer } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Progress, QueryStore, RelationKind, Store, WatchPolicy } from '@effigy/store'
import type { Clock, Link, Log } from '@effigy/sync'

/** Built by `main.ts`, a worker or a test; the peer owns none of it but what it opens itself. */
export interface PeerDeps {
  readonly store: Store
  readonly crypto: Crypto
  /** The device's key; it never leaves its vault. */
  readonly signer: Signer
  /** X25519 secret for what is encrypted to oneself, 32 bytes. */
  readonly boxSecret: Uint8Array
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  /** Opens a link to an address; rejects with an `EffigyError` when nobody answers. */
  readonly dial: (address: string, signal: AbortSignal) => Promise<Link>
  /** Checks signatures behind the sync; `crypto.verify` when omitted, a worker pool in Node. */
  readonly verify?: Crypto['verify']
  /** 32 bytes; nodes with another one cannot talk. The public one when omitted. */
  readonly networkKey?: Uint8Array
  /** What this peer is to others: a hub tracks and serves for its members. */
  readonly kind?: 'peer' | 'hub'
  /** Who may open a session to us; everybody when omitted. */
  readonly admits?: (identity: Identity) => boolean
  /** What the other side of a session watches (its whole current list), for hubs that track it. */
  readonly tracks?: (remote: Identity, identities: readonly Identity[]) => void
  /**
   * `restored`: the store may lack entries that this device has published, so nothing is written until a
   * connected peer has shown that there are none. `continued` when omitted.
   */
  readonly continuity?: 'continued' | 'restored'
}

export interface Peer extends AsyncDisposable {
  readonly identity: Identity
  /** Everything that can be asked of what is here; synchronous. */
  readonly query: QueryStore
  readonly store: Store

  // Writing: resolves when the entry is durable on this device.

  publish(payload: Payload, options?: PublishOptions): Promise<Published>
  /** Replaces a payload in place: a rebase; content changes, `was` names the old one. */
  edit(entry: RawCid, payload: Payload): Promise<Published>
  /** Takes entries out of one's own feed: a rebase. Resolves with the new head. */
  remove(entries: readonly RawCid[]): Promise<HeadRecord>
  /** Asks everybody to drop contents, leaving the chain alone. */
  erase(contents: readonly RawCid[]): Promise<Published>
  /** follow, block, mute, and their end with `value: false`. */
  relate(kind: RelationKind, identity: Identity, value: boolean, policy?: WatchPolicy): Promise<Published>

  // Files.

  /** Stores a file (a picture loses its metadata first) and gives its root. */
  addFile(source: AsyncIterable<Uint8Array>, options: FileOptions): Promise<AddedFile>
  /** The bytes of a complete blob, in order; throws `EffigyError` 'blob-absent' when parts are missing. */
  readFile(
    root: Cid,
    options: { readonly offset?: number; readonly length?: number; readonly signal: AbortSignal },
  ): AsyncIterable<Uint8Array>
  /** Waits until every block of a blob is here. */
  fetchBlob(
    root: Cid,
    options: { readonly signal: AbortSignal; readonly onProgress?: (progress: Progress) => void },
  ): Promise<void>

  // Watching.

  watch(identity: Identity, policy?: WatchPolicy): void
  unwatch(identity: Identity): void
  /** Runs `ask` now and after each change that may matter; yields results that differ. Ends with the signal. */
  live<Value>(ask: (query: QueryStore) => Value, signal: AbortSignal): AsyncIterable<Value>

  // Network.

  /** Keeps a connection to an address until disposed: reconnects with back-off and jitter. */
  connect(address: string, options?: { readonly expect?: Identity | null }): Connection
  /** Serves a link that somebody opened to us; resolves when it is over. */
  accept(link: Link): Promise<void>
  status(): PeerStatus
  /** Each new status, at most ten a second; ends with the signal. */
  statuses(signal: AbortSignal): AsyncIterable<PeerStatus>
  /** Resolves when every connected peer has given all it has and signatures are checked. */
  settled(signal: AbortSignal): Promise<PeerStatus>
}

export interface PublishOptions {
  /** Put the payload into a block of its own; the default for notes and comments. */
  readonly detached?: boolean
  /** Never in the future of a rebase: used when restoring an order. */
  readonly links?: Entry['links']
}

export interface Published {
  readonly cid: RawCid
  readonly content: RawCid
  readonly record: HeadRecord
}

export interface FileOptions {
  /** Strip or refuse metadata of pictures; true unless said otherwise. */
  readonly strip?: boolean
  readonly signal: AbortSignal
  readonly onProgress?: (progress: Progress) => void
}

export interface AddedFile {
  readonly root: Cid
  /** Bytes of the file as stored. */
  readonly size: number
  /** Kinds of metadata that were taken out: exif, xmp, location, … */
  readonly removed: readonly string[]
  readonly image: { readonly width: number; readonly height: number; readonly mime: string } | null
}

export interface Connection extends AsyncDisposable {
  readonly address: string
  readonly state: ConnectionState
  /** Resolves at the first session, or rejects with the reason when the other side refuses us for good. */
  ready(signal: AbortSignal): Promise<Identity>
}

export type ConnectionState =
  | { readonly type: 'connecting'; readonly attempt: number }
  | { readonly type: 'connected'; readonly identity: Identity }
  /** `retryAt` on the wall clock, ms. */
  | { readonly type: 'waiting'; readonly code: string; readonly retryAt: number }
  | { readonly type: 'refused'; readonly code: string }
  | { readonly type: 'closed' }

export interface PeerStatus {
  readonly connections: readonly { readonly address: string; readonly state: ConnectionState }[]
  readonly sessions: readonly SessionStatus[]
  /** Feeds that are behind a head somebody showed us. Both counts reach each other. */
  readonly feeds: readonly FeedStatus[]
  readonly behind: { readonly feeds: number; readonly entries: number }
  readonly unverified: number
  readonly blobs: { readonly wanted: number; readonly wantedBytes: number }
  /** Entries that search does not know yet. */
  readonly unsearchable: number
}

export interface SessionStatus {
  readonly identity: Identity
  readonly kind: 'peer' | 'hub'
  readonly upToDate: boolean
}

export interface FeedStatus {
  readonly identity: Identity
  /** Entries here, of those that the policy wants. */
  readonly held: number
  readonly total: number
}
