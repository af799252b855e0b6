/** Read keys on their way: handed out by age, opened by whom they are for, kept; what they open waits for them. */
import {
  type Account,
  type ContentReadKey,
  chainPoint,
  encodeBase64url,
  type JsonObject,
  nextComparable,
  type Payload,
  signEntry,
  signHead,
} from '@effigy/core'
import { sealAge, sealBox } from '@effigy/crypto'
import { testSeed } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { ownReaders } from '../src/own/devices.ts'
import type { PublishOptions } from '../src/peer.ts'
import { createHandOut } from '../src/private/hand-out.ts'
import { authorityOf, friendOf, household, link, meet } from './account-kit.ts'
import { createWorld, type TestPeer, testCrypto, texts, type World } from './world.ts'

const contentKey = (conversation: string, generation = 1): ContentReadKey & { readonly kind: 'content' } => ({
  kind: 'content',
  conversation: encodeBase64url(testSeed(conversation).subarray(0, 16)),
  generation,
  key: encodeBase64url(testSeed(`key ${conversation} ${generation}`)),
  former: [],
  knows: [],
})

const handOutOf = ({ name, peer, store, identity }: TestPeer, world: World) =>
  createHandOut({
    store,
    ownKeys: () => ownReaders(store, identity, boxes.get(name)!),
    publish: (payload, options) => peer.publish(payload, options as PublishOptions),
    sha256: testCrypto.sha256,
    now: world.clock.now,
  })

const boxes = new Map<string, Uint8Array>()
async function addAll(world: World, ...names: readonly string[]): Promise<readonly TestPeer[]> {
  for (const name of names) {
    boxes.set(name, (await testCrypto.agreementKey(testSeed(`box of ${name}`))).publicKey)
  }
  return Promise.all(names.map((name) => world.add(name)))
}

const accountOf = (peer: TestPeer): Account => {
  const { identity, root } = authorityOf(peer)
  return { identity, root }
}

const alone = ({ identity }: TestPeer): Account => ({ identity, root: null })

const keysOf = ({ store }: TestPeer) =>
  store.contentKeys!.list().map(({ giver, generation }) => [giver, generation])

async function identify({ peer, name }: TestPeer): Promise<void> {
  const payload = {
    type: 'identification',
    at: 1,
    name,
    about: '',
    avatar: null,
    hubs: [],
    box: encodeBase64url(boxes.get(name)!),
  }
  await peer.publish(payload as unknown as Payload)
}

const boxed = (peer: TestPeer, key: ContentReadKey, text: string) =>
  peer.peer.publish(
    { type: 'private_note', at: 1, text } as Payload,
    {
      seal: { type: 'box', conversation: key.conversation, key: testSeed(`key dinner ${key.generation}`) },
    } as PublishOptions,
  )

/** Appends what no honest peer would write. */
async function append({ store, name, identity }: TestPeer, payload: string): Promise<void> {
  const signer = await testCrypto.signer(testSeed(name))
  const head = store.feed(identity)?.record?.head ?? null
  const top = head === null ? null : store.entry(head.head)!.signed
  const place = {
    identity,
    length: (head?.length ?? 0) + 1,
    comparable: nextComparable(1, top === null ? null : chainPoint(top)),
  }
  const entry = await signEntry(
    { ...place, parent: head?.head ?? null, synod: null, links: [], payload },
    signer,
    testCrypto.sha256,
  )
  const next = { ...place, epoch: 1, bytes: (head?.bytes ?? 0) + entry.bytes.length, head: entry.cid }
  store.appendOwn([{ entry, body: null }], await signHead(next, signer))
}

