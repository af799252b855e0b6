/** What the verdict about an account does to the feeds of its devices (spec S33 to S36, T14, T26). */
import type { Identity, SignedEntry } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { extend, headOf, runOf, sha256, testFeed, testIdentity } from '../../test/feed-maker.ts'
import { openTestStore } from '../../test/medium.ts'
import {
  chainOf,
  cids,
  fetchAll,
  finalOf,
  hold,
  shownTexts,
  type TestAccount,
  testAccount,
} from '../../test/synod-kit.ts'
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

describe('a final', () => {
  const long = notes(6)
  const kept = long.slice(0, 4)
  const final = finalOf(kept)

  test('[S33] [T14] hides what lies beyond at once, and what it hides stays hidden', () => {
    using store = open()
    hold(store, long)
    hold(store, revoking(final))
    expect(chainOf(store, phone)).toEqual(cids(kept))
    expect(shownTexts(store, phone)).toEqual(['note 1', 'note 2', 'note 3', 'note 4'])
    expect(state(store)).toMatchObject({ limit: { type: 'ends', final }, heldCount: 4, record: null })
    expect(store.need(phone)).toBeNull()
    expect(store.headRecords([phone])).toEqual([])
    // [S35]
    expect(store.synods?.heldBefore(phone)).toEqual(headOf(long).head)
  })

  test('[S33] [T14] nothing beyond is taken by head, run, loose, or of another epoch or branch', () => {
    using store = open()
    hold(store, revoking(final))
    hold(store, kept)
    expect(chainOf(store, phone)).toEqual(cids(kept))
    const branch = extend(phone, long.slice(0, 2), ['a', 'b', 'c', 'd'])
    const sameLength = extend(phone, long.slice(0, 3), ['other'])
    const refused = [
      headOf(long),
      headOf(branch),
      headOf(sameLength),
      headOf(kept.slice(0, 2), 2),
      headOf(long, 9),
    ]
    for (const record of refused) expect(store.acceptHead(record)).toBe('refused')
    for (const chain of [long.slice(4), branch.slice(2), sameLength.slice(3)]) {
      expect(store.appendRun(runOf(chain))).toEqual({ type: 'refused', code: 'beyond-final' })
    }
    store.keepLoose({ entry: long[5] as SignedEntry, body: null })
    expect(store.entry((long[5] as SignedEntry).cid)).toBeNull()
    expect(chainOf(store, phone)).toEqual(cids(kept))
    expect(state(store)?.record).toEqual(headOf(kept))
    expect(state(store)?.disputedAbove).toBeNull()
  })

  test('[S33] one’s own device writes no more, and says why', () => {
    using store = open()
    const next = extend(phone, kept, ['later'])
    const own = (chain: readonly SignedEntry[]) => chain.map((entry) => ({ entry, body: null }))
    store.appendOwn(own(kept), headOf(kept))
    hold(store, revoking(final))
    expect(() => store.appendOwn(own(next.slice(4)), headOf(next))).toThrow(
      expect.objectContaining({ code: 'beyond-final' }),
    )
    expect(() => store.replaceOwn(0, own(testFeed(phone, 1, 'new')), headOf(notes(1), 2))).toThrow(
      expect.objectContaining({ code: 'beyond-final' }),
    )
  })

  test('[S33] [T26] what a rebase under a higher epoch wiped comes back, and nothing needs to be fetched', () => {
    using store = open()
    hold(store, long)
    const wiped = extend(phone, long.slice(0, 1), ['wiped'])
    store.acceptHead(headOf(wiped, 7))
    store.rewind(phone, 7, 1)
    fetchAll(store, phone, wiped)
    expect(shownTexts(store, phone)).toEqual(['note 1', 'wiped'])
    hold(store, revoking(finalOf(long)))
    expect(chainOf(store, phone)).toEqual(cids(long))
    expect(shownTexts(store, phone)).toEqual(long.map((_, at) => `note ${at + 1}`))
    expect(store.need(phone)).toBeNull()
  })

  test('[S33] [T26] what an erase beyond it hid comes back', () => {
    using store = open()
    hold(store, testFeed(laptop, 2, 'mine'))
    const synod = revoking(final)
    hold(store, synod.slice(0, 1))
    const contents = [...store.chain(laptop)].map(({ content }) => ({ identity: laptop, content }))
    const own = { identity: phone, content: notesContent(store) }
    const erase = JSON.stringify({ type: 'erase', at: 1, targets: [...contents, own] })
    const wiping = extend(phone, kept, [
      { payload: erase, synod: [account.key(0), (synod[0] as SignedEntry).cid] },
    ])
    hold(store, wiping)
    expect(shownTexts(store, laptop)).toEqual([])
    expect(shownTexts(store, phone)).toHaveLength(3)
    hold(store, synod)
    expect(shownTexts(store, laptop)).toEqual(['mine 1', 'mine 2'])
    expect(shownTexts(store, phone)).toHaveLength(4)
  })

  function notesContent(store: Store): string {
    hold(store, kept)
    return store.entryAt(phone, 1)?.content ?? ''
  }

  test('[S34] a chain that is not here is asked for by the final, and fetched without a head', () => {
    using store = open()
    hold(store, revoking(final))
    store.watchFeed(phone, { depth: { type: 'all' }, blobs: { type: 'all' } })
    expect(store.need(phone)).toMatchObject({ from: final[2], fromLength: 4, epoch: 1, isFinal: true })
    expect(state(store)).toMatchObject({ heldCount: 0, record: null })
    expect(store.synods?.ending(phone)).toEqual({ final, isWhole: false })
    fetchAll(store, phone, long)
    expect(chainOf(store, phone)).toEqual(cids(kept))
    expect(store.need(phone)).toBeNull()
    expect(store.synods?.ending(phone)).toEqual({ final, isWhole: true })
    // Now its author's own record may be told.
    expect(store.acceptHead(headOf(kept))).toBe('new')
    expect(state(store)?.record).toEqual(headOf(kept))
  })

  test('[S34] where another branch is held, the final’s own is fetched, and the other is gone', () => {
    using store = open()
    const branch = extend(phone, long.slice(0, 2), ['a', 'b', 'c', 'd', 'e'])
    hold(store, branch)
    hold(store, revoking(final))
    expect(shownTexts(store, phone)).not.toContain('a')
    fetchAll(store, phone, long)
    expect(chainOf(store, phone)).toEqual(cids(kept))
    expect(store.forkEvidence(phone)).toEqual([])
  })

  test('[S33] a dispute ends with the branch that the final names', () => {
    using store = open()
    const branch = extend(phone, long.slice(0, 2), ['a', 'b', 'c'])
    hold(store, long)
    store.acceptHead(headOf(branch))
    fetchAll(store, phone, long, branch)
    expect(state(store)?.disputedAbove).toBe(2)
    hold(store, revoking(final))
    expect(chainOf(store, phone)).toEqual(cids(kept))
    expect(state(store)).toMatchObject({ disputedAbove: null })
    expect(shownTexts(store, phone)).not.toContain('a')
  })

  test('[S34] an entry that the final misnames is not taken', () => {
    using store = open()
    hold(store, revoking([1, 5, final[2]]))
    hold(store, kept)
    expect(chainOf(store, phone)).toEqual([])
    expect(store.need(phone)).toMatchObject({ isFinal: true })
  })

  test('[S33] null: nothing of it counts', () => {
    using store = open()
    hold(store, long)
    hold(store, revoking(null))
    expect(chainOf(store, phone)).toEqual([])
    expect(shownTexts(store, phone)).toEqual([])
    expect(store.acceptHead(headOf(long, 3))).toBe('refused')
    expect(store.appendRun(runOf(long))).toEqual({ type: 'refused', code: 'beyond-final' })
    expect(store.need(phone)).toBeNull()
  })

  test('[S33] survives a new opening of the feed’s row: known before anything of the feed was', () => {
    using store = open()
    hold(store, revoking(final))
    expect(store.acceptHead(headOf(long), { force: true })).toBe('refused')
    store.watchFeed(phone, { depth: { type: 'all' }, blobs: { type: 'all' } })
    expect(store.need(phone)?.from).toBe(final[2])
  })
})

