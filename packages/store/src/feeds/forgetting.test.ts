/** Large feeds are forgotten in parts, and nobody sees how far that is (S14). */
import { contentId, identityKey, type RawCid, type SignedEntry, utf8 } from '@effigy/core'
import { expect, test } from 'vitest'
import { rawBlob } from '../../test/blob-world.ts'
import { deliverAll, sourceOf } from '../../test/deliver.ts'
import { extend, headOf, note, runOf, sha256, testFeed, testIdentity } from '../../test/feed-maker.ts'
import { newFolder, openSqlite } from '../../test/medium.ts'
import { openFeeds } from '../../test/open-feeds.ts'
import { blockDatabase } from '../blobs/block-database.ts'
import { createStore, migrations, type Store } from '../index.ts'
import type { Sqlite } from '../sqlite.ts'
import { partRows, wholeRows } from './drop.ts'
import { followAll } from './feed-table.ts'

const [alice, bob, carol] = [testIdentity('alice'), testIdentity('bob'), testIdentity('carol')]
const count = wholeRows + 100

const salt = '"salt":"AAAAAAAAAAAAAAAAAAAAAA"'
const textOf = (name: string): Uint8Array =>
  utf8(`{"type":"public_note","at":1,${salt},"text":"${name} ${'long '.repeat(300)}"}`)
const nameOf = (text: Uint8Array): RawCid => contentId(new TextDecoder().decode(text), sha256)
/** Alice and Bob both say it, in an entry each. */
const shared = textOf('of both')
const texts = [shared, ...Array.from({ length: 30 }, (_, at) => textOf(`text ${at}`))]
const bodies = new Map(texts.map((text) => [nameOf(text), text]))
const pictures = ['of both', 'of Alice'].map((name) => rawBlob(name))
const [ofBoth, ofAlice] = pictures as [(typeof pictures)[0], (typeof pictures)[0]]
const detached = (text: Uint8Array) => ({
  payload: nameOf(text),
  links: [[nameOf(text), text.length]] as const,
})

const bobs = extend(
  bob,
  [],
  ['asked by Bob', detached(shared), { payload: note('seen'), links: [ofBoth.link] }],
)
const question = {
  identity: bob,
  content: contentId(note('asked by Bob'), sha256),
  entry: bobs[0]?.cid ?? null,
  synod: null,
}
const target = { identity: bob, root: null }

/** What is said at each place: everything that a view is made of, again and again. */
function payloadAt(at: number): string {
  switch (at % 8) {
    case 0:
      return JSON.stringify({ type: 'comment', at, text: `answer ${at}`, target: question, thread: null })
    case 1:
      return JSON.stringify({ type: 'public_note', at, text: `tagged ${at}`, tags: ['forgotten'] })
    case 6:
      return JSON.stringify({
        type: 'erase',
        at,
        targets: [{ identity: alice, content: contentId(note(`said ${at - 1}`), sha256) }],
      })
    case 3:
      return `age:${at}`
    case 4:
      return JSON.stringify({ type: 'follow', at, target, value: true })
    default:
      return note(`said ${at}`)
  }
}

const alices = extend(
  alice,
  [],
  Array.from({ length: count }, (_, at) => {
    if (at % 70 === 69) return detached(texts[Math.floor(at / 70) % texts.length] as Uint8Array)
    if (at % 100 === 50)
      return { payload: note(`picture ${at}`), links: [at % 200 === 50 ? ofAlice.link : ofBoth.link] }
    return { payload: payloadAt(at) }
  }),
)
const carols = testFeed(carol, 3)

function openStore(folder: string) {
  const main = openSqlite(`${folder}/main.sqlite`, { migrations, givesBack: true })
  const blocks = openSqlite(`${folder}/blocks.sqlite`, blockDatabase)
  const store = createStore({ main, blocks, sha256, now: () => 5_000, pause: async () => undefined })
  return { store, main, [Symbol.dispose]: () => store[Symbol.dispose]() }
}

function take(store: Store, chain: readonly SignedEntry[]): void {
  const { identity } = (chain[0] as SignedEntry).entry
  store.watchFeed(identity, followAll)
  store.acceptHead(headOf(chain))
  store.appendRun(runOf(chain, bodies))
}

