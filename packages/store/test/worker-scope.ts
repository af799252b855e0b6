/**
 * To be loaded before anything else of a worker in tests.
 *
 * @module
 */
import { createNobleCrypto } from '@effigy/crypto/noble'
import { mediumKey } from './medium-key.ts'

const { sha256 } = createNobleCrypto()

Object.assign(globalThis, {
  // Vitest has each dynamic import go through a function that it puts into pages only.
  __vitest_browser_runner__: { wrapDynamicImport: (load: () => unknown) => load() },
  // All of a medium that makers of test data need.
  [mediumKey]: { sha256 },
})
