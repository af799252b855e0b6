/**
 * scrypt of OpenSSL, on a thread of Node's own.
 *
 * @module
 */
import { scrypt } from 'node:crypto'
import { EffigyError } from '@effigy/core'
import type { Scrypt } from '../passphrase.ts'

/** Throws `EffigyError` 'memory' where the machine has too little for it. */
export const nodeScrypt: Scrypt = (password, salt, factor) => {
  const cost = 2 ** factor
  // 128 · N · r bytes, and some room for its own.
  const options = { cost, blockSize: 8, parallelization: 1, maxmem: 1024 * cost + 64 * 1024 * 1024 }
  return new Promise((resolve, reject) => {
    scrypt(password, salt, 32, options, (cause, key) => {
      if (cause === null) resolve(new Uint8Array(key))
      else
        reject(
          new EffigyError('memory', `scrypt needs ${cost / 1024} MiB of memory, which is not there`, {
            cause,
          }),
        )
    })
  })
}