/** Alice's feed beside those of others, all of it settled and searchable. */
function openWhole(folder = newFolder()) {
  const world = openStore(folder)
  const { store } = world
  for (const chain of [bobs, alices, carols]) take(store, chain)
  store.settle(store.unverified(10_000).map(({ id }) => ({ id, valid: true })))
  for (const { cid, bytes } of pictures) {
    store.putBlock(cid, bytes)
    store.completeBlob(cid)
  }
  while (store.indexSearch(5_000).behind > 0);
  return world
}

/** All that is here, but what the search index makes of its texts, and a name by chance. */
function dump(db: Sqlite): unknown {
  const names = db.rows<{ name: string }>(
    `select name from sqlite_schema where type = 'table' and name <> 'search' and name not glob 'search_[cdi]*' and name <> 'head_eras'`,
  )
  return Object.fromEntries(
    Array.from([...names], ({ name }) => [name, [...db.rows(`select * from ${name} order by 1`)]]),
  )
}

/** As if it had gone at once. */
function dumpOfWhole() {
  using world = openWhole()
  world.store.forget(alice)
  world.store.watchFeed(alice, null)
  while (world.store.sweepBlobs());
  return dump(world.main)
}

const alicesRows = (db: Sqlite): number =>
  db.first<{ n: number }>(
    'select count(*) as n from entries where feed = (select id from feeds where identity = ?)',
    identityKey(alice),
  )?.n ?? 0

function forget(store: Store): void {
  store.watchFeed(alice, null)
  store.forget(alice)
}

/** Nothing of Alice is told, served or shown, and of the others all is. */
function expectHidden(store: Store): void {
  const newest = headOf(alices)
  expect(store.feed(alice)).toMatchObject({
    record: newest,
    watched: false,
    runs: [],
    heldCount: 0,
    heldBytes: 0,
  })
  expect([...store.feeds()].find(({ identity }) => identity === alice)?.heldCount).toBe(0)
  expect(store.textBytes?.(alice)).toBe(0)
  expect([store.entry(newest.head.head), store.entryAt(alice, 1), ...store.chain(alice)]).toEqual([
    null,
    null,
  ])
  const options = { above: 0, maxEntries: 10, maxBytes: 100_000, bodies: true }
  expect(store.serve(alice, newest.head.head, options)).toEqual([])
  expect([store.need(alice), store.servedHead?.(alice) ?? null]).toEqual([null, null])
  const { epoch, length, head } = newest.head
  expect(store.leaseCover?.({ for: alice, epoch, length, head, blobs: 0 })).toBeNull()
  expect(store.resolve(alice, contentId(note('said 7'), sha256))).toBeNull()
  expect(store.item(newest.head.head)).toBeNull()
  expect([store.feedItems(alice).items, store.search('said').items, store.byTag('forgotten').items]).toEqual([
    [],
    [],
    [],
  ])
  expect(store.thread(bob, question.content).items).toEqual([])
  expect(store.tally(bob, question.content).answers).toBe(0)
  expect([store.relations(alice, 'follow'), store.followers(bob)]).toEqual([[], []])
  expect(store.block(nameOf(texts[1] as Uint8Array))).toBeNull()
  // What others say too is theirs.
  expect(store.block(nameOf(shared))).toEqual(shared)
  expect(store.holders(nameOf(shared))).toEqual([`feed:${bob}`])
  expect(store.holders(ofBoth.cid)).toEqual([`feed:${bob}`])
  expect(store.feedItems(bob).items).toHaveLength(bobs.length)
  expect(store.feed(carol)?.heldCount).toBe(carols.length)
}

test('[S14] a large feed goes in parts: from the first on nothing of it is here, and at the end all is as if it had gone at once', () => {
  using world = openWhole()
  const { store, main } = world
  expect(store.followers(bob)).toEqual([alice])
  const { epoch, length, head } = headOf(alices).head
  expect(store.leaseCover?.({ for: alice, epoch, length, head, blobs: 0 })).toBeGreaterThan(0)
  expect(store.resolve(alice, contentId(note('said 7'), sha256))).not.toBeNull()
  expect(store.tally(bob, question.content).answers).toBeGreaterThan(200)
  forget(store)
  let left = alicesRows(main)
  expect(left).toBe(count)
  for (; store.isForgetting?.(); left = alicesRows(main)) {
    expectHidden(store)
    store.sweepBlobs()
    expect(left - alicesRows(main)).toBeLessThanOrEqual(partRows)
  }
  expectHidden(store)
  while (store.sweepBlobs());
  expect(dump(main)).toEqual(dumpOfWhole())
  expect(alicesRows(main)).toBe(0)
  expect(store.blobUsage().blocks).toBe(1)
})

