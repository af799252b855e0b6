/**
 * AES-256-GCM by WebCrypto, for what a vault keeps unreadable (spec K11): each sealed thing opens in its place alone.
 *
 *     bytes or key, place ─▶ { nonce 12, bytes ‖ tag 16 }
 *
 * @module
 */
import { concatBytes, utf8 } from '@effigy/core'
import { source } from './web-keys.ts'

export interface Sealed {
  /** 12 bytes, of one use. */
  readonly nonce: Uint8Array
  /** With the tag of 16 bytes behind. */
  readonly bytes: Uint8Array
}

/** Its public keys, 32 bytes each. */
export interface Device {
  readonly identity: Uint8Array
  readonly box: Uint8Array
}

/** What is sealed where: a record's parts do not open in place of each other, nor in the vault of another device. */
export interface Place extends Device {
  readonly role: 'lock' | 'sign' | 'agree' | 'account-key' | 'account'
}

const nonceLength = 12
const tagLength = 16

/** The longest thing that is sealed, bytes. */
const maxLength = 4096

export const aesKeyBytes = 32

export function aesGcm(place: Place, nonce: Uint8Array): AesGcmParams {
  const associated = concatBytes(utf8(`effigy/vault/1\n${place.role}\n`), place.identity, place.box)
  return { name: 'AES-GCM', iv: source(nonce), additionalData: source(associated), tagLength: tagLength * 8 }
}

export function newNonce(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(nonceLength))
}

export async function sealBytes(
  subtle: SubtleCrypto,
  key: CryptoKey,
  place: Place,
  bytes: Uint8Array,
): Promise<Sealed> {
  const nonce = newNonce()
  return { nonce, bytes: new Uint8Array(await subtle.encrypt(aesGcm(place, nonce), key, source(bytes))) }
}

/** Null when it was altered, or stood elsewhere, or the key is another. */
export async function openBytes(
  subtle: SubtleCrypto,
  key: CryptoKey,
  place: Place,
  { nonce, bytes }: Sealed,
): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await subtle.decrypt(aesGcm(place, nonce), key, source(bytes)))
  } catch {
    return null
  }
}

export async function wrapKey(
  subtle: SubtleCrypto,
  format: 'raw' | 'pkcs8',
  key: CryptoKey,
  by: CryptoKey,
  place: Place,
): Promise<Sealed> {
  const nonce = newNonce()
  return { nonce, bytes: new Uint8Array(await subtle.wrapKey(format, key, by, aesGcm(place, nonce))) }
}

/** Null as `openBytes`. */
export async function unwrapKey(
  subtle: SubtleCrypto,
  format: 'raw' | 'pkcs8',
  { nonce, bytes }: Sealed,
  by: CryptoKey,
  place: Place,
  as: {
    readonly algorithm: string
    readonly isExtractable: boolean
    readonly usages: readonly KeyUsage[]
  },
): Promise<CryptoKey | null> {
  try {
    const { algorithm, isExtractable, usages } = as
    const parameters = aesGcm(place, nonce)
    return await subtle.unwrapKey(format, source(bytes), by, parameters, algorithm, isExtractable, [
      ...usages,
    ])
  } catch {
    return null
  }
}

/** A new AES-256 key. */
export function newAesKey(
  subtle: SubtleCrypto,
  isExtractable: boolean,
  usages: readonly KeyUsage[],
): Promise<CryptoKey> {
  return subtle.generateKey({ name: 'AES-GCM', length: aesKeyBytes * 8 }, isExtractable, [...usages])
}

/** The same of 32 bytes. */
export function aesKeyOf(
  subtle: SubtleCrypto,
  bytes: Uint8Array,
  usages: readonly KeyUsage[],
): Promise<CryptoKey> {
  return subtle.importKey('raw', source(bytes), 'AES-GCM', false, [...usages])
}

export function isSealed(value: unknown): value is Sealed {
  if (typeof value !== 'object' || value === null) return false
  const { nonce, bytes } = value as Partial<Sealed>
  const isNonce = nonce instanceof Uint8Array && nonce.length === nonceLength
  return isNonce && bytes instanceof Uint8Array && bytes.length >= tagLength && bytes.length <= maxLength
}
