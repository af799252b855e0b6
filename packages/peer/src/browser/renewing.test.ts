/** Which device a browser is, where another one waits to take its place (K16, Y26). */
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
import { settleRenewal, succession } from './renewing.ts'

const [mine, next] = [1, 2].map((byte) => new Uint8Array(32).fill(byte)) as [Uint8Array, Uint8Array]
const root = parseRoot(`${'r'.repeat(42)}o`) as Root
const other = parseRoot(`${'s'.repeat(42)}o`) as Root
const member = (key: Uint8Array): [Identity, Standing] => {
  const identity = identityOfKey(key)
  return [identity, { type: 'member', member: [identity, '', '', 1, ''] }]
}

/** What the accounts say that a store knows; those of `mine` in `root`. */
function synodsOf(
  own: readonly [Identity, Standing][],
  others: readonly [Identity, Standing][] = [],
): Synods {
  const accounts = new Map([
    [root, new Map(own)],
    [other, new Map(others)],
  ])
  return {
    accountOf: (identity: Identity) => (own.some(([each]) => each === identity) ? root : null),
    account: (asked: Root) => ({ standings: accounts.get(asked) }) as unknown as Authority,
  } as unknown as Synods
}

async function settled(synods: Synods | undefined): Promise<readonly string[]> {
  const done: string[] = []
  const vault = {
    state: 'plain' as const,
    signer: { publicKey: mine, signBytes: async () => new Uint8Array(64) },
    next: async () => ({ identity: next, box: next }),
    takeNext: async () => void done.push('taken'),
    dropNext: async () => void done.push('dropped'),
  }
  await settleRenewal(vault, succession(synods === undefined ? {} : { synods }))
  return done
}

test('[K16] the device that waits takes over where the account of this one lists it', async () => {
  const revoked: [Identity, Standing] = [identityOfKey(mine), { type: 'revoked', final: null }]
  expect(await settled(synodsOf([revoked, member(next)]))).toEqual(['taken'])
})

test('[K16] it waits on where the account does not, or another one does, or none is known: nothing is dropped', async () => {
  expect(await settled(synodsOf([member(mine)]))).toEqual([])
  expect(await settled(synodsOf([member(mine), member(next)]))).toEqual([])
  expect(await settled(synodsOf([member(mine)], [member(next)]))).toEqual([])
  expect(await settled(synodsOf([], [member(next)]))).toEqual([])
  expect(await settled(undefined)).toEqual([])
})
