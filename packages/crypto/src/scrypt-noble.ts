/**
 * scrypt in JavaScript, for browsers: WebCrypto has none. In a worker, where its second disturbs nobody.
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import { loadScrypt } from '#later'
import { maxPassphraseFactor, type Scrypt } from './passphrase.ts'

/** The library's own bound on memory is for N = 2^20 and no more. */
const maxmem: number = 2 ** (maxPassphraseFactor + 10) + 1024 * 1024

/** Throws `EffigyError` 'memory' where the browser gives too little for it. */
export const nobleScrypt: Scrypt = async (password, salt, factor) => {
  const scryptAsync = await loadScrypt()
  try {
    return await scryptAsync(password, salt, { N: 2 ** factor, r: 8, p: 1, dkLen: 32, maxmem })
  } catch (cause) {
    // How a browser says that it has no room for an array.
    if (!(cause instanceof RangeError)) throw cause
    const message = `scrypt needs ${2 ** factor / 1024} MiB of memory, which is not there`
    throw new EffigyError('memory', message, { cause })
  }
}
