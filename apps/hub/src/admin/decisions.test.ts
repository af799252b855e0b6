/** Blocks and quotas where accounts are known: a root stands for every device that it ever had and gets (V91). */
import { encodeBase64url, type Identity, identityKey, type Root } from '@effigy/core'
import { silentLog } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { testIdentity } from '../../test/fake-peer.ts'
import { memoryRecords } from '../../test/records.ts'
import { openDecisions } from './decisions.ts'
import { identitiesOf, isRoot, type KnownAccounts, personOf } from './persons.ts'

const names = ['phone', 'laptop', 'bob', 'synod']
const [phone, laptop, bob, synod] = (await Promise.all(names.map(testIdentity))) as [
  Identity,
  Identity,
  Identity,
  Identity,
]
const root = encodeBase64url(identityKey(synod)) as Root
const bobsRoot = encodeBase64url(identityKey(bob)) as Root
const signal = new AbortController().signal

/** An account of which these devices say that they belong to it; Mallory's state may list anybody. */
function known(devices: ReadonlySet<Identity>, listed: readonly Identity[] = []): KnownAccounts {
  return {
    synods: {
      accountOf: (identity: Identity) => (devices.has(identity) ? root : null),
      account: (one: Root) =>
        one === root ? { standings: new Map([...devices, ...listed].map((each) => [each, {}])) } : null,
    } as unknown as NonNullable<KnownAccounts['synods']>,
  }
}

async function world(devices: Set<Identity>, listed: readonly Identity[] = [], records = memoryRecords()) {
  const clock = createFakeClock()
  const told: (readonly Identity[])[] = []
  const decisions = await openDecisions({
    ...{ records, clock, log: silentLog, signal },
    store: () => known(devices, listed),
    blocksChanged: (more) => void told.push(more),
    quotasChanged: () => {},
  })
  decisions.begin()
  return { ...decisions, records, clock, told, [Symbol.asyncDispose]: () => records[Symbol.asyncDispose]() }
}

const block = (who: Identity | Root) => ({ who, reason: null, at: 1 })

test('[V91] a root stands for all its devices, also one that joins later', async () => {
  const devices = new Set([phone])
  await using at = await world(devices)
  await at.blocks.add(block(root))
  expect(at.told[0]).toEqual([phone])
  expect([at.blocks.isBlocked(phone), at.blocks.isBlocked(laptop), at.blocks.isBlocked(bob)]).toEqual([
    true,
    false,
    false,
  ])
  devices.add(laptop)
  expect(at.blocks.isBlocked(laptop)).toBe(true)
  expect([...at.blocks.identities()]).toEqual([phone, laptop])
  await at.blocks.remove(root)
  expect([at.blocks.isBlocked(phone), at.told.at(-1)]).toEqual([false, []])
})

test('[V91] whom a blocked root has only by now is turned away then, whatever else is known', async () => {
  const devices = new Set<Identity>()
  await using at = await world(devices)
  await at.blocks.add(block(root))
  devices.add(phone)
  at.accountsChanged([bobsRoot])
  await at.clock.advance(1)
  expect(at.told).toEqual([])
  at.accountsChanged([bobsRoot, root])
  // Not in the middle of the commit that tells it.
  expect(at.told).toEqual([])
  await at.clock.advance(1)
  devices.add(laptop)
  at.accountsChanged([root])
  at.accountsChanged([root])
  await at.clock.advance(1)
  expect(at.told).toEqual([[phone], [laptop]])
  // Of another account since: whoever asks again hears that nobody shuts it out.
  devices.delete(phone)
  at.accountsChanged([root])
  await at.clock.advance(1)
  devices.add(phone)
  at.accountsChanged([root])
  await at.clock.advance(1)
  expect(at.told.slice(2)).toEqual([[], [phone]])
})

test('[V91] [T6] cut off between a block and what follows of it, the next start goes on with all who are blocked', async () => {
  const records = memoryRecords()
  for (const who of [root, bob]) await records.bucket('blocks').put(who, JSON.stringify(block(who)))
  await using at = await world(new Set([phone, laptop]), [], records)
  expect(at.told.map((more) => more.toSorted())).toEqual([[phone, laptop, bob].toSorted()])
})

test('[V91] an identity stands for one device alone', async () => {
  await using at = await world(new Set([phone, laptop]))
  await at.blocks.add(block(phone))
  expect([at.blocks.isBlocked(phone), at.blocks.isBlocked(laptop)]).toEqual([true, false])
})

test('[T27] whom an account lists without their word is not meant by it', async () => {
  await using at = await world(new Set([phone]), [bob])
  await at.blocks.add(block(root))
  expect([...at.blocks.identities()]).toEqual([phone])
  expect(at.blocks.isBlocked(bob)).toBe(false)
})

test('a quota of a device counts before that of its person', async () => {
  await using at = await world(new Set([phone, laptop]))
  expect([at.quotas.isEmpty, at.quotas.of(phone)]).toEqual([true, null])
  await at.quotas.set({
    who: root,
    feeds: 5,
    bytes: null,
    blobBytes: null,
    fileBytes: null,
    followedEntries: null,
  })
  await at.quotas.set({
    who: phone,
    feeds: 7,
    bytes: null,
    blobBytes: null,
    fileBytes: null,
    followedEntries: null,
  })
  expect([phone, laptop, bob].map((one) => at.quotas.of(one)?.feeds)).toEqual([7, 5, undefined])
})

test('names of people', () => {
  const accounts = known(new Set([phone]))
  expect([isRoot(root), isRoot(phone)]).toEqual([true, false])
  expect([personOf(accounts, phone), personOf(accounts, bob)]).toEqual([root, bob])
  expect([identitiesOf(accounts, root), identitiesOf(accounts, bob)]).toEqual([[phone], [bob]])
  expect(identitiesOf({ synods: undefined }, root)).toEqual([])
})
