/** Whose box is whose (V44): names that said so themselves, and no others. */
import {
  type Authority,
  type Identity,
  identityOfKey,
  parseRoot,
  type Root,
  type Standing,
} from '@effigy/core'
import type { Synods } from '@effigy/store'
import { expect, test } from 'vitest'
import { boxOwners, namesOf } from './box-owners.ts'

const someone = (byte: number): Identity => identityOfKey(new Uint8Array(32).fill(byte))
const [victim, key, device, revoked, alone] = [1, 2, 3, 4, 5].map(someone) as [
  Identity,
  Identity,
  Identity,
  Identity,
  Identity,
]
const root = parseRoot(`${'r'.repeat(42)}o`) as Root
const standings = new Map<Identity, Standing>([
  [key, { type: 'in-power' }],
  [device, { type: 'member', member: [device, '', '', 1, ''] }],
  [revoked, { type: 'revoked', final: null }],
])
/** Its root names the victim as its first key, which never said so. */
const synods = {
  accountOf: (identity: Identity) => (standings.has(identity) ? root : null),
  standing: (identity: Identity) => standings.get(identity) ?? { type: 'foreign' },
  account: (asked: Root) =>
    asked === root ? ({ root, keys: [victim, key], standings } as unknown as Authority) : null,
} as unknown as Synods
const members = new Set([device, victim, alone])
const owners = boxOwners(
  () => ({ synods }),
  (identity) => members.has(identity),
)

test('[V44] [T27] a root gives nobody the box, or the leases, of whom it names as its first key', () => {
  expect(owners.accountOf(device)).toBe(owners.accountOf(key))
  expect(owners.accountOf(device)).not.toBe(owners.accountOf(victim))
  expect(owners.accountOf(victim)).toBe(victim)
  expect(owners.devicesOf(victim)).toEqual([victim])
  expect(namesOf({ synods }, device)).toEqual([device, key])
  expect(namesOf({ synods }, victim)).toEqual([victim])
})

test('[V44] all names of an account have one box; who was taken out of it has their own at most', () => {
  const box = owners.accountOf(device) as Identity
  expect(owners.devicesOf(box)).toEqual([device])
  expect(owners.accountOf(revoked)).toBe(revoked)
  expect(owners.devicesOf(revoked)).toEqual([])
  expect([owners.accountOf(alone), owners.devicesOf(alone)]).toEqual([alone, [alone]])
  expect(owners.devicesOf(someone(9))).toEqual([])
})

test('[V44] where no name of it is a member, there is no box', () => {
  const strangers = boxOwners(
    () => ({ synods }),
    () => false,
  )
  expect(strangers.devicesOf(strangers.accountOf(device) as Identity)).toEqual([])
  expect(
    boxOwners(
      () => null,
      () => true,
    ).accountOf(device),
  ).toBe(device)
})
