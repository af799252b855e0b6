import { expect, test } from 'vitest'
import { mayHaveVault } from './vault-presence.ts'

const having = (...names: string[]) => ({
  databases: async () => names.map((name) => ({ name, version: 1 })),
})

test('a browser without the database of a vault has no keys', async () => {
  expect(await mayHaveVault('effigy', having('workbox-expiration', 'effigy-2-vault'))).toBe(false)
  expect(await mayHaveVault('effigy-2', having('effigy-2-vault'))).toBe(true)
})

test('where it cannot be told there may be some', async () => {
  const refuses = {
    databases: () => Promise.reject(new DOMException('not here', 'UnknownError')),
  }
  expect(await mayHaveVault('effigy', refuses)).toBe(true)
})
