/**
 * What a browser loads when it is first needed (decision 0022).
 *
 * @module
 */
import type { AgeLibrary } from '../later.ts'

/** With its curves and the post-quantum recipients that nobody here has, it is 30 KB. */
export function loadAge(): AgeLibrary | Promise<AgeLibrary> {
  return import('age-encryption')
}
