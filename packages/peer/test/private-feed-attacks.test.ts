/** Keys of private feeds from those who may not give them, processes that are cut off, and what is on other people's disks. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeBase64url, type Payload, type RawCid, type ReadKey, type Signer } from '@effigy/core'
import { openNodeStore } from '@effigy/store/node'
import { testSeed } from '@effigy/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { PublishOptions } from '../src/peer.ts'
import { writeLetter } from '../src/private-feed/letters.ts'
import { wholeFeed } from '../src/relations.ts'
import { friendOf, household, hubOf, link, meet } from './account-kit.ts'
import { hasAll, headOf, introduce, isShut } from './private-feed-kit.ts'
import { createWorld, never, note, type TestPeer, testCrypto, texts, type World } from './world.ts'

async function pair(name: string, options: Parameters<World['add']>[1] = {}) {
  const world = createWorld(name)
  const [alice, bob] = (await Promise.all([world.add('alice', options), world.add('bob')])) as [
    TestPeer,
    TestPeer,
  ]
  for (const one of [alice, bob]) await introduce(world, one)
  bob.peer.watch(alice.identity, wholeFeed)
  alice.peer.watch(bob.identity, wholeFeed)
  bob.peer.connect(alice.address)
  await world.until(() => hasAll(alice, bob) && hasAll(bob, alice))
  return { world, alice, bob }
}

describe('devices of one account', () => {
  test('[X26] get the key by themselves, those that are linked later too; friends when it is shared with them', async () => {
    await using world = createWorld('own devices')
    const [main, phone] = (await household(world, 'main', 'phone')) as [TestPeer, TestPeer]
    const friend = await friendOf(world, main)
    await world.turn(main.peer.publish(note('before')))
    await world.turn(main.peer.privateFeed.makePrivate({ to: [] }))
    await world.turn(main.peer.publish(note('among ourselves')))
    await world.until(() => hasAll(main, phone) && isShut(main, friend))
    const later = await world.add('later')
    await link(world, main, later)
    await world.until(() => hasAll(main, later))
    expect(texts(later.store, main.identity)[0]).toBe('among ourselves')
    await world.turn(main.peer.privateFeed.share([friend.identity]))
    await world.until(() => hasAll(main, friend))
    const [reader] = main.peer.privateFeed.status().readers
    expect(reader).toMatchObject({ account: { identity: friend.identity }, isReached: false })
    // What some read is quoted to nobody (P7).
    const { cid, identity, content } = friend.peer.query.feedItems(main.identity, { limit: 1 }).items[0]!
    const quote = { type: 'reference', identity, content, entry: cid, synod: null }
    const quoting = { ...note('look'), attachments: [quote] } as unknown as Payload
    await expect(friend.peer.publish(quoting)).rejects.toMatchObject({ code: 'sealed-target' })
  })
})

describe('all devices gone', () => {
  test('[X24] the words open the letter that a hub carries: what was private is read again', async () => {
    await using world = createWorld('all gone')
    const laptop = await world.add('laptop')
    await laptop.peer.account.create({ label: 'laptop' })
    const phrase = laptop.peer.account.phrase()
    if (phrase === null) throw new Error('the words wait to be confirmed')
    const hub = await hubOf(world, laptop)
    await world.turn(laptop.peer.publish(note('before')))
    await world.turn(laptop.peer.privateFeed.makePrivate({ to: [hub.identity] }))
    await world.turn(laptop.peer.publish(note('behind the seal')))
    await world.until(() => hasAll(laptop, hub) && hub.store.feedKeys?.letter(laptop.identity) !== null)
    await world.turn(laptop.peer.settled(never))
    await laptop.stop()
    const fresh = await world.add('fresh')
    await meet(world, fresh, hub)
    await world.turn(fresh.peer.account.move({ phrase, label: 'fresh', signal: never }))
    await world.until(() => texts(fresh.store, laptop.identity).includes('behind the seal'))
    expect(texts(fresh.store, laptop.identity)).toEqual(['behind the seal', 'before'])
  })
})

describe('[T28] a hostile giver', () => {
  async function withMallory(name: string) {
    const { world, alice, bob } = await pair(name)
    const mallory = await world.add('mallory')
    await introduce(world, mallory)
    bob.peer.watch(mallory.identity, wholeFeed)
    mallory.peer.watch(bob.identity, wholeFeed)
    mallory.peer.watch(alice.identity, wholeFeed)
    bob.peer.connect(mallory.address)
    await world.turn(bob.peer.relate('follow', mallory.identity, true))
    await world.turn(mallory.peer.relate('follow', bob.identity, true))
    await world.turn(alice.peer.privateFeed.makePrivate({ to: [] }))
    await world.until(() => isShut(alice, bob) && hasAll(bob, mallory) && hasAll(mallory, bob))
    return { world, alice, bob, mallory }
  }

  const keysOf = ({ store }: TestPeer, { identity }: TestPeer) => store.feedKeys?.of(identity)

  test("[X26] gives a key of another's feed in an answer, or in an entry: not kept", async () => {
    const { world, alice, bob, mallory } = await withMallory('false key')
    await using _world = world
    const key = { feed: alice.identity, epoch: 2, key: testSeed('false key') }
    mallory.store.feedKeys?.keep(key)
    const box = (await testCrypto.agreementKey(testSeed('box of bob'))).publicKey
    const payload = { type: 'read_key', at: 1, kind: 'feed', ...key, key: encodeBase64url(key.key) }
    const seal = { type: 'age', context: `read_key/${alice.identity}/2`, recipients: () => [box] }
    await world.turn(mallory.peer.publish(payload as unknown as Payload, { seal } as PublishOptions))
    await world.until(() => hasAll(mallory, bob) && bob.store.byType('read_key').items.length === 1)
    await world.pass(70_000)
    expect(bob.store.byType('read_key').items[0]?.state).toMatchObject({
      payload: { kind: 'feed' } as Partial<ReadKey>,
    })
    expect(keysOf(bob, alice)).toEqual([])
  })

  test("[X24] writes letters in another's name, or about another's feed: refused, or opens nothing", async () => {
    const { world, alice, bob, mallory } = await withMallory('false letter')
    await using _world = world
    const signer = await testCrypto.signer(testSeed('mallory'))
    const readers = [(await testCrypto.agreementKey(testSeed('box of bob'))).publicKey]
    const key = { feed: alice.identity, epoch: 2, key: testSeed('false key') }
    const offer = async (record: Uint8Array) => {
      const call = mallory.peer.call(bob.identity, 'feedkeys', 'offer', {}, { bytes: record, signal: never })
      const answer = await world.turn(call)
      return answer.ok ? 'ok' : answer.error.code
    }
    const inHerName = await writeLetter({ key, at: 1, readers, signer, crypto: testCrypto })
    expect(await offer(inHerName.record)).toBe('letter-forged')
    const own = await writeLetter({
      key: { ...key, feed: mallory.identity },
      at: 1,
      readers,
      signer,
      crypto: testCrypto,
    })
    expect(await offer(own.record)).toBe('ok')
    expect(await offer(own.record)).toBe('letter-known')
    expect(await offer(own.record.subarray(1))).toBe('letter-invalid')
    expect(keysOf(bob, alice)).toEqual([])
    expect(keysOf(bob, mallory)).toHaveLength(1)
  })

  test('[X26] [T30] asks for the key, or for letters as a stranger: nothing, not even that there is one', async () => {
    const { world, alice, mallory } = await withMallory('asking')
    await using _world = world
    const connection = mallory.peer.connect(alice.address)
    await world.turn(connection.ready(never))
    for (const method of ['key', 'letter']) {
      const call = mallory.peer.call(
        alice.identity,
        'feedkeys',
        method,
        { feed: alice.identity },
        { signal: never },
      )
      expect(await world.turn(call)).toMatchObject({ ok: false, error: { code: 'unknown-service' } })
    }
    alice.peer.watch(mallory.identity, wholeFeed)
    await world.turn(alice.peer.relate('follow', mallory.identity, true))
    await world.pass(1_000)
    const asked = mallory.peer.call(
      alice.identity,
      'feedkeys',
      'key',
      { feed: alice.identity },
      { signal: never },
    )
    expect(await world.turn(asked)).toMatchObject({ ok: false, error: { code: 'absent' } })
  })
})

describe('cut off', () => {
  /** A signer that fails from a moment on, as a process does that is killed. */
  async function mortal(): Promise<{ signer: Signer; dies: { after: number } }> {
    const real = await testCrypto.signer(testSeed('alice'))
    const dies = { after: Number.POSITIVE_INFINITY }
    const signer: Signer = {
      publicKey: real.publicKey,
      async signBytes(message) {
        // Sessions go on: what is written is meant.
        const isWritten = /^effigy\/(entry|head|feedkey)\//.test(
          Buffer.from(message.subarray(0, 20)).toString(),
        )
        if (isWritten && dies.after-- <= 0) throw new Error('killed')
        return real.signBytes(message)
      },
    }
    return { signer, dies }
  }

  test('[X25] while the feed is written anew, and between that and the letter: it goes on at the next start', async () => {
    const { signer, dies } = await mortal()
    const { world, alice, bob } = await pair('cut off', { signer })
    await using _world = world
    for (const text of ['one', 'two', 'three']) await world.turn(alice.peer.publish(note(text)))
    await world.until(() => hasAll(alice, bob))
    // Two entries are signed anew, then the lights go out.
    dies.after = 2
    await expect(world.turn(alice.peer.privateFeed.makePrivate({ to: [bob.identity] }))).rejects.toThrow(
      'killed',
    )
    expect(alice.peer.privateFeed.status()).toMatchObject({ isPrivate: false, isPending: true })
    await alice.stop()
    expect(headOf(alice, alice.identity)?.epoch).toBe(1)

    // Again: all is written anew, 4 entries and a head, and the letter is not.
    dies.after = 5
    const second = await world.add('alice', { signer })
    await world.until(() => second.peer.privateFeed.status().isPrivate)
    await world.pass(3_000)
    expect(second.store.feedKeys?.letter(second.identity)).toBeNull()
    await second.stop()

    dies.after = Number.POSITIVE_INFINITY
    const third = await world.add('alice', { signer })
    await world.until(() => hasAll(third, bob))
    expect(texts(bob.store, third.identity)).toEqual(['three', 'two', 'one', 'identification'])
    expect(third.peer.privateFeed.status()).toMatchObject({ isPrivate: true, isPending: false })
    expect(headOf(third, third.identity)?.epoch).toBe(2)
  })

  test('[X25] while somebody is taken off: they get nothing that is written afterwards', async () => {
    const { signer, dies } = await mortal()
    const { world, alice, bob } = await pair('cut off withdrawing', { signer })
    await using _world = world
    await world.turn(alice.peer.privateFeed.makePrivate({ to: [bob.identity] }))
    await world.until(() => hasAll(alice, bob))
    dies.after = 1
    await expect(world.turn(alice.peer.privateFeed.withdraw([bob.identity]))).rejects.toThrow()
    await alice.stop()
    dies.after = Number.POSITIVE_INFINITY
    const again = await world.add('alice', { signer })
    // Written anew for another reason first, under the key that it has.
    const [newest] = again.store.feedItems(again.identity, { limit: 1 }).items
    await world.turn(again.peer.remove([newest?.cid as RawCid]))
    expect(again.peer.privateFeed.status().isPending).toBe(true)
    await world.until(() => !again.peer.privateFeed.status().isPending)
    await world.turn(again.peer.publish(note('without bob')))
    await world.until(() => isShut(again, bob))
    await world.pass(70_000)
    expect(texts(bob.store, again.identity)).not.toContain('without bob')
  })
})

