/** Messages of strangers: apart, the first alone, by a drop box where nobody listens to them (spec Q25 to Q28). */

import { describe, expect, test } from 'vitest'
import type { NoteDraft } from '../src/index.ts'
import { accountId, friendOf, household, link, meet } from './account-kit.ts'
import { boxHub } from './drops-kit.ts'
import { createWorld, never, type TestPeer, textOf, type World } from './world.ts'

const said = ({ peer }: TestPeer, name: string): readonly string[] =>
  peer.conversations.messages(name).items.map(textOf).reverse()

const listed = ({ peer }: TestPeer): readonly string[] =>
  peer.conversations.list().items.map(({ newest, unread }) => `${newest && textOf(newest)} ${unread}`)

const asked = ({ peer }: TestPeer): readonly string[] =>
  peer.conversations.requests().map(({ text, held, state }) => `${text} +${held} ${state}`)

/** Bob has the feed of Eve, as of a friend of friends, and she writes to him. */
async function overheard(world: World, first: NoteDraft, ...more: readonly string[]) {
  const [b1, b2] = (await household(world, 'b1', 'b2')) as [TestPeer, TestPeer]
  const eve = await friendOf(world, b1, 'eve')
  await eve.peer.account.create({ label: 'eve', profile: { name: 'Eve' } })
  for (const device of [b1, b2]) {
    for (const feed of [eve.identity, accountId(eve)]) device.peer.watch(feed)
    await meet(world, device, eve)
    await world.until(() => device.store.synods?.accountOf(eve.identity) != null)
  }
  const notes = [first, ...more.map((text) => ({ text }))]
  for (const note of notes) await eve.peer.conversations.write([b1.identity], note)
  const name = b1.peer.conversations.nameOf([accountId(eve)])
  await world.until(() =>
    [b1, b2].every(
      (device) => device.store.conversations?.countAbove(name, eve.identity, 0) === notes.length,
    ),
  )
  return { b1, b2, eve, name }
}

describe('[Q25] what strangers say', () => {
  test('is apart, and the first alone; accepted on one device, it is an ordinary conversation on all', async () => {
    await using world = createWorld()
    const { b1, b2, eve, name } = await overheard(world, { text: 'hello' }, 'are you there?', 'BUY NOW')
    for (const device of [b1, b2]) {
      await world.until(() => asked(device).join() === 'hello +2 asks')
      expect(listed(device)).toEqual([])
      expect(said(device, name)).toEqual(['hello'])
      expect(device.peer.conversations.show(name)).toMatchObject({ state: 'asks', unread: 0 })
      expect(device.peer.conversations.counts()).toEqual({ unread: 0, conversations: 0, requests: 1 })
    }
    expect(b1.peer.conversations.list({ all: true }).items.map(({ state }) => state)).toEqual(['asks'])
    const found = () => {
      b1.store.indexSearch(100)
      return b1.peer.query.search('buy', { among: 'messages' }).items.map(textOf)
    }
    expect(found()).toEqual([])
    expect(b1.peer.query.byType('private_note').items).toEqual([])
    expect(b1.peer.conversations.requests()[0]?.from).toEqual({
      identity: accountId(eve),
      root: eve.peer.account.show()?.root,
    })
    await b1.peer.conversations.accept(name)
    for (const device of [b1, b2]) {
      await world.until(() => listed(device).join() === 'BUY NOW 3')
      expect(said(device, name)).toEqual(['hello', 'are you there?', 'BUY NOW'])
      expect(found()).toEqual(['BUY NOW'])
      expect(asked(device)).toEqual([])
      expect(device.peer.conversations.counts()).toEqual({ unread: 3, conversations: 1, requests: 0 })
    }
    await expect(b1.peer.conversations.accept(name)).rejects.toMatchObject({ code: 'no-request' })
    await expect(b1.peer.conversations.ignore('pxyz')).rejects.toMatchObject({ code: 'no-request' })
  })

  test('who answers has accepted; who ignores is told nothing of it any more, until it is taken back', async () => {
    await using world = createWorld()
    const { b1, b2, eve, name } = await overheard(world, { cw: 'hello', text: 'you owe me' }, 'again')
    await b1.peer.conversations.ignore(name)
    await eve.peer.conversations.write([b1.identity], { text: 'answer me' })
    await world.until(() => b2.store.conversations?.countAbove(name, eve.identity, 0) === 3)
    for (const device of [b1, b2]) {
      await world.until(() => asked(device).length === 0)
      expect(listed(device)).toEqual([])
      expect(said(device, name)).toEqual(['you owe me'])
    }
    expect(b2.peer.conversations.ignored().map(({ identity }) => identity)).toEqual([accountId(eve)])
    await b2.peer.conversations.hear(eve.identity)
    // The warning, not what is behind it.
    await world.until(() => asked(b1).join() === 'hello +2 asks')
    await b1.peer.conversations.answer(name, { text: 'who are you?' })
    expect(said(b1, name)).toEqual(['you owe me', 'again', 'answer me', 'who are you?'])
    expect(asked(b1)).toEqual([])
  })

  test('[Q26] who may not write is shown nowhere; a friend of a friend may, where it is so chosen', async () => {
    await using world = createWorld()
    const { b1, b2, eve, name } = await overheard(world, { text: 'hello' })
    await b1.peer.conversations.setWhoMayWrite('followed')
    for (const device of [b1, b2]) {
      await world.until(() => asked(device).length === 0)
      expect([device.peer.conversations.whoMayWrite(), ...listed(device)]).toEqual(['followed'])
    }
    await b2.peer.conversations.setWhoMayWrite('friends-of-friends')
    await world.until(() => b1.peer.conversations.whoMayWrite() === 'friends-of-friends')
    expect(asked(b1)).toEqual([])
    const carl = await friendOf(world, eve, 'carl')
    b1.peer.watch(carl.identity)
    await meet(world, b1, carl)
    await b1.peer.relate('follow', carl.identity, true)
    await world.until(() => asked(b1).join() === 'hello +0 asks')
    expect(b1.peer.conversations.requests()[0]?.common).toEqual([carl.identity])
    await b1.peer.relate('follow', eve.identity, true)
    expect([asked(b1), listed(b1), said(b1, name)]).toEqual([[], ['hello 1'], ['hello']])
  })
})