describe('frozen', () => {
  const gone = account.feed(0, [{ members: [laptop, phone] }, { members: [laptop] }])

  test('[S33] what is held stays, what lies below is still fetched, nothing newer is taken', () => {
    using store = open()
    const chain = notes(5)
    store.watchFeed(phone, { depth: { type: 'all' }, blobs: { type: 'all' } })
    store.acceptHead(headOf(chain.slice(0, 3)))
    hold(store, gone)
    expect(store.acceptHead(headOf(chain))).toBe('refused')
    expect(store.acceptHead(headOf(chain.slice(0, 2), 2))).toBe('refused')
    expect(store.appendRun(runOf(chain.slice(3)))).toEqual({ type: 'refused', code: 'frozen' })
    fetchAll(store, phone, chain)
    expect(chainOf(store, phone)).toEqual(cids(chain.slice(0, 3)))
  })

  test('[S35] goes on where it was when it is a member again', () => {
    using store = open()
    const chain = notes(5)
    hold(store, chain.slice(0, 3))
    hold(store, gone)
    store.acceptHead(headOf(chain))
    hold(store, account.feed(0, [{ members: [laptop, phone] }], gone))
    fetchAll(store, phone, chain)
    expect(chainOf(store, phone)).toEqual(cids(chain))
    expect(state(store)?.limit).toBeNull()
  })
})

