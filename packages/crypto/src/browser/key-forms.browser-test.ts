/** Which form keys take on which platform: what does not prove itself is not used. */
import { expect, test, vi } from 'vitest'
import { altered, vaultPlace, webcrypto, withoutCurves } from '../../test/vault-place.ts'

const passphrase = 'correct horse battery'

test('[K12] where WebCrypto comes and goes, a locked vault opens either way, and says how it is protected', async () => {
  await using at = vaultPlace()
  const noCurves = withoutCurves()
  let publicKey: Uint8Array
  {
    const vault = await at.open({ subtle: noCurves })
    await vault.create(passphrase)
    expect(vault.protection).toBe('sealed')
    publicKey = vault.signer.publicKey
  }
  for (const [subtle, protection] of [
    [crypto.subtle, 'non-extractable'],
    [noCurves, 'sealed'],
  ] as const) {
    const vault = await at.open({ subtle })
    expect((await vault.unlock(passphrase)).ok).toBe(true)
    expect([vault.protection, vault.signer.publicKey]).toEqual([protection, publicKey])
  }
})

test('[K12] [T2] what does not prove itself is not used: the vault says so, and works', async () => {
  const { subtle } = crypto
  const refuse = () => Promise.reject(new DOMException('', 'NotSupportedError'))
  const oddities: Partial<Record<keyof SubtleCrypto, unknown>>[] = [
    { sign: async () => new ArrayBuffer(64) },
    { deriveBits: async () => new ArrayBuffer(32) },
    { wrapKey: refuse },
    {
      generateKey: (...asked: Parameters<SubtleCrypto['generateKey']>) =>
        subtle.generateKey(asked[0], asked[1] || typeof asked[0] === 'string', asked[2]),
    },
    {
      unwrapKey: (...asked: Parameters<SubtleCrypto['unwrapKey']>) =>
        subtle.unwrapKey(...(asked.with(5, asked[0] === 'pkcs8' || asked[5]) as typeof asked)),
    },
  ]
  for (const odd of oddities) {
    await using at = vaultPlace()
    const vault = await at.open({ subtle: altered(odd) })
    expect(await vault.create()).toBe(true)
    expect([vault.protection, vault.state]).toEqual(['sealed', 'plain'])
    const message = new Uint8Array(3)
    const { publicKey, signBytes } = vault.signer
    const check = { publicKey, message, signature: await signBytes(message) }
    expect(await (await webcrypto).verify([check])).toEqual([true])
  }
})

test('[K12] keys that the database does not give back are kept sealed', async () => {
  await using at = vaultPlace()
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(() => {
    throw new DOMException('', 'DataCloneError')
  })
  const vault = await at.open()
  expect(await vault.create()).toBe(true)
  put.mockRestore()
  expect([vault.state, vault.protection]).toEqual(['plain', 'sealed'])
  expect((await at.open()).signer.publicKey).toEqual(vault.signer.publicKey)
})
