/** What the store tells of accounts (spec S30 to S32, S38, T27). */
import {
  encodeBase64url,
  type Identity,
  identityKey,
  type Move,
  type RawCid,
  type Root,
  type SignedEntry,
  standingOf,
} from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { extend, headOf, note, runOf, sha256, testFeed, testIdentity } from '../../test/feed-maker.ts'
import { isSlow, openTestStore } from '../../test/medium.ts'
import { finalOf, hold, settleAll, shownTexts, testAccount } from '../../test/synod-kit.ts'
import { followAll } from '../feeds/feed-table.ts'
import type { Store, StoreChange } from '../index.ts'

const phone = testIdentity('phone')
const laptop = testIdentity('laptop')
const bob = testIdentity('bob')
const account = testAccount('alice')
const states = account.feed(0, [{ members: [laptop] }, { members: [laptop, phone] }])

/** In the clear, as an author may choose. */
const blockOf = (identity: Identity, root: Root): string =>
  JSON.stringify({ type: 'block', at: 1, target: { identity, root }, value: true })

const open = (): Store => openTestStore(':memory:', { sha256, now: () => 1_800_000_000_000 })

describe('accounts', () => {
  test('[S30] states are kept by root, and are there when their feed is forgotten', () => {
    using store = open()
    hold(store, states)
    store.forget(account.key(0))
    const { synods } = store
    expect([...(synods?.roots() ?? [])]).toEqual([account.root])
    expect(synods?.states(account.root)).toHaveLength(2)
    expect(synods?.account(account.root)).toMatchObject({ identity: account.key(0), disputed: false })
    expect(synods?.account(account.root)?.current?.cid).toBe(states[1]?.cid)
  })

  test('[S32] a device is found by what both say: listed, and signed', () => {
    using store = open()
    hold(store, states)
    const { synods } = store
    expect(synods?.accountOf(phone)).toBe(account.root)
    expect(synods?.accountOf(account.key(0))).toBe(account.root)
    expect(synods?.accountOf(bob)).toBeNull()
    expect(synods?.standing(phone)).toEqual({ type: 'member', member: account.member(phone) })
    expect(synods?.standing(bob)).toEqual({ type: 'foreign' })
    expect(new Set(synods?.siblings(phone))).toEqual(new Set([laptop, account.key(0)]))
    expect(synods?.siblings(bob)).toEqual([])
  })

  test('[S31] a change tells of states to prove, and of verdicts', () => {
    using store = open()
    const told: StoreChange[] = []
    store.watch((change) => told.push(change))
    const roots = () => told.splice(0).flatMap(({ synods }) => [...(synods ?? [])])
    store.watchFeed(account.key(0), followAll)
    store.acceptHead(headOf(states))
    store.appendRun(runOf(states))
    expect(roots()).toEqual([])
    store.settle(store.unverified(10).map(({ id }) => ({ id, valid: true })))
    expect(roots()).toEqual([account.root])
    expect(store.synods?.account(account.root)).toBeNull()
    const unproven = store.synods?.unproven(10) ?? []
    // One signature a member.
    expect(unproven.map(({ checks }) => checks.length)).toEqual([1, 2])
    store.synods?.settleProofs(unproven.map(({ cid }) => ({ cid, valid: true })))
    expect(roots()).toEqual([account.root])
    expect(store.synods?.account(account.root)).not.toBeNull()
    store.synods?.settleProofs(unproven.map(({ cid }) => ({ cid, valid: true })))
    expect(roots()).toEqual([])
  })

  test.skipIf(isSlow)('[S32] whoever follows many is not made to judge all of them again and again', () => {
    using store = open()
    const many = Array.from({ length: 80 }, (_, index) => testAccount(`one of many ${index}`))
    for (const each of many) hold(store, each.feed(0, [{ members: [] }]))
    const verdicts = () => many.map(({ root }) => store.synods?.account(root))
    const before = verdicts()
    expect(verdicts().every((verdict, index) => verdict === before[index])).toBe(true)
  })

  test('[S31] own states need no proof', () => {
    using store = open()
    store.appendOwn(
      states.map((entry) => ({ entry, body: null })),
      headOf(states),
    )
    expect(store.synods?.unproven(10)).toEqual([])
    expect(store.synods?.standing(phone).type).toBe('member')
  })

  test('[S31] a state that came alone counts, and a dispute is seen by its parent', () => {
    using store = open()
    hold(store, states)
    const [first] = states
    const other = account.feed(0, [{ members: [phone] }, { members: [phone] }], [first as SignedEntry])
    store.keepLoose({ entry: other[2] as SignedEntry, body: null })
    settleAll(store)
    expect(store.synods?.account(account.root)).toMatchObject({ disputed: true })
    expect(store.synods?.account(account.root)?.current?.cid).toBe(first?.cid)
    expect(store.synods?.standing(phone)).toEqual({ type: 'frozen' })
  })

  test.skipIf(isSlow)(
    '[S30] [T26] a thief who writes state after state pushes none out below the end that a move sets',
    () => {
      using store = open()
      const good = account.feed(0, [
        { members: [laptop, phone, bob] },
        { members: [laptop, phone] },
        { members: [laptop, phone] },
      ])
      const thief = account.feed(
        0,
        Array.from({ length: 300 }, () => ({ members: [laptop] })),
        good,
      )
      hold(store, thief)
      const [first] = good as [SignedEntry]
      expect(store.synods?.account(account.root)?.states.has(first.cid)).toBe(false)
      const away = account.move(0, [1, 3, (good[2] as SignedEntry).cid])
      hold(store, account.feed(1, [{ members: [laptop], moves: [away] }]))
      settleAll(store)
      const verdict = store.synods?.account(account.root)
      expect(verdict?.states.get(first.cid)).toBe('counted')
      expect(store.synods?.standing(bob)).toEqual({ type: 'frozen' })
      // Whoever never saw what the thief wrote says the same.
      using other = open()
      hold(other, good)
      hold(other, account.feed(1, [{ members: [laptop], moves: [away] }]))
      expect(other.synods?.account(account.root)?.standings).toEqual(verdict?.standings)
    },
  )

  test.skipIf(isSlow)(
    '[S30] [T18] of one key no more than 256 states are kept, whatever order they came in',
    () => {
      const many = account.feed(
        0,
        Array.from({ length: 300 }, (_, at) => ({ members: [laptop], name: `state ${at}` })),
      )
      using store = open()
      for (const chain of [many.slice(200), many.slice(0, 200)]) {
        for (const entry of chain) store.keepLoose({ entry, body: null })
      }
      settleAll(store)
      const kept = store.synods?.states(account.root).map(({ length }) => length) ?? []
      expect(kept.sort((a, b) => a - b)).toEqual(Array.from({ length: 256 }, (_, at) => at + 45))
      expect(store.synods?.account(account.root)?.current?.length).toBe(300)
    },
  )

  test.skipIf(isSlow)(
    '[S30] [T18] a key that begins account after account leaves nothing of those that go',
    () => {
      using store = open()
      const accounts = Array.from({ length: 270 }, (_, at) => testAccount(`many ${at}`, account.key(0)))
      for (const [at, each] of accounts.entries()) {
        const [entry] = each
          .feed(0, [{ members: [testIdentity(`device ${at}`)] }], testFeed(account.key(0), at + 1))
          .slice(-1)
        store.keepLoose({ entry: entry as SignedEntry, body: null })
        settleAll(store)
      }
      expect([...(store.synods?.roots() ?? [])]).toHaveLength(256)
      expect(store.synods?.accountOf(testIdentity('device 3'))).toBeNull()
      expect(store.synods?.accountOf(testIdentity('device 269'))).not.toBeNull()
    },
  )

  test.skipIf(isSlow)(
    '[S30] [T18] of one account no more than 512 are kept: the ends of its keys first, what was refused last',
    () => {
      const drafts = (moves: readonly Move[]) =>
        Array.from({ length: 250 }, (_, at) => ({ members: [laptop], moves, name: `state ${at}` }))
      const feeds: SignedEntry[][] = [account.feed(0, drafts([]))]
      const moves: Move[] = []
      for (const n of [1, 2]) {
        moves.push(account.move(n - 1, finalOf(feeds[n - 1] as SignedEntry[])))
        feeds.push(account.feed(n, drafts([...moves])))
      }
      const [first, second, third] = feeds as [SignedEntry[], SignedEntry[], SignedEntry[]]
      const verdicts = [
        [first, second, third],
        [third, second, first],
      ].map((order) => {
        using store = open()
        for (const chain of order) for (const entry of chain) store.keepLoose({ entry, body: null })
        settleAll(store)
        const { synods } = store
        const kept = new Set(synods?.states(account.root).map(({ cid }) => cid))
        expect(kept.size).toBe(512)
        expect(third.every(({ cid }) => kept.has(cid))).toBe(true)
        for (const chain of feeds) expect(kept.has(chain.at(-1)?.cid as RawCid)).toBe(true)
        const verdict = synods?.account(account.root)
        expect(verdict?.keys).toEqual([0, 1, 2].map(account.key))
        expect(verdict?.current?.cid).toBe(third.at(-1)?.cid)
        return verdict?.standings
      })
      expect(verdicts[0]).toEqual(verdicts[1])
    },
  )

  test('[S40] an account of which nothing is watched, held or said is let go after a day, and its limits with it', () => {
    let now = 1_800_000_000_000
    using store = openTestStore(':memory:', { sha256, now: () => now })
    store.setSelf(bob)
    const others = [testAccount('carol'), testAccount('dave')] as const
    const wanted = [account, ...others].map((each) => each.feed(0, [{ members: [testIdentity(each.root)] }]))
    for (const chain of wanted) hold(store, chain)
    const [, carol, dave] = wanted as [SignedEntry[], SignedEntry[], SignedEntry[]]
    // One is watched, one is blocked, one is nothing to us any more.
    for (const chain of [carol, dave]) {
      store.watchFeed((chain[0] as SignedEntry).entry.identity, null)
      store.forget((chain[0] as SignedEntry).entry.identity)
    }
    const said = extend(bob, [], [{ payload: blockOf(others[0].key(0), others[0].root) }])
    store.appendOwn(
      said.map((entry) => ({ entry, body: null })),
      headOf(said),
    )
    store.maintain()
    expect([...(store.synods?.roots() ?? [])]).toHaveLength(3)
    now += 25 * 60 * 60 * 1000
    store.maintain()
    expect(new Set(store.synods?.roots() ?? [])).toEqual(new Set([account.root, others[0].root]))
    expect(store.synods?.account(others[1].root)).toBeNull()
    expect(store.synods?.accountOf(others[1].key(0))).toBeNull()
    // Met again, it is as if it had never gone.
    hold(store, dave)
    expect(store.synods?.accountOf(testIdentity(others[1].root))).toBe(others[1].root)
  })

  test('[S40] neither is the own one, nor one whose state came within a day', () => {
    let now = 1_800_000_000_000
    using store = openTestStore(':memory:', { sha256, now: () => now })
    store.setSelf(phone)
    store.synods?.pin(phone, account.root)
    for (const entry of states) store.keepLoose({ entry, body: null })
    settleAll(store)
    now += 25 * 60 * 60 * 1000
    const late = testAccount('late')
    for (const entry of late.feed(0, [{}])) store.keepLoose({ entry, body: null })
    settleAll(store)
    store.maintain()
    expect(new Set(store.synods?.roots() ?? [])).toEqual(new Set([account.root, late.root]))
  })

  test('[S30] payloads that only look like states, sealed ones, and ones in entries of members are passed over', () => {
    using store = open()
    const payload = (states[1] as SignedEntry).entry.payload
    const texts = [
      payload.replace('"synod"', '"synodd"'),
      note('{"type":"synod"}'),
      payload.replace('"root"', '"rooot"'),
    ]
    hold(store, extend(bob, [], [...texts.map((text) => ({ payload: text })), { payload }]))
    hold(
      store,
      extend(account.key(0), [], [{ payload, synod: [account.key(0), (states[0] as SignedEntry).cid] }]),
    )
    expect([...(store.synods?.roots() ?? [])]).toEqual([])
  })

  test('[S32] nothing of what was rolled back is left in the verdict', () => {
    using store = open()
    hold(store, states)
    const revoked = account.feed(0, [{ members: [laptop], revoked: [[phone, null]] }], states)
    store.acceptHead(headOf(revoked))
    expect(() =>
      store.appendEach?.(
        (function* () {
          yield runOf(revoked.slice(2))
          settleAll(store)
          throw new Error('the disk is gone')
        })(),
      ),
    ).toThrow()
    expect(store.synods?.standing(phone).type).toBe('member')
    const verdict = store.synods?.account(account.root)
    expect(verdict && standingOf(verdict, laptop).type).toBe('member')
  })
})

