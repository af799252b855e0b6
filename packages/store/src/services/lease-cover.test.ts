/** What a lease would cover, and when there is nothing to promise (V30, V31). */
import type { SignedEntry } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { rawBlob, sha256 } from '../../test/blob-world.ts'
import { extend, headOf, note, runOf, testIdentity } from '../../test/feed-maker.ts'
import { openTestStore } from '../../test/medium.ts'
import type { Store } from '../store.ts'

const alice = testIdentity('alice')
const all = { depth: { type: 'all' }, blobs: { type: 'all' } } as const
const picture = rawBlob('a picture')
const film = rawBlob('a film', 5_000)
const plain = extend(alice, [], ['one', 'two'])
const chain = extend(alice, plain, [
  { payload: note('three'), links: [picture.link] },
  { payload: note('four'), links: [picture.link, film.link] },
])

function openStore(): Store {
  const store = openTestStore(':memory:', { sha256, now: () => 1_800_000_000_000 })
  store.watchFeed(alice, all)
  return store
}

function take(store: Store, entries: readonly SignedEntry[], isValid = true): void {
  store.acceptHead(headOf(entries))
  const held = store.feed(alice)?.heldCount ?? 0
  store.appendRun(runOf(entries.slice(held)))
  if (isValid) store.settle(store.unverified(10).map(({ id }) => ({ id, valid: true })))
}

function covered(store: Store, length: number, blobs = 0, changes: { epoch?: number; head?: number } = {}) {
  const { epoch = 1, head = length } = changes
  return store.leaseCover?.({ for: alice, epoch, length, head: chain[head - 1]!.cid, blobs })
}

const bytesOf = (entries: readonly SignedEntry[]): number =>
  entries.reduce((sum, { bytes }) => sum + bytes.length, 0)

describe('what a lease covers', () => {
  test('[V31] entries up to its head, and files up to its size, each once', () => {
    using store = openStore()
    take(store, chain)
    store.putBlocks([picture, film].map(({ cid, bytes }) => [cid, bytes] as const))
    const entries = bytesOf(chain)
    expect([1, 2, 4].map((length) => covered(store, length))).toEqual([
      bytesOf(chain.slice(0, 1)),
      bytesOf(plain),
      entries,
    ])
    const [small, large] = [picture.bytes.length, film.bytes.length]
    expect([small - 1, small, large - 1, large].map((size) => covered(store, 4, size))).toEqual([
      entries,
      entries + small,
      entries + small,
      entries + small + large,
    ])
    expect(covered(store, 2, large)).toBe(bytesOf(plain))
  })

  test('[V31] a text once, whether it came beside its entry or as a block', () => {
    using beside = openStore()
    using apart = openStore()
    const text = rawBlob(
      `{"type":"public_note","at":1,"salt":"AAAAAAAAAAAAAAAAAAAAAA","text":"${'long '.repeat(9)}"}`,
    )
    const feed = extend(alice, [], [{ payload: text.cid, links: [text.link] }])
    for (const store of [beside, apart]) store.acceptHead(headOf(feed))
    beside.appendRun(runOf(feed, new Map([[text.cid, text.bytes]])))
    apart.appendRun(runOf(feed))
    apart.putBlocks([[text.cid, text.bytes]])
    for (const store of [beside, apart]) {
      store.settle(store.unverified(10).map(({ id }) => ({ id, valid: true })))
      const cover = store.leaseCover?.({ for: alice, epoch: 1, length: 1, head: feed[0]!.cid, blobs: 0 })
      expect(cover).toBe(bytesOf(feed) + text.bytes.length)
    }
  })

  test('[V30] nothing while a file of it is not here', () => {
    using store = openStore()
    take(store, chain)
    expect([covered(store, 4), covered(store, 4, 9_000), covered(store, 2, 9_000)]).toEqual([
      bytesOf(chain),
      null,
      bytesOf(plain),
    ])
    store.putBlocks([[picture.cid, picture.bytes]])
    expect(covered(store, 4, 9_000)).toBeNull()
    expect(covered(store, 3, 9_000)).toBe(bytesOf(chain.slice(0, 3)) + picture.bytes.length)
  })

  test('[V30] nothing of a chain that is not that one, not whole, or not verified', () => {
    using store = openStore()
    take(store, plain)
    expect([
      covered(store, 2),
      covered(store, 2, 0, { epoch: 2 }),
      covered(store, 2, 0, { head: 1 }),
    ]).toEqual([bytesOf(plain), null, null])
    expect(covered(store, 3)).toBeNull()
    take(store, chain, false)
    expect([covered(store, 2), covered(store, 3)]).toEqual([bytesOf(plain), null])
    using gap = openStore()
    gap.acceptHead(headOf(chain))
    gap.appendRun(runOf(chain.slice(2)))
    gap.settle(gap.unverified(10).map(({ id }) => ({ id, valid: true })))
    expect(covered(gap, 4)).toBeNull()
    using nothing = openStore()
    expect(covered(nothing, 1)).toBeNull()
  })

  test('[V30] nothing of what is disputed or broken', () => {
    using store = openStore()
    take(store, chain)
    const other = extend(alice, plain, ['another three'])
    store.acceptHead(headOf(other))
    store.appendRun(runOf(other.slice(2)))
    expect(store.feed(alice)?.disputedAbove).toBe(2)
    expect([covered(store, 2), covered(store, 3)]).toEqual([bytesOf(plain), null])
    using broken = openStore()
    take(broken, chain, false)
    broken.settle(broken.unverified(10).map(({ id }, index) => ({ id, valid: index < 2 })))
    expect([covered(broken, 2), covered(broken, 3)]).toEqual([bytesOf(plain), null])
  })
})
