/** What hidden entries hold until their bytes are dropped, and what comes back with them (spec B15, S7, S12). */
import { contentId, type SignedEntry } from '@effigy/core'
import { expect, test } from 'vitest'
import { openWorld, rawBlob, sha256 } from '../../test/blob-world.ts'
import { extend, headOf, runOf, testIdentity } from '../../test/feed-maker.ts'
import { newFolder, openSqlite, openTestStore } from '../../test/medium.ts'
import { dayMs } from '../feeds/days.ts'
import { migrations } from '../index.ts'
import type { Store } from '../store.ts'

const alice = testIdentity('alice')
const all = { depth: { type: 'all' }, blobs: { type: 'all' } } as const
const picture = rawBlob('a picture')
const text = '{"type":"public_note","at":1,"salt":"AAAAAAAAAAAAAAAAAAAAAA","text":"with a picture"}'
const content = contentId(text, sha256)
const posted = extend(alice, [], [{ payload: text, links: [picture.link] }])
const eraseText = JSON.stringify({ type: 'erase', at: 2, targets: [{ identity: alice, content }] })
const erased = extend(alice, posted, [{ payload: eraseText }])
const rebased = extend(alice, [], ['instead'])

interface Follower extends Disposable {
  readonly store: Store
  pass(days: number): void
}

/** Somebody who has the picture that alice posted. */
function withPicture(): Follower {
  const clock = { now: 1_800_000_000_000 }
  const store = openTestStore(':memory:', { sha256, now: () => clock.now })
  store.watchFeed(alice, all)
  take(store, posted, 1)
  store.putBlocks([[picture.cid, picture.bytes]])
  return {
    store,
    pass(days) {
      for (let day = 0; day < days; day++) {
        clock.now += dayMs
        store.countDay()
        store.maintain()
      }
    },
    [Symbol.dispose]: () => store[Symbol.dispose](),
  }
}

function take(store: Store, chain: readonly SignedEntry[], epoch: number, base = 0): void {
  store.acceptHead(headOf(chain, epoch))
  if (epoch > 1) store.rewind(alice, epoch, base)
  if (chain.length > base) store.appendRun(runOf(chain.slice(base)))
  store.settle(store.unverified(10).map(({ id }) => ({ id, valid: true })))
}

const hidings = [
  {
    name: 'erased',
    hide: (store: Store) => take(store, erased, 1, 1),
    undo: (store: Store) => take(store, posted, 2, 1),
  },
  {
    name: 'rebased',
    hide: (store: Store) => take(store, rebased, 2),
    undo: (store: Store) => take(store, posted, 3),
  },
]

for (const { name, hide, undo } of hidings) {
  test(`[B15] [S12] ${name}: a follower keeps its blocks for seven counted days, given to nobody`, () => {
    using world = withPicture()
    const { store } = world
    expect(store.holders(picture.cid)).toEqual([`feed:${alice}`])
    hide(store)
    expect(store.holders(picture.cid)).toEqual([])
    expect([...store.heldRoots(10)]).not.toContain(picture.cid)
    world.pass(6)
    expect(store.block(picture.cid)).toEqual(picture.bytes)
    world.pass(2)
    expect(store.block(picture.cid)).toBeNull()
    expect(store.blobUsage().heldBytes).toBe(0)
  })

  test(`[B15] [S12] ${name}: the own device keeps its blocks for thirty counted days`, () => {
    using world = withPicture()
    world.store.setSelf(alice)
    hide(world.store)
    world.pass(29)
    expect(world.store.block(picture.cid)).toEqual(picture.bytes)
    world.pass(2)
    expect(world.store.block(picture.cid)).toBeNull()
  })

  test(`[B15] [T27] ${name} and undone: it is held as before, and nothing has to be fetched`, () => {
    using world = withPicture()
    const { store } = world
    hide(store)
    world.pass(6)
    undo(store)
    expect(store.holders(picture.cid)).toEqual([`feed:${alice}`])
    expect(store.wantedBlobs(10)).toEqual([])
    world.pass(40)
    expect(store.block(picture.cid)).toEqual(picture.bytes)
  })

  test(`[B15] ${name} and undone after it was dropped: it is wanted again`, () => {
    using world = withPicture()
    hide(world.store)
    world.pass(8)
    expect(world.store.wantedBlobs(10)).toEqual([])
    undo(world.store)
    expect(world.store.wantedBlobs(10).map(({ root }) => root)).toEqual([picture.cid])
  })

  test(`[B15] ${name}: to forget the feed, or watch it no more, ends the hold at once`, () => {
    for (const end of [
      (store: Store) => store.forget(alice),
      (store: Store) => store.watchFeed(alice, null),
    ]) {
      using world = withPicture()
      hide(world.store)
      end(world.store)
      expect(world.store.blobUsage().heldBytes).toBe(0)
      expect(world.store.block(picture.cid)).toBeNull()
      world.store.watchFeed(alice, all)
      expect(world.store.holders(picture.cid)).toEqual([])
    }
  })
}

