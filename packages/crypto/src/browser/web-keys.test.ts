import { expect, test } from 'vitest'
import { webAgreementKey } from './web-keys.ts'

test('[K3] [K6] a bad key of theirs gives nothing; our own that does not work is told apart', async () => {
  const { subtle } = globalThis.crypto
  const pair = (await subtle.generateKey('X25519', false, ['deriveBits'])) as CryptoKeyPair
  const publicKey = new Uint8Array(await subtle.exportKey('raw', pair.publicKey))
  const own = webAgreementKey(subtle, pair.privateKey, publicKey)
  expect(await own.agree(publicKey)).toHaveLength(32)
  expect(await own.agree(new Uint8Array(32))).toBeNull()
  expect(await own.agree(new Uint8Array(31))).toBeNull()
  // A key of the platform's that it does not give any more: whatever it is asked with, it fails.
  const gone = webAgreementKey(subtle, pair.publicKey, publicKey)
  await expect(gone.agree(publicKey)).rejects.toThrow()
  await expect(gone.agree(new Uint8Array(32))).rejects.toThrow()
})
