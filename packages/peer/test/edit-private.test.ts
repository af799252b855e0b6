/** Editing what was said to some: the new text is read by the same people, the old one by nobody. */

import type { Payload } from '@effigy/core'
import { expect, test } from 'vitest'
import { couple, friendOf } from './account-kit.ts'
import { circle, note as groupNote, textsOf } from './group-kit.ts'
import { createWorld, type TestPeer, textOf, texts } from './world.ts'

const said = ({ peer }: TestPeer, ...people: readonly TestPeer[]): readonly string[] =>
  peer.conversations
    .messages(peer.conversations.nameOf(people.map(({ identity }) => identity)))
    .items.map(textOf)
    .reverse()

const note = (text: string) => ({ type: 'private_note', at: 1, text }) as Payload

test('[Q24] an edited note stays with its readers, whether age or box, on all devices; nobody else reads it', async () => {
  await using world = createWorld('edit private')
  const { ann, bob } = await couple(world, ['a1', 'a2'], ['b1', 'b2'])
  const [a1, a2, b1, b2] = [...ann, ...bob] as [TestPeer, TestPeer, TestPeer, TestPeer]
  const eve = await friendOf(world, a1, 'eve')
  const written = []
  for (const text of ['oen', 'tow']) written.push(await a1.peer.conversations.write([b1.identity], { text }))
  await world.until(() => [b1, b2, a2].every((one) => said(one, one === a2 ? b1 : a1).length === 2))
  await world.turn(a1.peer.edit(written[0]!.cid, note('one')))
  await world.turn(a1.peer.edit(a1.store.resolve(a1.identity, written[1]!.content)!.cid, note('two')))
  for (const one of [a1, a2]) await world.until(() => said(one, b1).toSorted().join() === 'one,two')
  for (const one of [b1, b2]) await world.until(() => said(one, a1).toSorted().join() === 'one,two')
  // By another own device.
  const newest = a2.store.resolve(a1.identity, written[1]!.content)!
  await world.turn(a2.peer.edit(newest.cid, note('2')))
  for (const one of [a1, a2]) await world.until(() => said(one, b1).toSorted().join() === '2,one')
  for (const one of [b1, b2]) await world.until(() => said(one, a1).toSorted().join() === '2,one')
  const all = [...texts(eve.store, a1.identity), ...texts(eve.store, a2.identity)]
  expect(all.filter((text) => /one|two|2/.test(text))).toEqual([])
  expect(b1.store.search('tow').items).toEqual([])
})

test('[Q24] of what one said to oneself, and in a group', async () => {
  await using world = createWorld('edit alone')
  const [alice, bob] = (await circle(world, 'alice', 'bob')) as [TestPeer, TestPeer]
  const mine = await alice.peer.conversations.write([], { text: 'mlik' })
  await world.turn(alice.peer.edit(mine.cid, note('milk')))
  expect(said(alice)).toEqual(['milk'])
  const group = await world.turn(
    alice.peer.groups.create({ name: 'Us', members: [{ identity: bob.identity }] }),
  )
  const posted = await world.turn(alice.peer.groups.post(group, groupNote(world, 'hlelo')))
  await world.until(() => textsOf(bob, group).join() === 'hlelo')
  await world.turn(alice.peer.conversations.opened())
  const { cid } = alice.store.resolve(alice.identity, posted.content)!
  await world.turn(alice.peer.edit(cid, note('hello')))
  for (const one of [alice, bob]) await world.until(() => textsOf(one, group).join() === 'hello')
  expect(texts(bob.store, alice.identity).filter((text) => text === 'milk')).toEqual([])
  await expect(
    alice.peer.edit(cid, { type: 'public_note', at: 1, text: 'everybody' } as Payload),
  ).rejects.toMatchObject({ code: expect.stringMatching('not-editable|not-own-entry') })
})
