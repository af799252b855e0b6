/** The vault in IndexedDB does what every vault does: with WebCrypto's keys, and where it has none. */

import { type ContractVault, vaultContract } from '../../test/vault-contract.ts'
import { createBrowserCrypto } from '../browser.ts'
import type { Crypto } from '../crypto.ts'
import { openVaultDatabase, wipeVaultDatabase } from './vault-database.ts'

const webcrypto = createBrowserCrypto()
let places = 0

for (const [name, subtle] of [
  ['IndexedDB', crypto.subtle],
  ['IndexedDB without Ed25519 and X25519', withoutCurves()],
] as const) {
  vaultContract(
    name,
    () => webcrypto,
    async () => {
      const place = `contract-${name}-${places++}`
      const made: Disposable[] = []
      return {
        async open() {
          const { vault, opened } = await open(place, subtle, await webcrypto)
          made.push(opened)
          return vault
        },
        async [Symbol.asyncDispose]() {
          for (const each of made) each[Symbol.dispose]()
          await wipeVaultDatabase({ name: place })
        },
      }
    },
  )
}

async function open(
  name: string,
  subtle: SubtleCrypto,
  crypto: Crypto,
): Promise<{ readonly vault: ContractVault; readonly opened: Disposable }> {
  const vault = await openVaultDatabase({ name, crypto, subtle, factor: 4 })
  return {
    opened: vault,
    vault: {
      get state() {
        return vault.state
      },
      get instance() {
        return vault.read()?.instance ?? null
      },
      keys: async () => ({ signer: vault.signer, boxKey: vault.boxKey }),
      account: vault.account,
      create: vault.create,
      newInstance: vault.newInstance,
      unlock: vault.unlock,
      lock: vault.lock,
      wipe: vault.wipe,
    },
  }
}

function withoutCurves(): SubtleCrypto {
  return new Proxy(crypto.subtle, {
    get(target, name: keyof SubtleCrypto) {
      if (name === 'generateKey') {
        return (algorithm: AesKeyGenParams | string, ...more: [boolean, KeyUsage[]]) =>
          typeof algorithm === 'string'
            ? Promise.reject(new DOMException('', 'NotSupportedError'))
            : target.generateKey(algorithm, ...more)
      }
      return target[name].bind(target)
    },
  })
}
