import type { Identity } from '@effigy/core'
import type { Peer } from '@effigy/peer'
import type { RelationKind } from '@effigy/store'
import { expect, test } from 'vitest'
import { findPerson } from './people.ts'

const [bob, carol, other, dora] = ['bob', 'carol', 'other', 'dora'].map(
  (end) => `did:key:z6Mk${end}${'x'.repeat(40)}`,
) as unknown as [Identity, Identity, Identity, Identity]
const names = new Map([
  [bob, 'Bob'],
  [carol, 'Carol'],
  [other, 'Carol'],
  [dora, 'Dora'],
])
const said: Readonly<Record<RelationKind, readonly Identity[]>> = {
  follow: [bob, carol],
  block: [dora],
  mute: [bob, other],
}

const peer = {
  identity: 'self',
  query: {
    relations: (_self: Identity, kind: RelationKind) => said[kind],
    profile: (identity: Identity) => ({
      state: { type: 'shown', payload: { type: 'identification', name: names.get(identity) } },
    }),
  },
  account: { of: () => null },
  store: { feeds: () => [] },
} as unknown as Peer

test('a name is somebody whom one follows, or of whom one said that', () => {
  expect(findPerson(peer, 'Bob', 'mute')).toBe(bob)
  expect(findPerson(peer, 'Dora', 'block')).toBe(dora)
  expect(findPerson(peer, 'Carol')).toBe(carol)
  expect(() => findPerson(peer, 'Doraxx', 'mute')).toThrow(
    expect.objectContaining({ code: 'identity-unknown' }),
  )
})

test('[T15] two of one name are nobody', () => {
  expect(() => findPerson(peer, 'Carol', 'mute')).toThrow(
    expect.objectContaining({ code: 'identity-ambiguous' }),
  )
})
