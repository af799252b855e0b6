/**
 * The one API that apps use: write, read, follow, connect. The same in Node, in a
 * browser worker and in the simulator, because everything else is handed in.
 *
 *     publish ─▶ sign ─▶ store ─▶ heads to everyone who watches
 *     connect / accept ─▶ session ─▶ replication ─▶ store ─▶ live queries
 *
 * @module
 */
import type {
  Cid,
  ContentName,
  Entry,
  HeadRecord,
  Identity,
  JsonObject,
  Payload,
  RandomBytes,
  RawCid,
  Result,
  Signer,
} from '@effigy/core'
import type { AccountVault, AgreementKey, Crypto, Scrypt } from '@effigy/crypto'
import type { RtcPort } from '@effigy/links'
import type {
  Account,
  DirectoryEntry,
  Progress,
  QueryStore,
  RelationKind,
  Store,
  WatchPolicy,
} from '@effigy/store'
import type {
  CallOptions,
  Clock,
  Link,
  Log,
  ReceivedAnswer,
  Redeem,
  Service,
  ServiceRefusal,
  SessionLimits,
} from '@effigy/sync'
import type { PeerAccount } from './account/account.ts'
import type { Whereabouts } from './account/where.ts'
import type { MakeBackup } from './backup/backup.ts'
import type { TakeBackup } from './backup/take-backup.ts'
import type { DeliveryView } from './delivery.ts'
import type { PeerDirect } from './direct/direct.ts'
import type { PeerDrops } from './drops/drops.ts'
import type { AddedFile, DirectoryOptions, FetchOptions, FileOptions, ReadFileOptions } from './files.ts'
import type { PeerGroups } from './groups/groups.ts'
import type { HopLevel } from './hops.ts'
import type { PeerInspecting } from './inspecting/inspecting.ts'
import type { Continuity } from './instance.ts'
import type { FetchAlias, PeerJoining } from './joining/joining.ts'
import type { PeerKept, ServiceOptions } from './kept-services.ts'
import type { PeerLeases } from './leases/leases.ts'
import type { PeerModeration } from './moderation.ts'
import type { PeerNotices } from './notices/notices.ts'
import type { OwnState } from './own/state.ts'
import type { PeerPeople } from './people/people.ts'
import type { PeerPresence } from './presence/presence.ts'
import type { PeerSignals } from './presence/signals.ts'
import type { PeerConversations } from './private/peer-conversations.ts'
import type { PeerPrivateFeed } from './private-feed/private-feed.ts'
import type { SignallingOptions } from './reach.ts'
import type { PeerReading } from './reading.ts'
import type { PeerRecovery } from './recovery/recovery.ts'
import type { SavingMode } from './saving.ts'
import type { PeerSurroundings, Surroundings } from './surroundings/surroundings.ts'
import type { PeerTurn } from './turn.ts'
import type { SessionVia } from './via.ts'

/** A fork of a feed (F9). */
export interface Dispute {
  readonly identity: Identity
  /** The length up to which nothing is disputed. */
  readonly above: number
  /** Null while they are not all here and checked. */
  readonly branches: readonly DisputedBranch[] | null
}

export interface HealOptions {
  /** What of a branch is with nobody is given up. */
  readonly givingUp?: boolean
}

export interface DisputedBranch {
  readonly head: RawCid
  /** Above the part that is not disputed. */
  readonly entries: number
  /** Comparables of the first and the last of them: about when they were written, ms. */
  readonly from: number
  readonly to: number
}

