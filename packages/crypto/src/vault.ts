/**
 * The vault port: the secrets that never leave this device.
 *
 *     device seed, box secret, synod key of a main device, phrase until confirmed ─▶ Vault ─▶ node/vault-file.ts
 *     plain ─changePassphrase▶ unlocked ─lock▶ locked ─unlock▶ unlocked ─changePassphrase(null)▶ plain
 *
 * The instance number is renewed at each open and stands in the store too: when
 * the two differ, one of them was restored from a copy.
 *
 * @module
 */
import { EffigyError, err, ok, parseBase64url, parseStrictJson, type Result } from '@effigy/core'

export interface VaultContents {
  readonly v: 2
  /** Positive; one more at each `newInstance`. */
  readonly instance: number
  /** The Ed25519 seed of this device, 32 bytes in base64url. */
  readonly seed: string
  /** The X25519 secret of this device, 32 bytes in base64url. */
  readonly box: string
  /** The account's words, until the person confirmed to have them; then null. */
  readonly phrase: string | null
  /** The account's key, on its main device alone; null on every other. */
  readonly synod: SynodSecret | null
}

/** Synod key `n` of an account (spec D4): who holds it speaks for the account. */
export interface SynodSecret {
  /** Its Ed25519 seed, 32 bytes in base64url. */
  readonly key: string
  /** Moves of the account before it, from 0. */
  readonly n: number
}

/**
 * Reading is synchronous, of what a driver has at hand; writing may have to wait for a database. All methods throw or
 * reject with `EffigyError`: 'vault' when it cannot be reached or was written by a newer version, 'vault-damaged',
 * 'vault-exposed' when others can read it, 'vault-locked' while it waits for its passphrase.
 */
export interface Vault {
  /** Null when nothing was stored yet. */
  read(): VaultContents | null
  /** Stores the first contents, durable on return; false, and nothing is changed, when there are some already. */
  create(contents: VaultContents): Promise<boolean>
  /** All or nothing, and durable on return. */
  replace(contents: VaultContents): Promise<void>
  /** Raises the instance number and gives it; rejects with 'vault' when nothing was stored yet. */
  newInstance(): Promise<number>
}

/** What an account keeps on this device. */
export type AccountSecrets = Pick<VaultContents, 'phrase' | 'synod'>

/**
 * The account's part of a vault, all that a running peer reads and writes of it: the device's own keys come to it as
 * `Signer` and `AgreementKey`, and may be such as nobody can read. Throws and rejects as `Vault`.
 */
export interface AccountVault {
  /** Null where nothing was stored yet. */
  read(): AccountSecrets | null
  /** All or nothing, and durable on return; rejects with 'vault' where nothing was stored yet. */
  keep(secrets: AccountSecrets): Promise<void>
}

/** The account's part of a vault whose contents can be read. */
export function accountVault(vault: Pick<Vault, 'read' | 'replace'>): AccountVault {
  return {
    read() {
      const contents = vault.read()
      return contents === null ? null : { phrase: contents.phrase, synod: contents.synod }
    },
    async keep({ phrase, synod }) {
      const contents = vault.read()
      if (contents === null) throw new EffigyError('vault', 'there is no vault')
      await vault.replace({ ...contents, phrase, synod })
    },
  }
}

/** `plain`: without a passphrase. */
export type VaultState = 'empty' | 'plain' | 'locked' | 'unlocked'

/** A vault with a passphrase: what stands on the disk is sealed, what a running peer needs is in memory alone. */
export interface LockableVault extends Vault {
  readonly state: VaultState
  /** With a passphrase it is never there without; rejects as `changePassphrase` does. */
  create(contents: VaultContents, passphrase?: string): Promise<boolean>
  /** Any passphrase opens a vault that has none. No number of wrong ones locks anybody out. */
  unlock(passphrase: string): Promise<Result<null, UnlockFault>>
  /** Forgets what `unlock` learned; nothing on the disk changes. */
  lock(): void
  /**
   * Seals it under another passphrase, or, with null, under none: all or nothing, and no copy in the former shape is
   * left under any name. For who alone has the home open, as `tidy` and `wipe`: it writes over files. Rejects with 'passphrase-short', 'passphrase-long'; 'vault' when nothing was stored yet.
   */
  changePassphrase(passphrase: string | null): Promise<void>
  /** Writes over and removes what a crash has left beside it, which may be a copy in the clear. */
  tidy(): void
  /** Removes all of it: nobody speaks as this device again. */
  wipe(): Promise<void>
}

