import type { Identity, Payload } from '@effigy/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSlow, runs } from '../../test/medium.ts'
import { commentOn, named, note, openViewsWorld, stance, type ViewsWorld } from '../../test/views-world.ts'
import type { Cursor } from '../store.ts'
import { createViews } from './views.ts'

const indexAll = ({ views }: ViewsWorld): void => {
  while (views.indexSearch(100).behind > 0);
}
const found = ({ views }: ViewsWorld, text: string): string[] =>
  views.search(text).items.map(({ cid }) => cid)

test('[S21] search trails the entries, says by how many, and catches up', () => {
  using world = openViewsWorld()
  const a = world.person(1)
  for (let index = 0; index < 5; index++) world.add(a, note(`apple ${index}`))
  expect(found(world, 'apple')).toEqual([])
  expect(world.views.indexSearch(2)).toEqual({ behind: 3 })
  expect(found(world, 'apple')).toHaveLength(2)
  expect(world.views.indexSearch(2)).toEqual({ behind: 1 })
  expect(world.views.indexSearch(2)).toEqual({ behind: 0 })
  expect(world.views.indexSearch(2)).toEqual({ behind: 0 })
  expect(found(world, 'apple')).toHaveLength(5)
})

test('[S21] how many it trails by is what a count would give, whatever came and went', () => {
  const step = fc.record({ type: fc.constantFrom('add', 'hide', 'show', 'index'), number: fc.nat(7) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      using world = openViewsWorld()
      const ids: number[] = []
      for (const { type, number } of steps) {
        const id = ids[number % Math.max(ids.length, 1)]
        if (type === 'add') ids.push(world.add(world.person(number), note(`pear ${number}`)).id)
        else if (type === 'index') world.views.indexSearch(number)
        else if (id !== undefined) world[type](id)
        expect(world.views.indexSearch(0)).toEqual(createViews(world.db).indexSearch(0))
      }
      indexAll(world)
      const { count } = world.db.first<{ count: number }>('select count(*) as count from items') ?? {}
      expect(found(world, 'pear')).toHaveLength(count ?? -1)
    }),
    { numRuns: runs(50) },
  )
})

test.skipIf(isSlow)('[S21] texts beyond what is kept in memory are read from the bytes', () => {
  using world = openViewsWorld()
  const a = world.person(1)
  const long = 'apple '.repeat(10_000)
  for (let at = 0; at < 80; at++) world.add(a, note(`${long} number${at}`))
  indexAll(world)
  for (const at of [0, 40, 79]) expect(found(world, `number${at}`)).toHaveLength(1)
})

test('[S21] a long text is found by sixteen entries of a feed, by others again once these go, a short one by all', () => {
  using world = openViewsWorld()
  const [a, b] = [world.person(1), world.person(2)]
  const long = note(`apple ${'word '.repeat(200)}`)
  const added = Array.from({ length: 20 }, () => world.add(a, long))
  for (let at = 0; at < 20; at++) world.add(a, note('pear'))
  const other = world.add(b, long)
  indexAll(world)
  expect(found(world, 'apple').toSorted()).toEqual(
    [...added.slice(0, 16), other].map(({ cid }) => cid).sort(),
  )
  expect(found(world, 'pear')).toHaveLength(20)
  world.hide(added[0]?.id ?? 0)
  world.show(added[19]?.id ?? 0)
  indexAll(world)
  expect(found(world, 'apple')).toHaveLength(16)
  const again = world.add(a, long)
  world.hide(added[1]?.id ?? 0)
  indexAll(world)
  expect(found(world, 'apple')).toContain(again.cid)
})

test('[S21] all words must be there, a trailing * is a prefix, accents and case do not matter', () => {
  using world = openViewsWorld()
  const a = world.person(1)
  const one = world.add(a, note('Crème brûlée, self-made'))
  const two = world.add(a, note('creme caramel'))
  indexAll(world)
  expect(found(world, 'creme')).toEqual([two.cid, one.cid])
  expect(found(world, 'CRÈME brulee')).toEqual([one.cid])
  expect(found(world, 'cara')).toEqual([])
  expect(found(world, 'cr* cara*')).toEqual([two.cid])
  expect(found(world, 'self-made')).toEqual([one.cid])
  expect(found(world, 'made-self')).toEqual([])
})

