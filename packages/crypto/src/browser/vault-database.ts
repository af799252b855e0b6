/**
 * The vault of a browser (spec K10 to K14): in IndexedDB, its keys such as script cannot read.
 *
 *     empty ─create()▶ plain ─prepare, takeNext─▶ unlocked, as another device: keys that were made plain cannot be sealed
 *     empty ─create(secret)▶ unlocked ◀─unlock─ locked
 *                            unlocked ──lock──▶ locked
 *
 * @module
 */
import { EffigyError, equalBytes, err, ok, type Result, type Signer } from '@effigy/core'
import type { AgreementKey, Crypto } from '../crypto.ts'
import type { Scrypt } from '../passphrase.ts'
import { nobleScrypt } from '../scrypt-noble.ts'
import type { AccountVault, VaultState } from '../vault.ts'
import { type Protection, unwrappingUsages, wrappingUsages } from './key-forms.ts'
import {
  createLock,
  demandGoodSecret,
  isSameLock,
  type LockFault,
  type LockName,
  type LockSecret,
  lockNames,
  openLock,
} from './vault-locks.ts'
import { createOpening, damagedVault, deviceOf, lockedVault, type Opened } from './vault-opening.ts'
import { vaultDatabaseName } from './vault-presence.ts'
import { type LockedKeys, maxLocks, parseVaultRecord, type VaultRecord } from './vault-record.ts'
import { createRenewal, type NextDevice, type PreparedDevice } from './vault-renewal.ts'
import { openVaultTable } from './vault-table.ts'

export interface VaultDatabaseOptions {
  /** Of the app's data in this browser; `effigy` when omitted. */
  readonly name?: string
  readonly crypto: Crypto
  /** The work of a passphrase; in JavaScript when omitted. */
  readonly scrypt?: Scrypt
  /** Of that work (spec Z1), for tests; 18 when omitted. */
  readonly factor?: number
  /** The platform's when omitted. */
  readonly subtle?: SubtleCrypto
  /**
   * Whether a device that waits takes the place of this plain one (32 bytes each; spec K16): asked before keys are used, so
   * that keys which this browser lost keep nobody out. Never when omitted.
   */
  readonly succeeds?: (next: Uint8Array, mine: Uint8Array) => boolean
}

/**
 * Methods throw or reject with `EffigyError`: 'vault' when the database cannot be reached, was written by a newer version
 * or holds nothing, 'vault-damaged', 'vault-locked', 'closed'. No error carries a secret.
 */
export interface VaultDatabase extends Disposable {
  readonly state: VaultState
  /** Of the keys that are here, or would be made here. */
  readonly protection: Protection
  /** What opens it; empty unless it is locked or unlocked. */
  readonly locks: readonly LockName[]
  /** Stops signing when the vault is locked. Throws 'vault-locked', 'vault'. */
  readonly signer: Signer
  /** As `signer`. */
  readonly boxKey: AgreementKey
  readonly account: AccountVault
  /** Null when nothing was stored yet. */
  read(): { readonly instance: number } | null
  /** Raises the instance number, and gives it when it is on the disk. Whatever had the vault open before writes no more. */
  newInstance(): Promise<number>
  /**
   * Makes the device's keys, durable on return; false, and nothing is changed, when there are some already. With a
   * secret they are never there without; only then can it be locked. Rejects with 'passphrase-short', 'passphrase-long';
   * 'memory' where there is too little for a passphrase, here and wherever one is tried.
   */
  create(secret?: LockSecret): Promise<boolean>
  /** Anything opens a vault that has no lock. No number of wrong ones locks anybody out. */
  unlock(secret: LockSecret): Promise<Result<null, LockFault>>
  /** Forgets the keys; nothing on the disk changes. Of a plain vault: nothing. */
  lock(): void
  /**
   * Adds a lock, in place of the passphrase, or of the same passkey, where it has that; `by` opens it now. Rejects as
   * `create`, and with 'vault-plain', 'too-many-locks'. The vault key stays: locks that are not at hand have to open it,
   * and a former secret with a copy of that time had the device's keys already (K13).
   */
  putLock(lock: LockSecret, by: LockSecret): Promise<Result<null, LockFault>>
  /** Takes a lock away; `by` opens one that stays. Rejects with 'vault-plain', 'last-lock'. */
  removeLock(name: LockName, by: LockSecret): Promise<Result<null, LockFault>>
  /** A device with a lock that waits to take the place of this plain one; null: none does (spec K16). */
  next(): Promise<NextDevice | null>
  /**
   * Makes such a device, with this one's secrets of the account; durable on return, and in use by nobody. Rejects as
   * `create`, and with 'vault-lockable' when this vault has a lock.
   */
  prepare(lock: LockSecret): Promise<PreparedDevice>
  /** The device that waits is the one of this vault from now on: unlocked where `prepare` was called here, else locked. */
  takeNext(): Promise<void>
  dropNext(): Promise<void>
  /** Keys of the device before this one, for what was sealed to it; empty: there was none. */
  formerBoxKeys(): Promise<readonly AgreementKey[]>
  /** Removes all of it: nobody speaks as this device again. */
  wipe(): Promise<void>
}

