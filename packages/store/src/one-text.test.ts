/** One text that thousands of entries name: kept a few times, looked up in a few rows, and nobody is held up by it (S3, T16). */
import { contentId, type Identity, type RawCid, utf8 } from '@effigy/core'
import { expect, test } from 'vitest'
import { extend, headOf, runOf, sha256, testIdentity } from '../test/feed-maker.ts'
import { openSqlite } from '../test/medium.ts'
import { openFeeds } from '../test/open-feeds.ts'
import { followAll } from './feeds/feed-table.ts'
import { blockMigrations, createStore, migrations } from './index.ts'
import type { Sqlite } from './sqlite.ts'

const [alice, mallory] = [testIdentity('alice'), testIdentity('mallory')]
const salt = '"salt":"AAAAAAAAAAAAAAAAAAAAAA"'
const text = utf8(`{"type":"public_note","at":1,${salt},"text":"${'x'.repeat(20_000)}"}`)
const content = contentId(new TextDecoder().decode(text), sha256)
const noteOf = { payload: content, links: [[content, text.length]] as const }

/** So many entries that name the text and nothing else. */
const feedOf = (identity: Identity, count: number) =>
  extend(
    identity,
    [],
    Array.from({ length: count }, () => noteOf),
  )

function openStore() {
  const main = openSqlite(':memory:', { migrations })
  const blocks = openSqlite(':memory:', { migrations: blockMigrations })
  const store = createStore({ main, blocks, sha256, now: () => 5_000, pause: async () => undefined })
  const take = (identity: Identity, count: number, bodies: ReadonlyMap<RawCid, Uint8Array> = new Map()) => {
    const chain = feedOf(identity, count)
    const held = store.feed(identity)?.heldCount ?? 0
    store.watchFeed(identity, followAll)
    store.acceptHead(headOf(chain))
    store.appendRun(runOf(chain.slice(held), bodies))
  }
  const count = (sql: string): number => main.first<{ n: number }>(sql)?.n ?? 0
  return {
    store,
    main,
    take,
    copies: () => count('select count(*) as n from bodies'),
    read: () => count('select count(*) as n from entries where type > 0'),
    [Symbol.dispose]: () => store[Symbol.dispose](),
  }
}

test('[S5] [T16] a text that 40 entries wait for is read for all of them, and kept beside 16', () => {
  using world = openStore()
  world.take(mallory, 40)
  expect(world.read()).toBe(0)
  world.store.putBlock(content, text)
  expect([world.read(), world.copies()]).toEqual([40, 16])
  // Those that come later have it too.
  world.take(mallory, 60)
  expect([world.read(), world.copies()]).toEqual([60, 16])
})

test('[T16] each entry that names the text asks for a few rows, however many name it already', () => {
  let rows = 0
  const db = openSqlite(':memory:', { migrations })
  const counting: Sqlite = new Proxy(db, {
    get: (target, key) =>
      key === 'rows'
        ? function* (sql: string, ...values: never[]) {
            for (const row of target.rows(sql, ...values)) {
              rows++
              yield row
            }
          }
        : Reflect.get(target, key),
  })
  using world = openFeeds(counting)
  const chain = feedOf(mallory, 301)
  world.feeds.watchFeed(mallory, followAll)
  world.feeds.acceptHead(headOf(chain.slice(0, 300)))
  world.feeds.appendRun(runOf(chain.slice(0, 300)))
  world.feeds.acceptHead(headOf(chain))
  rows = 0
  world.feeds.appendRun(runOf(chain.slice(300)))
  expect(world.feeds.feed(mallory)?.heldCount).toBe(301)
  expect(rows).toBeLessThan(50)
})

test('[S14] a text passes on when the feeds beside whose entries it stood are forgotten', () => {
  using world = openStore()
  world.take(mallory, 16, new Map([[content, text]]))
  world.take(alice, 1)
  expect(world.copies()).toBe(16)
  world.store.forget(mallory)
  expect(world.copies()).toBe(1)
  expect(world.store.block(content)).toEqual(text)
  expect(world.store.holders(content)).toEqual([`feed:${alice}`])
  world.store.forget(alice)
  expect(world.copies()).toBe(0)
  expect(world.store.block(content)).toBeNull()
})

test('[S7] a text that is erased everywhere passes on to nobody', () => {
  using world = openStore()
  const chain = feedOf(alice, 20)
  const erase = JSON.stringify({ type: 'erase', at: 2, targets: [{ identity: alice, content }] })
  const erased = extend(alice, chain, [{ payload: erase }])
  const { store } = world
  store.watchFeed(alice, followAll)
  store.acceptHead(headOf(erased))
  store.appendRun(runOf(erased, new Map([[content, text]])))
  store.settle(store.unverified(100).map(({ id }) => ({ id, valid: true })))
  expect(store.block(content)).toBeNull()
  store.dropHidden(-1)
  expect(world.copies()).toBe(0)
})

test('[S1] [T16] no room for what is here already: what is wanted is told all the same', () => {
  using world = openStore()
  const { store, main } = world
  world.take(mallory, 40)
  const pages = main.first<{ page_count: number }>('pragma page_count')?.page_count ?? 0
  main.script(`pragma max_page_count = ${pages}`)
  expect(() => store.putBlock(content, text)).toThrow('no space left')
  expect(store.wantedBlobs(10)).toEqual([])
  expect(world.read()).toBe(0)
  main.script('pragma max_page_count = 100000')
  expect(store.wantedBlobs(10)).toEqual([])
  expect(world.read()).toBe(40)
})
