/**
 * This browser as a device: what can be asked of it before a peer is open, and of its vault and room later (spec O10).
 *
 *     new ─create─▶ open ◀─unlock─ locked        open ─lock─▶ locked        any ─wipe─▶ new
 *
 * @module
 */
import type { Result } from '@effigy/core'
import type { LockFault, LockName, LockSecret, Protection } from '@effigy/crypto/browser'
import type { Room } from '@effigy/store/browser'
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
  /** Tries to open it once more after it failed. */
  retry(): Promise<void>
  /** Removes keys and store from this browser: nobody speaks as this device again. */
  wipe(): Promise<void>
}

export const deviceTable = {
  create: 'once',
  unlock: 'once',
  lock: 'once',
  locks: 'again',
  protection: 'again',
  putLock: 'once',
  removeLock: 'once',
  boxKey: 'again',
  room: 'again',
  retry: 'again',
  wipe: 'once',
} as const satisfies CrossingTable<BrowserDevice>

export type RemoteDevice = Remote<BrowserDevice, typeof deviceTable>
