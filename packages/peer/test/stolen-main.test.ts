/** The main device in a thief's hands: the harm it does, and that the words undo all of it, for everybody (T26). */
import type { Payload } from '@effigy/core'
import { testSeed } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import {
  authorityOf,
  confirmPhrase,
  everywhere,
  friendOf,
  household,
  hubOf,
  keyOf,
  link,
  meet,
  members,
  shows,
} from './account-kit.ts'
import { accomplice, chainOf, forge, lastEpoch } from './thief-kit.ts'
import { createWorld, never, note, type TestPeer, texts, type World } from './world.ts'

const hourMs = 60 * 60 * 1000
const signal = never

interface Theft {
  readonly laptop: TestPeer
  readonly phone: TestPeer
  readonly tablet: TestPeer
  readonly hub: TestPeer
  readonly friend: TestPeer
  /** Everybody but the laptop. */
  readonly honest: readonly TestPeer[]
  /** The last moment at which the laptop was in good hands. */
  readonly lostAt: number
  /** The words, on paper: the vault has them no more. */
  readonly phrase: string
}

/** Three devices, their hub and a friend; all of them have what the phone and the laptop said. Then the laptop is gone. */
async function theft(world: World): Promise<Theft> {
  const [laptop, phone, tablet] = (await household(world, 'laptop', 'phone', 'tablet')) as [
    TestPeer,
    TestPeer,
    TestPeer,
  ]
  const phrase = laptop.peer.account.phrase()!
  await confirmPhrase(laptop.peer.account)
  const friend = await friendOf(world, laptop)
  const hub = await hubOf(world, laptop, phone, tablet, friend)
  await meet(world, tablet, phone)
  await meet(world, friend, phone)
  for (const text of ['first', 'second']) await phone.peer.publish(note(text))
  for (const text of ['one', 'two']) await laptop.peer.publish(note(text))
  const honest = [phone, tablet, hub, friend]
  await everywhere(world, [...honest, laptop], (peer) => shows(peer, phone, 'first', 'second'))
  await everywhere(world, [...honest, laptop], (peer) => shows(peer, laptop, 'one', 'two'))
  await world.clock.advance(hourMs)
  const lostAt = world.clock.now()
  await world.clock.advance(hourMs)
  return { laptop, phone, tablet, hub, friend, honest, lostAt, phrase }
}

/** The words on the phone: it and the tablet stay. */
const takeBack = (world: World, { phone, tablet, phrase, lostAt }: Theft) =>
  world.turn(
    phone.peer.account.move({ phrase, keep: [tablet.identity], lostAt, profile: { name: 'Alice' }, signal }),
  )

async function allIsBack(world: World, { laptop, phone, tablet, honest }: Theft): Promise<void> {
  await everywhere(world, honest, ({ store }) => store.synods?.standing(laptop.identity).type === 'revoked')
  await everywhere(world, honest, (peer) => shows(peer, phone, 'first', 'second'))
  await everywhere(world, honest, (peer) => shows(peer, laptop, 'one', 'two'))
  for (const { store } of honest) {
    for (const device of [phone, tablet]) expect(store.synods?.standing(device.identity).type).toBe('member')
  }
  expect(members(phone)).toEqual(['phone (main)', 'tablet'])
  expect(members(tablet)).toEqual(members(phone))
  expect(phone.peer.account.show()).toMatchObject({ role: 'main', disputed: false })
}

