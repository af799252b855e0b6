import { createNobleCrypto } from '@effigy/crypto/noble'
import { expect, test } from 'vitest'
import { testSeed, testSigner } from './identities.ts'

test('a name always gives the same seed, and another name another', () => {
  expect(testSeed('alice')).toEqual(testSeed('alice'))
  expect(testSeed('alice')).not.toEqual(testSeed('bob'))
  expect(testSeed('alice')).toHaveLength(32)
})

test('seeds are pinned, so that fixtures keep their names', () => {
  expect(Buffer.from(testSeed('alice')).toString('hex')).toMatchInlineSnapshot(
    `"5e33b581d99f5b45bbc9213c9cfb3c4452e879ffbb1419c8f6f331a24e1fb314"`,
  )
})

test('a signer is made once, and what it signs verifies under its key', async () => {
  const alice = await testSigner('alice')
  expect(await testSigner('alice')).toBe(alice)
  const message = new TextEncoder().encode('a message of this test')
  const signature = await alice.signBytes(message)
  const { publicKey } = alice
  const bob = await testSigner('bob')
  expect(
    await createNobleCrypto().verify([
      { publicKey, message, signature },
      { publicKey: bob.publicKey, message, signature },
    ]),
  ).toEqual([true, false])
})
