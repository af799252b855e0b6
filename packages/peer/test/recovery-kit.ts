/**
 * An owner, friends with accounts of their own who are its custodians, and a new device that asks them.
 *
 *     circle(world, 'bob', 'carol') ─▶ split ─▶ the fire ─▶ gather ─▶ combine
 */
import type { Identity } from '@effigy/core'
import { expect } from 'vitest'
import { authorityOf, friendOf, meet } from './account-kit.ts'
import { never, type TestPeer, type World } from './world.ts'

const signal = never

export interface Circle {
  readonly laptop: TestPeer
  readonly phrase: string
  /** Accounts of their own, who follow her account and are followed by her. */
  readonly custodians: readonly TestPeer[]
  readonly keys: readonly Identity[]
}

/** Alice with one device, and friends with accounts. */
export async function circle(world: World, ...names: readonly string[]): Promise<Circle> {
  const laptop = await world.add('laptop')
  await laptop.peer.account.create({ label: 'laptop', profile: { name: 'Alice' } })
  const phrase = laptop.peer.account.phrase() ?? ''
  const custodians: TestPeer[] = []
  for (const name of names) {
    const friend = await friendOf(world, laptop, name)
    await friend.peer.account.create({ label: name, profile: { name } })
    await know(world, laptop, friend)
    custodians.push(friend)
  }
  return { laptop, phrase, custodians, keys: custodians.map((each) => authorityOf(each).identity) }
}

/** Meets somebody's account and follows it. */
export async function know(world: World, who: TestPeer, whom: TestPeer): Promise<void> {
  who.peer.watch(authorityOf(whom).identity)
  await meet(world, who, whom)
  await world.until(() => who.store.synods?.accountOf(whom.identity) != null)
  await who.peer.relate('follow', whom.identity, true)
}

export const holds = ({ peer }: TestPeer): boolean => peer.recovery.show().held.length === 1

/** Split, and all have their shares. */
export async function split(
  world: World,
  { laptop, custodians, keys }: Circle,
  threshold = 2,
): Promise<void> {
  await world.turn(laptop.peer.recovery.split({ custodians: keys, threshold, signal }))
  await world.until(() => custodians.every(holds))
}

/** Asks all of them, who approve when the words are the same. */
export async function gather(
  world: World,
  fresh: TestPeer,
  { laptop, custodians, keys }: Circle,
  approving: readonly TestPeer[] = custodians,
): Promise<void> {
  const account = authorityOf(laptop).root
  for (const each of custodians) await meet(world, fresh, each)
  await world.turn(fresh.peer.recovery.ask({ custodians: keys, account, name: 'Alice', signal }))
  for (const each of approving) {
    await world.until(() => each.peer.recovery.show().requests.length === 1)
    const [request] = each.peer.recovery.show().requests
    const asked = fresh.peer.recovery.show().asked.find(({ root }) => root === authorityOf(each).root)
    expect(request).toMatchObject({ name: 'Alice', identity: fresh.identity, words: asked?.words })
    await world.turn(each.peer.recovery.approve(request?.id ?? ''))
  }
  const given = () => fresh.peer.recovery.show().asked.filter(({ state }) => state === 'given').length
  await world.until(() => given() === approving.length)
}
