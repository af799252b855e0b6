import { type Identity, rawCidOfDigest } from '@effigy/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runs } from '../../test/medium.ts'
import { commentOn, note, openViewsWorld, sha, stance, tagOn } from '../../test/views-world.ts'
import type { Sqlite } from '../sqlite.ts'
import type { Cursor, Item } from '../store.ts'
import { minPosition } from './pages.ts'
import { rowsBelow } from './threads.ts'

const cids = (items: readonly Item[]): string[] => items.map(({ cid }) => cid)

test('[P10] a thread has all comments that hang from its root, oldest first, in whatever order they came', () => {
  using world = openViewsWorld()
  const [a, b] = [world.person(1), world.person(2)]
  const root = world.add(a, note('root'))
  const deep = world.add(b, commentOn({ identity: a, content: root.content }, 'late', root), {
    comparable: 30,
  })
  const first = world.add(a, commentOn(root, 'first'), { comparable: 20 })
  const second = world.add(b, commentOn(first, 'second', root), { comparable: 40 })
  expect(cids(world.views.thread(a, root.content).items)).toEqual([first.cid, deep.cid, second.cid])
})

test('[S20] an answer to others stands where it was written, whenever it says that it was said', () => {
  using world = openViewsWorld()
  const [a, pushy] = [world.person(1), world.person(2)]
  const origin = (at: number) => ({ origin: { at, url: 'https://old.example/1' } })
  const root = world.add(a, note('root'), { comparable: 10 })
  const own = world.add(a, { ...commentOn(root, 'brought along'), ...origin(15) }, { comparable: 90 })
  const first = world.add(pushy, commentOn(root, 'first'), { comparable: 20 })
  const claims = [
    commentOn(root, 'before all others'),
    // By what it hangs from, or by what it answers.
    commentOn(root, 'under one of my own', world.add(pushy, note('mine'))),
    commentOn(first, 'to myself', root),
  ]
  const late = claims.map((claim, at) =>
    world.add(pushy, { ...claim, ...origin(1) }, { comparable: 100 + at }),
  )
  const thread = [own, first, ...late].map(({ cid }) => cid)
  expect(cids(world.views.thread(a, root.content).items)).toEqual(thread)
  expect(late.map(({ cid }) => world.views.item(cid)?.sort)).toEqual([100, 101, 102])
  for (const { id } of late) world.erase(id)
  expect(cids(world.views.thread(a, root.content).items)).toEqual(thread)
})

test('[P10] below a comment are the answers to it and to them, not the rest of the conversation', () => {
  using world = openViewsWorld()
  const a = world.person(1)
  const root = world.add(a, note('root'))
  const one = world.add(a, commentOn(root, 'one'))
  world.add(a, commentOn(root, 'two'))
  const below = world.add(a, commentOn(one, 'below one', root))
  const deeper = world.add(a, commentOn(below, 'deeper', root))
  expect(cids(world.views.thread(a, one.content).items)).toEqual([below.cid, deeper.cid])
})

test('[S47] below a comment is looked for no further than was said, however many names its answers had', () => {
  using world = openViewsWorld()
  const a = world.person(1)
  const root = world.add(a, note('root'))
  const one = world.add(a, commentOn(root, 'one'))
  const had = (at: number) =>
    Array.from({ length: 16 }, (_, name) => ({ identity: a, content: rawCidOfDigest(sha(`${at} ${name}`)) }))
  const answers = Array.from({ length: 200 }, (_, at) => {
    const answer = { ...commentOn(one, `answer ${at}`, root), was: had(at) }
    return world.add(a, answer, { comparable: 100 + at })
  })
  const below = world.add(a, commentOn({ identity: a, content: had(3)[15]!.content }, 'below', root))
  let looked = 0
  const counted: Sqlite = {
    ...world.db,
    rows: (sql, ...values) => {
      looked++
      return world.db.rows(sql, ...values)
    },
  }
  const hidden = { feeds: '[]', keys: '[]' }
  const found = (lookUps?: number) => {
    looked = 0
    return rowsBelow(counted, [one], hidden, minPosition, 500, lookUps).map(({ entry }) => entry)
  }
  expect(found(256)).toEqual(answers.map(({ id }) => id))
  expect(looked).toBe(256)
  expect(found(20)).toEqual(answers.slice(0, 20).map(({ id }) => id))
  expect(new Set(found())).toEqual(new Set([...answers, below].map(({ id }) => id)))
  expect(world.views.thread(a, one.content, { lookUps: 20 }).items).toHaveLength(20)
})