test('[S21] comments, alternative texts, collections, tags and names are found too', () => {
  using world = openViewsWorld()
  const a = world.person(1)
  const target = world.add(a, note('nothing', { tags: ['garden'] }))
  const comment = world.add(a, commentOn(target, 'lighthouse'))
  const name = world.add(a, named('Grace Hopper'))
  const picture = {
    type: 'image',
    at: 1,
    blob: target.cid,
    mime: 'image/png',
    width: 1,
    height: 1,
    alt: 'a heron',
  } as const
  const image = world.add(a, picture)
  const files = { type: 'collection', at: 1, root: target.cid, name: 'recipes', count: 1, bytes: 1 } as const
  const collection = world.add(a, files)
  indexAll(world)
  expect(['garden', 'lighthouse', 'hopper', 'heron', 'recipes'].map((word) => found(world, word)[0])).toEqual(
    [target.cid, comment.cid, name.cid, image.cid, collection.cid],
  )
})

test('[S21] the newest is first, whatever the order of arrival and of indexing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.boolean()), { maxLength: 25 }),
      fc.integer({ min: 1, max: 6 }),
      (entries, limit) => {
        using world = openViewsWorld()
        const cids = entries.map(([at, index], number) => {
          const { cid } = world.add(world.person(number % 3), note('word'), { comparable: at })
          if (index) world.views.indexSearch(3)
          return cid
        })
        indexAll(world)
        const seen: { cid: string; sort: number }[] = []
        let after: Cursor | null = null
        do {
          const page = world.views.search('word', { limit, after })
          seen.push(...page.items)
          after = page.next
        } while (after !== null)
        expect(seen.map(({ cid }) => cid).sort()).toEqual([...cids].sort())
        const sorts = seen.map(({ sort }) => sort)
        expect(sorts).toEqual([...sorts].sort((a, b) => b - a))
      },
    ),
    { numRuns: runs(25) },
  )
})

test.skipIf(isSlow)('[S21] more texts than an instant has room for are all found', () => {
  using world = openViewsWorld()
  const a = world.person(1)
  for (let index = 0; index < 1100; index++) world.add(a, note('word'), { comparable: 5 })
  const later = world.add(a, note('word'), { comparable: 6 })
  indexAll(world)
  let count = 0
  let after: Cursor | null = null
  do {
    const page = world.views.search('word', { limit: 500, after })
    count += page.items.length
    after = page.next
  } while (after !== null)
  expect(count).toBe(1101)
  expect(found(world, 'word')).toContain(later.cid)
})

test('[S21] what is hidden or erased is not found, before and after it was indexed; what comes back is', () => {
  using world = openViewsWorld()
  const a = world.person(1)
  const [one, two, three] = [
    world.add(a, note('apple')),
    world.add(a, note('apple')),
    world.add(a, note('apple')),
  ]
  world.hide(one.id)
  indexAll(world)
  expect(found(world, 'apple')).toEqual([three.cid, two.cid])
  world.erase(two.id)
  expect(found(world, 'apple')).toEqual([three.cid])
  world.show(one.id)
  expect(world.views.indexSearch(1)).toEqual({ behind: 0 })
  expect(found(world, 'apple')).toEqual([three.cid, one.cid])
  world.drop(three.id)
  expect(found(world, 'apple')).toEqual([one.cid])
})

test('[P12] who is hidden is not found, nor the answers to them', () => {
  using world = openViewsWorld()
  const [me, friend, other] = [world.person(1), world.person(2), world.person(3)]
  world.views.setSelf(me)
  const theirs = world.add(other, note('apple'))
  world.add(friend, commentOn(theirs, 'apple'))
  const mine = world.add(me, note('apple'))
  indexAll(world)
  world.add(me, stance('block', other))
  expect(found(world, 'apple')).toEqual([mine.cid])
})

test.skipIf(isSlow)('[S21] nothing that is typed is syntax', () => {
  using world = openViewsWorld()
  const a = world.person(1)
  const one = world.add(a, note('say "apple" AND not near(pear) text: x'))
  indexAll(world)
  expect(found(world, '"apple"')).toEqual([one.cid])
  expect(found(world, 'apple AND')).toEqual([one.cid])
  expect(found(world, 'text:')).toEqual([one.cid])
  for (const text of ['', ' ', '*', '"', '""', '***', '( ) - ^ :', '\0', '👍']) {
    expect(world.views.search(text)).toEqual({ items: [], next: null })
  }
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.constantFrom('"', '*', 'a', '\0', ' ', '-', '\ud800') }),
      ),
      (text) => {
        expect(Array.isArray(world.views.search(text).items)).toBe(true)
      },
    ),
  )
})

