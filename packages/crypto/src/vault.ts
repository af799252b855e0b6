/**
 * The vault port (DESIGN 4): the secrets that never leave this device.
 *
 *     device seed, box secret, synod key of a main device, phrase until confirmed ─▶ Vault ─▶ node/vault-file.ts
 *
 * The instance number is renewed at each open and stands in the store too: when
 * the two differ, one of them was restored from a copy (DESIGN 2.3).
 *
 * @module
 */
import { err, ok, parseBase64url, parseStrictJson, type Result } from '@effigy/core'

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

/** All methods throw `EffigyError`: 'vault' when it is damaged or cannot be reached, 'vault-exposed' when others can read it. */
export interface Vault {
  /** Null when nothing was stored yet. */
  read(): VaultContents | null
  /** Stores the first contents, durable on return; false, and nothing is changed, when there are some already. */
  create(contents: VaultContents): boolean
  /** All or nothing, and durable on return. */
  replace(contents: VaultContents): void
  /** Raises the instance number and returns it; throws 'vault' when nothing was stored yet. */
  newInstance(): number
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
    (phrase === null || (typeof phrase === 'string' && phrase.length <= maxPhraseLength)) &&
    secret !== undefined &&
    Object.keys(rest).length === 0
  return whole ? ok({ v: 2, instance, seed, box, phrase, synod: secret }) : err({ code: 'fields' })
}

export function writeVaultContents({ instance, seed, box, phrase, synod }: VaultContents): string {
  const secret = synod === null ? null : { key: synod.key, n: synod.n }
  return JSON.stringify({ v: 2, instance, seed, box, phrase, synod: secret })
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
