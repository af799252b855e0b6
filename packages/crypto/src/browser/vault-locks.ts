/**
 * What opens a locked vault (spec K13): a passphrase, passkeys, each by itself.
 *
 *     passphrase ─age, scrypt 2^18▶ 16 bytes ┐
 *     passkey ─WebAuthn PRF▶ 32 bytes ───────┴─HKDF▶ AES key ─▶ the vault key ─▶ all of the vault
 *
 * @module
 */
import { EffigyError, err, ok, type Result, utf8 } from '@effigy/core'
import { openAgeHeader } from '../age-file.ts'
import type { Crypto } from '../crypto.ts'
import { createVaultSeal } from '../locked-vault.ts'
import { checkPassphrase, type PassphrasePorts, passphraseIdentity } from '../passphrase.ts'
import type { UnlockFault } from '../vault.ts'
import { aesKeyOf, type Device, unwrapKey, wrapKey } from './sealing.ts'
import { isCredential, type Lock } from './vault-record.ts'

/** What a passkey gave, for this vault alone. */
export interface PasskeySecret {
  /** Id of its credential, base64url. */
  readonly credential: string
  /** 32 bytes. */
  readonly secret: Uint8Array
}

/** A passphrase, or what a passkey gave. */
export type LockSecret = string | PasskeySecret

/** `passkey-wrong`: no lock of this vault, or its part was altered, which nobody can tell from it. */
export interface LockFault {
  readonly code: UnlockFault['code'] | 'passkey-wrong'
}

/** Which lock, as a person is shown it. */
export type LockName =
  | { readonly type: 'passphrase' }
  | { readonly type: 'passkey'; readonly credential: string }

export interface LockPorts extends PassphrasePorts {
  readonly crypto: Crypto
  readonly subtle: SubtleCrypto
  /** Of the passphrase's work; 18 when omitted. */
  readonly factor?: number | undefined
}

export function lockNames(locks: readonly Lock[]): readonly LockName[] {
  return locks.map((lock) =>
    lock.type === 'passphrase' ? { type: lock.type } : { type: lock.type, credential: lock.credential },
  )
}

export function isSameLock(a: LockName, b: LockName): boolean {
  return a.type === 'passkey' && b.type === 'passkey' ? a.credential === b.credential : a.type === b.type
}

/** Throws `EffigyError` 'passphrase-short', 'passphrase-long'; TypeError when it is no secret of a passkey. */
export function demandGoodSecret(secret: LockSecret): void {
  if (typeof secret !== 'string') {
    if (isCredential(secret.credential) && secret.secret.length === 32) return
    throw new TypeError('no secret of a passkey')
  }
  const checked = checkPassphrase(secret)
  if (checked.ok) return
  const message = 'A passphrase has from 8 characters to 1,024 bytes. Choose some words that nobody guesses.'
  throw new EffigyError(checked.error.code, message)
}

/** `vaultKey`: one that can be wrapped. */
export async function createLock(
  secret: LockSecret,
  vaultKey: CryptoKey,
  device: Device,
  ports: LockPorts,
): Promise<Lock> {
  const wrapped = async (opened: Uint8Array) => {
    const by = await lockKey(opened, device, ports)
    return wrapKey(ports.subtle, 'raw', vaultKey, by, { ...device, role: 'lock' })
  }
  if (typeof secret !== 'string') {
    const { credential } = secret
    return { type: 'passkey', credential, vaultKey: await wrapped(secret.secret) }
  }
  const { bytes, fileKey } = await createVaultSeal(secret, ports, ports.factor)
  try {
    return { type: 'passphrase', header: bytes, vaultKey: await wrapped(fileKey) }
  } finally {
    fileKey.fill(0)
  }
}

/** The vault key, by whichever of `locks` it opens. Work is bounded: one lock is tried. */
export async function openLock(
  locks: readonly Lock[],
  secret: LockSecret,
  device: Device,
  ports: LockPorts,
  as: { readonly isExtractable: boolean; readonly usages: readonly KeyUsage[] },
): Promise<Result<CryptoKey, LockFault>> {
  const name: LockName =
    typeof secret === 'string' ? { type: 'passphrase' } : { type: 'passkey', credential: secret.credential }
  const lock = locks.find((each) => isSameLock(each, name))
  const isWrong = err({ code: `${name.type}-wrong` } as const)
  if (lock === undefined) return isWrong
  const opened = typeof secret === 'string' ? await fileKeyOf(lock, secret, ports) : ok(secret.secret.slice())
  if (!opened.ok) return opened
  try {
    const by = await lockKey(opened.value, device, ports)
    const place = { ...device, role: 'lock' } as const
    const key = await unwrapKey(ports.subtle, 'raw', lock.vaultKey, by, place, {
      algorithm: 'AES-GCM',
      ...as,
    })
    if (key !== null) return ok(key)
    // The header knew the passphrase; of a passkey nothing tells.
    return lock.type === 'passphrase' ? err({ code: 'vault-damaged' }) : isWrong
  } finally {
    opened.value.fill(0)
  }
}

async function fileKeyOf(
  lock: Lock,
  passphrase: string,
  ports: LockPorts,
): Promise<Result<Uint8Array, LockFault>> {
  if (lock.type !== 'passphrase') return err({ code: 'passphrase-wrong' })
  const header = await openAgeHeader(lock.header, [passphraseIdentity(passphrase, ports)])
  if (header.ok) return ok(header.value.fileKey)
  const { code } = header.error
  return err({ code: code === 'passphrase-wrong' || code === 'work-factor' ? code : 'vault-damaged' })
}

async function lockKey(
  opened: Uint8Array,
  { identity }: Device,
  { crypto, subtle }: LockPorts,
): Promise<CryptoKey> {
  const bytes = crypto.hkdfSha256(opened, identity, utf8('effigy/vault-lock/1'), 32)
  try {
    return await aesKeyOf(subtle, bytes, ['wrapKey', 'unwrapKey'])
  } finally {
    bytes.fill(0)
  }
}
