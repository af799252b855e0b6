/**
 * scrypt in JavaScript, for browsers: WebCrypto has none. In a worker, where its second disturbs nobody.
 *
 * @module
 */
import { scryptAsync } from '@noble/hashes/scrypt.js'
import { maxPassphraseFactor, type Scrypt } from './passphrase.ts'

/** The library's own bound on memory is for N = 2^20 and no more. */
const maxmem: number = 2 ** (maxPassphraseFactor + 10) + 1024 * 1024

export const nobleScrypt: Scrypt = (password, salt, factor) =>
  scryptAsync(password, salt, { N: 2 ** factor, r: 8, p: 1, dkLen: 32, maxmem })