test('[S21] a search may be of some authors and of some time', () => {
  using world = openViewsWorld()
  const [a, b] = [world.person(1), world.person(2)]
  const [one, two, three] = [10, 20, 30].map((comparable, at) =>
    world.add(at === 1 ? b : a, note('pear'), { comparable }),
  )
  indexAll(world)
  const of = (filter: object) => world.views.search('pear', filter).items.map(({ cid }) => cid)
  expect(of({})).toEqual([three?.cid, two?.cid, one?.cid])
  expect(of({ identities: [a] })).toEqual([three?.cid, one?.cid])
  expect(of({ since: 20 })).toEqual([three?.cid, two?.cid])
  expect(of({ since: 10, before: 30, identities: [b] })).toEqual([two?.cid])
  expect(of({ before: 20 })).toEqual([one?.cid])
  expect(of({ identities: [] })).toEqual([])
  expect(of({ since: Number.NaN, before: Number.POSITIVE_INFINITY })).toHaveLength(3)
})

/** Something opened, and known to be a message. */
function message(world: ViewsWorld, author: Identity, text: string) {
  const sealed = world.add(author, null, { text: `age:${text}` })
  world.views.rememberOpened(author, sealed.content, JSON.stringify({ type: 'private_note', at: 1, text }))
  world.db.run(
    `insert into messages (feed, content, conversation, entry, sort, comparable)
     select feed, content, 1, id, comparable, comparable from entries where id = ?`,
    sealed.id,
  )
  return sealed
}

test('[S21] [Q20] a search is of posts or of messages alone, and without those of whom one muted', () => {
  using world = openViewsWorld()
  const [me, a, b] = [world.person(0), world.person(1), world.person(2)]
  const post = world.add(a, note('pear'))
  const answer = world.add(b, commentOn(post, 'pear too'))
  const letters = [message(world, a, 'pear for you'), message(world, b, 'pear for me')]
  // A name is neither.
  world.add(a, { type: 'identification', at: 1, name: 'pear' } as Payload)
  // Sealed for some, and in no conversation: neither.
  const other = world.add(a, null, { text: 'age:other' })
  world.views.rememberOpened(a, other.content, JSON.stringify(note('pear of nobody')))
  indexAll(world)
  const of = (among: 'posts' | 'messages') =>
    world.views.search('pear', { among }).items.map(({ cid }) => cid)
  expect(found(world, 'pear')).toHaveLength(6)
  expect(of('posts').toSorted()).toEqual([post.cid, answer.cid].sort())
  expect(of('messages').toSorted()).toEqual(letters.map(({ cid }) => cid).sort())
  world.views.setSelf(me)
  world.add(me, stance('mute', b))
  expect([of('posts'), of('messages')]).toEqual([[post.cid], [letters[0]?.cid]])
  world.erase(letters[0]?.id ?? 0)
  expect(of('messages')).toEqual([])
})

test.skipIf(isSlow)(
  '[S21] a search of messages looks through so many finds a page, and goes on behind them',
  () => {
    using world = openViewsWorld()
    const [a, b] = [world.person(1), world.person(2)]
    const oldest = message(world, a, 'pear at first')
    world.db.run('update items set sort = 0 where entry = ?', oldest.id)
    indexAll(world)
    const posts = 4_100
    for (let at = 1; at <= posts; at++) world.add(b, note(`pear ${at}`))
    const newest = message(world, b, 'pear at last')
    indexAll(world)
    const pages: (readonly string[])[] = []
    let after: Cursor | null = null
    do {
      const page = world.views.search('pear', { among: 'messages', limit: 5, after })
      pages.push(page.items.map(({ cid }) => cid))
      after = page.next
    } while (after !== null && pages.length < 9)
    expect(pages).toEqual([[newest.cid], [oldest.cid]])
    const whole = world.views.search('pear', { among: 'posts', limit: 500 })
    expect([whole.items.length, whole.next === null]).toEqual([500, false])
  },
)

test('[S21] pages of posts and of messages are together all of both, whatever stands between them', () => {
  using world = openViewsWorld()
  const a = world.person(1)
  const kinds = Array.from({ length: 60 }, (_, at) => (at % 7 === 0 || at > 50 ? 'messages' : 'posts'))
  const cids = kinds.map((kind, at) =>
    kind === 'messages' ? message(world, a, `pear ${at}`).cid : world.add(a, note(`pear ${at}`)).cid,
  )
  indexAll(world)
  for (const among of ['posts', 'messages'] as const)
    for (const limit of [1, 3, 50]) {
      const seen: string[] = []
      let after: Cursor | null = null
      do {
        const page = world.views.search('pear', { among, limit, after })
        seen.push(...page.items.map(({ cid }) => cid))
        after = page.next
      } while (after !== null)
      expect(seen).toEqual(cids.filter((_, at) => kinds[at] === among).reverse())
    }
})