/**
 * `passphrase-wrong`: or the part that only the passphrase opens was altered, which nobody can tell from it.
 * `work-factor`: it asks for more work than a vault of ours ever does.
 */
export interface UnlockFault {
  readonly code: 'passphrase-wrong' | 'vault-damaged' | 'work-factor'
}

export interface VaultFault {
  readonly code: 'encoding' | 'version' | 'fields'
}

/** A phrase has at most 24 words of 8 letters. */
const maxPhraseLength = 24 * 9

/** Reads what `writeVaultContents` wrote, version 1 too, which knew no accounts. The caller has bounded its length. */
export function parseVaultContents(text: string): Result<VaultContents, VaultFault> {
  const parsed = parseStrictJson(text)
  if (!parsed.ok) return err({ code: 'encoding' })
  const value = parsed.value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return err({ code: 'fields' })
  const { v, instance, seed, box, phrase, synod, ...rest } = value as Record<string, unknown>
  if (Number.isSafeInteger(v) && (v as number) > 2) return err({ code: 'version' })
  const secret = v === 1 ? (synod === undefined ? null : undefined) : parseSynodSecret(synod)
  const whole =
    (v === 1 || v === 2) &&
    typeof instance === 'number' &&
    instance > 0 &&
    isSecret(seed) &&
    isSecret(box) &&
    isPhrase(phrase) &&
    secret !== undefined &&
    Object.keys(rest).length === 0
  return whole ? ok({ v: 2, instance, seed, box, phrase, synod: secret }) : err({ code: 'fields' })
}

/** Secrets in the clear: for the vault's own file, or what locks it. `parseVaultContents` reads it. */
export function writeVaultContents({ instance, seed, box, phrase, synod }: VaultContents): string {
  const secret = synod === null ? null : { key: synod.key, n: synod.n }
  return JSON.stringify({ v: 2, instance, seed, box, phrase, synod: secret })
}

/** Reads what `writeAccountSecrets` wrote: null for anything else. The caller has bounded its length. */
export function parseAccountSecrets(text: string): AccountSecrets | null {
  const parsed = parseStrictJson(text)
  const value = parsed.ok ? parsed.value : null
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const { phrase, synod, ...rest } = value as Record<string, unknown>
  const secret = parseSynodSecret(synod)
  const isWhole = isPhrase(phrase) && secret !== undefined && Object.keys(rest).length === 0
  return isWhole ? { phrase, synod: secret } : null
}

export function writeAccountSecrets({ phrase, synod }: AccountSecrets): string {
  return JSON.stringify({ phrase, synod: synod === null ? null : { key: synod.key, n: synod.n } })
}

function isPhrase(value: unknown): value is string | null {
  return value === null || (typeof value === 'string' && value.length <= maxPhraseLength)
}

/** Undefined when it is none. */
function parseSynodSecret(value: unknown): SynodSecret | null | undefined {
  if (value === null) return null
  if (typeof value !== 'object' || Array.isArray(value)) return undefined
  const { key, n, ...rest } = value as Record<string, unknown>
  const isWhole = typeof n === 'number' && Number.isSafeInteger(n) && n >= 0 && n < 2 ** 31
  return isSecret(key) && isWhole && Object.keys(rest).length === 0 ? { key, n } : undefined
}

function isSecret(value: unknown): value is string {
  return typeof value === 'string' && value.length === 43 && parseBase64url(value) !== null
}