test('[P10] an answer that names another conversation is found at what it answers all the same', () => {
  using world = openViewsWorld()
  const a = world.person(1)
  const [root, other] = [world.add(a, note('root')), world.add(a, note('other'))]
  const comment = world.add(a, commentOn(root, 'here', other))
  expect(cids(world.views.thread(a, root.content).items)).toEqual([comment.cid])
  expect(cids(world.views.thread(a, other.content).items)).toEqual([comment.cid])
})

test('[T27] who republishes a text does not collect the answers to it', () => {
  using world = openViewsWorld()
  const [a, thief] = [world.person(1), world.person(2)]
  const text = note('mine')
  const [original, copy] = [world.add(a, text), world.add(thief, text)]
  expect(copy.content).toBe(original.content)
  world.add(a, commentOn(original, 'to the original'))
  world.add(a, tagOn(original, ['👍']))
  expect(world.views.thread(thief, copy.content).items).toEqual([])
  expect(world.views.reactions(thief, copy.content)).toEqual([])
  world.add(thief, note('edited', { was: [{ identity: a, content: original.content }] }))
  const claimed = world.add(
    thief,
    note('edited again', { was: [{ identity: a, content: original.content }] }),
  )
  expect(world.views.thread(thief, claimed.content).items).toEqual([])
})

test('[P8] an edited payload keeps the comments and reactions to what it was', () => {
  using world = openViewsWorld()
  const [a, b] = [world.person(1), world.person(2)]
  const original = world.add(a, note('frist'))
  const comment = world.add(b, commentOn(original, 'first?'))
  world.add(b, tagOn(original, ['👍']))
  world.hide(original.id)
  const edited = world.add(a, note('first', { was: [{ identity: a, content: original.content }] }))
  const later = world.add(b, commentOn(edited, 'better'))
  for (const { content } of [original, edited]) {
    expect(cids(world.views.thread(a, content).items)).toEqual([comment.cid, later.cid])
    expect(world.views.reactions(a, content)).toEqual([{ label: '👍', by: [b] }])
    expect(world.views.resolve(a, content)?.cid).toBe(edited.cid)
  }
})

test('[P8] a comment that was edited keeps the answers below it', () => {
  using world = openViewsWorld()
  const a = world.person(1)
  const root = world.add(a, note('root'))
  const original = world.add(a, commentOn(root, 'one'))
  const answer = world.add(a, commentOn(original, 'answer', root))
  world.hide(original.id)
  const was = [{ identity: a, content: original.content }]
  const edited = world.add(a, { ...commentOn(root, 'one, edited'), was })
  expect(cids(world.views.thread(a, root.content).items)).toEqual([answer.cid, edited.cid])
  expect(cids(world.views.thread(a, edited.content).items)).toEqual([answer.cid])
})

test('[P8] what another device of the account carries answers in its place', () => {
  const devices: Identity[] = []
  using world = openViewsWorld()
  world.views.setSiblings((identity) => devices.filter((each) => each !== identity))
  const [phone, laptop, other] = [world.person(1), world.person(2), world.person(3)]
  devices.push(phone, laptop)
  const original = world.add(phone, note('on the phone'))
  const comment = world.add(other, commentOn(original, 'answer'))
  world.erase(original.id)
  const was = [{ identity: phone, content: original.content }]
  const edited = world.add(laptop, note('from the laptop', { was }))
  expect(world.views.resolve(phone, original.content)?.cid).toBe(edited.cid)
  expect(cids(world.views.thread(laptop, edited.content).items)).toEqual([comment.cid])
})

test('[P9] an erased comment stands in its thread as erased, one that left the chain does not', () => {
  using world = openViewsWorld()
  const a = world.person(1)
  const root = world.add(a, note('root'))
  const [one, two] = [world.add(a, commentOn(root, 'one')), world.add(a, commentOn(root, 'two'))]
  const three = world.add(a, commentOn(one, 'three', root))
  world.erase(one.id)
  world.hide(two.id)
  expect(world.views.thread(a, root.content).items.map(({ cid, state }) => [cid, state.type])).toEqual([
    [one.cid, 'erased'],
    [three.cid, 'shown'],
  ])
  expect(world.views.mentions(a).items).toEqual([])
  world.hide(one.id)
  expect(cids(world.views.thread(a, root.content).items)).toEqual([three.cid])
})

test('[P9] an erased root says so and keeps its thread', () => {
  using world = openViewsWorld()
  const a = world.person(1)
  const root = world.add(a, note('root'))
  const comment = world.add(a, commentOn(root, 'one'))
  world.erase(root.id)
  expect(world.views.resolve(a, root.content)?.state).toEqual({ type: 'erased' })
  expect(cids(world.views.thread(a, root.content).items)).toEqual([comment.cid])
})

