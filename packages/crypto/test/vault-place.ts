/**
 * Vaults of a browser for tests: a place of its own each, gone afterwards, and what any script of the origin can do there.
 *
 * @module
 */

import type { VaultDatabaseOptions } from '../src/browser/vault-database.ts'
import { openVaultTable } from '../src/browser/vault-table.ts'
import {
  createBrowserCrypto,
  openVaultDatabase,
  type VaultDatabase,
  wipeVaultDatabase,
} from '../src/browser.ts'

export const webcrypto = createBrowserCrypto()
let places = 0

export interface TestPlace extends AsyncDisposable {
  readonly name: string
  /** As another tab does. */
  open(options?: Partial<VaultDatabaseOptions>): Promise<VaultDatabase>
  /** What stands there. */
  read(): Promise<unknown>
  /** Puts something else in its place. */
  edit(work: (record: unknown) => unknown): Promise<void>
}

export function vaultPlace(): TestPlace {
  const name = `test-${Date.now().toString(36)}-${places++}`
  const made: VaultDatabase[] = []
  return {
    name,
    async open(options) {
      const vault = await openVaultDatabase({ name, crypto: await webcrypto, factor: 4, ...options })
      made.push(vault)
      return vault
    },
    async read() {
      using table = await openVaultTable(`${name}-vault`)
      return table.read()
    },
    async edit(work) {
      using table = await openVaultTable(`${name}-vault`)
      await table.change(work)
    },
    async [Symbol.asyncDispose]() {
      for (const vault of made) vault[Symbol.dispose]()
      await wipeVaultDatabase({ name })
    },
  }
}

/** A WebCrypto with some of it replaced. */
export function altered(parts: Partial<Record<keyof SubtleCrypto, unknown>>): SubtleCrypto {
  return new Proxy(crypto.subtle, {
    get: (target, name: keyof SubtleCrypto) => parts[name] ?? target[name].bind(target),
  })
}

/** A WebCrypto of some years ago. */
export function withoutCurves(): SubtleCrypto {
  const { subtle } = crypto
  return altered({
    generateKey: (algorithm: AesKeyGenParams | string, ...more: [boolean, KeyUsage[]]) =>
      typeof algorithm === 'string'
        ? Promise.reject(new DOMException('', 'NotSupportedError'))
        : subtle.generateKey(algorithm, ...more),
  })
}
