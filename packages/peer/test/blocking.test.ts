/** Whoever is blocked or muted, on whole peers: each sentence of what that means (spec S41 to S43). */
import { encodeBase64url, type Payload } from '@effigy/core'
import { testSeed } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { authorityOf, friendOf, household, link, meet } from './account-kit.ts'
import { createWorld, never, note, type TestPeer, testCrypto, texts, type World } from './world.ts'

const shown = ({ peer }: TestPeer): readonly string[] =>
  peer.query
    .timeline({ comments: true, hops: true })
    .items.map(({ state }) =>
      state.type === 'shown' ? String((state.payload as { text?: string }).text) : '',
    )

const isConnected = (peer: TestPeer, other: TestPeer): boolean =>
  peer.peer.status().sessions.some(({ identity }) => identity === other.identity)

/** Mallory's words, and what a friend of both says to, about and around them. */
async function saidAround(mallory: TestPeer, friend: TestPeer): Promise<void> {
  const post = await mallory.peer.publish({ ...note('of mallory'), tags: ['wow'] } as Payload)
  const target = { identity: mallory.identity, content: post.content, entry: post.cid, synod: null }
  const say = (payload: object): Promise<unknown> => friend.peer.publish({ at: 1, ...payload } as Payload)
  await say({ type: 'comment', text: 'to mallory', target, thread: null })
  await say({ type: 'public_note', text: 'quotes', attachments: [{ type: 'reference', ...target }] })
  await say({ type: 'tag', target, labels: ['wow'] })
}