interface Guarded extends Opened {
  /** The same as long as it was not locked in between. */
  readonly guard: object
}

/** In a worker or a page of a secure context. Rejects as `VaultDatabase` does; dispose it. */
export async function openVaultDatabase(options: VaultDatabaseOptions): Promise<VaultDatabase> {
  const { name = 'effigy', crypto, scrypt = nobleScrypt, factor } = options
  const subtle = options.subtle ?? demandSubtle()
  const ports = { crypto, scrypt, subtle, factor }
  const opening = await createOpening(ports)
  const table = await openVaultTable(vaultDatabaseName(name))
  const renewal = createRenewal(opening, table)

  let prepared: Opened | null = null
  let record: VaultRecord | null = null
  let opened: Guarded | null = null
  /** Rises with each `lock`: what is still opening then stays shut. */
  let locked = 0

  async function load(): Promise<VaultRecord | null> {
    const value = await table.read()
    return value === null ? null : parsed(value)
  }

  /** Takes over what stands there now; a plain vault is open with that. */
  async function take(found: VaultRecord | null): Promise<void> {
    // Opened elsewhere since: what was open here may be old, and stops.
    if (found === null || record === null || !isSameOpening(found, record)) opened = null
    record = found
    if (found === null || found.keys.type === 'locked' || opened !== null) return
    const plain = await opening.openPlain(found)
    opened ??= guarded(plain)
  }

  /** Keys that work as long as the vault is open with them. */
  function guarded(keys: Opened): Guarded {
    const guard = {}
    const assertOpen = (): void => {
      if (opened?.guard !== guard) throw lockedVault()
    }
    return {
      ...keys,
      guard,
      signer: {
        publicKey: keys.signer.publicKey,
        async signBytes(message) {
          assertOpen()
          return keys.signer.signBytes(message)
        },
      },
      boxKey: {
        publicKey: keys.boxKey.publicKey,
        async agree(theirPublicKey) {
          assertOpen()
          return keys.boxKey.agree(theirPublicKey)
        },
      },
    }
  }

  function demandOpen(): { readonly found: VaultRecord; readonly keys: Guarded } {
    if (record === null) throw absent()
    if (opened === null) throw lockedVault()
    return { found: record, keys: opened }
  }

  /** Changes what stands there in one transaction, unless it was opened anew since, in another tab. */
  async function change(edit: (found: VaultRecord) => VaultRecord): Promise<VaultRecord> {
    const mine = record
    if (mine === null) throw absent()
    const changed = await table.change((value) => {
      if (value === null) throw absent()
      const found = parsed(value)
      // What is known here may be old.
      if (!isSameOpening(found, mine)) throw elsewhere()
      return edit(found)
    })
    record = changed
    return changed
  }

  async function demandLocked(): Promise<{ readonly found: VaultRecord; readonly keys: LockedKeys }> {
    const found = await load()
    if (found === null) throw absent()
    await take(found)
    const { keys } = found
    if (keys.type === 'locked') return { found, keys }
    throw new EffigyError(
      'vault-plain',
      'This vault was made without a lock: its keys cannot be sealed any more.',
    )
  }

  async function changeLocks(edit: (locks: LockedKeys['locks']) => LockedKeys['locks']): Promise<void> {
    await change((found) => {
      if (found.keys.type !== 'locked') throw elsewhere()
      return { ...found, keys: { ...found.keys, locks: edit(found.keys.locks) } }
    })
  }

  try {
    const found = await load()
    const next = found === null || found.keys.type === 'locked' ? null : await renewal.next()
    if (found !== null && next !== null && options.succeeds?.(next.identity, found.identity) === true)
      record = await renewal.take((each) => isSameOpening(each, found))
    else await take(found)
  } catch (cause) {
    table[Symbol.dispose]()
    throw cause
  }

  return {
    get state() {
      if (record === null) return 'empty'
      if (record.keys.type !== 'locked') return 'plain'
      return opened === null ? 'locked' : 'unlocked'
    },
    get protection() {
      return record?.keys.type === 'sealed' ? 'sealed' : opening.protection
    },
    get locks() {
      return record?.keys.type === 'locked' ? lockNames(record.keys.locks) : []
    },
    get signer() {
      return demandOpen().keys.signer
    },
    get boxKey() {
      return demandOpen().keys.boxKey
    },
    account: {
      read: () => (record === null ? null : demandOpen().keys.secrets),
      async keep({ phrase, synod }) {
        const { found: mine, keys } = demandOpen()
        const secrets = { phrase, synod }
        const account = await opening.sealAccount(keys.accountKey, deviceOf(mine), secrets)
        await change((found) => ({ ...found, account }))
        if (opened?.guard === keys.guard) opened = { ...opened, secrets }
      },
    },
    read: () => (record === null ? null : { instance: record.instance }),
    async newInstance() {
      demandOpen()
      const { instance } = await change((found) => ({ ...found, instance: found.instance + 1 }))
      return instance
    },
    async create(secret) {
      if (secret !== undefined) demandGoodSecret(secret)
      const found = await load()
      if (found !== null) {
        await take(found)
        return false
      }
      const made = await opening.make(secret, table)
      // What the next opening would refuse is never stored.
      parsed(made.record)
      if (!(await table.add(made.record))) {
        await take(await load())
        return false
      }
      record = made.record
      opened = guarded(made.opened)
      return true
    },
    async unlock(secret) {
      const since = locked
      const found = await load()
      await take(found)
      if (found === null || found.keys.type !== 'locked') return ok(null)
      const as = { isExtractable: false, usages: unwrappingUsages }
      const key = await openLock(found.keys.locks, secret, deviceOf(found), ports, as)
      if (!key.ok) return key
      try {
        const open = await opening.openLocked(found, found.keys, key.value)
        if (locked !== since) throw lockedVault()
        // Whoever signs with what is open already goes on.
        opened ??= guarded(open)
        return ok(null)
      } catch (cause) {
        // The secret is the right one: what else was altered can be told.
        if (cause instanceof EffigyError && cause.code === 'vault-damaged')
          return err({ code: 'vault-damaged' })
        throw cause
      }
    },
    lock() {
      locked++
      if (record?.keys.type === 'locked') opened = null
    },
    async putLock(lock, by) {
      demandGoodSecret(lock)
      const { found, keys } = await demandLocked()
      const as = { isExtractable: true, usages: wrappingUsages }
      const key = await openLock(keys.locks, by, deviceOf(found), ports, as)
      if (!key.ok) return key
      const made = await createLock(lock, key.value, deviceOf(found), ports)
      await changeLocks((locks) => {
        const others = locks.filter((each) => !isSameLock(each, made))
        if (others.length < maxLocks) return [...others, made]
        throw new EffigyError('too-many-locks', `A vault has at most ${maxLocks} locks.`)
      })
      return ok(null)
    },
    async removeLock(name, by) {
      const { found, keys } = await demandLocked()
      const staying = keys.locks.filter((each) => !isSameLock(each, name))
      if (staying.length === 0) throw lastLock()
      const as = { isExtractable: false, usages: unwrappingUsages }
      const key = await openLock(staying, by, deviceOf(found), ports, as)
      if (!key.ok) return key
      await changeLocks((locks) => {
        const others = locks.filter((each) => !isSameLock(each, name))
        if (others.length === 0) throw lastLock()
        return others
      })
      return ok(null)
    },
    next: renewal.next,
    async prepare(lock) {
      const { found, keys } = demandOpen()
      if (found.keys.type === 'locked') {
        throw new EffigyError('vault-lockable', 'This vault has a lock already: change that.')
      }
      const made = await renewal.prepare(lock, keys.secrets)
      prepared = made.opened
      return made.next
    },
    async takeNext() {
      const mine = record
      if (mine === null) throw absent()
      const taken = await renewal.take((found) => isSameOpening(found, mine))
      const isOurs = prepared !== null && equalBytes(prepared.signer.publicKey, taken.identity)
      opened = prepared !== null && isOurs ? guarded(prepared) : null
      prepared = null
      record = taken
    },
    async dropNext() {
      prepared = null
      await renewal.drop()
    },
    formerBoxKeys: renewal.formerBoxKeys,
    async wipe() {
      await table.clear()
      record = null
      opened = null
      prepared = null
    },
    [Symbol.dispose]() {
      opened = null
      prepared = null
      record = null
      table[Symbol.dispose]()
    },
  }
}

/** Removes the vault of that name, whatever is in it, a damaged one too. */
export async function wipeVaultDatabase({ name = 'effigy' }: { readonly name?: string } = {}): Promise<void> {
  using table = await openVaultTable(vaultDatabaseName(name))
  await table.clear()
}

function isSameOpening(a: VaultRecord, b: VaultRecord): boolean {
  return a.instance === b.instance && equalBytes(a.identity, b.identity)
}

function parsed(value: unknown): VaultRecord {
  const record = parseVaultRecord(value)
  if (record.ok) return record.value
  if (record.error.code === 'vault-damaged') throw damagedVault()
  throw new EffigyError('vault', 'The vault was written by a newer version.')
}

function demandSubtle(): SubtleCrypto {
  const { subtle } = globalThis.crypto
  if (subtle !== undefined) return subtle
  throw failing('Keys are kept on pages of https or of this machine alone.')
}

const failing = (message: string): EffigyError => new EffigyError('vault', message)
const absent = (): EffigyError => failing('There is no vault in this browser.')
const elsewhere = (): EffigyError => failing('The vault was opened or made anew elsewhere.')
const lastLock = (): EffigyError =>
  new EffigyError('last-lock', 'This is the only lock: nothing else would open the vault.')
