/** Keys that are somebody's are not thrown away for a file. */
import type { Identity } from '@effigy/core'
import { expect, test } from 'vitest'
import { isSomebody } from './is-somebody.ts'

const peerWith = (account: unknown, profile: unknown): Parameters<typeof isSomebody>[0] => ({
  identity: 'did:key:alice' as Identity,
  account: { show: async () => account as never },
  query: { profile: async () => profile as never },
})

test.for([
  [null, null, false],
  [{}, null, true],
  [null, {}, true],
] as const)('an account %j, a profile %j: %j', async ([account, profile, isAnybody]) => {
  expect(await isSomebody(peerWith(account, profile))).toBe(isAnybody)
})
