/** One's own feed for some: made private, shared, withdrawn, public again (spec X20 to X26). */
import { concatBytes, encodeBase64url, fileSecret, type Payload } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { wholeFeed } from '../src/relations.ts'
import { authorityOf, link } from './account-kit.ts'
import { hasAll, headOf, introduce, isShut } from './private-feed-kit.ts'
import { createWorld, never, note, soundChain, type TestPeer, texts } from './world.ts'

const at = 1_700_000_000_000

async function cast(name: string) {
  const world = createWorld(name)
  const [alice, bob, eve] = (await Promise.all(['alice', 'bob', 'eve'].map((one) => world.add(one)))) as [
    TestPeer,
    TestPeer,
    TestPeer,
  ]
  for (const one of [alice, bob, eve]) await introduce(world, one)
  for (const one of [bob, eve]) {
    one.peer.watch(alice.identity, wholeFeed)
    alice.peer.watch(one.identity, wholeFeed)
    one.peer.connect(alice.address)
  }
  await world.turn(alice.peer.publish(note('for everybody')))
  await world.until(
    () => hasAll(alice, bob) && hasAll(alice, eve) && alice.store.feed(bob.identity)?.heldCount === 1,
  )
  return { world, alice, bob, eve }
}

describe('a private feed', () => {
  test('[X25] [X26] is read by those it is shared with; others see head and size', async () => {
    const { world, alice, bob, eve } = await cast('private')
    await using _world = world
    await world.turn(alice.peer.privateFeed.makePrivate({ to: [bob.identity] }))
    await world.turn(alice.peer.publish(note('for bob alone')))
    await world.until(() => hasAll(alice, bob))
    expect(texts(bob.store, alice.identity)).toEqual(['for bob alone', 'for everybody', 'identification'])
    await world.until(() => isShut(alice, eve))
    expect(headOf(eve, alice.identity)).toEqual(headOf(alice, alice.identity))
    expect(texts(eve.store, alice.identity)).not.toContain('for bob alone')
    expect(alice.peer.privateFeed.status()).toEqual({
      isPrivate: true,
      isPending: false,
      readers: [{ account: { identity: bob.identity, root: null }, isReached: true }],
    })
    soundChain(alice.store, alice.identity)
  })

  test('[X25] all that is written goes under the seal: notes, edits, removals, erases', async () => {
    const { world, alice, bob } = await cast('writing')
    await using _world = world
    await world.turn(alice.peer.privateFeed.makePrivate({ to: [bob.identity] }))
    const first = await world.turn(alice.peer.publish(note('a first one')))
    const second = await world.turn(alice.peer.publish(note('a second one')))
    await world.turn(alice.peer.publish(note('a third one')))
    await world.turn(alice.peer.edit(second.cid, note('a better second one')))
    await world.turn(
      alice.peer.remove([alice.store.resolve(alice.identity, first.content)?.cid ?? first.cid]),
    )
    const fourth = await world.turn(alice.peer.publish(note('to be erased')))
    await world.turn(alice.peer.erase([fourth.content]))
    await world.turn(alice.peer.relate('follow', bob.identity, true))
    await world.until(() => hasAll(alice, bob) && bob.store.unverifiedCount() === 0)
    soundChain(bob.store, alice.identity)
    for (const { signed } of alice.store.chain(alice.identity)) expect(signed.sealed).toBeDefined()
    expect(texts(bob.store, alice.identity)).toEqual([
      'follow',
      'erase',
      'erased',
      'a third one',
      'a better second one',
      'for everybody',
      'identification',
    ])
    expect(bob.store.relations(alice.identity, 'follow')).toEqual([bob.identity])
  })

  test('[K7] [X21] shows pictures: as ciphertexts, with the key inside the sealed entry', async () => {
    const { world, alice, bob, eve } = await cast('pictures')
    await using _world = world
    await world.turn(alice.peer.privateFeed.makePrivate({ to: [bob.identity] }))
    const signal = new AbortController().signal
    const content = new Uint8Array(100_000).fill(42)
    async function* source() {
      yield content
    }
    const clear = await alice.peer.addFile(source(), { signal })
    const sealed = await alice.peer.addFile(source(), { encrypted: true, signal })
    const file = { type: 'media', at, kind: 'document', mime: 'text/plain', bytes: content.length }
    const inClear = world.turn(alice.peer.publish({ ...file, blob: clear.root } as unknown as Payload))
    await expect(inClear).rejects.toMatchObject({ code: 'not-sealable' })
    const payload = { ...file, blob: sealed.root, secret: sealed.secret } as unknown as Payload
    await world.turn(alice.peer.publish(payload))
    await world.until(() => hasAll(alice, bob) && bob.store.blobState(sealed.root).type === 'complete')
    const read: Uint8Array[] = []
    const [item] = bob.store.timeline({ limit: 1 }).items
    const shown = item?.state.type === 'shown' ? item.state.payload : null
    const secret = shown === null ? null : fileSecret(shown, sealed.root)
    if (secret === null) throw new Error('no key')
    for await (const piece of bob.peer.readFile(sealed.root, { secret, offset: 70_000, signal }))
      read.push(piece)
    expect(concatBytes(...read)).toEqual(content.subarray(70_000))
    await world.until(() => isShut(alice, eve))
    expect(eve.store.blobState(sealed.root).type).toBe('absent')
  })

  test('[X25] who is taken off keeps what they had and gets nothing newer; those left go on', async () => {
    const { world, alice, bob, eve } = await cast('withdraw')
    await using _world = world
    await world.turn(alice.peer.privateFeed.makePrivate({ to: [bob.identity, eve.identity] }))
    await world.turn(alice.peer.publish(note('for both')))
    await world.until(() => hasAll(alice, bob) && hasAll(alice, eve))
    await world.turn(alice.peer.privateFeed.withdraw([eve.identity]))
    await world.turn(alice.peer.publish(note('for bob alone')))
    await world.until(() => hasAll(alice, bob) && isShut(alice, eve))
    expect(texts(eve.store, alice.identity)).toEqual(['for both', 'for everybody', 'identification'])
    await world.turn(alice.peer.privateFeed.share([eve.identity]))
    await world.until(() => hasAll(alice, eve))
  })

  test('[X25] [T28] who was shared with as a lone device is taken off as the account that it is in now', async () => {
    const { world, alice, eve } = await cast('withdraw account')
    await using _world = world
    await world.turn(alice.peer.privateFeed.makePrivate({ to: [eve.identity] }))
    await world.turn(eve.peer.account.create({ label: 'eve' }))
    alice.peer.watch(authorityOf(eve).identity)
    await world.until(() => alice.store.synods?.accountOf(eve.identity) != null)
    await world.turn(alice.peer.privateFeed.withdraw([eve.identity]))
    expect(alice.peer.privateFeed.status().readers).toEqual([])
    await world.turn(alice.peer.publish(note('for nobody')))
    await world.until(() => isShut(alice, eve))
    expect(texts(eve.store, alice.identity)).not.toContain('for nobody')
  })

  test('[X26] [T21] a device that was shared with alone and is revoked in its account since gets no key', async () => {
    const { world, alice, bob, eve } = await cast('revoked reader')
    await using _world = world
    await world.turn(alice.peer.privateFeed.makePrivate({ to: [bob.identity] }))
    await world.turn(eve.peer.account.create({ label: 'eve' }))
    await link(world, eve, bob)
    alice.peer.watch(authorityOf(eve).identity)
    await world.until(() => alice.store.synods?.standing(bob.identity).type === 'member')
    const ask = () =>
      world.turn(
        bob.peer.call(alice.identity, 'feedkeys', 'key', { feed: alice.identity }, { signal: never }),
      )
    expect((await ask()).ok).toBe(true)
    await world.turn(eve.peer.account.revoke(bob.identity, { lostAt: world.clock.now() }))
    await world.until(() => alice.store.synods?.standing(bob.identity).type === 'revoked')
    expect(await ask()).toMatchObject({ ok: false })
  })

  test('[X25] public again: all of it, or nothing of what was private', async () => {
    const { world, alice, bob, eve } = await cast('public again')
    await using _world = world
    const { privateFeed } = alice.peer
    await expect(world.turn(privateFeed.makePublic({ keep: 'all' }))).rejects.toMatchObject({
      code: 'feed-public',
    })
    await world.turn(privateFeed.makePrivate({ to: [bob.identity] }))
    await expect(world.turn(privateFeed.makePrivate({ to: [] }))).rejects.toMatchObject({
      code: 'feed-private',
    })
    await world.turn(alice.peer.publish(note('for bob alone')))
    await world.turn(alice.peer.relate('mute', eve.identity, true))
    await world.turn(privateFeed.makePublic({ keep: 'all' }))
    await world.until(() => hasAll(alice, eve) && hasAll(alice, bob))
    expect(texts(eve.store, alice.identity)).toEqual([
      'encrypted',
      'for bob alone',
      'for everybody',
      'identification',
    ])
    await world.turn(privateFeed.makePrivate({ to: [bob.identity] }))
    await world.turn(privateFeed.makePublic({ keep: 'none' }))
    await world.until(() => hasAll(alice, eve) && hasAll(alice, bob))
    expect(texts(eve.store, alice.identity)).toEqual(['void'])
  })

  test('[X21] nothing in the clear beside it: files are refused, or left out', async () => {
    const { world, alice, bob } = await cast('files')
    await using _world = world
    const signal = new AbortController().signal
    async function* bytes() {
      yield new TextEncoder().encode('a document')
    }
    const file = await world.turn(alice.peer.addFile(bytes(), { signal }))
    const media = {
      type: 'media',
      at,
      kind: 'document',
      blob: file.root,
      mime: 'text/plain',
      bytes: 10,
    } as unknown as Payload
    await world.turn(alice.peer.publish(media))
    const { privateFeed } = alice.peer
    const made = world.turn(privateFeed.makePrivate({ to: [bob.identity] }))
    await expect(made).rejects.toMatchObject({ code: 'not-sealable' })
    expect(privateFeed.status()).toMatchObject({ isPrivate: false, isPending: false })
    await world.turn(privateFeed.makePrivate({ to: [bob.identity], leaveOut: true }))
    await world.until(() => hasAll(alice, bob))
    expect(texts(bob.store, alice.identity)).toEqual(['for everybody', 'identification'])
    await expect(world.turn(alice.peer.publish(media))).rejects.toMatchObject({ code: 'not-sealable' })
    const long = world.turn(alice.peer.publish(note('x'.repeat(12_000))))
    await expect(long).rejects.toMatchObject({ code: 'entry-too-large' })
  })

  test('[X25] the content ids of what was detached stay, so that references hold', async () => {
    const { world, alice } = await cast('contents')
    await using _world = world
    const published = await world.turn(alice.peer.publish(note('detached')))
    expect(alice.store.entry(published.cid)?.body).not.toBeNull()
    await world.turn(alice.peer.privateFeed.makePrivate({ to: [] }))
    const item = alice.store.resolve(alice.identity, published.content)
    expect(item?.content).toBe(published.content)
    expect(alice.store.entry(item?.cid ?? published.cid)?.signed.entry.links).toEqual([])
  })

  test('[X25] an empty feed is private from its first entry on', async () => {
    await using world = createWorld('empty')
    const alice = await world.add('alice')
    expect(await world.turn(alice.peer.privateFeed.makePrivate({ to: [] }))).toBeNull()
    expect(alice.peer.privateFeed.status().isPrivate).toBe(true)
    const { cid } = await world.turn(alice.peer.publish(note('the first')))
    expect(alice.store.entry(cid)?.signed.sealed).toBeDefined()
    expect(headOf(alice, alice.identity)?.epoch).toBe(1)
  })
})

