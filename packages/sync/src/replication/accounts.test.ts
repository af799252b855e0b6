/** Accounts on their way between peers, with real signatures: states are proven, finals hold everywhere (S31, S34, T14). */
import {
  accountNames,
  addMember,
  createAccount,
  deriveSynodKey,
  encodeBase64url,
  type HeadRecord,
  type Identity,
  identityOfKey,
  type NextState,
  type Root,
  revoke,
  type SignedEntry,
  type Synod,
  type SynodMember,
  signEntry,
  signHead,
  signMember,
} from '@effigy/core'
import { testSeed } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import {
  connect,
  createPeer,
  createWorld,
  createWriter,
  sha256,
  type TestPeer,
  testCrypto,
  until,
  type Writer,
} from '../../test/replication-kit.ts'

const seed = new Uint8Array(64).fill(5)
const { root, identity: synodKey } = accountNames(seed, 0, sha256)

async function memberOf(name: string, serial: number): Promise<SynodMember> {
  const signer = await testCrypto.signer(testSeed(name))
  const box = encodeBase64url(new Uint8Array(32).fill(serial))
  return signMember(root, { identity: identityOfKey(signer.publicKey), box, label: name, serial }, signer)
}

/** The main device: writes states into the synod's feed. */
async function createMain(peer: TestPeer) {
  const signer = await testCrypto.signer(deriveSynodKey(seed, 0).secret)
  const chain: SignedEntry[] = []
  let record: HeadRecord | null = null

  async function write(state: Synod): Promise<void> {
    const below = chain.at(-1)
    const comparable = (below?.entry.comparable ?? 1_800_000_000_000) + 1
    const entry = {
      identity: synodKey,
      parent: below?.cid ?? null,
      length: chain.length + 1,
      comparable,
      synod: null,
      links: [],
      payload: JSON.stringify(state),
    }
    chain.push(await signEntry(entry, signer, sha256))
    const top = chain.at(-1) as SignedEntry
    const bytes = chain.reduce((sum, each) => sum + each.bytes.length, 0)
    record = await signHead(
      { identity: synodKey, epoch: 1, length: chain.length, comparable, bytes, head: top.cid },
      signer,
    )
    peer.store.appendOwn([{ entry: top, body: null }], record)
  }
  const next = async (state: NextState): Promise<void> => {
    if (!state.ok) throw new Error(state.error.code)
    await write(state.value)
  }
  const authority = () => {
    const known = peer.store.synods?.account(root)
    if (known == null) throw new Error('no state yet')
    return known
  }
  await next(createAccount({ seed, main: await memberOf('laptop', 1), at: 1 }, sha256))
  return {
    add: async (name: string, serial: number) =>
      next(addMember(authority(), await memberOf(name, serial), 2)),
    revoke: (identity: Identity, { head }: HeadRecord) =>
      next(revoke(authority(), identity, [head.epoch, head.length, head.head], 3)),
    write,
    authority,
  }
}

const account = (peer: TestPeer) => peer.store.synods?.account(root as Root) ?? null

/** Laptop and phone of one account; Bob follows both. */
async function lostPhone() {
  const world = createWorld()
  const [laptop, bob] = [await createPeer(world, 'the laptop'), await createPeer(world, 'bob')]
  const phone: Writer = await createWriter('phone')
  const main = await createMain(laptop)
  await main.add('phone', 2)
  for (const peer of [laptop, bob]) for (const feed of [synodKey, phone.identity]) peer.watch(feed)
  return { world, laptop, bob, phone, main }
}

describe('accounts between peers', () => {
  test('[S31] [P14] a state is proven behind the sync, by the signatures inside', async () => {
    const { world, laptop, bob, phone } = await lostPhone()
    const session = await connect(bob, laptop)
    expect(await until(world, () => account(bob)?.current?.length === 2)).toBe(true)
    expect(bob.store.synods?.standing(phone.identity).type).toBe('member')
    expect(bob.store.synods?.unproven(9)).toEqual([])
    await session.end()
  })

  test('[S31] [T27] one with a false signature inside says nothing', async () => {
    const { world, laptop, bob, main } = await lostPhone()
    const state = main.authority().current?.state as Synod
    const [stranger, box, label, serial] = await memberOf('stranger', 3)
    const forged: SynodMember = [stranger, box, label, serial, state.identities[0]?.[4] ?? '']
    await main.write({ ...state, identities: [...state.identities, forged] })
    const session = await connect(bob, laptop)
    expect(
      await until(world, () => bob.held(synodKey).length === 3 && account(bob)?.current?.length === 2),
    ).toBe(true)
    expect(await until(world, () => bob.store.synods?.unproven(9).length === 0)).toBe(true)
    expect(bob.store.synods?.standing(stranger).type).toBe('foreign')
    await session.end()
  })

  test('[S33] [T14] after a revocation nothing newer is taken from the thief, and what came of it goes', async () => {
    const { world, laptop, bob, phone, main } = await lostPhone()
    const thief = await createPeer(world, 'thief')
    await thief.publish(phone, ['1', '2', '3'])
    const seen = phone.record
    laptop.store.acceptHead(seen)
    await thief.publish(phone, ['bad 1', 'bad 2'])
    const sessions = [await connect(bob, laptop), await connect(bob, thief), await connect(laptop, thief)]
    expect(await until(world, () => bob.held(phone.identity).length === 5)).toBe(true)
    await main.revoke(phone.identity, seen)
    expect(await until(world, () => bob.held(phone.identity).length === 3)).toBe(true)
    await thief.publish(phone, ['bad 3'])
    await thief.publishRebase(phone, new Map([[1, { type: 'delete' }]]))
    expect(await until(world, () => bob.held(phone.identity).length !== 3, 3_000)).toBe(false)
    expect(bob.held(phone.identity)).toEqual(laptop.held(phone.identity))
    for (const session of sessions) await session.end()
  })

  test('[S34] who comes later gets the chain of a final though nobody tells a head of it', async () => {
    const { world, laptop, bob, phone, main } = await lostPhone()
    const thief = await createPeer(world, 'thief')
    await thief.publish(phone, ['1', '2', '3'])
    const seen = phone.record
    await thief.publish(phone, ['bad'])
    const stolen = await connect(laptop, thief)
    expect(await until(world, () => laptop.held(phone.identity).length === 4)).toBe(true)
    await stolen.end()
    await main.revoke(phone.identity, seen)
    expect(laptop.store.feed(phone.identity)?.record).toBeNull()
    const session = await connect(bob, laptop)
    expect(await until(world, () => bob.held(phone.identity).length === 3)).toBe(true)
    expect(bob.store.need(phone.identity)).toBeNull()
    await session.end()
  })
})