test('[B15] nothing is fetched for what is hidden, before or after blocks are lost', () => {
  using world = openWorld(null)
  const { blobs } = world
  const [one, two] = [rawBlob('here'), rawBlob('not here')]
  world.setPolicy(1, { type: 'all' })
  world.show(1, 1, [one.link, two.link])
  blobs.putBlock(one.cid, one.bytes)
  world.hide(1)
  expect(blobs.wantedBlobs(10)).toEqual([])
  blobs.repair([{ kind: 'block', cid: one.cid, identity: null }])
  expect(blobs.wantedBlobs(10)).toEqual([])
  world.setPolicy(1, { type: 'all' })
  expect(blobs.wantedBlobs(10)).toEqual([])
  world.show(1, 1, [one.link, two.link])
  expect(new Set(blobs.wantedBlobs(10).map(({ root }) => root))).toEqual(new Set([one.cid, two.cid]))
})

test('[B20] nothing is let go that is hidden and may come back', () => {
  using world = openWorld(null)
  const { blobs } = world
  world.setPolicy(1, { type: 'all' })
  world.show(1, 1, [picture.link])
  blobs.putBlock(picture.cid, picture.bytes)
  world.hide(1)
  blobs.letGo?.([picture.cid])
  expect(blobs.evict(1000)).toBe(0)
  expect(blobs.block(picture.cid)).toEqual(picture.bytes)
  world.show(1, 1, [picture.link])
  blobs.letGo?.([picture.cid])
  expect(blobs.hasBlock(picture.cid)).toBe(false)
})

test('[B13] [B15] a hidden link whose size turns out false holds no more', () => {
  using world = openWorld(null)
  const { blobs } = world
  world.setPolicy(1, { type: 'all' })
  world.show(1, 1, [[picture.cid, 999]])
  world.hide(1)
  blobs.putBlock(picture.cid, picture.bytes)
  expect(blobs.blobState(picture.cid)).toEqual({ type: 'refused', code: 'size' })
  world.show(1, 1, [[picture.cid, 999]])
  expect(blobs.brokenLinks(1)).toEqual([picture.cid])
  expect(blobs.blobUsage().heldBytes).toBe(0)
})

test('[S2] [B15] links in a file of a former version hold as before', () => {
  const path = `${newFolder()}/main.sqlite`
  {
    using main = openSqlite(path, { migrations: migrations.slice(0, 12) })
    main.run(
      "insert into blob_links (root, entry, feed, size, sort, holds, wanted, broken) values (x'01', 1, 1, 9, 0, 1, 1, 0)",
    )
  }
  using main = openSqlite(path, { migrations })
  expect(main.first('select holds, wanted, hidden from blob_links')).toEqual({
    holds: 1,
    wanted: 1,
    hidden: 0,
  })
})