/** Built by `main.ts`, a worker or a test; the peer owns none of it but what it opens itself. */
export interface PeerDeps {
  readonly store: Store
  readonly crypto: Crypto
  /** The device's key; it never leaves its vault. */
  readonly signer: Signer
  /** The device's X25519 key, for what is encrypted to it; it never leaves its vault. */
  readonly boxKey: AgreementKey
  /** Of the device before this one, for what was sealed to it (K16); none when omitted. */
  readonly formerBoxKeys?: readonly AgreementKey[]
  /** Where an account's key and words are kept; without one this device can be no main device. */
  readonly vault?: AccountVault
  /** The work of a passphrase; in JavaScript when omitted, on a thread in Node. */
  readonly scrypt?: Scrypt
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  /** Opens a link to an address; rejects with an `EffigyError` when nobody answers, and at once with the signal's reason. */
  readonly dial: (address: string, signal: AbortSignal) => Promise<Link>
  /** Makes connections from device to device; none are made when omitted. */
  readonly rtc?: RtcPort
  /** Checks signatures behind the sync; `crypto.verify` when omitted, a worker pool in Node. */
  readonly verify?: Crypto['verify']
  /** The same for whole entries; asked first where it is there. */
  readonly verifyEntries?: (entries: readonly Uint8Array[]) => Promise<readonly boolean[]>
  /** Many signatures of entries wait while a sync goes on, for seconds at most: where the cores are a person's own. */
  readonly verifyRests?: boolean
  /** 32 bytes; nodes with another one cannot talk. The public one when omitted. */
  readonly networkKey?: Uint8Array
  /** What this peer is to others: a hub tracks and serves for its members. */
  readonly kind?: 'peer' | 'hub'
  /** Who may open a session to us; everybody when omitted. */
  readonly admits?: (identity: Identity) => boolean
  /**
   * Whom whoever runs this peer shuts out, besides those who are blocked in its feed: no session, and nothing of theirs is given
   * to others. Nobody when omitted. Asked again when views change, and after `turnAway`.
   */
  readonly turnsAway?: () => ReadonlySet<Identity>
  /** What is shown an invite by whoever is not admitted yet, or is (W3); without it nobody may. */
  readonly redeem?: Redeem
  /** Asks the host of an alias; without it none is looked up. */
  readonly fetchAlias?: FetchAlias
  /** Of a hub: for whom of those who have a session it keeps feeds; for all when omitted. */
  readonly isMember?: (identity: Identity) => boolean
  /** What the other side of a session watches (its whole current list), for hubs that track it. */
  readonly tracks?: (remote: Identity, identities: readonly Identity[], kind: 'peer' | 'hub') => void
  /**
   * `restored`, `absent`: the store may lack entries that this device has published, so nothing is written until a
   * connected peer has shown that there are none. `continued` when omitted.
   */
  readonly continuity?: Continuity
  /**
   * What may be served to all others together, bytes a second; no limit when omitted. Beyond it own devices come
   * first, then friends, then whoever gave more than they took.
   */
  readonly servedBytesPerSecond?: number
  /** What is kept for others: when omitted nothing, but own devices lease for each other where the store can (V37). */
  readonly services?: ServiceOptions
  /** Signalling and relaying for whoever has a session, as hubs do; none when omitted. */
  readonly signalling?: SignallingOptions
  /** Which line or battery is spared from the start; none when omitted. See `setSaving`. */
  readonly saving?: SavingMode
  /** What the platform tells besides pages (`Peer.surroundings`); nothing when omitted. */
  readonly surroundings?: Surroundings
  /** Bounds of sessions that shall differ from `defaultSessionLimits`. */
  readonly limits?: Partial<SessionLimits>
}

export interface Peer extends AsyncDisposable {
  readonly identity: Identity
  /** Everything that can be asked of what is here; synchronous. */
  readonly query: QueryStore
  readonly store: Store

  /** Ways through NATs, from chosen hubs. */
  readonly turn: PeerTurn

  /** Ways from device to device. */
  readonly direct: PeerDirect

  // Writing.

  /**
   * Signs and stores one entry as the newest of this device; resolves when it is durable here, as all that writes does. Throws
   * `EffigyError` 'payload-invalid', 'payload-too-large', 'entry-too-large', 'blob-absent', 'file-in-clear', 'sealed-target',
   * 'erased-target', and those of writing: 'restored', 'absent', 'own-feed-incomplete', 'own-feed-disputed', 'revoked', 'disputed',
   * 'leaving', and in a private feed 'feed-key-absent', 'not-sealable'.
   */
  publish(payload: Payload, options?: PublishOptions): Promise<Published>
  /**
   * Replaces a payload in place: a rebase; content changes, `was` names the old one. What another own device wrote is
   * erased, and published anew by this one.
   */
  edit(entry: RawCid, payload: Payload): Promise<Published>
  /** Takes entries out of one's own feed: a rebase. Resolves with the new head. */
  remove(entries: readonly RawCid[]): Promise<HeadRecord>
  /** Asks everybody to drop contents (1 to 64) of this device or, by name, of another own one, leaving the chains alone. */
  erase(contents: readonly (RawCid | ContentName)[]): Promise<Published>
  /**
   * follow, block, mute, and their end with `value: false`: of the account of that identity where one is known, with all
   * its devices of now and later, and one policy for them together; without one as `watch`.
   */
  relate(kind: RelationKind, identity: Identity, value: boolean, policy?: WatchPolicy): Promise<Published>

