import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSlow, runs } from '../../test/medium.ts'
import {
  type Added,
  commentOn,
  named,
  note,
  openViewsWorld,
  stance,
  tagOn,
  type ViewsWorld,
} from '../../test/views-world.ts'
import { nextTurn } from '../browser/turn.ts'
import { createViews } from './index.ts'

const never = new AbortController().signal

type Step =
  | {
      readonly type: 'add'
      readonly author: number
      readonly kind: number
      readonly target: number
      readonly verified: boolean
    }
  | { readonly type: 'hide' | 'show' | 'erase' | 'restore' | 'verify' | 'drop'; readonly entry: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('add' as const),
      author: fc.nat(2),
      kind: fc.nat(8),
      target: fc.nat(9),
      verified: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom('hide', 'show', 'erase', 'restore', 'verify', 'drop'),
      entry: fc.nat(19),
    }),
  },
)

/** Does to a world what a feed store could; keeps to what is possible of an entry in its state. */
function play(world: ViewsWorld, steps: readonly Step[]): void {
  const entries: Added[] = []
  const states: ('chain' | 'hidden' | 'erased' | 'gone')[] = []
  for (const each of steps) {
    if (each.type === 'add') {
      const author = world.person(each.author)
      const target = entries[each.target % Math.max(1, entries.length)]
      const payloads = [
        () => note('plain'),
        () =>
          note('rich', {
            tags: ['a', 'B'],
            mentions: [{ identity: world.person(1), root: null, name: 'x' }],
          }),
        () => named('somebody'),
        () => stance('follow', world.person(2)),
        () => stance('follow', world.person(2), false),
        () => stance('block', world.person(0)),
        () => (target === undefined ? note('x') : commentOn(target, 'comment', entries[0] ?? null)),
        () =>
          target === undefined ? note('x') : tagOn(target, each.target % 3 === 0 ? [] : [`l${each.target}`]),
        () =>
          note(
            'edited',
            target === undefined ? {} : { was: [{ identity: target.identity, content: target.content }] },
          ),
      ]
      const payload = (payloads[each.kind] as () => ReturnType<typeof note>)()
      entries.push(world.add(author, payload, { comparable: 1 + each.target, verified: each.verified }))
      states.push('chain')
      continue
    }
    const index = each.entry % Math.max(1, entries.length)
    const entry = entries[index]
    const state = states[index]
    if (entry === undefined || state === 'gone') continue
    if (each.type === 'verify') world.verify(entry.id)
    else if (each.type === 'hide' && state === 'chain') [states[index]] = ['hidden', world.hide(entry.id)]
    else if (each.type === 'show' && state === 'hidden') [states[index]] = ['chain', world.show(entry.id)]
    else if (each.type === 'erase' && state === 'chain') [states[index]] = ['erased', world.erase(entry.id)]
    else if (each.type === 'restore' && state === 'erased')
      [states[index]] = ['chain', world.restore(entry.id)]
    else if (each.type === 'drop' && state === 'hidden') [states[index]] = ['gone', world.drop(entry.id)]
  }
}

test('[S22] whatever was shown, hidden, erased and verified in whatever order: a rebuild changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      using world = openViewsWorld()
      play(world, steps)
      const before = world.dump()
      await world.views.rebuildViews({ signal: never })
      expect(world.dump()).toEqual(before)
    }),
    { numRuns: runs(80) },
  )
})

test.skipIf(isSlow)(
  '[S22] a rebuild goes in slices, tells how far it is, and lets others in between',
  async () => {
    let turns = 0
    const pause = async () => {
      turns += 1
    }
    using world = openViewsWorld({ pause })
    const a = world.person(1)
    for (let index = 0; index < 1200; index++) world.add(a, note(`${index}`))
    const told: { done: number; total: number }[] = []
    await world.views.rebuildViews({ signal: never, onProgress: (progress) => told.push(progress) })
    expect(told).toEqual([
      { done: 500, total: 1200 },
      { done: 1000, total: 1200 },
      { done: 1200, total: 1200 },
    ])
    expect(turns).toBe(3)
    expect(world.views.rebuildPending).toBe(false)
  },
)

test.skipIf(isSlow)(
  '[S22] entries that come and go during a rebuild are as if there had been none',
  async () => {
    using world = openViewsWorld({ pause: nextTurn })
    const a = world.person(1)
    const entries = Array.from({ length: 1100 }, (_, index) => world.add(a, note(`${index}`)))
    const steps = [
      () => world.hide(entries[10]?.id ?? 0),
      () => {
        world.add(a, note('new'))
        world.hide(entries[1050]?.id ?? 0)
        world.show(entries[10]?.id ?? 0)
      },
    ]
    await world.views.rebuildViews({ signal: never, onProgress: () => steps.shift()?.() })
    const during = world.dump()
    await world.views.rebuildViews({ signal: never })
    expect(world.dump()).toEqual(during)
    expect(world.views.timeline({ limit: 500 }).items).toHaveLength(500)
  },
)

test.skipIf(isSlow)(
  '[S22] a rebuild that was cut off is known after the next open, and goes on',
  async () => {
    const stop = new AbortController()
    using world = openViewsWorld({ pause: nextTurn })
    const a = world.person(1)
    for (let index = 0; index < 1200; index++) world.add(a, note(`${index}`))
    const before = world.dump()
    const cut = world.views.rebuildViews({
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('power')),
    })
    await expect(cut).rejects.toThrow('power')
    const again = createViews(world.db, { pause: nextTurn })
    expect(again.rebuildPending).toBe(true)
    const told: number[] = []
    await again.rebuildViews({ signal: never, onProgress: ({ done }) => told.push(done) })
    expect(told).toEqual([1000, 1200])
    expect(again.rebuildPending).toBe(false)
    expect(world.dump()).toEqual(before)
  },
)

test('[S21] after a rebuild search starts anew', async () => {
  using world = openViewsWorld()
  const one = world.add(world.person(1), note('apple'))
  world.views.indexSearch(10)
  await world.views.rebuildViews({ signal: never })
  expect(world.views.search('apple').items).toEqual([])
  expect(world.views.indexSearch(10)).toEqual({ behind: 0 })
  expect(world.views.search('apple').items.map(({ cid }) => cid)).toEqual([one.cid])
})