describe('[T26] the stolen main device', () => {
  test('adds a device, revokes the others, renames the account, wipes by rebase and by erase', async () => {
    await using world = createWorld()
    const all = await theft(world)
    const { laptop, phone, tablet, friend, honest } = all
    const mallory = await world.add('mallory')
    // Of the phone, too, while it is a device yet.
    const [target] = phone.store.feedItems(phone.identity, { limit: 1 }).items
    await laptop.peer.erase([{ identity: phone.identity, content: target!.content }])
    const own = laptop.store.feedItems(laptop.identity, { limit: 500 }).items
    const notes = own.filter(({ state }) => state.type === 'shown' && 'text' in state.payload)
    await world.turn(laptop.peer.remove(notes.map(({ cid }) => cid)))
    await laptop.peer.publish(note('of the thief'))
    await everywhere(world, honest, (peer) => texts(peer.store, phone.identity).includes('erased'))
    await everywhere(world, honest, (peer) => !texts(peer.store, laptop.identity).includes('one'))
    await link(world, laptop, mallory)
    for (const device of [phone, tablet]) await laptop.peer.account.revoke(device.identity, { final: null })
    await laptop.peer.account.set({ profile: { name: 'Mallory' } })
    await mallory.peer.publish(note('in her name'))
    await everywhere(world, honest, (peer) => texts(peer.store, phone.identity).length === 0)
    await world.until(() => texts(friend.store, mallory.identity).includes('in her name'))

    await takeBack(world, all)
    await allIsBack(world, all)
    for (const { store } of honest) expect(texts(store, mallory.identity)).toEqual([])
    expect(friend.peer.account.of(phone.identity)?.devices).toHaveLength(2)
    await world.until(() => laptop.peer.account.show()?.role === 'revoked')
    await world.until(() => mallory.peer.account.show()?.role === 'revoked')
    await phone.peer.publish(note('back'))
    await everywhere(world, honest, (peer) => texts(peer.store, phone.identity)[0] === 'back')
  })

  test('replaces `next` and `recovery`, raises the epoch of the account, signs a move of its own: none of it counts', async () => {
    await using world = createWorld()
    const all = await theft(world)
    const { laptop, phone, tablet, honest } = all
    const before = authorityOf(phone)
    const { state } = before.current!
    const synodKey = keyOf(laptop)!
    const chain = chainOf(laptop, before.identity)
    const other = state.next.slice(0, -2) + (state.next.endsWith('AA') ? 'BA' : 'AA')
    const onTop = (changes: object) =>
      forge(synodKey, [{ ...state, ...changes } as unknown as Payload], {
        below: chain,
        comparable: world.clock.now(),
      })
    const move = {
      root: before.root,
      from: before.identity,
      to: laptop.identity,
      final: null,
      next: other,
      recovery: state.recovery,
      key: other,
      signature: state.identities[0]![4],
      consent: state.identities[0]![4],
    }
    const alone = { ...state, identities: [state.identities[0]] } as unknown as Payload
    const forged = [
      await onTop({ next: other }),
      await onTop({ recovery: other }),
      await onTop({ moves: [move] }),
      await forge(synodKey, [alone], { epoch: 2 }),
      await forge(synodKey, [alone], { epoch: lastEpoch - 1, comparable: world.clock.now() }),
    ]
    for (const [index, each] of forged.entries()) {
      const relay = await accomplice(world, `relay ${index}`, each)
      for (const peer of honest) await meet(world, peer, relay)
    }
    await world.pass(3_000)
    for (const peer of honest) {
      const now = peer.store.synods?.account(before.root)
      expect([peer.name, now?.identity, now?.current?.state.next]).toEqual([
        peer.name,
        before.identity,
        state.next,
      ])
      expect(now?.moves).toEqual([])
      for (const device of [phone, tablet]) {
        expect(peer.store.synods?.standing(device.identity).type).not.toBe('revoked')
      }
    }
    await takeBack(world, all)
    await allIsBack(world, all)
  })

  test('goes on after the words: states, posts, rebases with times of long ago; nobody takes them', async () => {
    await using world = createWorld()
    const all = await theft(world)
    const { laptop, phone, tablet, honest } = all
    const before = authorityOf(laptop)
    const synodKey = keyOf(laptop)!
    const states = chainOf(laptop, before.identity)
    const feed = chainOf(laptop, laptop.identity)
    await takeBack(world, all)
    await allIsBack(world, all)
    const { identity, length } = authorityOf(phone)!.current!
    const { state } = before.current!
    const alone = { ...state, identities: [state.identities[0]], revoked: [] } as unknown as Payload
    const synod = [before.identity, before.current!.cid] as const
    const seed = testSeed('laptop')
    const forged = [
      // More than any honest state below the end.
      await forge(synodKey, [alone, alone, alone], { below: states }),
      await forge(synodKey, [alone], { below: states.slice(0, 1) }),
      await forge(seed, [note('of the thief')], { below: feed, synod }),
      await forge(seed, [note('of the thief')], { below: feed.slice(0, 1), epoch: 2, synod }),
      await forge(seed, [note('of the thief')], { epoch: lastEpoch - 1, synod }),
    ]
    for (const [index, each] of forged.entries()) {
      const relay = await accomplice(world, `relay ${index}`, each)
      for (const peer of honest) await meet(world, peer, relay)
    }
    await world.pass(3_000)
    await allIsBack(world, all)
    for (const peer of honest) {
      const now = peer.store.synods?.account(before.root)
      expect([now?.identity, now?.current?.length, now?.disputed]).toEqual([identity, length, false])
      expect(texts(peer.store, tablet.identity)).toEqual([])
    }
  })

  test('[Y24] what it told a new device of private texts gives way to what the others say', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const [loud, friend] = [await world.add('loud'), await world.add('friend')]
    const phrase = laptop.peer.account.phrase()!
    await meet(world, laptop, phone)
    const { content } = await phone.peer.relate('mute', loud.identity, true)
    const muted = ({ store, identity }: TestPeer) => store.relations(identity, 'mute').join()
    await world.until(() => muted(laptop) === loud.identity)
    const lie = { type: 'mute', at: 1, target: { identity: friend.identity, root: null }, value: true }
    laptop.store.rememberOpened(phone.identity, content, JSON.stringify(lie))
    const tablet = await world.add('tablet')
    await link(world, laptop, tablet)
    await world.until(() => muted(tablet) === friend.identity)

    await world.turn(
      phone.peer.account.move({
        phrase,
        keep: [tablet.identity],
        revoke: [[laptop.identity, { final: null }]],
        signal: never,
      }),
    )
    await meet(world, tablet, phone)
    await world.until(() => tablet.store.synods?.standing(laptop.identity).type === 'revoked', 60_000)
    await world.until(() => muted(tablet) === loud.identity, 60_000)
    // What the stolen one goes on telling is asked for by nobody.
    await world.pass(5_000)
    expect(muted(tablet)).toBe(loud.identity)
  })
})
