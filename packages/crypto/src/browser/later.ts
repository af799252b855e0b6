/**
 * What a browser loads when it is first needed (decision 0022).
 *
 * @module
 */
import { loadPart } from '@effigy/core'
import type { AgeParts, ScryptFunction } from '../later.ts'

/** 30 KB, most of it curves and post-quantum recipients that nobody here has. */
export function loadAge(): AgeParts | Promise<AgeParts> {
  return loadPart(() => import('../age-parts.ts'))
}

export async function loadScrypt(): Promise<ScryptFunction> {
  const { scryptAsync } = await loadPart(() => import('@noble/hashes/scrypt.js'))
  return scryptAsync
}
