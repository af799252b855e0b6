/**
 * The hub's folder: made on the first start, and known to be writable before anything is opened.
 *
 * @module
 */
import { accessSync, constants, mkdirSync } from 'node:fs'
import { createHome, isHome } from '@effigy/peer/node'

/** Throws the system's error, or what `createHome` throws. */
export async function prepareHome(home: string): Promise<void> {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK)
  if (!isHome(home)) await createHome(home)
}
