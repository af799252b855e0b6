/** Notes for some, and the conversations they make: who reads them, on which devices, in which order things come. */
import { encodeBase64url, type Payload } from '@effigy/core'
import type { Item } from '@effigy/store'
import { testSeed } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import type { ConversationView } from '../src/private/peer-conversations.ts'
import { accountId, authorityOf, couple, friendOf, household, know, link, meet } from './account-kit.ts'
import { createWorld, never, type TestPeer, testCrypto, textOf, texts } from './world.ts'

/** Texts of a conversation, oldest first. */
const said = ({ peer }: TestPeer, ...people: readonly TestPeer[]): readonly string[] =>
  peer.conversations
    .messages(peer.conversations.nameOf(people.map(({ identity }) => identity)))
    .items.map(textOf)
    .reverse()

const write = (from: TestPeer, to: readonly TestPeer[], text: string) =>
  from.peer.conversations.write(
    to.map(({ identity }) => identity),
    { text },
  )

const kinds = ({ store, identity }: TestPeer): readonly string[] =>
  Array.from(store.chain(identity), ({ signed }) => signed.entry.payload.slice(0, 4)).filter((kind) =>
    ['age:', 'box:'].includes(kind),
  )

describe('notes for some', () => {
  test("[Q20] [Q21] one to an account is read on all its devices and one's own; the next ones are boxes; nobody else reads", async () => {
    await using world = createWorld()
    const { ann, bob } = await couple(world, ['a1', 'a2'], ['b1', 'b2'])
    const [a1, a2] = ann as [TestPeer, TestPeer]
    const [b1, b2] = bob as [TestPeer, TestPeer]
    const eve = await friendOf(world, a1, 'eve')
    const first = await write(a1, [b1], 'dinner?')
    expect(first.readers).toEqual([{ identity: accountId(b1), root: authorityOf(b1).root }])
    for (const reader of [b1, b2]) await world.until(() => said(reader, a1).join() === 'dinner?')
    await world.until(() => said(a2, b1).join() === 'dinner?')
    const mine = kinds(a1).length
    await write(a1, [b2], 'at eight')
    await write(b2, [a2], 'fine')
    await write(a1, [b1], 'bring wine')
    const all = 'dinner?,at eight,fine,bring wine'
    for (const reader of [a1, a2])
      await world.until(() => said(reader, b1).toSorted().join() === all.split(',').toSorted().join())
    for (const reader of [b1, b2]) await world.until(() => said(reader, a1).length === 4)
    expect(kinds(a1).slice(mine)).toEqual(['age:', 'box:', 'box:'])
    await world.until(
      () =>
        eve.store.feed(a1.identity)?.record?.head.length === a1.store.feed(a1.identity)?.record?.head.length,
    )
    await world.pass(2_000)
    expect(eve.peer.conversations.list().items).toEqual([])
    expect(texts(eve.store, a1.identity).filter((text) => text !== 'encrypted')).toEqual(['follow'])
    for (const { store } of [a1, a2, b1, b2, eve]) expect(store.timeline().items.map(textOf)).toEqual([])
    expect(b1.store.search('wine').items.map(textOf)).toEqual(['bring wine'])
    const found = (among: 'posts' | 'messages') => b1.peer.query.search('wine', { among }).items
    expect([found('messages').map(textOf), found('posts')]).toEqual([['bring wine'], []])
    const [{ identity, content }] = found('messages') as [Item]
    const name = b1.peer.conversations.nameOf([accountId(a1)])
    const { newest, state, asker, unread, knock, ...which } = b1.peer.conversations.show(
      name,
    ) as ConversationView
    expect(b1.peer.conversations.of(identity, content)).toEqual(which)
    expect(eve.peer.conversations.of(identity, content)).toBe(null)
    // What is not opened is not found, and stops nothing.
    eve.store.indexSearch(100)
    expect(eve.peer.query.search('wine', { among: 'messages' })).toEqual({ items: [], next: null })
    // Whom one mutes is not found either.
    await b1.peer.relate('mute', accountId(a1), true)
    expect(found('messages')).toEqual([])
  })

  test('[Q22] unread are those of others that no own device has read; the newest conversation comes first', async () => {
    await using world = createWorld()
    const { ann, bob } = await couple(world, ['a1'], ['b1', 'b2'])
    const [a1] = ann as [TestPeer]
    const [b1, b2] = bob as [TestPeer, TestPeer]
    await write(b1, [], 'milk')
    await write(a1, [b1], 'one')
    await write(a1, [b1], 'two')
    const views = ({ peer }: TestPeer) =>
      peer.conversations.list().items.map(({ newest, unread }) => `${newest && textOf(newest)} ${unread}`)
    for (const reader of [b1, b2]) await world.until(() => views(reader).join() === 'two 2,milk 0')
    await b2.peer.conversations.markRead(b2.peer.conversations.nameOf([a1.identity]))
    for (const reader of [b1, b2]) await world.until(() => views(reader).join() === 'two 0,milk 0')
    const length = b2.store.feed(b2.identity)?.record?.head.length
    await b2.peer.conversations.markRead(b2.peer.conversations.nameOf([a1.identity]))
    expect(b2.store.feed(b2.identity)?.record?.head.length).toBe(length)
    await write(a1, [b1], 'three')
    for (const reader of [b1, b2]) await world.until(() => views(reader).join() === 'three 1,milk 0')
    expect(views(a1)).toEqual(['three 0'])
  })

  test('[Q20] two that were begun at both ends at once are one', async () => {
    await using world = createWorld()
    const { ann, bob } = await couple(world, ['a1'], ['b1'])
    const [a1, b1] = [ann[0]!, bob[0]!]
    await Promise.all([write(a1, [b1], 'a'), write(b1, [a1], 'b')])
    await Promise.all([write(a1, [b1], 'A'), write(b1, [a1], 'B')])
    for (const [reader, other] of [
      [a1, b1],
      [b1, a1],
    ] as const) {
      await world.until(() => said(reader, other).toSorted().join('') === 'ABab')
      expect(reader.peer.conversations.list().items).toHaveLength(1)
    }
  })

  test('[Q20] three people: everybody sees who reads, and answers to all', async () => {
    await using world = createWorld()
    const { ann, bob } = await couple(world, ['a1'], ['b1'])
    const [a1, b1] = [ann[0]!, bob[0]!]
    const [c1] = (await household(world, 'c1')) as [TestPeer]
    for (const other of [a1, b1]) {
      await know(world, [c1], [other])
      await know(world, [other], [c1])
    }
    await write(a1, [b1, c1], 'hello both')
    await world.until(() => said(c1, a1, b1).join() === 'hello both')
    const name = c1.peer.conversations.list().items[0]!.name
    await c1.peer.conversations.answer(name, { text: 'hello' })
    await world.until(() => said(b1, a1, c1).join() === 'hello both,hello')
    const [view] = b1.peer.conversations.list().items
    expect(view?.persons.map(({ root }) => root).toSorted()).toEqual(
      [authorityOf(a1).root, authorityOf(c1).root].toSorted(),
    )
    expect(b1.peer.conversations.readers(c1.identity, view!.newest!.content)).toHaveLength(2)
  })

  test('[X9] to whom nothing can be sealed, nothing is written', async () => {
    await using world = createWorld()
    const [ann, bob] = [await world.add('ann'), await world.add('bob')]
    await expect(write(ann, [bob], 'x')).rejects.toMatchObject({ code: 'no-box-key' })
    expect(ann.store.feed(ann.identity)?.record ?? null).toBeNull()
    const many = Array.from({ length: 17 }, (_, index) => world.add(`p${index}`))
    await expect(write(ann, await Promise.all(many), 'x')).rejects.toMatchObject({ code: 'too-many-people' })
    await expect(ann.peer.conversations.answer('pxyz', { text: 'x' })).rejects.toMatchObject({
      code: 'no-conversation',
    })
    const image = { type: 'image', blob: 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku' }
    const attachments = [{ ...image, mime: 'image/png', width: 1, height: 1, alt: '' }]
    await expect(ann.peer.conversations.write([], { text: '', attachments } as never)).rejects.toMatchObject({
      code: 'file-in-clear',
    })
  })

  test('[Q21] [T21] a device that was revoked reads nothing newer, of messages under the key it had neither', async () => {
    await using world = createWorld()
    const { ann, bob } = await couple(world, ['a1'], ['b1', 'b2'])
    const [a1, b1, b2] = [ann[0]!, bob[0]!, bob[1]!]
    await write(a1, [b1], 'one')
    await write(a1, [b1], 'two')
    await world.until(() => said(b2, a1).join() === 'one,two')
    await b1.peer.account.revoke(b2.identity, { final: null })
    await world.until(() => a1.store.synods?.standing(b2.identity).type === 'revoked')
    await write(a1, [b1], 'three')
    await world.until(() => said(b1, a1).join() === 'one,two,three')
    await world.until(
      () =>
        b2.store.feed(a1.identity)?.record?.head.length === a1.store.feed(a1.identity)?.record?.head.length,
    )
    await world.pass(2_000)
    expect(said(b2, a1)).toEqual(['one', 'two'])
  })

  test('[X10] a device that joins later reads what was said before, of others too', async () => {
    await using world = createWorld()
    const { ann, bob } = await couple(world, ['a1'], ['b1'])
    const [a1, b1] = [ann[0]!, bob[0]!]
    await write(a1, [b1], 'one')
    await write(a1, [b1], 'two')
    await write(b1, [a1], 'three')
    await write(b1, [], 'to myself')
    await world.until(() => said(b1, a1).length === 3)
    const b2 = await world.add('b2')
    await link(world, b1, b2)
    await meet(world, b2, a1)
    await world.until(() => said(b2, a1).toSorted().join() === 'one,three,two', 60_000)
    await world.until(() => said(b2).join() === 'to myself')
  })

  test('[X8] [X9] whoever lost all devices reads the past again with the words: notes, conversations, what was said to oneself', async () => {
    await using world = createWorld()
    const { ann, bob } = await couple(world, ['a1'], ['b1'])
    const [a1, b1] = [ann[0]!, bob[0]!]
    const phrase = b1.peer.account.phrase()!
    await write(a1, [b1], 'one')
    await write(a1, [b1], 'two')
    await write(b1, [a1], 'three')
    await write(b1, [], 'to myself')
    await world.until(() => said(b1, a1).length === 3)
    await world.until(
      () =>
        a1.store.feed(b1.identity)?.record?.head.length === b1.store.feed(b1.identity)?.record?.head.length,
    )
    await b1.stop()
    const fresh = await world.add('fresh')
    await meet(world, fresh, a1)
    await world.turn(fresh.peer.account.move({ phrase, signal: never }))
    await world.until(() => said(fresh, a1).toSorted().join() === 'one,three,two', 60_000)
    await world.until(() => said(fresh).join() === 'to myself')
    expect(fresh.peer.conversations.list().items).toHaveLength(2)
    await world.until(() => a1.store.synods?.standing(fresh.identity).type === 'member')
    await write(a1, [fresh], 'welcome back')
    await world.until(() => said(fresh, a1).includes('welcome back'))
  })

  test('[P9] what is erased, or removed by a rebase, is gone from the conversation', async () => {
    await using world = createWorld()
    const { ann, bob } = await couple(world, ['a1'], ['b1'])
    const [a1, b1] = [ann[0]!, bob[0]!]
    const one = await write(a1, [b1], 'one')
    const two = await write(a1, [b1], 'two')
    await write(a1, [b1], 'three')
    await world.until(() => said(b1, a1).join() === 'one,two,three')
    await a1.peer.erase([one.content])
    await world.until(() => said(b1, a1).join() === 'two,three')
    await a1.peer.remove([two.cid])
    for (const [reader, other] of [
      [a1, b1],
      [b1, a1],
    ] as const) {
      await world.until(() => said(reader, other).join() === 'three')
      expect(reader.peer.conversations.list().items).toHaveLength(1)
    }
    expect(b1.store.search('two').items).toEqual([])
  })

  test('[Q22] [X21] an encrypted file comes along, and whoever is not meant has no more than ciphertext', async () => {
    await using world = createWorld()
    const { ann, bob } = await couple(world, ['a1'], ['b1'])
    const [a1, b1] = [ann[0]!, bob[0]!]
    const words = new TextEncoder().encode('a plan in a file '.repeat(40_000))
    async function* pieces() {
      yield words
    }
    const added = await world.turn(a1.peer.addFile(pieces(), { encrypted: true, signal: never }))
    const media = {
      type: 'media',
      kind: 'document',
      blob: added.root,
      mime: 'text/plain',
      bytes: words.length,
    }
    const note = { text: 'look', attachments: [{ ...media, secret: added.secret! }] }
    await a1.peer.conversations.write([b1.identity], note as never)
    await world.until(() => said(b1, a1).join() === 'look')
    await world.turn(b1.peer.fetchBlob(added.root, { signal: never }))
    const read: number[] = []
    for await (const piece of b1.peer.readFile(added.root, { secret: added.secret!, signal: never }))
      read.push(...piece)
    expect(Uint8Array.from(read)).toEqual(words)
    const stored: Uint8Array[] = []
    for await (const piece of b1.peer.readFile(added.root, { signal: never })) stored.push(piece)
    expect(stored.some((piece) => new TextDecoder().decode(piece).includes('a plan'))).toBe(false)
  })

  test('[X8] whoever is stopped in the middle of opening goes on at the next start', async () => {
    await using world = createWorld()
    const { ann, bob } = await couple(world, ['a1'], ['b1'])
    const [a1, b1] = [ann[0]!, bob[0]!]
    await b1.stop()
    for (let index = 0; index < 150; index++) await write(a1, [b1], `${index}`)
    const again = await world.add('b1')
    await meet(world, again, a1)
    await world.until(() => said(again, a1).length > 0 || (again.store.shut?.feeds().length ?? 0) > 0)
    await again.stop()
    const last = await world.add('b1')
    await meet(world, last, a1)
    const all = () =>
      last.store.conversations?.countAbove(last.peer.conversations.nameOf([a1.identity]), a1.identity, 0)
    await world.until(() => all() === 150, 60_000)
    expect(last.store.shut?.feeds()).toEqual([])
  })

  test('[Q23] what was read of a device stays read once it is known whose it is', async () => {
    await using world = createWorld()
    const [ann, bob] = [await world.add('ann'), await world.add('bob')]
    const box = encodeBase64url((await testCrypto.agreementKey(testSeed('box of ann'))).publicKey)
    const payload = { type: 'identification', at: 1, name: 'ann', about: '', avatar: null, hubs: [], box }
    await ann.peer.publish(payload as unknown as Payload)
    await ann.peer.relate('follow', bob.identity, true)
    bob.peer.watch(ann.identity)
    await meet(world, ann, bob)
    await world.until(() => bob.store.profile(ann.identity)?.verified === true)
    await write(bob, [ann], 'before')
    const { conversations } = ann.peer
    await world.until(() => conversations.counts().unread === 1)
    const { name } = conversations.list().items[0]!
    await conversations.markRead(name)
    await world.until(() => conversations.counts().unread === 0)
    await bob.peer.account.create({ label: 'bob', profile: { name: 'Bob' } })
    ann.peer.watch(bob.peer.account.show()!.identity)
    await world.until(() => conversations.list().items[0]!.name !== name)
    expect(conversations.counts().unread).toBe(0)
    expect(conversations.show(name)?.unread).toBe(0)
  })

  test('[Q20] people of whom only a device was known are one with their account once it is', async () => {
    await using world = createWorld()
    const [ann, bob] = [await world.add('ann'), await world.add('bob')]
    for (const [one, other] of [
      [ann, bob],
      [bob, ann],
    ] as const) {
      one.peer.watch(other.identity)
      await meet(world, one, other)
    }
    const box = encodeBase64url((await testCrypto.agreementKey(testSeed('box of bob'))).publicKey)
    const payload = { type: 'identification', at: 1, name: 'bob', about: '', avatar: null, hubs: [], box }
    await bob.peer.publish(payload as unknown as Payload)
    await world.until(() => ann.store.profile(bob.identity)?.verified === true)
    await write(ann, [bob], 'before')
    await bob.peer.account.create({ label: 'bob', profile: { name: 'Bob' } })
    ann.peer.watch(bob.peer.account.show()!.identity)
    await world.until(() => ann.store.synods?.accountOf(bob.identity) != null)
    await write(ann, [bob], 'after')
    expect(said(ann, bob)).toEqual(['before', 'after'])
    await world.until(() => bob.peer.conversations.requests()[0]?.held === 1)
    await bob.peer.conversations.accept(bob.peer.conversations.nameOf([ann.identity]))
    await world.until(() => said(bob, ann).join() === 'before,after')
  })
})