test('[S14] it goes on after a restart in the middle', () => {
  const folder = newFolder()
  {
    using world = openWhole(folder)
    forget(world.store)
    world.store.sweepBlobs()
    expect(alicesRows(world.main)).toBe(count - partRows)
  }
  for (let left = count - partRows; left > 0; left -= partRows) {
    using world = openStore(folder)
    expect(alicesRows(world.main)).toBe(left)
    expectHidden(world.store)
    expect(world.store.isForgetting?.()).toBe(true)
    world.store.sweepBlobs()
  }
  using world = openStore(folder)
  while (world.store.sweepBlobs());
  expect(dump(world.main)).toEqual(dumpOfWhole())
})

test('[S14] who watches it again in the middle has it anew, and nothing of that goes', () => {
  using world = openWhole()
  const { store, main } = world
  forget(store)
  store.sweepBlobs()
  store.watchFeed(alice, followAll)
  expect([store.isForgetting?.(), alicesRows(main), store.feed(alice)?.watched]).toEqual([false, 0, true])
  expect(store.need(alice)).toMatchObject({ from: headOf(alices).head.head, fromLength: count })
  store.appendRun(runOf(alices, bodies))
  while (store.sweepBlobs());
  expect(store.feed(alice)).toMatchObject({ heldCount: count, heldBytes: headOf(alices).head.bytes })
  expect(store.need(alice)).toBeNull()
  store.settle(store.unverified(10_000).map(({ id }) => ({ id, valid: true })))
  while (store.indexSearch(5_000).behind > 0);
  expect(store.followers(bob)).toEqual([alice])
  expect(store.search('said').items.length).toBeGreaterThan(0)
  expect(store.block(nameOf(texts[1] as Uint8Array))).toEqual(texts[1])
  expect([...store.holders(ofBoth.cid)].sort()).toEqual([`feed:${alice}`, `feed:${bob}`].sort())
})

test.for<[string, (store: Store) => void, number]>([
  ['its chain, unwatched', (store) => void store.appendRun(runOf(alices.slice(-5), bodies)), 5],
  ['one entry alone', (store) => store.keepLoose({ entry: alices[3] as SignedEntry, body: null }), 1],
])('[S14] what is added in the middle stays: %s', ([, add, added]) => {
  using world = openWhole()
  const { store, main } = world
  forget(store)
  store.sweepBlobs()
  add(store)
  while (store.sweepBlobs());
  expect(alicesRows(main)).toBe(added)
})

test('[S14] [R14] a lower head that comes while it goes is what it is asked for by, once it is watched again', () => {
  const highest = headOf(testFeed(alice, count + 5))
  const lower = [count + 2, 10].map((length) => headOf(testFeed(alice, length)))
  const neededOf = (end: (feeds: ReturnType<typeof openFeeds>['feeds']) => void): unknown => {
    using world = openFeeds(openSqlite(':memory:', { migrations }))
    const { feeds, db } = world
    const chain = testFeed(alice, count)
    feeds.watchFeed(alice, followAll)
    feeds.acceptHead(headOf(chain))
    feeds.appendRun(runOf(chain))
    feeds.watchFeed(alice, null)
    feeds.forget(alice)
    end(feeds)
    for (const record of [highest, ...lower]) feeds.acceptHead(record)
    // What came in between made nothing go at once.
    const rows = db.first<{ n: number }>('select count(*) as n from entries')?.n
    while (feeds.forgetPart());
    feeds.watchFeed(alice, followAll)
    return [
      rows,
      ...[highest, ...lower].map(({ head }) => feeds.needBelow?.(alice, head.head) ?? feeds.need(alice)),
    ]
  }
  const [none, ...needs] = neededOf((feeds) => {
    while (feeds.forgetPart());
  }) as unknown[]
  expect([none, needs]).toEqual([
    0,
    [highest, ...lower].map(({ head }) =>
      expect.objectContaining({ from: head.head, fromLength: head.length }),
    ),
  ])
  expect(neededOf((feeds) => void feeds.forgetPart())).toEqual([count - partRows, ...needs])
})

