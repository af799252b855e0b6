/** What is looked up is found by its index, however long a feed is (spec S58) and however many there are (spec S59). */
import { contentId } from '@effigy/core'
import { expect, test } from 'vitest'
import { extend, headOf, note, runOf, sha256, testIdentity } from '../test/feed-maker.ts'
import { openSqlite } from '../test/medium.ts'
import { followAll } from './feeds/feed-table.ts'
import { blockMigrations, createStore, migrations } from './index.ts'
import type { Sqlite } from './sqlite.ts'

const [alice, bob] = [testIdentity('alice'), testIdentity('bob')]
const text = note('hello')
const content = contentId(text, sha256)

/** Every statement that goes through it. */
function overheard(db: Sqlite): { readonly db: Sqlite; readonly said: Set<string> } {
  const said = new Set<string>()
  return {
    said,
    db: {
      run: (sql, ...values) => db.run(said.add(sql) && sql, ...values),
      first: (sql, ...values) => db.first(said.add(sql) && sql, ...values),
      rows: (sql, ...values) => db.rows(said.add(sql) && sql, ...values),
      script: (sql) => db.script(sql),
      [Symbol.dispose]: () => db[Symbol.dispose](),
    },
  }
}

test('[S58] no look-up by a text reads the chain that it stands in', () => {
  const { db: main, said } = overheard(openSqlite(':memory:', { migrations }))
  const blocks = openSqlite(':memory:', { migrations: blockMigrations })
  using store = createStore({ main, blocks, sha256, now: () => 5_000, pause: async () => undefined })
  const chain = extend(alice, [], [{ payload: text, links: [] }])
  store.watchFeed(alice, followAll)
  store.acceptHead(headOf(chain))
  store.appendRun(runOf(chain))

  expect(store.tally(alice, content).answers).toBe(0)
  expect(store.resolve(alice, content)).not.toBeNull()
  store.rememberOpened(alice, content, text)
  store.told?.note(alice, content, [bob])
  expect(store.told?.lowest(alice, [bob])).toBe(1)
  const conversation = { name: 'c', kind: 'people' as const, persons: [{ identity: bob, root: null }] }
  store.conversations?.assign([{ author: alice, content, conversation }])

  const plans = plansOf(main, said, (sql) => /\bcontent_key = /.test(sql) && /\bentries\b/.test(sql))
  expect(plans.length).toBeGreaterThan(3)
  expect(plans.filter((plan) => /entries_(off_)?chain \(feed=\?\)/.test(plan))).toEqual([])
})

test('[S59] whether somebody follows somebody is one look-up, however many they follow', () => {
  const { db: main, said } = overheard(openSqlite(':memory:', { migrations }))
  const blocks = openSqlite(':memory:', { migrations: blockMigrations })
  using store = createStore({ main, blocks, sha256, now: () => 5_000, pause: async () => undefined })
  store.watchFeed(alice, followAll)
  expect(store.relates(alice, 'follow', { identity: bob, root: null })).toBe(false)
  const plans = plansOf(main, said, (sql) => /from claims c\b.*c\.subject = /s.test(sql))
  expect(plans).toHaveLength(1)
  expect(plans[0]).toMatch(/INDEX claims_newest \(kind=\? AND feed=\? AND subject=\?\)/)
})

test('[S59] what changed since a position reads no more of the log than that', () => {
  const { db: main, said } = overheard(openSqlite(':memory:', { migrations }))
  const blocks = openSqlite(':memory:', { migrations: blockMigrations })
  using store = createStore({ main, blocks, sha256, now: () => 5_000, pause: async () => undefined })
  store.watchFeed(alice, followAll)
  store.acceptHead(headOf(extend(alice, [], [{ payload: text, links: [] }])))
  expect(store.headLog?.changesSince(0, 10)).toEqual([alice])
  expect(store.headLog?.flipsSince(0)).toEqual([{ identity: alice, watched: true }])

  const plans = plansOf(main, said, (sql) => /from head_log l\b/.test(sql))
  expect(plans).toHaveLength(2)
  expect(plans.filter((plan) => !/INDEX head_log_(seq|flipped)/.test(plan))).toEqual([])
})

/** How SQLite goes about those of the statements that are asked for. */
function plansOf(
  db: Sqlite,
  said: ReadonlySet<string>,
  isAsked: (sql: string) => boolean,
): readonly string[] {
  return [...said].filter(isAsked).map((sql) => {
    const steps = db.rows<{ detail: string }>(`explain query plan ${sql}`)
    return [sql, ...Array.from(steps, ({ detail }) => detail)].join('\n')
  })
}