describe('read keys', () => {
  test('[X6] [X9] reach all devices of an account and nobody else, by the newest state that is known', async () => {
    await using world = createWorld()
    await addAll(world, 'ann')
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const ann = await friendOf(world, laptop, 'ann')
    const other = await world.add('other')
    for (const reader of [laptop, phone, other]) {
      reader.peer.watch(ann.identity)
      await meet(world, reader, ann)
    }
    const published = await handOutOf(ann, world)({ key: contentKey('dinner'), to: [accountOf(laptop)] })
    expect(published).toHaveLength(1)
    for (const reader of [ann, laptop, phone]) {
      await world.until(() => JSON.stringify(keysOf(reader)) === JSON.stringify([[ann.identity, 1]]))
    }
    await world.until(() => texts(other.store, ann.identity).includes('encrypted'))
    await world.pass(2_000)
    expect(keysOf(other)).toEqual([])
  })

  test('[X9] a device without account reads by the box of its identification; without one it is said', async () => {
    await using world = createWorld()
    const [ann, bob] = (await addAll(world, 'ann', 'bob')) as [TestPeer, TestPeer]
    ann.peer.watch(bob.identity)
    bob.peer.watch(ann.identity)
    await meet(world, bob, ann)
    const handOut = handOutOf(ann, world)
    await expect(handOut({ key: contentKey('dinner'), to: [alone(bob)] })).rejects.toMatchObject({
      code: 'no-box-key',
    })
    await identify(bob)
    await world.until(() => ann.store.profile(bob.identity)?.verified === true)
    await handOut({ key: contentKey('dinner'), to: [alone(bob)] })
    await world.until(() => keysOf(bob).length === 1)
  })

  test('[X8] a key that comes after the messages opens them, also after a restart', async () => {
    await using world = createWorld()
    const [ann, bob] = (await addAll(world, 'ann', 'bob')) as [TestPeer, TestPeer]
    ann.peer.watch(bob.identity)
    bob.peer.watch(ann.identity)
    await identify(bob)
    await meet(world, bob, ann)
    await boxed(ann, contentKey('dinner'), 'at eight')
    await world.until(() => texts(bob.store, ann.identity).includes('encrypted'))
    await world.pass(2_000)
    await bob.stop()
    const again = await world.add('bob')
    await handOutOf(ann, world)({ key: contentKey('dinner'), to: [alone(bob)] })
    await meet(world, again, ann)
    await world.until(() => texts(again.store, ann.identity).includes('at eight'))
    expect(again.store.shut?.boxFeeds(9)).toEqual([])
  })

  test('[X1] [X6] [X7] [T28] lifted, replayed elsewhere, or sealed for another use: refused, and shown nowhere', async () => {
    await using world = createWorld()
    const [ann, bob, eve] = (await addAll(world, 'ann', 'bob', 'eve')) as [TestPeer, TestPeer, TestPeer]
    await identify(bob)
    for (const each of [ann, eve]) bob.peer.watch(each.identity)
    await meet(world, bob, ann)
    await meet(world, bob, eve)
    await world.until(() => bob.store.profile(bob.identity) !== null)
    const key = contentKey('dinner')
    const recipients = [boxes.get('bob')!]
    const age = async (from: TestPeer, context: string, body: unknown) => {
      const sealed = await sealAge({
        from: from.identity,
        context,
        body: body as JsonObject,
        recipients,
        crypto: testCrypto,
      })
      return sealed.ok ? sealed.value : ''
    }
    const readKey = { type: 'read_key', at: 1, ...key }
    const context = `read_key/${key.conversation}/1`
    // What Ann wrote, in Eve's feed.
    await append(eve, await age(ann, context, readKey))
    await append(eve, await age(eve, `read_key/${key.conversation}/2`, readKey))
    await append(eve, await age(eve, 'note', readKey))
    await append(eve, await age(eve, 'state', { type: 'private_note', at: 1, text: 'state' }))
    await append(eve, await age(eve, 'note', { type: 'device_state', at: 1, changes: [['read/x', 1]] }))
    await append(eve, await age(eve, 'note', { type: 'private_note', at: 1 }))
    await append(
      eve,
      `${(await age(eve, 'note', { type: 'private_note', at: 1, text: 'x' })).slice(0, -6)}AAAAAA`,
    )
    await append(eve, await age(eve, context, readKey))
    const secret = testSeed('key dinner 1')
    const sealing = { conversation: key.conversation, key: secret, crypto: testCrypto }
    const said = JSON.stringify({ type: 'private_note', at: 1, text: 'lifted' })
    await append(eve, sealBox({ ...sealing, author: ann.identity, payload: said }))
    await append(eve, sealBox({ ...sealing, author: eve.identity, payload: JSON.stringify(readKey) }))
    await append(
      eve,
      sealBox({ ...sealing, author: eve.identity, payload: said.replace('lifted', 'honest') }),
    )
    await world.until(() => texts(bob.store, eve.identity).includes('honest'))
    expect(texts(bob.store, eve.identity).filter((text) => text !== 'encrypted')).toEqual([
      'honest',
      'read_key',
    ])
    expect(keysOf(bob)).toEqual([[eve.identity, 1]])
    expect(bob.peer.state.value('read/x')).toBeNull()
    const refused = bob.logged.filter(({ event }) => event === 'private.refused')
    const counts = new Map<unknown, number>()
    for (const { fields } of refused) {
      counts.set(fields.code, (counts.get(fields.code) ?? 0) + Number(fields.count))
    }
    expect(Object.fromEntries(counts)).toEqual({ lifted: 1, context: 5, payload: 1, age: 1 })
  })

  test('[X9] [T21] a device that was revoked gets no key that is handed out later', async () => {
    await using world = createWorld()
    await addAll(world, 'ann')
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const ann = await friendOf(world, laptop, 'ann')
    for (const reader of [laptop, phone]) {
      reader.peer.watch(ann.identity)
      await meet(world, reader, ann)
    }
    await laptop.peer.account.revoke(phone.identity, { final: null })
    await world.until(() => ann.store.synods?.standing(phone.identity).type === 'revoked')
    await handOutOf(ann, world)({ key: contentKey('dinner'), to: [accountOf(laptop)] })
    await world.until(() => keysOf(laptop).length === 1)
    await world.until(() => texts(phone.store, ann.identity).includes('encrypted'))
    await world.pass(2_000)
    expect(keysOf(phone)).toEqual([])
  })

  test('[X8] [Y20] a device that joins later is told the keys that own devices gave', async () => {
    await using world = createWorld()
    await addAll(world, 'laptop')
    const [laptop] = (await household(world, 'laptop')) as [TestPeer]
    await handOutOf(laptop, world)({ key: contentKey('diary'), to: [] })
    const phone = await world.add('phone')
    await link(world, laptop, phone)
    await world.until(() => keysOf(phone).length === 1)
  })
})
