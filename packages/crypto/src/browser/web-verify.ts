/**
 * The strict rule (spec K1) over WebCrypto's own verifier.
 *
 *     check ─bytes, sound key (strict.ts)─▶ subtle.verify ─▶ verdict
 *
 * @module
 */
import type { SignatureCheck } from '@effigy/core'
import type { Crypto } from '../crypto.ts'
import { rememberPromiseByKey } from '../key-table.ts'
import { mayBeSignature } from '../strict.ts'
import { source } from './web-keys.ts'

/** Checks handed to WebCrypto at once; between portions the thread takes other events. */
const portionLength = 64

export function createWebVerify(subtle: SubtleCrypto, isSoundKey: Crypto['isSoundKey']): Crypto['verify'] {
  const verifyingKey = rememberPromiseByKey((publicKey) =>
    subtle.importKey('raw', publicKey.slice(), 'Ed25519', false, ['verify']),
  )

  async function verifyOne({ publicKey, message, signature }: SignatureCheck): Promise<boolean> {
    if (!mayBeSignature({ publicKey, message, signature }) || !isSoundKey(publicKey)) return false
    const key = await verifyingKey(publicKey)
    return subtle.verify('Ed25519', key, source(signature), source(message))
  }

  return async (checks) => {
    const verdicts: boolean[] = []
    for (let at = 0; at < checks.length; at += portionLength) {
      verdicts.push(...(await Promise.all(checks.slice(at, at + portionLength).map(verifyOne))))
    }
    return verdicts
  }
}
