/**
 * The part of the self-test (self-test.ts) that those who only verify pass.
 *
 * @module
 */
import { hexToBytes } from '@noble/hashes/utils.js'
import type { Crypto } from './crypto.ts'
import { signatureCases } from './self-test-signatures.ts'

/** Whether it gives the verdicts of the strict rule (spec K1) on the signatures that verifiers differ on. Rejects as `verify` does. */
export async function passesSignatureCases(verify: Crypto['verify']): Promise<boolean> {
  const verdicts = await verify(
    signatureCases.map(([, , publicKey, message, signature]) => ({
      publicKey: hexToBytes(publicKey),
      message: hexToBytes(message),
      signature: hexToBytes(signature),
    })),
  )
  return (
    verdicts.length === signatureCases.length &&
    signatureCases.every(([valid], index) => verdicts[index] === valid)
  )
}
