/**
 * Lists that stay true, over a table that changes while it is paged through.
 *
 * @module
 */
import { createRandom, settle } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { defaultLivePages, type ListView, openPagedList } from './paged-list.ts'

interface Row {
  readonly id: number
  readonly text: string
}

/** Rows in the order of falling ids; a cursor is the id after which to go on. */
function createTable(rows: readonly Row[]) {
  let all = [...rows]
  const watchers = new Set<() => void>()
  let asked = 0
  let live = 0

  async function* ask(limit: number, after: number | null, signal: AbortSignal) {
    live++
    try {
      let last = ''
      while (!signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>()
        watchers.add(resolve)
        signal.addEventListener('abort', () => resolve())
        asked++
        const below = all.filter(({ id }) => after === null || id < after)
        const items = below.slice(0, limit).map((row) => ({ ...row }))
        const page = { items, next: below.length > limit ? items.at(-1)!.id : null }
        if (JSON.stringify(page) !== last) {
          last = JSON.stringify(page)
          yield page
        }
        await promise
        watchers.delete(resolve)
      }
    } finally {
      live--
    }
  }

  return {
    ask,
    get rows() {
      return all
    },
    get live() {
      return live
    },
    get asked() {
      return asked
    },
    async set(next: readonly Row[]) {
      all = [...next].sort((a, b) => b.id - a.id)
      for (const wake of [...watchers]) wake()
      await settle()
    },
  }
}

const rowsTo = (count: number): Row[] =>
  Array.from({ length: count }, (_, at) => ({ id: (count - at) * 1000, text: '' }))

async function open(rows: readonly Row[], limit = 10, livePages = defaultLivePages) {
  const table = createTable(rows)
  const stop = new AbortController()
  const views: ListView<Row>[] = []
  const failures: unknown[] = []
  const list = openPagedList<Row, number>(
    {
      ask: (after, signal) => table.ask(limit, after, signal),
      keyOf: ({ id }) => String(id),
      show: (view) => void views.push(view),
      fail: (error) => void failures.push(error),
      livePages,
    },
    stop.signal,
  )
  await settle()
  return {
    table,
    list,
    stop,
    views,
    failures,
    get shown() {
      return views.at(-1)!
    },
    get ids() {
      return views.at(-1)!.items.map(({ id }) => id)
    },
    async more(pages: number) {
      for (let page = 0; page < pages; page++) {
        list.loadMore()
        await settle()
      }
    },
  }
}

const idsOf = (rows: readonly Row[]) => rows.map(({ id }) => id)