test('[S14] [S4] what is rolled back was never forgotten; a feed that is watched, and a small one, go at once', () => {
  using world = openFeeds(openSqlite(':memory:', { migrations }))
  const { feeds } = world
  const chain = testFeed(alice, count)
  feeds.watchFeed(alice, followAll)
  feeds.acceptHead(headOf(chain))
  feeds.appendRun(runOf(chain))
  feeds.watchFeed(alice, null)
  const failing = (): void =>
    feeds.context.changes.commit(() => {
      feeds.forget(alice)
      throw new Error('no room')
    })
  expect(failing).toThrow('no room')
  expect([feeds.isForgetting?.(), feeds.feed(alice)?.heldCount]).toEqual([false, count])
  feeds.watchFeed(alice, followAll)
  feeds.forget(alice)
  expect([feeds.isForgetting?.(), world.shown.size, feeds.unverifiedCount()]).toEqual([false, 0, 0])
  deliverAll(feeds, alice, sourceOf(chain.slice(0, wholeRows)))
})

test('[S14] [F9] a disputed feed of which heads come while it goes: the evidence stays, and watched again it is disputed as before', () => {
  using world = openFeeds(openSqlite(':memory:', { migrations }))
  const { feeds, db } = world
  const common = testFeed(alice, 1_200)
  const [one, other] = ['one', 'other'].map((name) =>
    extend(
      alice,
      common,
      Array.from({ length: 700 }, (_, at) => `${name} ${at}`),
    ),
  ) as [SignedEntry[], SignedEntry[]]
  const source = sourceOf(one, other)
  const fetch = (): void => void deliverAll(feeds, alice, source, { batch: 256 })
  feeds.watchFeed(alice, followAll)
  for (const chain of [one.slice(0, -1), other.slice(0, -2)]) {
    feeds.acceptHead(headOf(chain))
    fetch()
  }
  expect(feeds.feed(alice)).toMatchObject({ disputedAbove: common.length, heldCount: common.length })
  feeds.watchFeed(alice, null)
  feeds.forget(alice)
  const evidence = feeds.forkEvidence(alice)
  expect(evidence).toHaveLength(2)
  for (const chain of [other.slice(0, -1), one]) {
    feeds.forgetPart()
    feeds.acceptHead(headOf(chain))
    expect(feeds.feed(alice)).toMatchObject({ heldCount: 0, disputedAbove: null })
    expect(feeds.forkBranches(alice)).toBeNull()
  }
  while (feeds.forgetPart());
  for (const table of ['entries', 'runs', 'unverified', 'leaving'])
    expect(db.first(`select count(*) as n from ${table}`), table).toEqual({ n: 0 })
  expect(world.shown.size).toBe(0)
  expect(feeds.feed(alice)).toMatchObject({ record: headOf(one), heldCount: 0, heldBytes: 0 })
  feeds.watchFeed(alice, followAll)
  fetch()
  expect(feeds.feed(alice)).toMatchObject({ disputedAbove: common.length, heldCount: common.length })
})

test('[S14] [F7] what waits for its signature acts no more, however that comes out', () => {
  using world = openFeeds(openSqlite(':memory:', { migrations }))
  const { feeds, db } = world
  const erase = JSON.stringify({
    type: 'erase',
    at: 1,
    targets: [{ identity: alice, content: contentId(note('note 5'), sha256) }],
  })
  const chain = extend(alice, testFeed(alice, count), [{ payload: erase }, 'on top'])
  feeds.watchFeed(alice, followAll)
  feeds.acceptHead(headOf(chain))
  feeds.appendRun(runOf(chain))
  feeds.watchFeed(alice, null)
  feeds.forget(alice)
  const [first, ...rest] = feeds.unverified(10_000)
  feeds.settle(rest.map(({ id }) => ({ id, valid: true })))
  feeds.settle([{ id: first!.id, valid: false }])
  expect(db.first('select count(*) as n from entries where place <> 0')).toEqual({ n: 0 })
  expect(db.first('select count(*) as n from erasures')).toEqual({ n: 0 })
  while (feeds.forgetPart());
  expect(feeds.feed(alice)).toMatchObject({ heldCount: 0, broken: null })
})
