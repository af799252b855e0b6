/**
 * What stands in a browser's vault (spec K10 to K13), and the parser of it.
 *
 *     plain:  CryptoKeys that nobody can read, or seeds under one of them
 *     locked: everything under the vault key, and that under each lock
 *
 * Script of the same origin may have put anything there, and so may another version of the app.
 *
 * @module
 */
import { err, ok, type Result } from '@effigy/core'
import { ageHeaderLength } from '../age-file.ts'
import { isSealed, type Sealed } from './sealing.ts'
import { privateUsages, type WebAlgorithm } from './web-keys.ts'

export interface VaultRecord {
  readonly v: 1
  /** Positive; one more at each `newInstance`. */
  readonly instance: number
  /** Ed25519 public key of the device, 32 bytes. */
  readonly identity: Uint8Array
  /** X25519 public key of the device, 32 bytes. */
  readonly box: Uint8Array
  readonly keys: HeldKeys | SealedKeys | LockedKeys
  /** The account's secrets, under the account key. */
  readonly account: Sealed
}

export interface HeldKeys {
  readonly type: 'held'
  readonly sign: CryptoKey
  readonly agree: CryptoKey
  readonly accountKey: CryptoKey
}

/** Where WebCrypto has no such keys: under the account key. */
export interface SealedKeys {
  readonly type: 'sealed'
  readonly sign: Sealed
  readonly agree: Sealed
  readonly accountKey: CryptoKey
}

/** Under the vault key. */
export interface LockedKeys {
  readonly type: 'locked'
  readonly sign: Sealed
  readonly agree: Sealed
  readonly accountKey: Sealed
  /** Each opens it alone; one at least. */
  readonly locks: readonly Lock[]
}

export type Lock = PassphraseLock | PasskeyLock

export interface PassphraseLock {
  readonly type: 'passphrase'
  /** Header of an age file of this passphrase alone (spec Z1); its file key leads to what opens `vaultKey`. */
  readonly header: Uint8Array
  readonly vaultKey: Sealed
}

export interface PasskeyLock {
  readonly type: 'passkey'
  /** The credential's id in base64url. */
  readonly credential: string
  readonly vaultKey: Sealed
}

/** The device before this one (spec K16): what others sealed to it is still to be opened. */
export interface FormerRecord {
  readonly v: 1
  /** Ed25519 public key, 32 bytes. */
  readonly identity: Uint8Array
  /** X25519 public key, 32 bytes. */
  readonly box: Uint8Array
  readonly keys: FormerKeys
}

export type FormerKeys = Pick<HeldKeys, 'type' | 'agree'> | Pick<SealedKeys, 'type' | 'agree' | 'accountKey'>

/** More than anybody has passkeys in one browser. */
export const maxLocks = 16

/** Base64url; WebAuthn has ids of at most 1,023 bytes. */
export const maxCredentialLength = 1364

export interface RecordFault {
  readonly code: 'vault-damaged' | 'version'
}

/** Reads what IndexedDB gave. Never throws. */
export function parseVaultRecord(value: unknown): Result<VaultRecord, RecordFault> {
  if (!isPlainObject(value)) return err({ code: 'vault-damaged' })
  if (Number.isSafeInteger(value.v) && (value.v as number) > 1) return err({ code: 'version' })
  const { v, instance, identity, box, keys, account, ...rest } = value
  const isWhole =
    v === 1 &&
    Number.isSafeInteger(instance) &&
    (instance as number) > 0 &&
    isBytes(identity, 32) &&
    isBytes(box, 32) &&
    areKeys(keys) &&
    isSealed(account) &&
    Object.keys(rest).length === 0
  return isWhole ? ok(value as unknown as VaultRecord) : err({ code: 'vault-damaged' })
}

/** Null: it is none. Never throws. */
export function parseFormerRecord(value: unknown): FormerRecord | null {
  if (!isPlainObject(value)) return null
  const { v, identity, box, keys, ...rest } = value
  const isWhole =
    v === 1 &&
    isBytes(identity, 32) &&
    isBytes(box, 32) &&
    areFormerKeys(keys) &&
    Object.keys(rest).length === 0
  return isWhole ? (value as unknown as FormerRecord) : null
}

function areFormerKeys(value: unknown): value is FormerKeys {
  if (!isPlainObject(value)) return false
  const { type, agree, accountKey } = value
  if (type === 'held') return isPrivateKey(agree, 'X25519')
  return type === 'sealed' && isSealed(agree) && isAccountKey(accountKey)
}

function areKeys(value: unknown): value is VaultRecord['keys'] {
  if (!isPlainObject(value)) return false
  const { type, sign, agree, accountKey, locks } = value
  switch (type) {
    case 'held':
      return isPrivateKey(sign, 'Ed25519') && isPrivateKey(agree, 'X25519') && isAccountKey(accountKey)
    case 'sealed':
      return isSealed(sign) && isSealed(agree) && isAccountKey(accountKey)
    case 'locked':
      return (
        isSealed(sign) &&
        isSealed(agree) &&
        isSealed(accountKey) &&
        Array.isArray(locks) &&
        locks.length > 0 &&
        locks.length <= maxLocks &&
        locks.every(isLock)
      )
    default:
      return false
  }
}

function isLock(value: unknown): value is Lock {
  if (!isPlainObject(value) || !isSealed(value.vaultKey)) return false
  const { type, header, credential } = value
  if (type === 'passphrase') return header instanceof Uint8Array && isHeader(header)
  return type === 'passkey' && isCredential(credential)
}

/** Of age, to its last byte. */
function isHeader(header: Uint8Array): boolean {
  const length = ageHeaderLength(header)
  return length.ok && length.value === header.length
}

export function isCredential(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= maxCredentialLength
}

/** A key that could be read, or used for more, was not put there by us. */
function isPrivateKey(value: unknown, algorithm: WebAlgorithm): value is CryptoKey {
  return isKey(value, algorithm, privateUsages[algorithm]) && value.type === 'private' && !value.extractable
}

function isAccountKey(value: unknown): value is CryptoKey {
  return isKey(value, 'AES-GCM', accountKeyUsages) && !value.extractable
}

export const accountKeyUsages: readonly KeyUsage[] = ['encrypt', 'decrypt']

function isKey(value: unknown, algorithm: string, usages: readonly KeyUsage[]): value is CryptoKey {
  return (
    value instanceof CryptoKey &&
    value.algorithm.name === algorithm &&
    [...value.usages].sort().join() === [...usages].sort().join()
  )
}

function isBytes(value: unknown, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