describe('a list by pages', () => {
  test('goes to its end, page by page, once each', async () => {
    const world = await open(rowsTo(25))
    expect(world.shown).toMatchObject({ hasMore: true, isLoadingMore: false })
    expect(world.shown.items.length).toBe(10)
    world.list.loadMore()
    world.list.loadMore()
    expect(world.shown.isLoadingMore).toBe(true)
    await settle()
    expect(world.shown.items.length).toBe(20)
    await world.more(3)
    expect(world.ids).toEqual(idsOf(world.table.rows))
    expect(world.shown).toMatchObject({ hasMore: false, isLoadingMore: false })
  })

  test('what comes at the head pushes nothing out, however much comes', async () => {
    const world = await open(rowsTo(40))
    await world.more(3)
    for (let id = 100_001; id <= 100_030; id++) {
      await world.table.set([...world.table.rows, { id, text: 'new' }])
      expect(world.ids).toEqual(idsOf(world.table.rows))
    }
    const many = Array.from({ length: 35 }, (_, at) => ({ id: 200_000 + at, text: 'newer' }))
    await world.table.set([...world.table.rows, ...many])
    expect(world.ids.slice(0, 10)).toEqual(idsOf(world.table.rows).slice(0, 10))
    expect(world.ids).toEqual(idsOf(world.table.rows))
  })

  test('what did not change is the same object, and the same list', async () => {
    const world = await open(rowsTo(30))
    await world.more(2)
    const before = world.shown.items
    const count = world.views.length
    await world.table.set(world.table.rows)
    expect(world.views.length).toBe(count)
    await world.table.set(
      world.table.rows.map((row) => (row.id === 15_000 ? { ...row, text: 'edited' } : row)),
    )
    const after = world.shown.items
    expect(after).not.toBe(before)
    for (const [at, item] of after.entries()) {
      if (item.id === 15_000) expect(item).toMatchObject({ text: 'edited' })
      else expect(item).toBe(before[at])
    }
  })

  test('removed rows go, wherever they were, and an end that moved up is the end', async () => {
    const world = await open(rowsTo(35))
    await world.more(3)
    await world.table.set(world.table.rows.filter(({ id }) => id % 7000 !== 0))
    expect(world.ids).toEqual(idsOf(world.table.rows))
    await world.table.set(world.table.rows.slice(0, 4))
    expect(world.ids).toEqual(idsOf(world.table.rows))
    expect(world.shown.hasMore).toBe(false)
    await world.table.set([])
    expect(world.ids).toEqual([])
  })

  test('of many pages few are live, and one that is looked at becomes true again', async () => {
    const world = await open(rowsTo(1000))
    await world.more(40)
    expect(world.shown.items.length).toBe(410)
    expect(world.table.live).toBeLessThanOrEqual(defaultLivePages)
    const at = 155
    const { id } = world.shown.items[at]!
    await world.table.set(world.table.rows.map((row) => (row.id === id ? { ...row, text: 'edited' } : row)))
    expect(world.shown.items[at]).toMatchObject({ text: '' })
    world.list.look(at)
    await settle()
    expect(world.shown.items[at]).toMatchObject({ id, text: 'edited' })
    expect(world.table.live).toBeLessThanOrEqual(defaultLivePages)
    world.list.look(9999)
    world.list.look(-1)
  })

  test('after its signal nothing is asked', async () => {
    const world = await open(rowsTo(30))
    await world.more(1)
    world.stop.abort()
    await settle()
    expect(world.table.live).toBe(0)
    const { asked } = world.table
    world.list.loadMore()
    world.list.look(0)
    await world.table.set([])
    expect(world.table.asked).toBe(asked)
    expect(world.failures).toEqual([])
  })

  test('pages that found nothing where they looked move along with the head: none comes in between', async () => {
    let newest = 1_000
    let asked = 0
    const wakes = new Set<() => void>()
    const stop = new AbortController()
    const list = openPagedList<Row, number>(
      {
        async *ask(after, signal) {
          for (let last: number | null = 0; !signal.aborted; ) {
            const { promise, resolve } = Promise.withResolvers<void>()
            wakes.add(resolve)
            signal.addEventListener('abort', () => resolve())
            asked++
            const below = (after ?? newest) - 10
            const next = below > 0 ? below : null
            if (next !== last) yield { items: [], next }
            last = next
            await promise
          }
        },
        keyOf: ({ id }) => String(id),
        show: () => {},
        fail: (error) => expect.unreachable(String(error)),
      },
      stop.signal,
    )
    for (let page = 0; page < 3; page++) {
      await settle()
      list.loadMore()
    }
    await settle()
    const before = asked
    newest++
    for (const wake of [...wakes]) wake()
    await settle()
    // The four that there are, and three of them again after another cursor.
    expect(asked - before).toBe(7)
    stop.abort()
  })

  test('whatever changes where, it shows what there is, as far as it was paged', async () => {
    // All live: a page that is not shows what was.
    for (let seed = 0; seed < 40; seed++) {
      const random = createRandom(`pages ${seed}`)
      const world = await open(rowsTo(60), 5, 1000)
      await world.more(random.integer(5))
      for (let step = 0; step < 30; step++) {
        const rows = world.table.rows
        const id = random.integer(70_000)
        const choice = random.integer(4)
        if (choice === 0) await world.more(1)
        else if (choice === 1) await world.table.set(rows.filter(() => random.integer(5) > 0))
        else if (choice === 2 && rows.every((row) => row.id !== id))
          await world.table.set([...rows, { id, text: '' }])
        else await world.table.set([...rows, { id: 100_000 + seed * 1000 + step, text: '' }])
        const shown = world.ids
        expect(shown, `seed ${seed} step ${step}`).toEqual(idsOf(world.table.rows).slice(0, shown.length))
        if (!world.shown.hasMore) expect(shown.length).toBe(world.table.rows.length)
      }
      world.stop.abort()
    }
  })
})
