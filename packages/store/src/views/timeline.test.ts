import type { Identity } from '@effigy/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSlow, runs } from '../../test/medium.ts'
import { commentOn, note, openViewsWorld, stance, tagOn, type ViewsWorld } from '../../test/views-world.ts'
import type { Cursor, Item } from '../store.ts'

const cids = (items: readonly Item[]): string[] => items.map(({ cid }) => cid)

/** Everything, page by page; `between` runs after each page. */
function walk(
  world: ViewsWorld,
  limit: number,
  options: { comments?: boolean; identities?: readonly Identity[] } = {},
  between: () => void = () => {},
): Item[] {
  const all: Item[] = []
  let after: Cursor | null = null
  do {
    const page = world.views.timeline({ ...options, limit, after })
    expect(page.items.length).toBeLessThanOrEqual(limit)
    all.push(...page.items)
    after = page.next
    between()
  } while (after !== null)
  return all
}

test('[S20] a timeline has the newest notes of watched feeds first', () => {
  using world = openViewsWorld()
  const [a, b, c] = [world.person(1), world.person(2), world.person(3)]
  world.watch(c, false)
  const first = world.add(a, note('one'), { comparable: 10 })
  world.add(c, note('unwatched'), { comparable: 15 })
  const second = world.add(b, note('two'), { comparable: 20 })
  expect(cids(world.views.timeline().items)).toEqual([second.cid, first.cid])
})

test('[S20] identities that are asked for by name are listed whether watched or not', () => {
  using world = openViewsWorld()
  const [a, b] = [world.person(1), world.person(2)]
  world.watch(a, false)
  const one = world.add(a, note('one'))
  world.add(b, note('two'))
  expect(cids(world.views.timeline({ identities: [a] }).items)).toEqual([one.cid])
  expect(world.views.timeline({ identities: [] })).toEqual({ items: [], next: null })
})

test('[S20] whose clock runs ahead a little keeps his order, whatever came first', () => {
  using world = openViewsWorld()
  const a = world.person(1)
  const second = world.add(a, note('second'), { comparable: 1_002, seen: 10 })
  const first = world.add(a, note('first'), { comparable: 1_001, seen: 20 })
  expect(cids(world.views.timeline().items)).toEqual([second.cid, first.cid])
})

test('[S20] an entry from the future stands a minute after it was first seen', () => {
  using world = openViewsWorld()
  const a = world.person(1)
  const future = world.add(a, note('future'), { comparable: 900_000, seen: 50 })
  const later = world.add(world.person(2), note('later'), { comparable: 70_000, seen: 70_000 })
  expect(cids(world.views.timeline().items)).toEqual([later.cid, future.cid])
  expect(world.views.item(future.cid)).toMatchObject({ comparable: 900_000, sort: 60_050 })
})

test('[S20] [P10] what was brought along stands where it was said, never later than it came', () => {
  using world = openViewsWorld()
  const a = world.person(1)
  const origin = (at: number): object => ({ origin: { at, url: 'https://old.example/1' } })
  const said = world.add(a, note('said here'), { comparable: 5_000 })
  const old = world.add(a, { ...note('brought'), ...origin(70) }, { comparable: 6_000 })
  const ahead = world.add(a, { ...note('ahead'), ...origin(9_000_000) }, { comparable: 7_000 })
  expect(cids(world.views.timeline().items)).toEqual([ahead.cid, said.cid, old.cid])
  expect(world.views.item(old.cid)).toMatchObject({ comparable: 6_000, sort: 70 })
})

test('[P11] a pin is of an account: put on, and taken off, by any of its devices, and by nobody else', () => {
  const devices: Identity[] = []
  using world = openViewsWorld()
  world.views.setSiblings((identity) =>
    devices.includes(identity) ? devices.filter((each) => each !== identity) : [],
  )
  const [phone, laptop, other] = [world.person(1), world.person(2), world.person(3)]
  devices.push(phone, laptop)
  const note1 = world.add(phone, note('of the phone'))
  const pinned = () => cids(world.views.timeline({ identities: [phone], tag: 'pin' }).items)
  const pin = (by: Identity, labels: readonly string[], comparable: number) =>
    world.add(by, tagOn(note1, labels), { comparable })
  pin(other, ['pin', 'mine'], 40)
  expect(pinned()).toEqual([])
  expect(world.views.byTag('pin').items).toEqual([])
  expect(world.views.byTag('mine').items).toEqual([])
  // As after a lock, which makes a browser another device.
  pin(laptop, ['pin'], 50)
  expect(pinned()).toEqual([note1.cid])
  expect(world.views.notices.list(phone).items.map(({ item }) => item.identity)).toEqual([])
  const off = pin(phone, [], 60)
  expect(pinned()).toEqual([])
  world.hide(off.id)
  expect(pinned()).toEqual([note1.cid])
  pin(phone, ['pin'], 70)
  expect(pinned()).toEqual([note1.cid])
  pin(laptop, [], 80)
  expect(pinned()).toEqual([])
})

