/** What whoever runs a store has taken down: gone, and not taken in again, whoever brings it (spec V93). */
import { contentId, type RawCid } from '@effigy/core'
import { expect, test } from 'vitest'
import { rawBlob, sha256 } from '../../test/blob-world.ts'
import { extend, headOf, runOf, testIdentity } from '../../test/feed-maker.ts'
import { newFolder, openTestStore } from '../../test/medium.ts'
import type { Store, TakeDowns } from '../store.ts'

const [alice, bob] = [testIdentity('alice'), testIdentity('bob')]
const all = { depth: { type: 'all' }, blobs: { type: 'all' } } as const
const picture = rawBlob('a picture')
const text = '{"type":"public_note","at":1,"salt":"AAAAAAAAAAAAAAAAAAAAAA","text":"nobody shall read"}'
const textBytes = new TextEncoder().encode(text)
const content: RawCid = contentId(text, sha256)
const chainOf = (identity: typeof alice) =>
  extend(identity, [], [{ payload: content, links: [[content, textBytes.length], picture.link] }])
const [ofAlice, ofBob] = [chainOf(alice), chainOf(bob)]

function open(path = ':memory:'): Store & { readonly takeDowns: TakeDowns } {
  return openTestStore(path, { sha256, now: () => 1_800_000_000_000 }) as never
}

/** `hasBody`: the text comes beside its entry. */
function take(store: Store, chain = ofAlice, hasBody = true): void {
  const { identity } = chain[0]!.entry
  store.watchFeed(identity, all)
  store.acceptHead(headOf(chain))
  store.appendRun(runOf(chain, hasBody ? new Map([[content, textBytes]]) : new Map()))
  store.settle(store.unverified(10).map(({ id }) => ({ id, valid: true })))
}

const shown = (store: Store, identity = alice) => store.resolve(identity, content)?.state.type
const wanted = (store: Store) => store.wantedBlobs(10).map(({ root }) => root)

/** Neither to be read, nor served, nor found. */
function expectGone(store: Store, identity = alice): void {
  expect(store.block(content)).toBeNull()
  expect([store.hasBlock(content), store.blockSize(content)]).toEqual([false, null])
  expect(store.entryAt(identity, 1)?.body).toBeNull()
  expect(shown(store, identity)).toBe('missing')
  expect(store.search('nobody').items).toEqual([])
  expect(wanted(store)).not.toContain(content)
  const [served] = store.serve(identity, store.entryAt(identity, 1)!.signed.cid, {
    above: 0,
    maxEntries: 1,
    maxBytes: 1_000,
    bodies: true,
  })
  // The chain stays whole.
  expect([served?.entry.entry.length, served?.body]).toEqual([1, null])
}

test('[V93] a text that came beside its entry is gone, and the entry stays', () => {
  using store = open()
  take(store)
  store.indexSearch(100)
  expect(shown(store)).toBe('shown')
  store.takeDowns.add(content)
  expectGone(store)
})

test('[V93] nor does it come in again: beside an entry of somebody else, or as a block', async () => {
  using store = open()
  store.takeDowns.add(content)
  take(store)
  take(store, ofBob)
  store.putBlock(content, textBytes)
  await store.writeBlocks?.([[content, textBytes]])
  expectGone(store)
  expectGone(store, bob)
  expect(store.blobUsage().blocks).toBe(0)
})

test('[V93] a file is gone, and not wanted; others are', () => {
  using store = open()
  take(store)
  store.putBlock(picture.cid, picture.bytes)
  store.takeDowns.add(picture.cid)
  expect([store.block(picture.cid), wanted(store)]).toEqual([null, []])
  expect(store.blobState(picture.cid)).toEqual({ type: 'refused', code: 'taken-down' })
  expect(store.blobUsage().blocks).toBe(0)
  expect(shown(store)).toBe('shown')
})

test('[V93] over a restart; twice is once; taken back, it is wanted again', () => {
  const directory = newFolder()
  {
    using store = open(directory)
    take(store)
    store.takeDowns.add(content)
    store.takeDowns.add(content)
  }
  using store = open(directory)
  expectGone(store)
  expect(store.takeDowns.remove(content)).toBe(true)
  expect(store.takeDowns.remove(content)).toBe(false)
  expect(wanted(store)).toContain(content)
  store.putBlock(content, textBytes)
  expect(shown(store)).toBe('shown')
})

test('[V93] [S60] a file that is taken back stays, once it has come again', () => {
  let now = 1_800_000_000_000
  using store = openTestStore(':memory:', { sha256, now: () => now }) as Store & {
    readonly takeDowns: TakeDowns
  }
  take(store)
  store.putBlock(picture.cid, picture.bytes)
  store.takeDowns.add(picture.cid)
  store.takeDowns.remove(picture.cid)
  store.putBlock(picture.cid, picture.bytes)
  expect(store.blobUsage().heldBytes).toBe(picture.bytes.length)
  now += 25 * 60 * 60 * 1000
  store.sweepBlobs()
  expect(store.block(picture.cid)).toEqual(picture.bytes)
})
