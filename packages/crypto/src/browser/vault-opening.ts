/**
 * Makes the keys of a browser's vault, and opens what stands there (spec K10 to K13).
 *
 *     make ─▶ record + Opened        record (+ vault key) ─proven▶ Opened
 *
 * @module
 */
import { EffigyError, equalBytes, parseUtf8, type Signer, utf8 } from '@effigy/core'
import type { AgreementKey } from '../crypto.ts'
import { type AccountSecrets, parseAccountSecrets, writeAccountSecrets } from '../vault.ts'
import {
  areTheirs,
  isProven,
  type KeyForms,
  type Protection,
  sealedForms,
  webForms,
  wrappingUsages,
} from './key-forms.ts'
import { type Device, newAesKey, openBytes, type Sealed, sealBytes, unwrapKey, wrapKey } from './sealing.ts'
import { createLock, type LockPorts, type LockSecret } from './vault-locks.ts'
import { accountKeyUsages, type FormerRecord, type LockedKeys, type VaultRecord } from './vault-record.ts'
import type { VaultTable } from './vault-table.ts'

/** The device's keys and the account's secrets, in memory. */
export interface Opened {
  readonly signer: Signer
  readonly boxKey: AgreementKey
  readonly accountKey: CryptoKey
  readonly secrets: AccountSecrets
}

export interface VaultOpening {
  /** Of keys that would be made now, or be opened from under a lock. */
  readonly protection: Protection
  /** Keys that work; nothing is stored yet. Throws 'vault-damaged' when they do not. */
  make(
    secret: LockSecret | undefined,
    table: Pick<VaultTable, 'keeps'>,
  ): Promise<{ readonly record: VaultRecord; readonly opened: Opened }>
  /** Throws 'vault-damaged'; 'vault' when this browser cannot use such keys any more. */
  openPlain(record: VaultRecord): Promise<Opened>
  /** Throws 'vault-damaged'. */
  openLocked(record: VaultRecord, keys: LockedKeys, vaultKey: CryptoKey): Promise<Opened>
  /** What is left of a plain record for letters to its device: nothing else opens with that. Null when it is damaged. */
  former(record: VaultRecord): Promise<FormerRecord | null>
  /** What opens letters to the device before; null when this browser cannot use it any more. */
  openFormer(record: FormerRecord): Promise<AgreementKey | null>
  /** Throws a TypeError when those are none. */
  sealAccount(key: CryptoKey, device: Device, secrets: AccountSecrets): Promise<Sealed>
}

/** Bytes of the account's secrets: the same whatever they are. */
const accountBytes = 512
const space = 0x20