describe('one person in views', () => {
  const person = (identity: Identity) => ({
    identity,
    root: null,
    hubs: [],
    comment: null,
  })
  const stance = (type: 'follow' | 'block', identity: Identity, value: boolean, comparable: number) => ({
    payload: JSON.stringify({ type, at: 1, target: person(identity), value }),
    comparable,
  })

  test('[S38] [P12] the newest stance of all devices counts, and who blocks one device blocks all', () => {
    using store = open()
    hold(store, extend(laptop, [], [note('by laptop'), stance('follow', bob, true, 3000)].map(asDraft)))
    hold(store, extend(phone, [], [note('by phone'), stance('follow', bob, false, 4000)].map(asDraft)))
    const blocking = extend(bob, [], [stance('block', phone, true, 5000)])
    hold(store, blocking)
    expect(store.relations(laptop, 'follow')).toEqual([bob])
    expect(store.timeline({ identities: [laptop] }).items).toHaveLength(1)
    hold(store, states)
    expect(store.relations(laptop, 'follow')).toEqual([])
    expect(store.timeline({ identities: [laptop] }).items).toHaveLength(2)
    expect(store.timeline({ identities: [account.key(0)] }).items).toHaveLength(2)
    store.setSelf(bob)
    expect(store.timeline().items).toEqual([])
  })

  test('[S38] [P13] the newest profile of any device is the person’s', () => {
    using store = open()
    const named = (name: string, comparable: number) => ({
      payload: JSON.stringify({
        type: 'identification',
        at: 1,
        name,
        about: '',
        avatar: null,
        hubs: [],
        box: encodeBase64url(identityKey(bob)),
      }),
      comparable,
    })
    hold(store, extend(laptop, [], [named('old', 3000)]))
    hold(store, extend(phone, [], [named('new', 4000)]))
    hold(store, states)
    for (const identity of [laptop, phone, account.key(0)]) {
      expect(store.profile(identity)?.state).toMatchObject({ payload: { name: 'new' } })
    }
  })

  test('[S38] [P8] a reference finds what another device of the person carries', () => {
    using store = open()
    hold(store, testFeed(phone, 2))
    hold(store, states)
    const content = store.entryAt(phone, 1)?.content
    expect(content && store.resolve(laptop, content)?.identity).toBe(phone)
    expect(content && store.resolve(bob, content)).toBeNull()
    expect(shownTexts(store, phone)).toHaveLength(2)
  })

  function asDraft(draft: string | ReturnType<typeof stance>) {
    return typeof draft === 'string' ? { payload: draft } : draft
  }
})
