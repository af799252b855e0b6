/** The main device takes other keys, over the same store: one state of the account says so. */
import {
  EffigyError,
  encodeBase64url,
  type Identity,
  identityOfKey,
  type Payload,
  signEntry,
  signHead,
  signMember,
} from '@effigy/core'
import { testSeed } from '@effigy/testkit'
import { expect, test } from 'vitest'
import type { JoinAs } from '../src/account/account.ts'
import { authorityOf, household, meet, members } from './account-kit.ts'
import { createWorld, soundChain, type TestPeer, testCrypto, texts, type World } from './world.ts'

const codeOf = (code: string) => expect.objectContaining({ code })

const keysOf = async (name: string) => ({
  signer: await testCrypto.signer(testSeed(name)),
  boxKey: await testCrypto.agreementKey(testSeed(`box of ${name}`)),
})

async function joinAs(name: string, { root, serial, label }: JoinAs) {
  const { signer, boxKey } = await keysOf(name)
  const identity = identityOfKey(signer.publicKey)
  return signMember(root, { identity, box: encodeBase64url(boxKey.publicKey), label, serial }, signer)
}

const note = (text: string): Payload => ({ type: 'public_note', at: 1, text }) as unknown as Payload

test('[Y26] what was written stays, the other keys write on, and every device knows', async () => {
  await using world = createWorld()
  const [laptop, phone] = await household(world, 'laptop', 'phone')
  if (laptop === undefined || phone === undefined) throw new Error('no household')
  await laptop.peer.publish(note('with the first keys'))
  await laptop.peer.state.set([['petname/x', 'Ix']])
  await laptop.peer.account.renew((as) => joinAs('locked', as))

  expect(laptop.peer.account.show()?.role).toBe('revoked')
  await expect(laptop.peer.publish(note('too late'))).rejects.toThrow(codeOf('revoked'))
  const head = laptop.store.feed(laptop.identity)?.record?.head
  expect(laptop.peer.account.show()?.revoked).toEqual([
    { identity: laptop.identity, final: [head?.epoch, head?.length, head?.head] },
  ])
  await laptop.stop()

  const { signer, boxKey } = await keysOf('locked')
  const former = (await keysOf('laptop')).boxKey
  const again = await world.add('laptop', { signer, boxKey, formerBoxKeys: [former] })
  expect(again.peer.account.show()).toMatchObject({ role: 'main' })
  expect(members(again)).toEqual(['laptop (main)', 'phone'])
  expect(again.peer.state.value('petname/x')).toBe('Ix')
  await again.peer.publish(note('with the others'))
  await again.peer.state.set([['petname/x', 'Iks']])
  await again.peer.account.set({ profile: { name: 'Alice again' } })

  await meet(world, phone, again)
  await world.until(() => phone.peer.account.show()?.profile?.name === 'Alice again')
  expect(members(phone)).toEqual(['laptop (main)', 'phone'])
  await world.until(() => texts(phone.store, again.identity).includes('with the others'))
  expect(texts(phone.store, laptop.identity)).toContain('with the first keys')
  await world.until(() => phone.peer.state.value('petname/x') === 'Iks')
  soundChain(phone.store, phone.peer.account.show()?.identity ?? again.identity)
})

test('[Y26] what fails before the state leaves everything as it was; another device cannot', async () => {
  await using world = createWorld()
  const [laptop, phone] = await household(world, 'laptop', 'phone')
  if (laptop === undefined || phone === undefined) throw new Error('no household')
  const failing = laptop.peer.account.renew(async () => {
    throw new EffigyError('passphrase-short', 'too short')
  })
  await expect(failing).rejects.toThrow(codeOf('passphrase-short'))
  await expect(
    laptop.peer.account.renew((as) => joinAs('locked', { ...as, serial: as.serial + 1 })),
  ).rejects.toThrow(codeOf('serial'))
  await laptop.peer.publish(note('goes on'))
  expect(laptop.peer.account.show()?.role).toBe('main')
  await expect(phone.peer.account.renew((as) => joinAs('locked', as))).rejects.toThrow(codeOf('not-main'))

  await laptop.peer.privateFeed.makePrivate({ to: [], leaveOut: true })
  await expect(laptop.peer.account.renew((as) => joinAs('locked', as))).rejects.toThrow(
    codeOf('feed-private'),
  )
})

test('[Y26] a feed that is sealed while the keys are made, or is to be, is not left for one that is open', async () => {
  await using world = createWorld()
  const [laptop] = await household(world, 'laptop')
  if (laptop === undefined) throw new Error('no household')
  await laptop.peer.publish(note('for everybody'))
  const { store, identity, peer } = laptop
  let sealing: Promise<unknown> | null = null
  const renewing = peer.account.renew((as) => {
    sealing = peer.privateFeed.makePrivate({ to: [], leaveOut: true })
    return joinAs('locked', as)
  })
  await expect(renewing).rejects.toThrow(codeOf('feed-private'))
  await sealing
  await peer.privateFeed.makePublic({ keep: 'all' })
  // Begun before the device may not write any more, and not done yet.
  const { epoch } = store.feed(identity)?.record?.head ?? { epoch: 0 }
  const pending = { keyId: 'k', epoch, readers: [], leaveOut: true, keep: 'all' }
  store.saveSetting(`private-feed/${identity}`, JSON.stringify(pending))
  await expect(peer.account.renew((as) => joinAs('locked', as))).rejects.toThrow(codeOf('feed-private'))
  expect(peer.account.show()).toMatchObject({ role: 'main', revoked: [] })
})