describe('[S41] block', () => {
  test('[P12] said on one device holds on all, for all devices of that person: who joins later, too', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const pc = await world.add('pc')
    await pc.peer.account.create({ label: 'pc' })
    const friend = await friendOf(world, pc)
    for (const own of [laptop, phone]) {
      await meet(world, own, friend)
      await meet(world, own, pc)
    }
    await laptop.peer.relate('follow', friend.identity, true)
    laptop.peer.watch(authorityOf(pc).identity)
    await world.until(() => laptop.store.synods?.accountOf(pc.identity) != null)
    await laptop.peer.relate('follow', pc.identity, true)
    await pc.peer.publish(note('of the pc'))
    const own = [laptop, phone]
    await world.until(() => own.every(({ store }) => texts(store, pc.identity).length === 1))
    expect(own.every((each) => isConnected(each, pc))).toBe(true)

    const said = await laptop.peer.relate('block', pc.identity, true)
    expect(laptop.store.entry(said.cid)?.signed.entry.payload).toMatch(/^age:/)
    await world.until(() => own.every((each) => !isConnected(each, pc)))
    for (const each of own) {
      await world.until(() => each.store.feed(pc.identity)?.watched === false)
      expect(shown(each)).toEqual([])
      expect(texts(each.store, pc.identity)).toEqual([])
    }
    // The other account gets a device that nobody ever met.
    const tablet = await world.add('tablet')
    await link(world, pc, tablet)
    await friend.peer.relate('follow', tablet.identity, true)
    const root = authorityOf(pc).root
    await world.until(() =>
      own.every(
        ({ store }) => store.synods?.account(root)?.standings.get(tablet.identity)?.type === 'member',
      ),
    )
    const dialled = tablet.peer.connect(phone.address)
    await world.until(() => dialled.state.type === 'refused')
    expect(dialled.state).toEqual({ type: 'refused', code: 'not-admitted' })
    await tablet.peer.publish(note('of the tablet'))
    await world.until(() => texts(friend.store, tablet.identity).length === 1)
    await world.pass(5_000)
    for (const each of own) {
      expect(each.store.feed(tablet.identity)?.heldCount ?? 0).toBe(0)
      expect(each.store.feed(pc.identity)?.watched).toBe(false)
    }

    await phone.peer.relate('block', pc.identity, false)
    dialled.retry()
    for (const each of own) {
      await world.until(() => texts(each.store, pc.identity).includes('of the pc'), 60_000)
      await world.until(() => texts(each.store, tablet.identity).includes('of the tablet'), 60_000)
    }
  })

  test('is shown nowhere: not by a reply, a quote, a tag, a mention, a thread, a search or by name', async () => {
    await using world = createWorld()
    const [alice, mallory, friend] = [
      await world.add('alice'),
      await world.add('mallory'),
      await world.add('friend'),
    ]
    await saidAround(mallory, friend)
    const own = await alice.peer.publish(note('of alice'))
    const target = { identity: alice.identity, content: own.content, entry: own.cid, synod: null }
    await mallory.peer.publish({
      type: 'comment',
      at: 1,
      text: 'at alice',
      target,
      thread: null,
      mentions: [{ identity: alice.identity, root: null, name: 'alice' }],
    } as Payload)
    await mallory.peer.publish({ type: 'tag', at: 1, target, labels: ['boo'] } as Payload)
    await mallory.peer.relate('follow', alice.identity, true)
    for (const other of [mallory, friend]) {
      await alice.peer.relate('follow', other.identity, true)
      await meet(world, alice, other)
    }
    await world.turn(alice.peer.settled(never))
    const { query } = alice.peer
    const everything = () => ({
      timeline: new Set(shown(alice)),
      feed: texts(alice.store, mallory.identity).length,
      mentions: query.mentions(alice.identity).items.length,
      thread: query.thread(alice.identity, own.content).items.length,
      below: query.thread(mallory.identity, post.content).items.length,
      reactions: query.reactions(alice.identity, own.content).length,
      about: query.reactions(mallory.identity, post.content).length,
      search: query.search('mallory').items.length,
      tagged: query.byTag('wow').items.length,
      comments: query.byType('comment').items.length,
      quoted: query.resolve(mallory.identity, post.content)?.content ?? null,
      named: query.item(post.cid)?.cid ?? null,
      followers: query.followers(alice.identity),
    })
    const post = query.byType('public_note').items.find(({ identity }) => identity === mallory.identity)!
    while (alice.store.indexSearch(100).behind > 0);
    const before = everything()
    expect(before).toMatchObject({
      mentions: 1,
      thread: 1,
      below: 1,
      reactions: 1,
      about: 1,
      search: 2,
      tagged: 1,
    })
    expect(before.timeline).toEqual(new Set(['of alice', 'of mallory', 'at alice', 'to mallory', 'quotes']))

    await alice.peer.relate('block', mallory.identity, true)
    const none = { mentions: 0, thread: 0, below: 0, reactions: 0, about: 0, search: 0, tagged: 0, feed: 0 }
    const nobody = { comments: 0, quoted: null, named: null, followers: [] }
    // The friend's own words stay; what they quote is not to be had.
    const timeline = new Set(['of alice', 'quotes'])
    expect(everything()).toEqual({ ...none, ...nobody, timeline })
    await alice.store.rebuildViews({ signal: never })
    while (alice.store.indexSearch(100).behind > 0);
    expect(everything()).toEqual({ ...none, ...nobody, timeline })

    await alice.peer.relate('block', mallory.identity, false)
    expect(everything()).toEqual(before)
    // A mute hides from lists, and nothing else: whoever asks by name is answered.
    await alice.peer.relate('mute', mallory.identity, true)
    const { quoted, named, feed, followers, about } = before
    expect(everything()).toEqual({
      ...none,
      ...{ quoted, named, feed, followers, about, comments: 0, timeline },
    })
    await alice.peer.relate('mute', mallory.identity, false)
    expect(everything()).toEqual(before)
  })

  test('[S42] says nothing in conversations, and makes nothing unread; what others say there stays', async () => {
    await using world = createWorld()
    const [alice, mallory, friend] = [
      await world.add('alice'),
      await world.add('mallory'),
      await world.add('friend'),
    ]
    const all = [alice, mallory, friend]
    for (const one of all) {
      const box = encodeBase64url((await testCrypto.agreementKey(testSeed(`box of ${one.name}`))).publicKey)
      const card = { type: 'identification', at: 1, name: one.name, about: '', avatar: null, hubs: [], box }
      await one.peer.publish(card as Payload)
      for (const other of all) {
        if (other === one) continue
        await one.peer.relate('follow', other.identity, true)
        if (one.name < other.name) await meet(world, one, other)
      }
    }
    const isKnown = (one: TestPeer, other: TestPeer) => one.peer.query.profile(other.identity) !== null
    await world.until(() => all.every((one) => all.every((other) => isKnown(one, other))))
    const say = (from: TestPeer, to: readonly TestPeer[], text: string) =>
      from.peer.conversations.write(
        to.map(({ identity }) => identity),
        { text },
      )
    await say(mallory, [alice], 'just you')
    await say(mallory, [alice, friend], 'all of you')
    const { conversations } = alice.peer
    await world.until(() => conversations.list().items.length === 2)
    await world.until(() => friend.peer.conversations.list().items.length === 1)
    await say(friend, [alice, mallory], 'quiet please')
    const heard = () =>
      conversations
        .list()
        .items.map(({ name, unread }) => [
          unread,
          ...conversations
            .messages(name)
            .items.map(({ state }) =>
              state.type === 'shown' ? (state.payload as { text?: string }).text : state.type,
            ),
        ])
    const before = [
      [2, 'quiet please', 'all of you'],
      [1, 'just you'],
    ]
    await world.until(() => JSON.stringify(heard()) === JSON.stringify(before))
    for (const kind of ['block', 'mute'] as const) {
      await alice.peer.relate(kind, mallory.identity, true)
      expect(heard()).toEqual([[1, 'quiet please']])
      await alice.peer.relate(kind, mallory.identity, false)
      expect(heard()).toEqual(before)
    }
  })

  test('is not dialled, and nothing is served: as if it were not there, whoever asks for their feed', async () => {
    await using world = createWorld()
    const [alice, mallory, other] = [
      await world.add('alice'),
      await world.add('mallory'),
      await world.add('other'),
    ]
    await mallory.peer.publish(note('of mallory'))
    await alice.peer.relate('follow', mallory.identity, true)
    const ours = alice.peer.connect(mallory.address)
    await world.until(() => texts(alice.store, mallory.identity).length === 1)
    await alice.peer.relate('block', mallory.identity, true)
    await world.until(() => ours.state.type === 'refused')
    const { count } = mallory.dials
    ours.retry()
    await world.pass(3_000)
    expect(ours.state).toEqual({ type: 'refused', code: 'blocked' })
    expect(mallory.dials.count).toBe(count)
    const again = alice.peer.connect(mallory.address)
    await world.pass(1_000)
    expect(again.state).toEqual({ type: 'refused', code: 'blocked' })
    expect(mallory.dials.count).toBe(count)

    // Neither the feed of mallory nor that of nobody: a third person cannot tell them apart.
    const unknown = await world.add('unknown')
    await mallory.stop()
    other.peer.watch(mallory.identity)
    other.peer.watch(unknown.identity)
    await meet(world, other, alice)
    await world.pass(5_000)
    expect(other.store.feed(mallory.identity)?.record ?? null).toBeNull()
    await alice.peer.publish(note('to the others'))
    other.peer.watch(alice.identity)
    await world.until(() => texts(other.store, alice.identity).length > 0)

    await alice.peer.relate('block', mallory.identity, false)
    await world.until(() => texts(other.store, mallory.identity).length === 1, 60_000)
    await world.add('mallory')
    await world.until(() => ours.state.type === 'connected', 60_000)
  })

  test('[V71] their hub tells them nothing of us, and carries nothing of theirs: as if we were not there', async () => {
    await using world = createWorld()
    const hub: TestPeer = await world.add('hub', {
      kind: 'hub',
      signalling: { carries: () => true },
      tracks(remote, identities) {
        for (const identity of [remote, ...identities]) {
          if (hub.store.feed(identity)?.watched !== true) hub.peer.watch(identity)
        }
      },
    })
    const [alice, bob] = [await world.add('alice'), await world.add('bob')]
    world.network.cut('alice', 'bob')
    const hubAddress = `memory://hub#${hub.identity}`
    for (const { peer } of [alice, bob]) await world.turn(peer.connect(hubAddress).ready(never))
    await alice.peer.relate('follow', bob.identity, true)
    await bob.peer.relate('follow', alice.identity, true)
    await world.until(() => bob.store.follows(alice.identity, 1).length === 1)
    await world.until(() => alice.store.follows(bob.identity, 1).length === 1)
    const through = bob.peer.connect(`memory://hub?to=${alice.identity}#${hub.identity}`)
    await world.turn(through.ready(never))
    await alice.peer.relate('block', bob.identity, true)
    await world.until(() => !isConnected(bob, alice))
    await world.pass(3_000)
    const again = bob.peer.connect(`memory://hub?to=${alice.identity}#${hub.identity}`)
    await world.until(() => again.state.type === 'waiting')
    expect(again.state).toMatchObject({ code: 'unreachable' })
    await alice.peer.relate('block', bob.identity, false)
    await world.pass(3_000)
    again.retry()
    await world.until(() => again.state.type === 'connected')
  })

  test('what was watched without being followed is watched again when it is taken back', async () => {
    await using world = createWorld()
    const [alice, bob] = [await world.add('alice'), await world.add('bob')]
    const policy = { depth: { type: 'last', count: 3 }, blobs: { type: 'none' } } as const
    alice.peer.watch(bob.identity, policy)
    await alice.peer.relate('block', bob.identity, true)
    expect(alice.store.feed(bob.identity)?.watched).toBe(false)
    // Whoever asks for it meanwhile has it then.
    const carol = await world.add('carol')
    await alice.peer.relate('block', carol.identity, true)
    alice.peer.watch(carol.identity)
    expect(alice.store.feed(carol.identity)?.watched ?? false).toBe(false)
    await alice.stop()
    const again = await world.add('alice')
    await again.peer.relate('block', bob.identity, false)
    expect(again.store.feed(bob.identity)).toMatchObject({ watched: true, policy })
    await again.peer.relate('block', carol.identity, false)
    expect(again.store.feed(carol.identity)?.watched).toBe(true)
    await again.peer.relate('block', bob.identity, true)
    again.peer.unwatch(bob.identity)
    await again.peer.relate('block', bob.identity, false)
    expect(again.store.feed(bob.identity)?.watched).toBe(false)
  })

  test('[S15] is no friend of a friend either, on none of their devices', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const [pc, tablet] = (await household(world, 'pc', 'tablet')) as [TestPeer, TestPeer]
    const friend = await friendOf(world, pc)
    await meet(world, friend, tablet)
    await pc.peer.publish(note('of the pc'))
    await tablet.peer.publish(note('of the tablet'))
    await alice.peer.relate('follow', friend.identity, true)
    const level = { depth: { type: 'all' }, blobs: { type: 'none' }, maxFeeds: 100 } as const
    alice.peer.setHops([level])
    await meet(world, alice, friend)
    await world.until(() => shown(alice).length === 2, 60_000)
    await alice.peer.relate('block', pc.identity, true)
    await world.pass(20_000)
    expect(shown(alice)).toEqual([])
    expect([pc, tablet].map(({ identity }) => alice.store.feed(identity)?.watched)).toEqual([false, false])
    await alice.peer.relate('block', pc.identity, false)
    await world.until(() => shown(alice).length === 2, 60_000)
  })
})