  /**
   * Gives something that is here a label, or takes it back, and leaves the account's other labels on it: a reaction, a tag, or `pin` on what
   * one wrote oneself. Null: it is so already. Throws `EffigyError` 'not-found', 'sealed-target' (a public word about what was said to some),
   * and as `publish` does.
   */
  label(identity: Identity, content: RawCid, label: string, value: boolean): Promise<Published | null>

  /**
   * Writes again after a restore or a long absence although nobody confirmed that nothing is missing: only for a person who was
   * warned that entries which this device published since may be disputed then. Editing and removing still wait until somebody
   * confirmed it (`restored`): under a new epoch, what is missing here would be lost to everybody.
   *
   * Also where the newest entry of this device is known of and nobody has it, its disk being lost: the next write begins
   * the next epoch over what is held, and what turns up later is written anew (F14). Throws `EffigyError`
   * 'own-feed-incomplete' while somebody may still have it: who was not asked, or for less than a minute.
   */
  writeAnyway(): void

  /** What others know of this device that disagrees: "was this you?". Null when nothing is disputed. */
  dispute(): Dispute | null
  /**
   * Yes, both were: makes one chain of all branches under the next epoch, with the entries of each, and writes again.
   * Throws `EffigyError` 'not-disputed', 'fork-incomplete'. Who says no revokes this device from another one.
   *
   * Where something of a branch is with nobody, its disk being lost, `givingUp` makes it of what is here; what turns up later
   * is written anew (F14). Then it throws 'own-feed-incomplete' while somebody may still have it, as `writeAnyway` does.
   */
  heal(options?: HealOptions): Promise<HeadRecord>

  /** What all own devices share and nobody else reads. */
  readonly state: OwnState

  /** What others said and did about oneself. */
  readonly notices: PeerNotices

  /** What is underneath, for developers and bug reports. */
  readonly inspecting: PeerInspecting

  /** How far the timeline was read, on all own devices. */
  readonly reading: PeerReading

  /** Notes for some, and what they answer. */
  readonly conversations: PeerConversations

  /** Who somebody is to oneself. */
  readonly people: PeerPeople

  /** One account on many devices. */
  readonly account: PeerAccount

  /** People who write to each other, and nobody else reads it. */
  readonly groups: PeerGroups

  /** All that is one's own, in one encrypted file. */
  readonly backup: MakeBackup

  /** Takes what such a file holds, or an archive of feeds, into this device. */
  readonly takeBackup: TakeBackup

  /** On which devices and hubs one's data is, and how many whole copies that makes (V34). */
  whereabouts(): Whereabouts

  /** Friends who hold parts of its words, and the way back with them. */
  readonly recovery: PeerRecovery

  /** One's own feed for some people instead of everybody. */
  readonly privateFeed: PeerPrivateFeed

  /** Messages for those who are away. */
  readonly drops: PeerDrops

  /** Who is here now, and whom this device lets know that it is. */
  readonly presence: PeerPresence

  /** A word to a device that is there now. */
  readonly signals: PeerSignals

  /** What others keep of ours, and we of theirs. */
  readonly leases: PeerLeases

  /** What this peer keeps for others. */
  readonly kept: PeerKept

  /** Invites to hubs, and names that hubs give. */
  readonly joining: PeerJoining

  /** What is reported to whoever runs a hub, and what they took down. */
  readonly moderation: PeerModeration

  // Files.

  /** Stores a file (a picture loses its metadata first; `encrypted` for private payloads) and gives its root. */
  addFile(source: AsyncIterable<Uint8Array>, options: FileOptions): Promise<AddedFile>
  /**
   * The bytes of a complete blob, in order, opened with its `secret` where it is encrypted. Throws `EffigyError` 'blob-absent'
   * when parts are missing, 'blob-altered' when the secret is not its own (of the whole file perhaps at the end only).
   */
  readFile(root: Cid, options: ReadFileOptions): AsyncIterable<Uint8Array>
  /**
   * Fetches a file or directory, whatever the policies of feeds say, and resolves when every block is here; then
   * it stays for a day at least. Progress is in bytes, never falls, and ends at its total. Throws `EffigyError`
   * 'blob-refused', 'blob-too-large' (above `maxBytes`); waits for as long as nobody has it.
   */
  fetchBlob(root: Cid, options: FetchOptions): Promise<void>
  /**
   * What stands at `path` below a root, fetching the nodes that say so and nothing else; `type` is null for what was
   * not looked into. Throws as `listDirectory` does but for 'blob-absent': it waits for as long as nobody has it.
   */
  browse(
    root: Cid,
    path: string,
    options: { readonly signal: AbortSignal },
  ): Promise<readonly DirectoryEntry[]>
  /** As `fetchBlob`, of what stands at `path` below a root and not the rest of it; gives its CID. */
  fetchPath(root: Cid, path: string, options: FetchOptions): Promise<Cid>
  /** Keeps a file or directory whatever becomes of the entries that name it; fetched when it is not here. */
  pin(root: Cid): void
  /** Without another holder it is deleted. */
  unpin(root: Cid): void
  /** Up to `limit` of them (10,000). */
  pins(limit?: number): readonly Cid[]
  /**
   * Stores files under their paths (`a/b.txt`; pictures lose their metadata) and gives the root, to be published
   * in a `collection` within a day. Throws `EffigyError` 'name-unsafe', 'image-…', 'storage-full'.
   */
  addDirectory(
    entries: AsyncIterable<DirectoryFile> | Iterable<DirectoryFile>,
    options: DirectoryOptions,
  ): Promise<AddedDirectory>
  /**
   * What stands at `path` below a root (the empty path is the root), by name. Throws `EffigyError` 'blob-absent'
   * when that part is not here yet, 'not-a-directory', 'not-found', 'blob-damaged'.
   */
  listDirectory(root: Cid, path: string): readonly DirectoryEntry[]