test('[P12] the words of who is hidden, and the answers to them, are in no thread, mention, tag or reaction', () => {
  using world = openViewsWorld()
  const [me, friend, other] = [world.person(1), world.person(2), world.person(3)]
  world.views.setSelf(me)
  const root = world.add(me, note('root'))
  const theirs = world.add(other, commentOn(root, 'theirs'))
  world.add(friend, commentOn(theirs, 'to them', root))
  const kept = world.add(friend, commentOn(root, 'to me'))
  world.add(other, tagOn(root, ['👎']))
  world.add(other, note('hey', { tags: ['hey'], mentions: [{ identity: me, root: null, name: 'me' }] }))
  world.add(me, stance('mute', other))
  expect(cids(world.views.thread(me, root.content).items)).toEqual([kept.cid])
  expect(world.views.thread(other, theirs.content).items).toEqual([])
  expect(cids(world.views.mentions(me).items)).toEqual([kept.cid])
  expect(world.views.reactions(me, root.content)).toEqual([])
  expect(world.views.byTag('hey').items).toEqual([])
  expect(cids(world.views.byType('comment').items)).toEqual([kept.cid])
})

test('[P11] the newest tag of each account counts, whatever came first; empty labels take it back', () => {
  const devices: Identity[] = []
  const siblings = (identity: Identity) =>
    devices.includes(identity) ? devices.filter((each) => each !== identity) : []
  using world = openViewsWorld()
  world.views.setSiblings(siblings)
  const [a, phone, laptop, other] = [world.person(1), world.person(2), world.person(3), world.person(4)]
  devices.push(phone, laptop)
  const target = world.add(a, note('target'))
  world.add(laptop, tagOn(target, ['🎉']), { comparable: 50 })
  world.add(phone, tagOn(target, ['👍']), { comparable: 40 })
  world.add(other, tagOn(target, ['🎉', '👍']), { comparable: 10 })
  expect(world.views.reactions(a, target.content)).toEqual([
    { label: '🎉', by: [laptop, other] },
    { label: '👍', by: [other] },
  ])
  const back = world.add(phone, tagOn(target, []), { comparable: 60 })
  expect(world.views.reactions(a, target.content)).toEqual([
    { label: '🎉', by: [other] },
    { label: '👍', by: [other] },
  ])
  world.hide(back.id)
  expect(world.views.reactions(a, target.content)[0]?.by).toHaveLength(2)
})

test('[S20] pages of a thread lose nothing and repeat nothing while comments arrive', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 9 })), { maxLength: 30 }),
      fc.integer({ min: 1, max: 7 }),
      (comments, limit) => {
        using world = openViewsWorld()
        const a = world.person(9)
        const root = world.add(a, note('root'))
        for (const [author, at] of comments)
          world.add(world.person(author), commentOn(root, 'x'), { comparable: at })
        const before = cids(world.views.thread(a, root.content, { limit: 500 }).items)
        const seen: string[] = []
        let arriving = 10
        let after: Cursor | null = null
        do {
          const page = world.views.thread(a, root.content, { limit, after })
          seen.push(...cids(page.items))
          after = page.next
          arriving -= 1
          if (arriving > 0) world.add(a, commentOn(root, 'new'), { comparable: 5 })
        } while (after !== null)
        expect(new Set(seen).size).toBe(seen.length)
        expect(seen.filter((cid) => before.includes(cid))).toEqual(before)
      },
    ),
    { numRuns: runs(30) },
  )
})

test('[P11] a tally has what reactions and a thread have, as numbers', () => {
  using world = openViewsWorld()
  const [a, b, c] = [world.person(1), world.person(2), world.person(3)]
  world.views.setSelf(a)
  const root = world.add(a, note('root'))
  const first = world.add(b, commentOn(root, 'first'))
  world.add(c, commentOn(first, 'second', root))
  world.add(b, tagOn(root, ['❤', '👍']))
  world.add(a, tagOn(root, ['❤']))
  expect(world.views.tally(a, root.content)).toEqual({
    answers: 2,
    reactions: [
      { label: '❤', count: 2, isOwn: true },
      { label: '👍', count: 1, isOwn: false },
    ],
  })
  expect(world.views.tally(b, first.content).answers).toBe(1)
  world.add(a, stance('block', b))
  expect(world.views.tally(a, root.content).reactions).toEqual([{ label: '❤', count: 1, isOwn: true }])
  expect(world.views.tally(b, first.content)).toEqual({ answers: 0, reactions: [] })
})