describe('[Q27] who is not listened to', () => {
  /** Ann follows Bob, who has never heard of her; both use the same hub. */
  async function strangers(world: World) {
    const { hub } = await boxHub(world)
    const [bob] = (await household(world, 'bob')) as [TestPeer]
    const [ann] = (await household(world, 'ann')) as [TestPeer]
    await meet(world, bob, hub)
    await meet(world, ann, hub)
    ann.peer.watch(accountId(bob))
    await world.until(() => ann.store.synods?.accountOf(bob.identity) != null)
    await ann.peer.relate('follow', bob.identity, true)
    return { hub, ann, bob }
  }

  test('leaves the first message in a drop box; accepted, all of it comes, and an answer goes back', async () => {
    await using world = createWorld()
    const { ann, bob } = await strangers(world)
    const { conversation } = await ann.peer.conversations.write([bob.identity], {
      cw: 'we met at the lake',
      text: 'I fell in',
    })
    await ann.peer.conversations.write([bob.identity], { text: 'the one with the dog' })
    await world.until(() => asked(bob).length === 1)
    const [request] = bob.peer.conversations.requests()
    expect(request).toMatchObject({
      text: 'we met at the lake',
      claimedName: 'Alice',
      state: 'asks',
      held: 0,
    })
    expect(bob.store.feed(ann.identity)?.watched ?? false).toBe(false)
    await world.until(() => ann.peer.conversations.show(conversation)?.knock === 'left')
    await world.turn(bob.peer.conversations.accept(request!.name))
    await world.until(() => listed(bob).join() === 'the one with the dog 2')
    await world.until(() => bob.store.takenDrops?.usage(true, null).items === 0)
    expect(asked(bob)).toEqual([])
    expect(bob.store.timeline().items).toEqual([])
    await world.until(() => bob.store.synods?.accountOf(ann.identity) != null)
    const name = bob.peer.conversations.nameOf([ann.identity])
    await bob.peer.conversations.answer(bob.peer.conversations.list().items[0]!.name, { text: 'of course!' })
    await world.until(() => said(ann, conversation).at(-1) === 'of course!')
    expect(ann.peer.conversations.show(conversation)?.knock).toBeNull()
    expect(bob.peer.conversations.show(name)?.state).toBe('open')
    // By what it was called before it was known whose device wrote.
    expect(bob.peer.conversations.show(request!.name)?.name).toBe(name)
    const drops = ann.peer.state.values('knock/').length
    await ann.peer.conversations.write([bob.identity], { text: 'good' })
    await world.until(() => said(bob, name).at(-1) === 'good')
    expect(ann.peer.state.values('knock/')).toHaveLength(drops)
  })

  test('[Q28] of somebody blocked nothing waits; ignored, it is shown on no device', async () => {
    await using world = createWorld()
    const { hub, ann, bob } = await strangers(world)
    const second = await world.add('second')
    await link(world, bob, second)
    await meet(world, second, hub)
    await ann.peer.conversations.write([bob.identity], { text: 'hello' })
    for (const device of [bob, second]) await world.until(() => asked(device).length === 1)
    const [request] = second.peer.conversations.requests()
    const { content, at } = request!
    const knock = { type: 'message', content, at, text: 'more', name: null, people: [[bob.identity, null]] }
    await world.turn(ann.peer.drops.send(bob.identity, knock, { signal: never }))
    const waiting = () => [bob, second].map(({ store }) => store.takenDrops?.usage(true, null).items).join()
    await world.until(() => waiting() === '2,2')
    await second.peer.conversations.ignore(request!.name)
    await world.until(() => asked(bob).length === 0)
    // One stays, for when it is taken back.
    await world.until(() => waiting() === '1,1')
    await bob.peer.conversations.hear(ann.identity)
    await world.until(() => asked(bob).join() === 'hello +0 asks')
    await bob.peer.relate('block', ann.identity, true)
    await world.until(() =>
      [bob, second].every(({ store }) => store.takenDrops?.usage(true, null).items === 0),
    )
  })
})
