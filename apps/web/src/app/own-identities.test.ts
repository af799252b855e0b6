/** What a person wrote with a device of before is their own. */
import type { Identity } from '@effigy/core'
import { expect, test } from 'vitest'
import { ownOf } from './own-identities.ts'

const [self, phone, lost, before] = ['self', 'phone', 'lost', 'before'].map(
  (name) => `did:key:${name}` as Identity,
) as [Identity, Identity, Identity, Identity]

test('[Y6] [P9] devices that were taken out, and those of before a lock, count as much as those of now', () => {
  const member = (identity: Identity) => ({ identity, label: '', isMain: false, isSelf: false })
  const account = {
    members: [member(self), member(phone)],
    revoked: [{ identity: lost, final: null }],
    frozen: [{ identity: before, label: '', held: null, told: null }],
  }
  expect([...ownOf(self, account)]).toEqual([self, phone, lost, before])
  expect([...ownOf(self, null)]).toEqual([self])
})
