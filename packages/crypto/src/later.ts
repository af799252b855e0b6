/**
 * Libraries that not everybody needs. Outside browsers they are simply there; `browser/later.ts`, which stands in for this
 * module there, loads them when they are asked for (decision 0022).
 *
 * @module
 */
import * as age from 'age-encryption'

export type AgeLibrary = Pick<typeof age, 'Decrypter' | 'Encrypter' | 'Stanza'>

export function loadAge(): AgeLibrary | Promise<AgeLibrary> {
  return age
}
