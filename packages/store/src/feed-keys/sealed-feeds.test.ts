/** Feeds of sealed entries in a store: what stands where, what is judged, what waits for a key. */
import { contentId, encodeBase64url, type SignedEntry, sealedKeyId, utf8 } from '@effigy/core'
import { feedKeyId } from '@effigy/crypto'
import { describe, expect, test } from 'vitest'
import { extend, headOf, note, runOf, sha256, testIdentity } from '../../test/feed-maker.ts'
import { openTestStore } from '../../test/medium.ts'
import { crypto, extendSealed, feedKey } from '../../test/sealed-maker.ts'
import type { Store } from '../store.ts'
import { createUnseal, maxFeedKeys } from './index.ts'

const alice = testIdentity('alice')
const bob = testIdentity('bob')
const key = feedKey(7)
const keyId = feedKeyId(key, crypto)

function open(): Store & { readonly feedKeys: NonNullable<Store['feedKeys']> } {
  const store = openTestStore(':memory:', { sha256, now: () => 5_000 })
  store.watchFeed(alice, { depth: { type: 'all' }, blobs: { type: 'all' } })
  if (store.feedKeys === undefined) throw new Error('a store keeps feed keys')
  return store as Store & { readonly feedKeys: NonNullable<Store['feedKeys']> }
}

function holding(chain: readonly SignedEntry[], epoch = 1) {
  const store = open()
  store.feedKeys.keep({ feed: alice, epoch: 1, key })
  const { head, signature } = headOf(chain, epoch)
  store.acceptHead({ head: { ...head, identity: alice }, signature })
  const run = { identity: alice, entries: chain, bodies: new Map() }
  return { store, outcome: store.appendRun(run) }
}

const settle = (store: Store): void =>
  store.settle(store.unverified(100).map(({ id }) => ({ id, valid: true })))

describe('what a store holds of a sealed feed', () => {
  test('[X20] is kept and served as sealed, and shown as what is inside', () => {
    const chain = extendSealed(alice, [], ['one', 'two'], key)
    const { store, outcome } = holding(chain)
    using _store = store
    expect(outcome).toMatchObject({ type: 'appended', added: 2 })
    settle(store)
    const items = store.feedItems(alice).items
    expect(items.map(({ state }) => state)).toMatchObject([
      { type: 'shown', payload: { text: 'two' } },
      { type: 'shown', payload: { text: 'one' } },
    ])
    const head = chain[1] as SignedEntry
    const served = store.serve(alice, head.cid, { above: 0, maxEntries: 9, maxBytes: 1e6, bodies: true })
    expect(served.map(({ entry }) => entry)).toEqual(chain)
    expect(store.entry(head.cid)?.signed).toEqual(head)
    expect(store.feed(alice)?.heldBytes).toBe(headOf(chain).head.bytes)
  })

  test('[X20] [S6] what is checked is the signature inside', () => {
    const chain = extendSealed(alice, [], ['one'], key)
    const { store } = holding(chain)
    using _store = store
    expect(store.unverified(9).map(({ bytes }) => bytes)).toEqual([chain[0]?.sealed?.inner])
  })

  test('[X20] [S22] views are made anew from it, search finds it, and every byte is compared', async () => {
    const { store } = holding(extendSealed(alice, [], ['one needle', 'two'], key))
    using _store = store
    const before = store.feedItems(alice)
    const { signal } = new AbortController()
    await store.rebuildViews({ signal })
    store.indexSearch(100)
    expect(store.feedItems(alice)).toEqual(before)
    expect(store.search('needle').items).toHaveLength(1)
    expect(await store.check({ signal })).toEqual([])
  })

  test('[X20] [P9] [F10] erases and rebases find contents as in any feed', () => {
    const content = contentId(note('one'), sha256)
    const erase = {
      payload: JSON.stringify({ type: 'erase', at: 2, targets: [{ identity: alice, content }] }),
    }
    const chain = extendSealed(alice, [], ['one', 'two', erase], key)
    const { store } = holding(chain)
    using _store = store
    settle(store)
    expect(store.item((chain[0] as SignedEntry).cid)?.state.type).toBe('erased')
    const next = extendSealed(alice, chain.slice(0, 1), ['three'], key)
    store.acceptHead(headOf(next, 2))
    store.rewind(alice, 2, 1)
    expect(store.appendRun(runOf(next.slice(1)))).toMatchObject({ type: 'appended', connected: true })
    expect(store.feedItems(alice).items.map(({ cid }) => cid)).toEqual(next.map(({ cid }) => cid).reverse())
  })
})

