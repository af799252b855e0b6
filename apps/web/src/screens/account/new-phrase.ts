/**
 * New words for an account. The list of words is long: this module is loaded when it is needed.
 *
 * @module
 */
import { createPhrase } from '@effigy/core'

/** Twelve of them, by chance. */
export function newPhrase(): string {
  return createPhrase((length) => crypto.getRandomValues(new Uint8Array(length)))
}