test('[S20] comments are in a timeline only when asked for', () => {
  using world = openViewsWorld()
  const a = world.person(1)
  const target = world.add(a, note('one'), { comparable: 10 })
  const comment = world.add(a, commentOn(target, 'yes'), { comparable: 20 })
  expect(cids(world.views.timeline().items)).toEqual([target.cid])
  expect(cids(world.views.timeline({ comments: true }).items)).toEqual([comment.cid, target.cid])
})

test('[S20] hidden and erased entries leave a timeline at once, and come back', () => {
  using world = openViewsWorld()
  const a = world.person(1)
  const [first, second] = [world.add(a, note('one')), world.add(a, note('two'))]
  world.hide(first.id)
  world.erase(second.id)
  expect(world.views.timeline().items).toEqual([])
  expect(world.views.item(first.cid)).toBeNull()
  expect(world.views.item(second.cid)?.state).toEqual({ type: 'erased' })
  world.show(first.id)
  world.restore(second.id)
  expect(cids(world.views.timeline().items)).toEqual([second.cid, first.cid])
})

test.for(['block', 'mute'] as const)(
  '[P12] who is hidden by %s is in no timeline, nor are answers to them',
  (type) => {
    using world = openViewsWorld()
    const [me, friend, other] = [world.person(1), world.person(2), world.person(3)]
    world.views.setSelf(me)
    const theirs = world.add(other, note('theirs'))
    world.add(friend, commentOn(theirs, 'an answer to them'))
    const middle = world.add(friend, commentOn(world.add(me, note('mine')), 'to mine'))
    world.add(friend, commentOn(middle, 'deeper', theirs))
    const before = world.views.timeline({ comments: true }).items.length
    const hide = world.add(me, stance(type, other))
    const shown = world.views.timeline({ comments: true }).items
    expect(
      shown.map(({ state }) => (state.type === 'shown' ? (state.payload as { text?: string }).text : '')),
    ).toEqual(expect.arrayContaining(['mine', 'to mine']))
    expect(shown).toHaveLength(2)
    // By name it is found all the same, unless it is blocked.
    expect(world.views.feedItems(other).items).toHaveLength(type === 'mute' ? 1 : 0)
    world.hide(hide.id)
    expect(world.views.timeline({ comments: true }).items).toHaveLength(before)
  },
)

test("[P12] only one's own blocks hide, and only while the newest says so", () => {
  using world = openViewsWorld()
  const [me, friend, other] = [world.person(1), world.person(2), world.person(3)]
  world.views.setSelf(me)
  world.add(other, note('theirs'))
  world.add(friend, stance('block', other))
  expect(world.views.timeline().items).toHaveLength(1)
  world.add(me, stance('block', other))
  expect(world.views.timeline().items).toHaveLength(0)
  world.add(me, stance('block', other, false))
  expect(world.views.timeline().items).toHaveLength(1)
})

test.skipIf(isSlow)('[S20] a few watched feeds among many that post more are found', () => {
  using world = openViewsWorld()
  const quiet = [world.person(1), world.person(2), world.person(3)]
  const expected: string[] = []
  for (let index = 0; index < 30; index++) {
    const author = quiet[index % 3] as Identity
    expected.unshift(world.add(author, note(`quiet ${index}`), { comparable: 10 + index }).cid)
  }
  const loud = world.person(9)
  for (let index = 0; index < 2500; index++)
    world.add(loud, note(`loud ${index}`), { comparable: 1000 + index })
  world.watch(loud, false)
  expect(cids(walk(world, 7))).toEqual(expected)
})

