/** What was read, and what one is told of, on all devices of a person. */
import type { Identity, Payload } from '@effigy/core'
import { expect, test } from 'vitest'
import { household, meet } from './account-kit.ts'
import { createWorld, note, type TestPeer, type World } from './world.ts'

const reference = (identity: Identity, content: string) => ({
  identity,
  content,
  entry: content,
  synod: null,
})

const commentOn = (identity: Identity, content: string, text: string, thread: unknown = null): Payload =>
  ({ type: 'comment', at: 1, text, target: reference(identity, content), thread }) as unknown as Payload

/** A person with two devices, and a friend; all watch each other. */
async function company(world: World): Promise<readonly [TestPeer, TestPeer, TestPeer]> {
  const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
  const friend = await world.add('friend')
  for (const device of [laptop, phone]) {
    friend.peer.watch(device.identity)
    friend.peer.watch(device.peer.account.show()!.identity)
    device.peer.watch(friend.identity)
    await meet(world, friend, device)
  }
  return [laptop, phone, friend]
}

test('[S44] what was read on one device is read on the others, a late answer is not, and the stale take nothing back', async () => {
  await using world = createWorld()
  const [laptop, phone, friend] = await company(world)
  const { content } = await laptop.peer.publish(note('mine'))
  await world.until(() => friend.store.resolve(laptop.identity, content) !== null)
  await friend.peer.publish(commentOn(laptop.identity, content, 'one'))
  await world.until(() => phone.peer.notices.unread() === 1 && laptop.peer.notices.unread() === 1)
  await phone.peer.notices.markRead()
  await world.until(() => laptop.peer.notices.unread() === 0)
  const [notice] = laptop.peer.notices.list().items
  expect(notice).toMatchObject({ kind: 'reply', isUnread: false, target: { content } })
  await friend.peer.publish(commentOn(laptop.identity, content, 'two'))
  await world.until(() => laptop.peer.notices.unread() === 1)
  expect(laptop.peer.notices.list({ limit: 1 }).items[0]?.isUnread).toBe(true)
})

test('[S44] of a muted conversation and of muted words one is told nothing, on any device, until it is taken back', async () => {
  await using world = createWorld()
  const [laptop, phone, friend] = await company(world)
  const mine = await laptop.peer.publish(note('mine'))
  const other = await laptop.peer.publish(note('other'))
  await world.until(() => friend.store.resolve(laptop.identity, other.content) !== null)
  await friend.peer.publish(commentOn(laptop.identity, mine.content, 'about cats'))
  await friend.peer.publish(commentOn(laptop.identity, other.content, 'about dogs'))
  await world.until(() => phone.peer.notices.unread() === 2)
  await laptop.peer.notices.muteWord('CATS', true)
  await world.until(() => phone.peer.notices.unread() === 1)
  expect(phone.peer.notices.words()).toEqual(['cats'])
  await laptop.peer.notices.muteThread(laptop.identity, other.content, true)
  await world.until(() => phone.peer.notices.unread() === 0)
  expect(phone.peer.notices.list().items).toEqual([])
  // Its new name is the same conversation.
  const edited = await laptop.peer.edit(other.cid, note('other, edited'))
  expect(laptop.peer.notices.isThreadMuted(laptop.identity, edited.content)).toBe(true)
  await laptop.peer.notices.muteThread(laptop.identity, edited.content, false)
  expect(laptop.peer.notices.isThreadMuted(laptop.identity, edited.content)).toBe(false)
  await laptop.peer.notices.muteWord('cats', false)
  expect(laptop.peer.notices.list().items).toHaveLength(2)
  await expect(laptop.peer.notices.muteWord('  ', true)).rejects.toMatchObject({ code: 'word-unfit' })
})