  // Sparing.

  /** The stronger of what was chosen and what the surroundings call for. */
  readonly saving: SavingMode
  /**
   * On a metered line or a battery: files above 256 KiB (4 MiB) are fetched only when asked for, others are given
   * only what our own entries need, and are told so. At once, on open sessions too.
   */
  setSaving(mode: SavingMode): void
  /** Whether somebody looks, what the line and the battery are like: rests, spares and comes back accordingly. */
  readonly surroundings: PeerSurroundings

  // Watching.

  /**
   * Another policy takes effect on open sessions at once: older entries, larger files are fetched now. Without one: that of
   * before, or the whole feed where it was not watched for itself.
   */
  watch(identity: Identity, policy?: WatchPolicy): void
  unwatch(identity: Identity): void
  /** What is kept of friends of friends, and of theirs (at most `maxHops` levels). Durable, and kept up with the graph. */
  hops(): readonly HopLevel[]
  setHops(levels: readonly HopLevel[]): void
  /**
   * Fetches up to `count` (from 1) entries below those that are here, whatever the policy says, and resolves with how
   * many came: fewer at the beginning of the feed. Waits for as long as nobody has them. Throws `EffigyError`
   * 'not-watched'.
   */
  fetchOlder(
    identity: Identity,
    count: number,
    options: { readonly signal: AbortSignal; readonly onProgress?: (progress: Progress) => void },
  ): Promise<number>
  /**
   * Stops watching a feed, and drops all of it but its highest head: nobody rolls it back. The room on the disk is given
   * back behind it. Throws `EffigyError` 'own-identity', 'still-followed', 'leased'.
   */
  forget(identity: Identity): void
  /**
   * Runs `ask` now and after each change that may matter; yields results that differ as JSON. Ends with the
   * signal, and rejects with what `ask` throws.
   */
  live<Value>(ask: (query: QueryStore) => Value, signal: AbortSignal): AsyncIterable<Value>

  // Network.

  /**
   * Keeps a connection to an address until disposed: reconnects with back-off and jitter. Who must answer may
   * stand behind its `#` (`parsePeerAddress`); `expect` outranks that. Without either, whoever answers first is
   * the only one from then on. Whoever is there is chosen so, as a hub is, and learns all that is watched here;
   * not with `chosen: false`, for those who were only found (on this network, through others).
   */
  connect(
    address: string,
    options?: { readonly expect?: Identity | null; readonly chosen?: boolean },
  ): Connection
  /** Serves a link that somebody opened to us; resolves when it is a session, or will be none. */
  accept(link: Link): Promise<void>
  /**
   * Ends the session with one, or all sessions when omitted: says `bye` with that code (A10), and resolves when it has left or
   * was not taken in time. Whoever keeps the connection dials again, after a pause.
   */
  disconnect(code: string, identity?: Identity): Promise<void>
  /** Asks `turnsAway` again; ends the sessions with these, and what was promised to them. */
  turnAway(identities: readonly Identity[]): void
  /** Of each session, now. */
  traffic(): readonly SessionTraffic[]
  /**
   * Lets somebody take so many bytes more, beyond what they give, before they are served like any stranger under
   * load. Durable when it returns.
   */
  grant(identity: Identity, bytes: number): void
  /** What they gave, took and were granted, exactly; null: nothing. */
  balance(identity: Identity): Account | null

  // Services.