describe('[S43] mute', () => {
  test('hides what all devices of that person say on all of one’s own, and nothing else is different', async () => {
    await using world: World = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const pc = await world.add('pc')
    await pc.peer.account.create({ label: 'pc' })
    await pc.peer.publish(note('loud'))
    for (const own of [laptop, phone]) await meet(world, own, pc)
    laptop.peer.watch(authorityOf(pc).identity)
    await world.until(() => laptop.store.synods?.accountOf(pc.identity) != null)
    await laptop.peer.relate('follow', pc.identity, true)
    await pc.peer.relate('follow', laptop.identity, true)
    const own = [laptop, phone]
    await world.until(() => own.every((each) => shown(each).includes('loud')), 60_000)
    await phone.peer.relate('mute', pc.identity, true)
    await world.until(() => own.every((each) => !shown(each).includes('loud')), 60_000)
    await pc.peer.publish(note('louder'))
    await laptop.peer.publish(note('hear me'))
    for (const each of own) {
      await world.until(() => texts(each.store, pc.identity)[0] === 'louder')
      expect(shown(each)).not.toContain('louder')
      expect(isConnected(each, pc)).toBe(true)
    }
    await world.until(() => texts(pc.store, laptop.identity)[0] === 'hear me')
    await laptop.peer.relate('mute', pc.identity, false)
    await world.until(() => own.every((each) => shown(each).includes('louder')), 60_000)
  })
})