test('[S20] pages of any timeline lose nothing and repeat nothing while entries arrive', () => {
  const entry = fc.record({
    author: fc.nat(5),
    at: fc.integer({ min: 1, max: 12 }),
    comment: fc.boolean(),
  })
  fc.assert(
    fc.property(
      fc.array(entry, { maxLength: 40 }),
      fc.array(entry, { maxLength: 10 }),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      fc.constantFrom(null, [0, 1], [0, 1, 2, 3]),
      (entries, arriving, limit, comments, asked) => {
        using world = openViewsWorld()
        const root = world.add(world.person(50), note('root'), { comparable: 1 })
        world.watch(world.person(5), false)
        const add = ({ author, at, comment }: (typeof entries)[number]) =>
          world.add(world.person(author), comment ? commentOn(root, 'x') : note('x'), {
            comparable: at,
            seen: 8,
          })
        for (const each of entries) add(each)
        const identities = asked?.map((number) => world.person(number))
        const options = { comments, ...(identities === undefined ? {} : { identities }) }
        const before = cids(world.views.timeline({ ...options, limit: 500 }).items)
        const waiting = [...arriving]
        const seen = walk(world, limit, options, () => {
          const next = waiting.pop()
          if (next !== undefined) add(next)
        })
        const order = [...seen].sort((a, b) => b.sort - a.sort)
        expect(seen.map(({ sort }) => sort)).toEqual(order.map(({ sort }) => sort))
        expect(new Set(cids(seen)).size).toBe(seen.length)
        expect(cids(seen).filter((cid) => before.includes(cid))).toEqual(before)
        expect(seen.every(({ identity }) => identities?.includes(identity) ?? true)).toBe(true)
      },
    ),
    { numRuns: runs(60) },
  )
})

test('[S20] a cursor that is none of ours gives an empty page', () => {
  using world = openViewsWorld()
  world.add(world.person(1), note('one'))
  for (const cursor of ['', 'x', '1.2.3', "'; drop table items", '1.', 'zzzzzzzzzzzz.1']) {
    expect(world.views.timeline({ after: cursor as Cursor })).toEqual({ items: [], next: null })
  }
})

test('[S20] a limit is brought to 1 to 500', () => {
  using world = openViewsWorld()
  const a = world.person(1)
  for (let index = 0; index < 60; index++) world.add(a, note(`${index}`))
  const sizes = [0, -5, 1.9, 7, 10_000, Number.NaN, undefined].map((limit) => {
    return world.views.timeline(limit === undefined ? {} : { limit }).items.length
  })
  expect(sizes).toEqual([1, 1, 1, 7, 60, 50, 50])
})

test('[S46] what others wrote is counted above a marker as it is listed', () => {
  using world = openViewsWorld()
  const [a, b, c] = [world.person(1), world.person(2), world.person(3)]
  world.views.setSelf(a)
  world.watch(c, false)
  const first = world.add(a, note('one', { tags: ['Cats'] }), { comparable: 10 })
  world.add(b, note('two', { tags: ['cats'] }), { comparable: 20 })
  world.add(b, commentOn(first, 'three', null), { comparable: 30 })
  world.add(c, note('four', { tags: ['cats'] }), { comparable: 40 })
  expect(world.views.countAbove(-1)).toBe(1)
  expect(world.views.countAbove(10)).toBe(1)
  expect(world.views.countAbove(10, { comments: true })).toBe(2)
  expect(world.views.countAbove(-1, { identities: [c] })).toBe(1)
  expect(world.views.countAbove(10, { tag: 'CATS' })).toBe(1)
  expect(world.views.countAbove(-1, { tag: 'CATS' })).toBe(1)
  world.views.setSelf(b)
  expect(world.views.countAbove(-1)).toBe(1)
  expect(world.views.countAbove(10)).toBe(0)
  world.views.setSelf(a)
  expect(world.views.countAbove(-1, { comments: true })).toBe(2)
  world.add(a, stance('mute', b), { comparable: 50 })
  expect(world.views.countAbove(-1, { comments: true })).toBe(0)
})

test('[S20] a timeline of one label has what its watched authors gave it, and nobody else', () => {
  using world = openViewsWorld()
  const [a, b, c] = [world.person(1), world.person(2), world.person(3)]
  world.watch(c, false)
  const early = world.add(a, note('one', { tags: ['Cats'] }), { comparable: 10 })
  const late = world.add(b, note('two'), { comparable: 20 })
  world.add(b, tagOn(late, ['cats']), { comparable: 30 })
  world.add(a, tagOn(late, ['cats']), { comparable: 35 })
  const stranger = world.add(c, note('three', { tags: ['cats'] }), { comparable: 40 })
  const answer = world.add(b, { ...commentOn(early, 'four'), tags: ['cats'] }, { comparable: 50 })
  const of = (filter: object) => cids(world.views.timeline({ tag: 'cats', ...filter }).items)
  expect(of({})).toEqual([late.cid, early.cid])
  expect(of({ comments: true })).toEqual([answer.cid, late.cid, early.cid])
  expect(of({ identities: [c] })).toEqual([stranger.cid])
})