describe("other people's disks", () => {
  const canary = 'CANARY-of-the-innermost'
  const sealedCanary = 'CANARY-inside-the-seal'

  function home(): string {
    const path = mkdtempSync(join(tmpdir(), 'effigy-private-'))
    onTestFinished(() => rmSync(path, { recursive: true }))
    return path
  }

  const storeAt = (path: string, world: World) =>
    openNodeStore(join(path, 'effigy.db'), { sha256: testCrypto.sha256, now: world.clock.now })

  /** How often a text stands in any file of a home: database, blocks, logs of SQLite. */
  function hits(path: string, text: string): number {
    const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
    expect(files.length).toBeGreaterThan(0)
    const bytes = Buffer.concat(files.map((file) => readFileSync(join(file.parentPath, file.name))))
    const forms = [
      Buffer.from(text),
      Buffer.from(text, 'utf16le'),
      Buffer.from(Buffer.from(text).toString('base64url')),
    ]
    return forms.filter((form) => bytes.includes(form)).length
  }

  test('[T22] a lease holder with the feed read key and without content keys has everything and reads nothing; without the feed read key not even what is inside the seal is there', async () => {
    await using world = createWorld('disks')
    const [hubHome, followerHome] = [home(), home()]
    const alice = await world.add('alice')
    const hub = await world.add('hub', {
      kind: 'hub',
      store: storeAt(hubHome, world),
      services: { leases: { isFor: () => true } },
    })
    const follower = await world.add('follower', { store: storeAt(followerHome, world) })
    for (const one of [alice, hub, follower]) await introduce(world, one)
    for (const one of [hub, follower]) one.peer.watch(alice.identity, wholeFeed)
    alice.peer.watch(hub.identity, wholeFeed)
    for (const one of [alice, follower]) one.peer.connect(hub.address)
    follower.peer.connect(alice.address)
    await world.until(() => hasAll(alice, hub) && hasAll(alice, follower) && hasAll(hub, alice))
    await world.turn(alice.peer.privateFeed.makePrivate({ to: [hub.identity] }))
    await world.turn(alice.peer.publish(note(sealedCanary)))
    const key = testSeed('content key')
    const seal = { type: 'box', conversation: encodeBase64url(key.subarray(0, 16)), key }
    const boxed: { content: RawCid }[] = []
    for (let at = 0; at < 5; at++) {
      const text = `${canary} ${at} ${'and so on '.repeat(at * 400)}`
      const payload = { type: 'private_note', at: 1, text } as Payload
      boxed.push(await world.turn(alice.peer.publish(payload, { seal } as unknown as PublishOptions)))
    }
    await world.turn(
      alice.peer.publish({ type: 'private_note', at: 1, text: `${canary} to oneself` } as Payload),
    )
    await world.until(
      () => hasAll(alice, hub) && isShut(alice, follower) && hub.store.unverifiedCount() === 0,
    )
    await world.until(() => hub.store.wantedBlobs(9).length === 0)
    const leased = await world.turn(alice.peer.leases.ask(hub.identity, { signal: never }))
    expect(leased).toMatchObject([{ type: 'leased', feed: alice.identity }])
    for (const { content } of boxed) {
      expect(hub.store.resolve(alice.identity, content)?.state.type).toBe('encrypted')
    }
    expect(texts(hub.store, alice.identity)).toContain(sealedCanary)
    await follower.stop()
    await hub.stop()
    expect(hits(hubHome, canary)).toBe(0)
    expect(hits(hubHome, sealedCanary)).toBeGreaterThan(0)
    expect(hits(followerHome, canary)).toBe(0)
    expect(hits(followerHome, sealedCanary)).toBe(0)
    const inner = [...alice.store.chain(alice.identity)].map(
      ({ signed }) => signed.sealed?.inner as Uint8Array,
    )
    // The first is signed as it was when everybody could read it.
    for (const bytes of inner.slice(1))
      expect(hits(followerHome, Buffer.from(bytes.subarray(-86)).toString())).toBe(0)
  })
})