describe('rules over what is inside', () => {
  const brokenBy = (chain: readonly SignedEntry[]) => {
    const { store, outcome } = holding(chain)
    using _store = store
    return { outcome, at: store.feed(alice)?.broken?.length, held: store.feed(alice)?.heldCount }
  }

  test('[X20] [F2] another identity inside, [F3] a false length, [F4] a comparable that does not grow', () => {
    const two = (change: object) => extendSealed(alice, [], ['one', 'two'], key, change)
    expect(brokenBy(two({ identity: bob }))).toMatchObject({ outcome: { code: 'identity' }, at: 2, held: 1 })
    expect(brokenBy(two({ comparable: 1010 }))).toMatchObject({
      outcome: { code: 'comparable' },
      at: 2,
      held: 1,
    })
    const long = extendSealed(alice, [], ['one', 'two'], key, { length: 5 })
    expect(brokenBy(long)).toMatchObject({ outcome: { type: 'broken', code: 'length' }, held: 1 })
  })

  test('[X20] an unsealed entry in a sealed chain, the other way round, or another key: mixed', () => {
    const sealed = extendSealed(alice, [], ['one'], key)
    const bare = extend(alice, [], ['one'])
    for (const chain of [
      extend(alice, sealed, ['two']),
      extendSealed(alice, bare, ['two'], key),
      extendSealed(alice, sealed, ['two'], feedKey(8)),
    ]) {
      expect(brokenBy(chain)).toMatchObject({ outcome: { type: 'broken', code: 'mixed' }, at: 2, held: 1 })
    }
  })

  test('[X20] mixed is found too where two runs meet', () => {
    const sealed = extendSealed(alice, [], ['one', 'two'], key)
    const chain = extend(alice, sealed, ['three'])
    using store = open()
    store.acceptHead(headOf(chain))
    store.appendRun(runOf(chain.slice(2)))
    expect(store.appendRun(runOf(chain.slice(0, 2)))).toMatchObject({ type: 'broken', code: 'mixed' })
    expect(store.feed(alice)).toMatchObject({ broken: { length: 3, code: 'mixed' }, heldCount: 2 })
  })

  test('[X21] a payload that names what is in the clear does nothing, and nothing is fetched for it', () => {
    const image = { type: 'image', at: 1, mime: 'image/png', width: 1, height: 1, alt: '' }
    const blob = contentId('a picture', sha256)
    const secret = { key: encodeBase64url(feedKey(1)), hash: encodeBase64url(feedKey(1)), bytes: 9 }
    const clear = { payload: JSON.stringify({ ...image, blob }), links: [[blob, 9]] as const }
    const other = contentId('an encrypted picture', sha256)
    const shut = { payload: JSON.stringify({ ...image, blob: other, secret }), links: [[other, 9]] as const }
    const text = '{"type":"public_note","at":1,"salt":"AAAAAAAAAAAAAAAAAAAAAA","text":"beside"}'
    const content = contentId(text, sha256)
    const detached = { payload: content, links: [[content, utf8(text).length]] as const }
    const chain = extendSealed(alice, [], [clear, shut, detached], key)
    using store = open()
    store.acceptHead(headOf(chain))
    store.appendRun(runOf(chain, new Map([[content, utf8(text)]])))
    const [beside, second, first] = store.feedItems(alice).items
    expect(first?.state).toEqual({ type: 'fault', code: 'payload-clear' })
    expect(second?.state).toMatchObject({ type: 'shown' })
    expect(beside?.state).toEqual({ type: 'fault', code: 'payload-clear' })
    expect(store.wantedBlobs(9).map(({ root }) => root)).toEqual([other])
  })
})