describe('a move', () => {
  const honest = account.feed(0, [{ members: [laptop, phone] }])
  const thief = testIdentity('thief')
  const chain = notes(5)

  /** The thief has the main device: adds his own, revokes all. */
  const stolen = account.feed(
    0,
    [
      { members: [laptop, phone, thief] },
      {
        members: [thief],
        revoked: [
          [phone, null],
          [laptop, finalOf(testFeed(laptop, 1))],
        ],
      },
    ],
    honest,
  )
  const moved = account.feed(1, [{ members: [laptop, phone], moves: [account.move(0, finalOf(honest))] }])

  test('[S35] [T26] undoes what a thief revoked: the feed is there as it was, and goes on', () => {
    using store = open()
    hold(store, chain.slice(0, 3))
    hold(store, testFeed(laptop, 3))
    hold(store, stolen)
    expect(chainOf(store, phone)).toEqual([])
    expect(chainOf(store, laptop)).toHaveLength(1)
    // What comes in the meantime is remembered, and not shown.
    expect(store.acceptHead(headOf(chain))).toBe('refused')
    hold(store, moved)
    expect(store.synods?.account(account.root)?.identity).toBe(account.key(1))
    expect(chainOf(store, phone)).toEqual(cids(chain.slice(0, 3)))
    expect(chainOf(store, laptop)).toHaveLength(3)
    expect(state(store)?.record).toEqual(headOf(chain))
    fetchAll(store, phone, chain)
    expect(chainOf(store, phone)).toEqual(cids(chain))
    expect(chainOf(store, account.key(0))).toEqual(cids(honest))
    expect(store.acceptHead(headOf(account.feed(0, [{ members: [thief] }], stolen)))).toBe('refused')
  })

  test('[S35] [T26] takes back the erases of a device that only the thief listed', () => {
    using store = open()
    hold(store, chain)
    hold(store, stolen)
    hold(store, honest)
    const targets = [...store.chain(phone)].map(({ content }) => ({ identity: phone, content }))
    const contents = chain.map((_, at) => ({ identity: phone, content: contentOf(at + 1) }))
    expect(targets).toEqual([])
    const erase = JSON.stringify({ type: 'erase', at: 1, targets: contents })
    hold(
      store,
      extend(thief, [], [{ payload: erase, synod: [account.key(0), (stolen[1] as SignedEntry).cid] }]),
    )
    hold(store, moved)
    expect(shownTexts(store, phone)).toHaveLength(5)
    expect(store.synods?.standing(thief)).toEqual({ type: 'foreign' })
  })

  test('[S37] an erase by a state waits for its proof, reaches others, and is undone when the state is refused', () => {
    using store = open()
    hold(store, chain)
    const added = stolen.slice(0, 2)
    const contents = chain.map((_, at) => ({ identity: phone, content: contentOf(at + 1) }))
    const erase = JSON.stringify({ type: 'erase', at: 1, targets: contents })
    hold(
      store,
      extend(thief, [], [{ payload: erase, synod: [account.key(0), (added[1] as SignedEntry).cid] }]),
    )
    expect(shownTexts(store, phone)).toHaveLength(5)
    hold(store, added)
    expect(shownTexts(store, phone)).toHaveLength(0)
    hold(store, moved)
    expect(shownTexts(store, phone)).toHaveLength(5)
  })

  function contentOf(length: number): string {
    using store = open()
    hold(store, chain)
    return store.entryAt(phone, length)?.content ?? ''
  }

  test('[S31] that came alone counts when a state committed to its key, else it is not kept', () => {
    using store = open()
    const move = account.move(0, finalOf(honest))
    expect(store.synods?.learnMove(move)).toBe(false)
    hold(store, stolen)
    expect(store.synods?.learnMove({ ...move, key: account.move(3, null).key })).toBe(false)
    expect(store.synods?.learnMove(move)).toBe(true)
    expect(store.synods?.account(account.root)).toMatchObject({ identity: account.key(1), current: null })
    expect(chainOf(store, account.key(0))).toEqual(cids(honest))
  })

  test('[S32] [T27] nobody ends a stranger’s feed by a move away from it', () => {
    using store = open()
    const victim = testIdentity('victim')
    const feed = testFeed(victim, 3)
    hold(store, feed)
    const mallory = testAccount('mallory', victim)
    hold(store, mallory.feed(1, [{ members: [thief], moves: [mallory.move(0, null)] }]))
    expect(store.synods?.account(mallory.root)?.keys).toEqual([victim, mallory.key(1)])
    expect(chainOf(store, victim)).toEqual(cids(feed))
    expect(store.synods?.standing(victim)).toEqual({ type: 'foreign' })
    expect(store.synods?.siblings(thief)).not.toContain(victim)
  })
})

