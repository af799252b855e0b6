/**
 * Debian's Chromium, with nothing of it calling home.
 *
 * @module
 */
import { existsSync } from 'node:fs'

export const chromiumPath: string = process.env.EFFIGY_CHROMIUM ?? '/usr/bin/chromium'

/** Null: tests that need one skip. */
export const noBrowser: string | null = existsSync(chromiumPath) ? null : 'chromium is not installed'

export const chromiumArguments: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