describe('keys', () => {
  test('[X24] a reader with a key that nothing can be sealed to keeps it from nobody else', async () => {
    const { world, alice, bob, eve } = await cast('bad key')
    await using _world = world
    const box = encodeBase64url(new Uint8Array(32))
    const payload = { type: 'identification', at, name: 'eve', about: '', avatar: null, hubs: [], box }
    await world.turn(eve.peer.publish(payload as unknown as Payload))
    await world.until(() => hasAll(eve, alice) && alice.store.unverifiedCount() === 0)
    await world.turn(alice.peer.privateFeed.makePrivate({ to: [eve.identity, bob.identity] }))
    await world.until(() => bob.store.feedKeys?.letter(alice.identity) !== null && hasAll(alice, bob))
    expect(alice.peer.privateFeed.status().isPending).toBe(false)
  })

  test('[X24] [X26] a letter is carried by others, to those it names alone', async () => {
    const { world, alice, bob, eve } = await cast('carried')
    await using _world = world
    const hub = await world.add('hub', { kind: 'hub' })
    await introduce(world, hub)
    hub.peer.watch(alice.identity, wholeFeed)
    hub.peer.connect(alice.address)
    for (const one of [bob, eve]) {
      one.peer.connect(hub.address)
      hub.peer.watch(one.identity, wholeFeed)
    }
    await world.until(() => hasAll(alice, hub))
    for (const one of [bob, eve]) await one.stop()
    alice.peer.watch(hub.identity, wholeFeed)
    await world.until(() => alice.store.profile(hub.identity) !== null)
    await world.turn(alice.peer.privateFeed.makePrivate({ to: [bob.identity, hub.identity] }))
    await world.turn(alice.peer.publish(note('for bob, by the hub')))
    await world.until(() => hasAll(alice, hub))
    await world.until(() => hub.store.feedKeys?.letter(alice.identity) !== null)
    await alice.stop()
    const [later, eve2] = [await world.add('bob'), await world.add('eve')]
    for (const one of [later, eve2]) one.peer.connect(hub.address)
    await world.until(
      () => headOf(later, alice.identity)?.epoch === 2 && texts(later.store, alice.identity).length === 3,
    )
    expect(texts(later.store, alice.identity)).toContain('for bob, by the hub')
    await world.until(() => eve2.store.feedKeys?.letter(alice.identity) != null)
    await world.pass(2_000)
    expect(eve2.store.feedKeys?.of(alice.identity)).toEqual([])
    expect(texts(eve2.store, alice.identity)).not.toContain('for bob, by the hub')
  })

  test('[X24] a letter that was written while nobody was there goes to the hub that is met next, and from there on', async () => {
    const { world, alice, bob, eve } = await cast('alone')
    await using _world = world
    const hub = await world.add('hub', { kind: 'hub' })
    await introduce(world, hub)
    hub.peer.watch(alice.identity, wholeFeed)
    for (const one of [bob, eve]) await one.stop()
    // The hub has the feed's key, and the letter of the time before Bob was among the readers.
    await world.turn(alice.peer.privateFeed.makePrivate({ to: [hub.identity] }))
    alice.peer.connect(hub.address)
    await world.until(() => hasAll(alice, hub) && hub.store.feedKeys?.letter(alice.identity) != null)
    const early = await world.add('bob')
    early.peer.connect(hub.address)
    await world.until(() => early.store.feedKeys?.letter(alice.identity) != null)
    for (const one of [alice, early]) await one.stop()
    const alone = await world.add('alice')
    await world.turn(alone.peer.privateFeed.share([bob.identity]))
    alone.peer.connect(hub.address)
    await world.turn(alone.peer.settled(never))
    await world.turn(alone.peer.privateFeed.settled(never))
    await alone.stop()
    const later = await world.add('bob')
    later.peer.connect(hub.address)
    await world.turn(later.peer.settled(never))
    while (await world.turn(later.peer.privateFeed.settled(never))) {
      await world.turn(later.peer.settled(never))
    }
    expect(later.store.feedKeys?.of(alice.identity)).toHaveLength(1)
    expect(headOf(later, alice.identity)?.epoch).toBe(2)
    expect(texts(later.store, alice.identity)).toEqual(['for everybody', 'identification'])
  })
})