  /**
   * Does something for others until disposed; whoever may have it is told. Throws `EffigyError` 'service-taken', 'service-name',
   * 'too-many-services'.
   */
  serve(service: Service): Disposable
  /**
   * Calls a method of somebody who is connected. Resolves with the last answer, or with why there is none: their
   * code, `not-connected`, `cut`. Rejects with the signal's reason alone.
   */
  call(
    identity: Identity,
    service: string,
    method: string,
    value: JsonObject,
    options: CallOptions,
  ): Promise<Result<ReceivedAnswer, ServiceRefusal>>

  /** Where the newest entries of this device are, up to `limit` of them (1 to 100; 10 when omitted). */
  delivery(limit?: number): DeliveryView
  status(): PeerStatus
  /** Each new status, at most ten a second; ends with the signal. */
  statuses(signal: AbortSignal): AsyncIterable<PeerStatus>
  /**
   * Resolves when every connected peer has given all it has, signatures are checked, search is up to date, and every
   * connected hub that keeps this device's feed has all of it (`SessionStatus.hasMine`).
   */
  settled(signal: AbortSignal): Promise<PeerStatus>
}

export interface PublishOptions {
  /** Put the payload into a block of its own; the default for notes and comments. */
  readonly detached?: boolean
  /** The entry's comparable must exceed this: that of what it supersedes. */
  readonly above?: number
  /** Of the entry, in place of the files that the payload names. */
  readonly links?: Entry['links']
}

export interface Published {
  /** Names the entry; another one when something before it in the feed is rewritten. */
  readonly cid: RawCid
  /** Names what it says, and stays: for references, comments and erasing. */
  readonly content: RawCid
  readonly record: HeadRecord
}

/** Null content: a directory, which may stay empty; those on the way to a file come by themselves. */
export interface DirectoryFile {
  readonly path: string
  readonly content: AsyncIterable<Uint8Array> | Iterable<Uint8Array> | null
}

export interface AddedDirectory {
  readonly root: Cid
  /** Bytes of all files as stored. */
  readonly size: number
  /** Files at any depth. */
  readonly files: number
  /** Files that lost metadata. */
  readonly cleaned: readonly { readonly path: string; readonly removed: readonly string[] }[]
}

export interface Connection extends AsyncDisposable {
  readonly address: string
  readonly state: ConnectionState
  /**
   * Resolves as soon as it is connected; rejects with an `EffigyError` that has the code of `refused`, or `closed`,
   * and says what to do.
   */
  ready(signal: AbortSignal): Promise<Identity>
  /** Tries now instead of after the pause, once more after a refusal too: the network is back, or a person asks. */
  retry(): void
}

/** `explainConnection(code)` puts codes into words. */
export type ConnectionState =
  | { readonly type: 'connecting'; readonly attempt: number }
  /** Authenticated, and taken in by the other side; the session may be one that they dialled. */
  | { readonly type: 'connected'; readonly identity: Identity }
  /** `retryAt` on the wall clock, ms. */
  | { readonly type: 'waiting'; readonly code: string; readonly retryAt: number }
  /** Not tried again but by `retry`. */
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
  /** Of those who are connected, and gave or took something. */
  readonly accounts: readonly AccountStatus[]
  /** Entries that search does not know yet. */
  readonly unsearchable: number
  /** False after a restore or a long absence, until others have shown that nothing of one's own is missing. */
  readonly mayWrite: boolean
}

export interface SessionStatus {
  readonly identity: Identity
  readonly kind: 'peer' | 'hub'
  /** Everything that the other side told it has, and we want, is here. */
  readonly upToDate: boolean
  /**
   * The other side says that it has every entry that this device published. It is asked, so this is never true
   * before they are stored there; it says nothing of large texts and files, which come behind their entries.
   */
  readonly hasMine: boolean
  readonly via: SessionVia
}

/** Of one session since it began; sealed bytes. */
export interface SessionTraffic {
  readonly identity: Identity
  readonly kind: SessionStatus['kind']
  /** Wall clock, ms. */
  readonly since: number
  readonly sentBytes: number
  readonly receivedBytes: number
}

/** Our own count, in whole 64 KiB; given and taken count half after thirty days. */
export interface AccountStatus {
  readonly identity: Identity
  readonly givenBytes: number
  readonly takenBytes: number
  /** What we took or granted above what we gave; below 0 for who took more. */
  readonly creditBytes: number
}

export interface FeedStatus {
  readonly identity: Identity
  /** Entries here, of those that the policy wants. */
  readonly held: number
  readonly total: number
}