describe('without the key', () => {
  const chain = extendSealed(alice, [], ['one'], key)

  test('[X22] a feed that is closed needs nothing of that epoch until its key is here', () => {
    using store = open()
    store.acceptHead(headOf(chain))
    expect(store.need(alice)).not.toBeNull()
    store.feedKeys.close({ feed: alice, epoch: 1, keyId })
    expect(store.need(alice)).toBeNull()
    expect(store.feedKeys.closed(alice)).toEqual({ feed: alice, epoch: 1, keyId })
    store.feedKeys.keep({ feed: alice, epoch: 1, key: feedKey(8) })
    expect(store.need(alice)).toBeNull()
    const told: unknown[] = []
    using _watching = store.watch(({ feeds }) => told.push(...feeds))
    expect(store.feedKeys.keep({ feed: alice, epoch: 1, key })).toBe(true)
    expect(told).toEqual([alice])
    expect(store.need(alice)).not.toBeNull()
    expect(store.feedKeys.closed(alice)).toBeNull()
  })

  test('[X22] a new epoch may be open', () => {
    using store = open()
    store.acceptHead(headOf(chain))
    store.feedKeys.close({ feed: alice, epoch: 1, keyId })
    store.acceptHead(headOf(extend(alice, [], ['public again']), 2))
    expect(store.need(alice)).toMatchObject({ epoch: 2 })
  })

  test('[X22] is remembered over a restart, and forgotten with the feed', () => {
    using store = open()
    store.acceptHead(headOf(chain))
    store.feedKeys.close({ feed: alice, epoch: 1, keyId })
    store.feedKeys.keep({ feed: alice, epoch: 1, key: feedKey(9) })
    store.forget(alice)
    expect(store.feedKeys.closed(alice)).toBeNull()
    expect(store.feedKeys.of(alice)).toEqual([])
  })

  test('[X22] keys of one feed are bounded: the newest stay', () => {
    using store = open()
    for (let epoch = 1; epoch <= maxFeedKeys + 4; epoch++)
      store.feedKeys.keep({ feed: alice, epoch, key: feedKey(epoch) })
    const kept = store.feedKeys.of(alice)
    expect(kept.map(({ epoch }) => epoch)).toEqual(
      Array.from({ length: maxFeedKeys }, (_, at) => maxFeedKeys + 4 - at),
    )
    expect(store.feedKeys.of(bob)).toEqual([])
  })
})

describe('unseal', () => {
  const [sealed] = extendSealed(alice, [], ['one'], key) as [SignedEntry]
  const keys = (list: readonly Uint8Array[]) => ({
    find: (feed: typeof alice, id: string) => {
      const found = list.find((one) => feedKeyId(one, crypto) === id)
      return found === undefined ? null : { feed, epoch: 1, key: found }
    },
  })

  test('[X20] gives what is inside; ordinary entries as they are', () => {
    expect(createUnseal(keys([key]), crypto)(sealed.bytes, alice)).toEqual({ ok: true, value: sealed })
    const [bare] = extend(alice, [], ['one']) as [SignedEntry]
    expect(createUnseal(null, crypto)(bare.bytes, alice)).toEqual({ ok: true, value: bare })
  })

  test('[X22] [T28] without the key, under the key of another epoch, lifted into another feed: sealed, nothing more', () => {
    const id = sealedKeyId(sealed.bytes)
    const shut = { ok: false, error: { code: 'sealed', keyId: id } }
    expect(createUnseal(null, crypto)(sealed.bytes, alice)).toEqual(shut)
    expect(createUnseal(keys([feedKey(8)]), crypto)(sealed.bytes, alice)).toEqual(shut)
    const opened = createUnseal(keys([key]), crypto)(sealed.bytes, bob)
    expect(opened).toEqual({ ok: false, error: { code: 'sealed', keyId: null } })
  })

  test('[X22] [T28] truncated or altered anywhere: never opened', () => {
    const unseal = createUnseal(keys([key]), crypto)
    for (let length = 0; length < sealed.bytes.length; length++)
      expect(unseal(sealed.bytes.subarray(0, length), alice).ok).toBe(false)
    for (let at = 0; at < sealed.bytes.length; at++) {
      const bytes = sealed.bytes.slice()
      bytes[at] = (bytes[at] as number) ^ 1
      expect(unseal(bytes, alice).ok).toBe(false)
    }
  })
})
