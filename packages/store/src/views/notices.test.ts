import type { ContentName, Identity, Payload } from '@effigy/core'
import { expect, test } from 'vitest'
import { commentOn, named, note, openViewsWorld, stance, tagOn } from '../../test/views-world.ts'
import type { Cursor } from '../store.ts'
import type { Notice } from './notices.ts'

const told = (notices: readonly Notice[]): unknown[] => notices.map(({ kind, item }) => [kind, item.cid])
const mention = (identity: Identity, text = '@me'): Payload =>
  note(text, { mentions: [{ identity, root: null, name: 'me' }] })

test('[S44] one is told of replies, mentions, reactions and new followers, the newest first', () => {
  using world = openViewsWorld()
  const [me, a, b] = [world.person(1), world.person(2), world.person(3)]
  const mine = world.add(me, note('mine'), { comparable: 1 })
  const reply = world.add(a, commentOn(mine, 'yes'), { comparable: 10 })
  const call = world.add(b, mention(me), { comparable: 20 })
  const liked = world.add(b, tagOn(mine, ['❤']), { comparable: 30 })
  const follow = world.add(a, stance('follow', me), { comparable: 40 })
  world.add(b, note('else'), { comparable: 50 })
  world.add(me, commentOn(reply, 'own'), { comparable: 60 })
  const { items } = world.views.notices.list(me)
  expect(told(items)).toEqual([
    ['follow', follow.cid],
    ['reaction', liked.cid],
    ['mention', call.cid],
    ['reply', reply.cid],
  ])
  expect(items[1]?.target?.cid).toBe(mine.cid)
  expect(items[3]).toMatchObject({ target: { cid: mine.cid }, thread: { content: mine.content } })
  expect(told(world.views.notices.list(a).items)).toHaveLength(1)
})

test('[S44] what was taken back, erased or superseded is told no more', () => {
  using world = openViewsWorld()
  const [me, a] = [world.person(1), world.person(2)]
  const mine = world.add(me, note('mine'))
  const liked = world.add(a, tagOn(mine, ['❤']), { comparable: 10 })
  const follow = world.add(a, stance('follow', me), { comparable: 20 })
  const reply = world.add(a, commentOn(mine, 'yes'), { comparable: 30 })
  const none = world.add(a, tagOn(mine, []), { comparable: 40 })
  expect(told(world.views.notices.list(me).items)).toEqual([
    ['reply', reply.cid],
    ['follow', follow.cid],
  ])
  world.hide(none.id)
  world.add(a, stance('follow', me, false), { comparable: 50 })
  world.erase(reply.id)
  expect(told(world.views.notices.list(me).items)).toEqual([['reaction', liked.cid]])
})

test('[S44] what another device of the same account took back is told no more', () => {
  using world = openViewsWorld()
  const [me, phone, laptop] = [world.person(1), world.person(2), world.person(3)]
  const mine = world.add(me, note('mine'))
  world.add(phone, tagOn(mine, ['❤']), { comparable: 10 })
  world.add(laptop, tagOn(mine, []), { comparable: 20 })
  expect(world.views.notices.list(me).items).toHaveLength(1)
  world.views.setSiblings((identity) =>
    [phone, laptop].filter((each) => each !== identity && identity !== me),
  )
  expect(world.views.notices.list(me).items).toEqual([])
})

test("[S44] nobody who is blocked or muted, and no reaction to what is not one's own", () => {
  using world = openViewsWorld()
  const [me, a, b] = [world.person(1), world.person(2), world.person(3)]
  world.views.setSelf(me)
  const mine = world.add(me, note('mine'))
  const theirs = world.add(a, note('theirs'))
  world.add(b, commentOn(mine, 'bad'))
  world.add(b, stance('follow', me))
  // A name that lies: the content is another's.
  world.add(a, tagOn({ identity: me, content: theirs.content }, ['x']))
  world.add(me, stance('mute', b))
  expect(world.views.notices.list(me).items).toEqual([])
})

test('[S44] who follows a device and then its account is told of once', () => {
  using world = openViewsWorld()
  const [me, a] = [world.person(1), world.person(2)]
  const first = world.add(a, stance('follow', me), { comparable: 10 })
  world.add(a, stance('follow', me, true, 'A'.repeat(43)), { comparable: 20 })
  expect(told(world.views.notices.list(me).items)).toEqual([['follow', first.cid]])
})

test('[S44] all devices of an account are told of each, and pages lose nothing', () => {
  using world = openViewsWorld()
  const [phone, laptop, a] = [world.person(1), world.person(2), world.person(3)]
  world.views.setSiblings((identity) =>
    identity === a ? [] : [phone, laptop].filter((each) => each !== identity),
  )
  const onPhone: ContentName = world.add(phone, note('one'))
  const onLaptop: ContentName = world.add(laptop, note('two'))
  const replies = Array.from({ length: 7 }, (_, at) =>
    world.add(a, commentOn(at % 2 === 0 ? onPhone : onLaptop, `${at}`), { comparable: 100 + at }),
  )
  world.add(laptop, commentOn(onPhone, 'own'), { comparable: 200 })
  const seen: string[] = []
  let after: Cursor | null = null
  do {
    const page = world.views.notices.list(phone, { limit: 2, after })
    seen.push(...page.items.map(({ item }) => item.cid))
    after = page.next
  } while (after !== null)
  expect(seen).toEqual(replies.map(({ cid }) => cid).reverse())
  const unread = [...world.views.notices.newest(phone, (_, comparable) => comparable > 104)]
  expect(unread).toHaveLength(2)
})

test('[S44] a rebuild gives the same, and so does a store from before there were notices', async () => {
  using world = openViewsWorld()
  const [me, a] = [world.person(1), world.person(2)]
  const mine = world.add(me, note('mine'))
  world.add(a, tagOn(mine, ['❤']))
  world.add(a, stance('follow', me))
  world.add(me, tagOn(mine, ['own']))
  world.add(a, named('A'))
  const before = world.dump()
  await world.views.rebuildViews({ signal: new AbortController().signal })
  expect(world.dump()).toEqual(before)
  world.db.script('drop table responses')
  const { responseTables } = await import('./tables.ts')
  world.db.script(responseTables)
  expect(world.dump()).toEqual(before)
})

test('[S45] a thread tells of what its comments answer and is not here, and whether it may come', () => {
  using world = openViewsWorld()
  const [a, b, c] = [world.person(1), world.person(2), world.person(3)]
  world.watch(c, false)
  const root = world.add(a, note('root'))
  const lost = world.add(b, commentOn(root, 'lost'))
  const never: ContentName = world.add(c, commentOn(root, 'never'))
  world.add(a, commentOn(lost, 'one', root))
  world.add(a, commentOn(lost, 'two', root))
  world.add(a, commentOn(never, 'three', root))
  expect(world.views.gaps(a, root.content)).toEqual([])
  world.drop(lost.id)
  world.hide(world.db.first<{ id: number }>('select id from entries where length = 1 and feed = 3')?.id ?? 0)
  expect(world.views.gaps(a, root.content)).toEqual([
    { identity: b, content: lost.content, why: 'older', answers: 2 },
    { identity: c, content: never.content, why: 'not-watched', answers: 1 },
  ])
})
