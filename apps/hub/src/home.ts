/**
 * The hub's folder: made on the first start, and known to be writable before anything is opened.
 *
 * @module
 */
import { accessSync, constants, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { EffigyError } from '@effigy/core'
import { openVaultFile } from '@effigy/crypto/node'
import { createHome, isHome } from '@effigy/peer/node'
import { assertFinished } from './backup/unfinished.ts'

/**
 * Throws the system's error, what `createHome` throws, and `EffigyError` 'restore-unfinished', and 'vault-plain' where a passphrase is given and the
 * vault has none: keys that somebody thinks are locked must not lie there open.
 */
export async function prepareHome(home: string, passphrase: string | null = null): Promise<void> {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK)
  assertFinished(home)
  if (!isHome(home)) await createHome(home, passphrase === null ? {} : { passphrase })
  if (passphrase === null || openVaultFile(join(home, 'vault.json')).state === 'locked') return
  throw new EffigyError('vault-plain', `the vault of ${home} has no passphrase`)
}
