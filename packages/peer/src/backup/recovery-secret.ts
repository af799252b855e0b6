/**
 * The recovery key of an account, out of its words (spec D4): it opens what was sealed to the account.
 *
 * @module
 */
import { deriveRecoveryKey, phraseSeed } from '@effigy/core'
import { phraseOf } from '../account/words.ts'

/** X25519, 32 bytes: a secret. Throws `EffigyError` 'phrase-invalid'. */
export async function recoverySecret(typed: string): Promise<Uint8Array> {
  return deriveRecoveryKey(await phraseSeed(phraseOf(typed))).secret
}
