/** Who belongs to the account of a device (W6): what its state says, and nobody else's. */
import { type Identity, identityOfKey, parseRoot, type Root, type Standing } from '@effigy/core'
import type { Synods } from '@effigy/store'
import { expect, test } from 'vitest'
import { accountListing } from './persons.ts'

const [first, second, thief] = [1, 2, 3].map((byte) => identityOfKey(new Uint8Array(32).fill(byte))) as [
  Identity,
  Identity,
  Identity,
]
const root = parseRoot(`${'r'.repeat(42)}o`) as Root
const other = parseRoot(`${'s'.repeat(42)}o`) as Root
const member = (identity: Identity): Standing => ({ type: 'member', member: [identity, '', '', 1, ''] })
const accounts = new Map<Root, ReadonlyMap<Identity, Standing>>([
  [
    root,
    new Map<Identity, Standing>([
      [first, { type: 'revoked', final: null }],
      [second, member(second)],
    ]),
  ],
  [
    other,
    new Map<Identity, Standing>([
      [first, member(first)],
      [thief, member(thief)],
      [second, { type: 'frozen' }],
    ]),
  ],
])
/** Each counts for the account that lists it. */
const counts = new Map([
  [first, other],
  [second, root],
  [thief, other],
])
const synods = {
  accountOf: (identity: Identity) => counts.get(identity) ?? null,
  standing: (identity: Identity) =>
    accounts.get(counts.get(identity) as Root)?.get(identity) ?? { type: 'foreign' },
  account: (asked: Root) => ({ standings: accounts.get(asked) }),
} as unknown as Synods

test('[W6] whoever has the keys of the device before lists it elsewhere, and takes nothing from the one after it', () => {
  expect([...(accountListing({ synods }, second)?.standings.keys() ?? [])]).toEqual([first, second])
  expect(accountListing({ synods }, second)?.standings.get(first)?.type).toBe('revoked')
})

test('[W6] whom no account lists, as one that was revoked, belongs to nobody', () => {
  counts.set(first, root)
  expect(accountListing({ synods }, first)).toBeNull()
  expect(accountListing({ synods: undefined }, second)).toBeNull()
})
