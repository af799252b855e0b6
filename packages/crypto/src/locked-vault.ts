/**
 * Contents of a vault under a passphrase: an age file of one recipient, which `age -d` opens too (spec Z3).
 *
 *     passphrase ─scrypt, once▶ header, file key ─▶ VaultSeal        contents ⏎ spaces to 2 KiB ─a new nonce each time▶ payload
 *
 * The header stays for as long as the passphrase does, so that a change of the contents costs no second of scrypt. Every
 * file has the same length: none tells whether the words, or an account's key, are in it.
 *
 * @module
 */
import { concatBytes, err, parseUtf8, type Result, utf8 } from '@effigy/core'
import {
  type AgeHeader,
  ageHeaderLength,
  agePayloadKey,
  agePayloadNonceBytes,
  createAgeHeader,
  openAgeHeader,
  openAgePiece,
  sealAgePiece,
} from './age-file.ts'
import { type PassphrasePorts, passphraseIdentity, passphraseRecipient } from './passphrase.ts'
import type { UnlockFault } from './vault.ts'

/** What the passphrase gave: a secret, in memory alone. */
export type VaultSeal = AgeHeader

/** Bytes that contents are filled up to: several times what the longest take. */
export const lockedVaultBytes = 2048

const tagLength = 16
const ageStart = utf8('age-encryption.org/')
const space = 0x20

/** Plain contents begin with a brace. */
export function isLockedVault(file: Uint8Array): boolean {
  return ageStart.every((byte, index) => file[index] === byte)
}

/** `factor` is for tests. */
export function createVaultSeal(
  passphrase: string,
  ports: PassphrasePorts,
  factor?: number,
): Promise<VaultSeal> {
  return createAgeHeader([passphraseRecipient(passphrase, ports, factor)])
}

/** What can be told without the passphrase is told before any work is done. */
export async function openVaultSeal(
  file: Uint8Array,
  passphrase: string,
  ports: PassphrasePorts,
): Promise<Result<VaultSeal, UnlockFault>> {
  const parts = split(file)
  if (parts === null) return err({ code: 'vault-damaged' })
  const header = await openAgeHeader(parts.header, [passphraseIdentity(passphrase, ports)])
  if (header.ok) return header
  const { code } = header.error
  return err({ code: code === 'passphrase-wrong' || code === 'work-factor' ? code : 'vault-damaged' })
}

/** Whether that is what opens this file. */
export function isSealOf(seal: VaultSeal, file: Uint8Array): boolean {
  const header = split(file)?.header
  return header?.length === seal.bytes.length && header.every((byte, index) => byte === seal.bytes[index])
}

/** `text`: at most `lockedVaultBytes`. */
export function sealVault(
  { bytes, fileKey }: VaultSeal,
  text: string,
  { crypto }: Pick<PassphrasePorts, 'crypto'>,
): Uint8Array {
  const contents = utf8(text)
  if (contents.length > lockedVaultBytes) throw new TypeError('contents too long for a vault')
  const padded = new Uint8Array(lockedVaultBytes).fill(space)
  padded.set(contents)
  const nonce = crypto.randomBytes(agePayloadNonceBytes)
  const sealed = sealAgePiece(agePayloadKey(fileKey, nonce, crypto), 0, true, padded, crypto)
  return concatBytes(bytes, nonce, sealed)
}

/** Null when it was altered. */
export function openVault(
  { fileKey }: VaultSeal,
  file: Uint8Array,
  { crypto }: Pick<PassphrasePorts, 'crypto'>,
): string | null {
  const parts = split(file)
  if (parts === null) return null
  const key = agePayloadKey(fileKey, parts.nonce, crypto)
  const padded = openAgePiece(key, 0, true, parts.sealed, crypto)
  const text = padded === null ? null : parseUtf8(padded)
  return text?.replace(/ +$/, '') ?? null
}

function split(
  file: Uint8Array,
): { readonly header: Uint8Array; readonly nonce: Uint8Array; readonly sealed: Uint8Array } | null {
  const length = ageHeaderLength(file)
  if (!length.ok) return null
  const at = length.value + agePayloadNonceBytes
  if (file.length !== at + lockedVaultBytes + tagLength) return null
  return {
    header: file.subarray(0, length.value),
    nonce: file.subarray(length.value, at),
    sealed: file.subarray(at),
  }
}
