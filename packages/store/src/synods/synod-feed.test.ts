/** The feed of a synod: one epoch, and states that are proven or say nothing (spec S30, S33). */
import type { Identity, SignedEntry } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { headOf, runOf, sha256, testFeed, testIdentity } from '../../test/feed-maker.ts'
import { openTestStore } from '../../test/medium.ts'
import { chainOf, cids, hold, settleAll, type TestAccount, testAccount } from '../../test/synod-kit.ts'
import type { Store } from '../index.ts'

const phone = testIdentity('phone')
const laptop = testIdentity('laptop')
const account = testAccount('alice')
const notes = (count: number): SignedEntry[] => testFeed(phone, count)

const open = (): Store => openTestStore(':memory:', { sha256, now: () => 1_800_000_000_000 })

/** Both devices, then the phone revoked as `revoked` says. */
const revoking = (final: Parameters<TestAccount['move']>[1]): SignedEntry[] =>
  account.feed(0, [{ members: [laptop, phone] }, { members: [laptop], revoked: [[phone, final]] }])

const state = (store: Store, identity: Identity = phone) => store.feed(identity)

describe('the feed of a synod', () => {
  const first = account.feed(0, [{ members: [laptop] }, { members: [laptop, phone] }])

  test('[S33] knows no epoch but 1, whichever was seen first', () => {
    using store = open()
    const rebased = account.feed(0, [{ members: [testIdentity('thief')] }])
    hold(store, rebased, { record: headOf(rebased, 2) })
    expect(state(store, account.key(0))).toMatchObject({
      limit: { type: 'one-epoch' },
      heldCount: 0,
      record: null,
    })
    hold(store, first)
    expect(chainOf(store, account.key(0))).toEqual(cids(first))
    expect(store.acceptHead(headOf(rebased, 3))).toBe('refused')
    expect(store.synods?.account(account.root)?.current?.cid).toBe(first[1]?.cid)
    expect(store.synods?.account(account.root)?.disputed).toBe(false)
  })

  test('[S33] entries of both epochs count once they are seen under the first', () => {
    using store = open()
    hold(store, first, { record: headOf(first, 2) })
    expect(store.synods?.account(account.root)?.current).toBeNull()
    hold(store, first)
    expect(store.synods?.account(account.root)?.current?.cid).toBe(first[1]?.cid)
    expect(store.synods?.standing(phone).type).toBe('member')
  })

  test('[S30] [P14] [T27] a state with a false signature inside says nothing of anybody', () => {
    using store = open()
    hold(store, notes(2))
    const identity = account.key(0)
    const revoked = revoking(null)
    store.watchFeed(identity, { depth: { type: 'all' }, blobs: { type: 'all' } })
    store.acceptHead(headOf(revoked))
    store.appendRun(runOf(revoked))
    settleAll(store, false)
    expect(store.synods?.account(account.root)).toBeNull()
    expect(chainOf(store, phone)).toHaveLength(2)
  })

  test('[S30] an entry that is only attested says nothing yet', () => {
    using store = open()
    store.watchFeed(account.key(0), { depth: { type: 'all' }, blobs: { type: 'all' } })
    store.acceptHead(headOf(first))
    store.appendRun(runOf(first))
    expect(store.synods?.unproven(10)).toEqual([])
    expect(store.synods?.account(account.root)).toBeNull()
  })
})