export async function createOpening(ports: LockPorts): Promise<VaultOpening> {
  const { crypto, subtle } = ports
  const inNoble = sealedForms(subtle, crypto)
  const inWeb = webForms(subtle)
  const isWebProven = await isProven(subtle, inWeb, crypto)

  async function openWith<Held>(
    forms: KeyForms<Held>,
    record: VaultRecord,
    sign: Held,
    agree: Held,
    accountKey: CryptoKey,
  ): Promise<Opened> {
    const signer = await forms.signer(sign, record.identity)
    const boxKey = await forms.agreementKey(agree, record.box)
    const isOurs = equalBytes(signer.publicKey, record.identity) && equalBytes(boxKey.publicKey, record.box)
    const place = { ...deviceOf(record), role: 'account' } as const
    const text = await openBytes(subtle, accountKey, place, record.account)
    const secrets = text === null ? null : parseAccountSecrets(parseUtf8(text)?.replace(/ +$/, '') ?? '')
    text?.fill(0)
    if (secrets === null || !isOurs || !(await areTheirs(signer, boxKey, crypto))) throw damagedVault()
    return { signer, boxKey, accountKey, secrets }
  }

  async function unwrapped<Held>(
    forms: KeyForms<Held>,
    record: VaultRecord,
    keys: { readonly sign: Sealed; readonly agree: Sealed },
    by: CryptoKey,
    accountKey: CryptoKey,
  ): Promise<Opened> {
    const device = deviceOf(record)
    const sign = await forms.unwrap(keys.sign, 'Ed25519', by, { ...device, role: 'sign' })
    const agree = await forms.unwrap(keys.agree, 'X25519', by, { ...device, role: 'agree' })
    if (sign === null || agree === null) throw damagedVault()
    return openWith(forms, record, sign, agree, accountKey)
  }

  async function openPlain(record: VaultRecord): Promise<Opened> {
    const { keys } = record
    switch (keys.type) {
      case 'held':
        if (isWebProven) return openWith(inWeb, record, keys.sign, keys.agree, keys.accountKey)
        throw new EffigyError('vault', 'This browser can no longer use the keys that it holds.')
      case 'sealed':
        return unwrapped(inNoble, record, keys, keys.accountKey, keys.accountKey)
      case 'locked':
        throw lockedVault()
    }
  }

  async function openLocked(record: VaultRecord, keys: LockedKeys, vaultKey: CryptoKey): Promise<Opened> {
    const place = { ...deviceOf(record), role: 'account-key' } as const
    const accountKey = await unwrapKey(subtle, 'raw', keys.accountKey, vaultKey, place, {
      algorithm: 'AES-GCM',
      isExtractable: false,
      usages: accountKeyUsages,
    })
    if (accountKey === null) throw damagedVault()
    return isWebProven
      ? unwrapped(inWeb, record, keys, vaultKey, accountKey)
      : unwrapped(inNoble, record, keys, vaultKey, accountKey)
  }

  async function former(record: VaultRecord): Promise<FormerRecord | null> {
    const { keys } = record
    if (keys.type === 'locked') return null
    const device = deviceOf(record)
    const base = { v: 1, ...device } as const
    // Script of the origin could use that key before, and does no more with it than open what was sealed then.
    if (keys.type === 'held') return { ...base, keys: { type: 'held', agree: keys.agree } }
    const place = { ...device, role: 'agree' } as const
    const held = await inNoble.unwrap(keys.agree, 'X25519', keys.accountKey, place)
    if (held === null) return null
    // Under a key of its own: the one of before opens what signs, wherever bytes of that record are left.
    const accountKey = await newAesKey(subtle, false, accountKeyUsages)
    const agree = await inNoble.wrap(held, 'X25519', accountKey, place).finally(() => held.fill(0))
    return { ...base, keys: { type: 'sealed', agree, accountKey } }
  }

  async function openFormer({ identity, box, keys }: FormerRecord): Promise<AgreementKey | null> {
    if (keys.type === 'held') return isWebProven ? inWeb.agreementKey(keys.agree, box) : null
    const place = { identity, box, role: 'agree' } as const
    const held = await inNoble.unwrap(keys.agree, 'X25519', keys.accountKey, place)
    return held === null ? null : inNoble.agreementKey(held, box)
  }

  async function sealAccount(key: CryptoKey, device: Device, secrets: AccountSecrets): Promise<Sealed> {
    const text = writeAccountSecrets(secrets)
    if (parseAccountSecrets(text) === null) throw new TypeError('not the secrets of an account')
    const padded = new Uint8Array(accountBytes).fill(space)
    padded.set(utf8(text))
    try {
      return await sealBytes(subtle, key, { ...device, role: 'account' }, padded)
    } finally {
      padded.fill(0)
    }
  }

  async function makeIn<Held>(
    forms: KeyForms<Held>,
    secret: LockSecret | undefined,
  ): Promise<{ readonly record: VaultRecord; readonly opened: Opened }> {
    const canWrap = secret !== undefined
    const sign = await forms.create('Ed25519', canWrap)
    const agree = await forms.create('X25519', canWrap)
    const device: Device = { identity: sign.publicKey, box: agree.publicKey }
    const accountKey = await newAesKey(subtle, canWrap, accountKeyUsages)
    const account = await sealAccount(accountKey, device, { phrase: null, synod: null })
    const base = { v: 1, instance: 1, ...device, account } as const
    if (secret === undefined) {
      const record = { ...base, keys: await forms.store(sign.held, agree.held, accountKey, device) }
      return { record, opened: await openPlain(record) }
    }
    const vaultKey = await newAesKey(subtle, true, wrappingUsages)
    const keys: LockedKeys = {
      type: 'locked',
      sign: await forms.wrap(sign.held, 'Ed25519', vaultKey, { ...device, role: 'sign' }),
      agree: await forms.wrap(agree.held, 'X25519', vaultKey, { ...device, role: 'agree' }),
      accountKey: await wrapKey(subtle, 'raw', accountKey, vaultKey, { ...device, role: 'account-key' }),
      locks: [await createLock(secret, vaultKey, device, ports)],
    }
    const record = { ...base, keys }
    // Anew, from what is stored: those that were wrapped could be read.
    return { record, opened: await openLocked(record, keys, vaultKey) }
  }

  /** Whether IndexedDB gives such keys back as it got them. */
  async function areKept(table: Pick<VaultTable, 'keeps'>): Promise<boolean> {
    const sign = await inWeb.create('Ed25519', false)
    const agree = await inWeb.create('X25519', false)
    return table.keeps({ sign: sign.held, agree: agree.held }, async (back) => {
      const held = back as { readonly sign: CryptoKey; readonly agree: CryptoKey }
      const signer = await inWeb.signer(held.sign, sign.publicKey)
      return areTheirs(signer, await inWeb.agreementKey(held.agree, agree.publicKey), crypto)
    })
  }

  return {
    protection: isWebProven ? inWeb.protection : inNoble.protection,
    async make(secret, table) {
      const isWeb = isWebProven && (secret !== undefined || (await areKept(table)))
      return isWeb ? makeIn(inWeb, secret) : makeIn(inNoble, secret)
    },
    openPlain,
    openLocked,
    former,
    openFormer,
    sealAccount,
  }
}

export function deviceOf({ identity, box }: VaultRecord): Device {
  return { identity, box }
}

export const lockedVault = (): EffigyError => new EffigyError('vault-locked', 'The vault is locked.')
export const damagedVault = (): EffigyError =>
  new EffigyError('vault-damaged', 'The vault of this browser is damaged.')
