/// <reference types="vite/types/importMeta.d.ts" />
/**
 * Every contract of this package, as a browser keeps it: in a page, and in a worker as well.
 *
 * @module
 */
import box from '../../../spec/vectors/box.json' with { type: 'json' }
import signatures from '../../../spec/vectors/ed25519.json' with { type: 'json' }
import sealed from '../../../spec/vectors/sealed.json' with { type: 'json' }
import stream from '../../../spec/vectors/stream.json' with { type: 'json' }
import { createBrowserCrypto, openVaultDatabase, wipeVaultDatabase } from '../src/browser.ts'
import type { Crypto } from '../src/crypto.ts'
import { createNobleCrypto } from '../src/noble.ts'
import { cryptoContract } from './crypto-contract.ts'
import { privateContract } from './private-contract.ts'
import { type Suite, suiteHere } from './suite.ts'
import { type ContractVault, type VaultPlace, vaultContract } from './vault-contract.ts'
import { withoutCurves } from './vault-place.ts'
import type { PublicVectors } from './vectors.ts'

/** Empty where the public vectors are not present beside the repository. */
const files: Record<string, unknown> = import.meta.glob(
  '../../../../shared/vectors/wycheproof/{ed25519,x25519,chacha20_poly1305,xchacha20_poly1305}_test.json',
  { eager: true, import: 'default' },
)
const file = (name: string): unknown =>
  Object.entries(files).find(([path]) => path.endsWith(`/${name}_test.json`))?.[1]

const published =
  Object.keys(files).length < 4
    ? null
    : ({
        ed25519: file('ed25519'),
        x25519: file('x25519'),
        chacha20Poly1305: file('chacha20_poly1305'),
        xchacha20Poly1305: file('xchacha20_poly1305'),
      } as PublicVectors)

let places = 0

/** `place`: of vaults, so that a page and its worker do not meet. */
export function browserContracts(place: string, suite: Suite = suiteHere): void {
  const opening = createBrowserCrypto()
  const webcrypto = () => opening
  const noble = createNobleCrypto()
  cryptoContract('Chromium', webcrypto, { signatures, published }, suite)
  cryptoContract('noble in Chromium', async () => noble, { signatures, published }, suite)
  privateContract('Chromium', webcrypto, { box, sealed, stream }, suite)
  for (const [name, subtle] of [
    ['IndexedDB', crypto.subtle],
    ['IndexedDB without Ed25519 and X25519', withoutCurves()],
  ] as const) {
    vaultContract(
      name,
      webcrypto,
      async () => vaultPlace(`${place}-${places++}`, subtle, await opening),
      suite,
    )
  }
}

function vaultPlace(name: string, subtle: SubtleCrypto, crypto: Crypto): VaultPlace {
  const made: Disposable[] = []
  return {
    async open() {
      const { vault, opened } = await open(name, subtle, crypto)
      made.push(opened)
      return vault
    },
    async [Symbol.asyncDispose]() {
      for (const each of made) each[Symbol.dispose]()
      await wipeVaultDatabase({ name })
    },
  }
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