test('[S33] a device that two accounts had obeys the stricter', () => {
  using store = open()
  const other = testAccount('other')
  hold(store, notes(4))
  hold(store, other.feed(0, [{ members: [phone] }]))
  hold(store, revoking(finalOf(notes(2))))
  expect(chainOf(store, phone)).toHaveLength(2)
  expect(store.synods?.accountOf(phone)).toBe(other.root)
  hold(store, other.feed(0, [{ members: [phone] }, { revoked: [[phone, null]] }]))
  expect(chainOf(store, phone)).toHaveLength(0)
})

test('[S36] what lies beyond a final goes by age like all that is hidden, and is fetched again where a move lifts it', () => {
  const clock = { now: 1_800_000_000_000 }
  using store = openTestStore(':memory:', { sha256, now: () => clock.now })
  const long = notes(3)
  const top = (long[2] as SignedEntry).cid
  hold(store, long)
  const revoked = revoking(finalOf(notes(1)))
  hold(store, revoked)
  expect(store.entry(top)).not.toBeNull()
  for (let day = 0; day < 8; day++) {
    clock.now += 86_400_000
    store.countDay()
  }
  store.maintain()
  expect(store.entry(top)).toBeNull()
  const first = revoked.slice(0, 1)
  hold(store, account.feed(1, [{ members: [laptop, phone], moves: [account.move(0, finalOf(first))] }]))
  expect(store.need(phone)).toMatchObject({ from: top, fromLength: 3 })
  fetchAll(store, phone, long)
  expect(chainOf(store, phone)).toEqual(cids(long))
})
