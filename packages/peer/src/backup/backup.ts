/**
 * `peer.backup`: all that is one's own in one encrypted file (spec Z7 to Z11).
 *
 *     account, read keys, feeds ─tar─▶ age ─▶ bytes        bytes + passphrase or recovery key ─readBackup▶ the same again
 *
 * It holds no key of a device, and neither words nor key of the account: whoever opens it reads, and writes nothing.
 *
 * @module
 */
import type { Identity, Json, Root } from '@effigy/core'
import type { Progress } from '@effigy/store'

/**
 * Gives the file, piece by piece. Ends with what is in it. Throws the signal's reason, and `EffigyError`: 'no-account'
 * (there is no recovery key without one), 'no-state', 'passphrase-short', 'passphrase-long', 'backup-changed' (something
 * was erased or rewritten while it was written: start again).
 */
export type MakeBackup = (options: BackupOptions) => AsyncGenerator<Uint8Array, BackupReport, void>

export interface BackupOptions {
  /** age allows one of the two in a file: who has several ways in makes several files. */
  readonly to: { readonly passphrase: string } | 'recovery-key'
  /** With the feeds of others that are watched, too. */
  readonly others?: boolean
  /** Pictures and files that entries show: of own feeds when omitted. */
  readonly files?: 'none' | 'own' | 'all'
  /** Addresses of hubs that this program knows besides those in the account. */
  readonly hubs?: readonly string[]
  readonly signal: AbortSignal
  /** In bytes of the file. */
  readonly onProgress?: (progress: BackupProgress) => void
}

export interface BackupProgress extends Progress {
  /** As in the report, which no page sees (O7). */
  readonly missingEntries: number
}

export interface BackupReport {
  readonly feeds: number
  readonly entries: number
  /** Entries that are known and not here, so not in it: of own feeds, and of those of others that are wanted whole. */
  readonly missingEntries: number
  /** Files that entries show and that are not wholly here. */
  readonly missingFiles: number
  /** Of the file. */
  readonly bytes: number
}

/** `account.json`. */
export interface BackupAccount {
  readonly v: 1
  /** When it was made, wall clock, ms. */
  readonly at: number
  /** Who made it. */
  readonly device: Identity
  /** Null: a device without account. */
  readonly root: Root | null
  /** The key in power. */
  readonly identity: Identity | null
  readonly devices: readonly {
    readonly identity: Identity
    readonly label: string
    readonly main: boolean
  }[]
  readonly hubs: readonly string[]
  readonly follows: readonly { readonly identity: Identity; readonly root: Root | null }[]
  /** Groups that one is in, or was. */
  readonly groups: readonly BackupGroup[]
  /** What own devices share: petnames, read markers, drafts. */
  readonly state: readonly (readonly [key: string, value: Json])[]
}

export interface BackupGroup {
  /** 16 bytes, base64url. */
  readonly id: string
  readonly name: string
  readonly members: readonly { readonly identity: Identity; readonly root: Root | null }[]
}

/** `keys.json`: secrets. */
export interface BackupKeys {
  readonly v: 1
  /** Content read keys, the one learned first first; 32 bytes in base64url. */
  readonly content: readonly {
    readonly giver: Identity
    readonly conversation: string
    readonly generation: number
    readonly key: string
  }[]
  /** Feed read keys. */
  readonly feeds: readonly { readonly feed: Identity; readonly epoch: number; readonly key: string }[]
}

/** One archive (spec B11) in the file. */
export interface BackupFeed {
  readonly identity: Identity
  /** Of the account. */
  readonly own: boolean
  readonly bytes: number
}

export interface Backup {
  readonly account: BackupAccount
  readonly keys: BackupKeys
  /** Own ones first. */
  readonly feeds: readonly BackupFeed[]
  /**
   * Only who has the passphrase could have made it. A recovery key is listed for everybody, so anybody could have sealed
   * something to it: feeds prove themselves, but keys to write under, follows and hubs are then a stranger's word.
   */
  readonly isAuthentic: boolean
  /** Its archive, from the beginning, as often as it is asked for. Throws `EffigyError` 'backup-damaged' when the file changed since. */
  open(feed: BackupFeed): AsyncIterable<Uint8Array>
}

/**
 * - `not-a-backup`: no age file, or one with something else in it
 * - `passphrase-wrong`, `work-factor`: as with vaults (Z1)
 * - `passphrase-needed`, `identity-needed`: it was made for the other way in
 * - `not-for-us`: to another recovery key
 * - `backup-damaged`: cut off or altered; nothing of it counts
 * - `backup-version`: made by a newer program
 */
export interface BackupFault {
  readonly code:
    | 'not-a-backup'
    | 'passphrase-wrong'
    | 'work-factor'
    | 'passphrase-needed'
    | 'identity-needed'
    | 'not-for-us'
    | 'backup-damaged'
    | 'backup-version'
}
