/**
 * The operator's key: 32 random bytes in a file of the home that nobody else on the machine can read.
 *
 *     first start ─▶ HOME/admin-key (0600)      Authorization: Bearer KEY ─▶ compared in constant time
 *
 * @module
 */
import { timingSafeEqual } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { EffigyError, encodeBase64url, parseBase64url, type RandomBytes } from '@effigy/core'

export const keyFileName = 'admin-key'

const keyBytes = 32

/**
 * Made where there is none, by whoever has the home alone; one that others of the machine could read is shut. Throws the system's errors, and `EffigyError` 'admin-key' where
 * the file is no key.
 */
export function prepareKey(home: string, random: RandomBytes): Uint8Array {
  const path = join(home, keyFileName)
  const known = readKey(path)
  if (known !== null) {
    if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600)
    return known
  }
  const key = random(keyBytes)
  // Whole or not at all.
  const fresh = `${path}.${encodeBase64url(random(6))}`
  const file = openSync(fresh, 'wx', 0o600)
  try {
    writeSync(file, `${encodeBase64url(key)}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(fresh, path)
  return key
}

/** Null when there is no such file. Throws as `prepareKey`. */
export function readKey(path: string): Uint8Array | null {
  let text: string
  try {
    text = readFileSync(path, 'latin1').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const key = text.length === 43 ? parseBase64url(text) : null
  return key?.length === keyBytes ? key : fault(path)
}

function fault(path: string): never {
  throw new EffigyError(
    'admin-key',
    `${path} does not hold a key of administration. Move it away and start the hub again: it makes another.`,
  )
}

/** Whether `shown` is the key as text. What differs in length is compared all the same. */
export function isKey(key: Uint8Array, shown: string): boolean {
  const bytes = shown.length === 43 ? parseBase64url(shown) : null
  const isSame = timingSafeEqual(key, bytes?.length === keyBytes ? bytes : new Uint8Array(keyBytes))
  return bytes !== null && isSame
}