test('[S46] the place in the timeline is one for all own devices, goes forward alone, and is said once a minute', async () => {
  await using world = createWorld()
  const [laptop, phone, friend] = await company(world)
  for (const text of ['one', 'two', 'three']) await friend.peer.publish(note(text))
  await world.until(() => phone.peer.reading.unread() === 3 && laptop.peer.reading.unread() === 3)
  const [newest, , oldest] = phone.peer.query.timeline().items
  phone.peer.reading.markRead(oldest!.sort)
  expect(phone.peer.reading.unread()).toBe(2)
  await world.until(() => laptop.peer.reading.unread() === 2)
  const length = () => phone.store.feed(phone.identity)?.record?.head.length
  const before = length()
  phone.peer.reading.markRead(newest!.sort - 1)
  phone.peer.reading.markRead(newest!.sort)
  phone.peer.reading.markRead(oldest!.sort)
  await world.pass(10_000)
  expect(length()).toBe(before)
  // A device that was away says what it knew: nothing goes back.
  laptop.peer.reading.markRead(oldest!.sort + 1)
  await world.clock.advance(50_000)
  await world.until(() => laptop.peer.reading.unread() === 0)
  expect(phone.peer.reading.marker()).toBe(newest!.sort)
  expect(length()).toBe(before! + 1)
})

test('[S46] what was read is read after the page is gone, and a marker of a wrong clock counts for nothing', async () => {
  await using world = createWorld()
  const alone = await world.add('alone')
  await alone.peer.publish(note('one'))
  const { sort } = alone.peer.query.timeline().items[0]!
  alone.peer.reading.markRead(sort)
  await alone.stop()
  const again = await world.add('alone')
  expect(again.peer.reading.marker()).toBe(sort)
  await world.until(() => again.peer.state.value('read/home') === sort)
  await again.peer.state.set([['read/home', world.clock.now() + 3_600_000]])
  expect(again.peer.reading.marker()).toBe(sort)
  again.peer.reading.markRead(world.clock.now() + 3_600_000)
  expect(again.peer.reading.marker()).toBe(sort)
})

test('[P11] labels are given and taken back one by one, whatever other device said the ones before', async () => {
  await using world = createWorld()
  const [laptop, phone, friend] = await company(world)
  const { content } = await friend.peer.publish(note('hello'))
  await world.until(() =>
    [laptop, phone].every(({ store }) => store.resolve(friend.identity, content) !== null),
  )
  const labels = () => friend.peer.query.tally(friend.identity, content).reactions.map(({ label }) => label)
  await Promise.all([
    laptop.peer.label(friend.identity, content, '❤', true),
    laptop.peer.label(friend.identity, content, '👍', true),
  ])
  await world.until(
    () =>
      labels().length === 2 &&
      phone.store.labelsBy(phone.identity, friend.identity, content).labels.length === 2,
  )
  world.clock.jump(-3_600_000)
  await phone.peer.label(friend.identity, content, '❤', false)
  await world.until(() => labels().join() === '👍')
  expect(await phone.peer.label(friend.identity, content, '❤', false)).toBeNull()
  const secret = await friend.peer.conversations.write([laptop.identity], { text: 'psst' })
  await world.until(() => laptop.store.conversations?.conversationOf(friend.identity, secret.content) != null)
  await expect(laptop.peer.label(friend.identity, secret.content, '❤', true)).rejects.toMatchObject({
    code: 'sealed-target',
  })
})

test('[P7] what was said to some, or was taken back, is quoted nowhere', async () => {
  await using world = createWorld()
  const [laptop, , friend] = await company(world)
  const quoting = (identity: Identity, content: string): Payload =>
    ({
      ...note('look'),
      attachments: [{ type: 'reference', ...reference(identity, content) }],
    }) as unknown as Payload
  const said = await friend.peer.publish(note('for all'))
  const secret = await friend.peer.conversations.write([laptop.identity], { text: 'psst' })
  await world.until(
    () =>
      laptop.store.resolve(friend.identity, said.content) !== null &&
      laptop.store.conversations?.conversationOf(friend.identity, secret.content) != null,
  )
  const quote = await laptop.peer.publish(quoting(friend.identity, said.content))
  await expect(laptop.peer.publish(quoting(friend.identity, secret.content))).rejects.toMatchObject({
    code: 'sealed-target',
  })
  await expect(laptop.peer.edit(quote.cid, quoting(friend.identity, secret.content))).rejects.toMatchObject({
    code: 'sealed-target',
  })
  await friend.peer.erase([said.content])
  await world.until(() => laptop.store.resolve(friend.identity, said.content)?.state.type === 'erased')
  await expect(laptop.peer.publish(quoting(friend.identity, said.content))).rejects.toMatchObject({
    code: 'erased-target',
  })
})