test('[Y26] [F12] a feed of which nobody knows where it ends is not ended', async () => {
  await using world = createWorld()
  for (const [name, more, code] of [
    ['laptop', 0, 'own-feed-disputed'],
    ['phone', 1, 'own-feed-incomplete'],
  ] as const) {
    const [device] = await household(world, name)
    if (device === undefined) throw new Error('no household')
    const { store, peer, identity } = device
    const { cid, record } = await peer.publish(note('one'))
    const { signer } = await keysOf(name)
    // Its other self, put back from a copy, went on as well.
    const { entry: own } = store.entry(cid)?.signed ?? {}
    if (own === undefined) throw new Error('written above')
    const other = await signEntry(
      { ...own, payload: JSON.stringify(note('another')) },
      signer,
      testCrypto.sha256,
    )
    const { head } = record
    const length = head.length + more
    store.acceptHead(await signHead({ ...head, length, head: other.cid, bytes: other.bytes.length }, signer))
    if (more === 0) store.appendRun({ identity, entries: [other], bodies: new Map() })
    await expect(peer.account.renew((as) => joinAs(`locked ${name}`, as))).rejects.toThrow(codeOf(code))
    expect(peer.account.show()).toMatchObject({ role: 'main', revoked: [] })
  }
})

/** Keeps what its guests watch, and lets in none but a device that was let in, or one that its account lists. */
async function closedHub(world: World, guest: Identity, keeps: (feed: Identity) => boolean = () => true) {
  const listed = (identity: Identity): boolean => hub?.store.synods?.standing(identity).type === 'member'
  let hub: TestPeer | null = null
  hub = await world.add('hub', {
    kind: 'hub',
    admits: (identity) => identity === guest || listed(identity),
    tracks(remote, identities) {
      for (const feed of [remote, ...identities]) if (keeps(feed)) hub?.peer.watch(feed)
    },
  })
  return hub
}

test('[Y26] a hub that knows the device before has the state, and admits the next one, when it is done', async () => {
  await using world = createWorld()
  const [laptop] = await household(world, 'laptop')
  if (laptop === undefined) throw new Error('no household')
  const hub = await closedHub(world, laptop.identity)
  await meet(world, laptop, hub)
  await laptop.peer.publish(note('one'))
  const account = authorityOf(laptop).identity
  await world.until(() => hub.store.feed(account)?.heldCount === 1)

  const startMs = world.clock.monotonic()
  await world.turn(laptop.peer.account.renew((as) => joinAs('locked', as)))
  expect(hub.store.feed(account)).toMatchObject({ heldCount: 2, record: { head: { length: 2 } } })
  expect(world.clock.monotonic() - startMs).toBeLessThan(5_000)
  await laptop.stop()
  const { signer, boxKey } = await keysOf('locked')
  const formerBoxKeys = [(await keysOf('laptop')).boxKey]
  const again = await world.add('laptop', { signer, boxKey, formerBoxKeys })
  await meet(world, again, hub)
  // What was confirmed of other feeds is not taken for this device's.
  await again.peer.publish(note('two'))
  expect(again.peer.status().sessions).toMatchObject([{ identity: hub.identity, hasMine: false }])
  await world.until(() => again.peer.status().sessions[0]?.hasMine === true)
  expect(texts(hub.store, again.identity)).toEqual(['two'])
})

test('[Y26] [T16] a hub that does not keep the account, or never answers, is not waited for', async () => {
  await using world = createWorld()
  const [laptop] = await household(world, 'laptop')
  if (laptop === undefined) throw new Error('no household')
  const account = authorityOf(laptop).identity
  const hub = await closedHub(world, laptop.identity, (feed) => feed !== account)
  await meet(world, laptop, hub)
  const startMs = world.clock.monotonic()
  await world.turn(laptop.peer.account.renew((as) => joinAs('locked', as)))
  expect(world.clock.monotonic() - startMs).toBeLessThanOrEqual(11_000)
  expect(laptop.peer.account.show()?.role).toBe('revoked')
})

test('[Y26] a hub that has not judged the state yet is asked once more', async () => {
  await using world = createWorld()
  const [laptop] = await household(world, 'laptop')
  if (laptop === undefined) throw new Error('no household')
  let isJudged = false
  const hub = await world.add('hub', { kind: 'hub', admits: () => isJudged })
  const { signer, boxKey } = await keysOf('locked')
  await laptop.peer.account.renew((as) => joinAs('locked', as))
  await laptop.stop()
  const formerBoxKeys = [(await keysOf('laptop')).boxKey]
  const again = await world.add('laptop', { signer, boxKey, formerBoxKeys })
  const connection = again.peer.connect(hub.address)
  await world.until(() => connection.state.type === 'refused')
  isJudged = true
  await world.until(() => connection.state.type === 'connected', 20_000)
})

test('[Y26] [R13] whether hubs have the newest state of the account is told, and what they have of this device afterwards', async () => {
  await using world = createWorld()
  const [laptop] = await household(world, 'laptop')
  if (laptop === undefined) throw new Error('no household')
  const { account } = laptop.peer
  const given = (signal = new AbortController().signal) => world.turn(account.given({ signal }))
  expect(await given()).toBe(true)
  const feed = authorityOf(laptop).identity
  const hub = await closedHub(world, laptop.identity)
  await meet(world, laptop, hub)
  await account.set({ profile: { name: '' } })
  expect(await given(AbortSignal.abort())).toBe(false)
  expect(await given()).toBe(true)
  expect(hub.store.feed(feed)).toMatchObject({ heldCount: 2, record: { head: { length: 2 } } })
  await laptop.peer.publish(note('one'))
  await world.until(() => laptop.peer.status().sessions[0]?.hasMine === true)
})
