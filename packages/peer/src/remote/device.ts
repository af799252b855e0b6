/**
 * This browser as a device: what can be asked of it before a peer is open, and of its vault and room later (spec O10).
 *
 *     new ─create─▶ open ◀─unlock─ locked        open ─lock─▶ locked        any ─wipe─▶ new
 *     new, open ─exportAll▶ one file ─importAll▶ new, open, with nothing in it before
 *
 * @module
 */
import type { Result } from '@effigy/core'
import type { LockFault, LockName, LockSecret, Protection } from '@effigy/crypto/browser'
import type { ExportOptions, ImportFault, ImportReport, Room } from '@effigy/store/browser'
import type { CrossingTable, Remote } from './crossing.ts'

/** All reject with what vault and store throw. */
export interface BrowserDevice {
  /**
   * Makes a device of this browser, and opens its peer; with a lock its keys are never there without. False: there is one
   * already. Who restores an account does it first, then `peer.account.move`. Rejects with 'passphrase-short', 'passphrase-long'.
   */
  create(lock?: LockSecret): Promise<boolean>
  /** Opens a locked vault, and with it the peer. */
  unlock(secret: LockSecret): Promise<Result<null, LockFault>>
  /** Forgets the keys, in all tabs; the peer stops. Of a vault without a lock: nothing. */
  lock(): Promise<void>
  /**
   * A lock for a browser in use, where it is the main device of its account: another device, with that lock, takes its
   * place (K16, Y26); what is here stays. Killed in between, one of the two opens. Rejects as `create` and `account.renew`,
   * and with 'memory-only', 'not-open', 'vault-lockable' (it has a lock: `putLock`).
   */
  renew(lock: LockSecret): Promise<void>
  /** What opens the vault. */
  locks(): Promise<readonly LockName[]>
  /** What is worth of these keys. */
  protection(): Promise<Protection>
  /** Adds a lock, or takes the place of one of that name; `by` opens the vault now. */
  putLock(lock: LockSecret, by: LockSecret): Promise<Result<null, LockFault>>
  removeLock(lock: LockName, by: LockSecret): Promise<Result<null, LockFault>>
  /** X25519 public key of this device, 32 bytes: what is meant for it alone is sealed to it. */
  boxKey(): Promise<Uint8Array>
  /** How much the browser lets this app keep, and whether it may throw it away. */
  room(): Promise<Room>
  /**
   * All that this device holds, but its keys, as one file: as secret as the device (S57). Rejects with 'memory-only' (there
   * are no files), 'locked', 'copy-busy' (another one is made), 'copy-outrun' (too much was written meanwhile: again).
   */
  exportAll(options: ExportOptions): AsyncGenerator<Uint8Array, void, void>
  /**
   * Takes such a file in where nothing would be lost by it; every hash and signature is checked first, and it counts as a
   * restore: where there are keys, nothing is written until others have shown that nothing is missing (S13). Meanwhile the
   * state is `starting`. Rejects with 'memory-only', 'locked', 'file-unreadable', and the signal's reason: then, as after a
   * fault, all is as it was.
   */
  importAll(file: Blob, options: ExportOptions): Promise<Result<ImportReport, ImportFault>>
  /** Tries to open it once more after it failed. */
  retry(): Promise<void>
  /** Removes keys and store from this browser: nobody speaks as this device again. */
  wipe(): Promise<void>
}

export const deviceTable = {
  create: 'once',
  unlock: 'once',
  lock: 'once',
  renew: 'once',
  locks: 'again',
  protection: 'again',
  putLock: 'once',
  removeLock: 'once',
  boxKey: 'again',
  room: 'again',
  exportAll: 'bytes',
  importAll: 'once',
  retry: 'again',
  wipe: 'once',
} as const satisfies CrossingTable<BrowserDevice>

export type RemoteDevice = Remote<BrowserDevice, typeof deviceTable>
