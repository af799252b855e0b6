/** Content read keys within their bounds, sealed entries that wait, and where messages stand. */
import {
  type Entry,
  encodeBase64url,
  type Identity,
  identityOfKey,
  nextComparable,
  type RawCid,
  signEntry,
  signHead,
} from '@effigy/core'
import { createMemoisedCrypto } from '@effigy/crypto'
import { testSeed, testSigner } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { deliverAll, sourceOf } from '../../test/deliver.ts'
import { extend, headOf, testIdentity } from '../../test/feed-maker.ts'
import { isSlow, medium, openTestStore } from '../../test/medium.ts'
import type { Store } from '../store.ts'
import { maxFirstCandidates, maxKeysOfGiver, maxPrintsOfKey } from './content-keys.ts'

const crypto = createMemoisedCrypto(medium.crypto)
const open = () => openTestStore(':memory:', { sha256: crypto.sha256, now: () => 1 })
const identity = (name: string): Identity => identityOfKey(testSeed(name))
const conversation = (name: string): string => encodeBase64url(testSeed(name).subarray(0, 16))

/** Appends payload texts to the feed of a device that stands in the store as its own. */
async function append(store: Store, name: string, ...payloads: readonly string[]) {
  const signer = await testSigner(name)
  const author = identityOfKey(signer.publicKey)
  const contents: RawCid[] = []
  for (const payload of payloads) {
    const head = store.feed(author)?.record?.head ?? null
    const top = head === null ? null : store.entry(head.head)!.signed
    const place = {
      identity: author,
      length: (head?.length ?? 0) + 1,
      comparable: nextComparable(1, top === null ? null : { ...top.entry, cid: top.cid }),
    }
    const draft: Entry = { ...place, parent: head?.head ?? null, synod: null, links: [], payload }
    const entry = await signEntry(draft, signer, crypto.sha256)
    const next = { ...place, epoch: 1, bytes: (head?.bytes ?? 0) + entry.bytes.length, head: entry.cid }
    store.appendOwn([{ entry, body: null }], await signHead(next, signer))
    contents.push(store.entry(entry.cid)!.content)
  }
  return { author, contents }
}

describe('content read keys', () => {
  test.skipIf(isSlow)(
    '[Q21] of one giver only so many are kept: the one unused for longest goes, others lose nothing',
    () => {
      using store = open()
      const keys = store.contentKeys!
      const [flood, friend] = [identity('flood'), identity('friend')]
      const give = (giver: Identity, generation: number) =>
        keys.add({
          giver,
          conversation: conversation('c'),
          generation,
          key: testSeed(`${giver}${generation}`),
        })
      give(friend, 1)
      for (let generation = 1; generation <= maxKeysOfGiver; generation++) give(flood, generation)
      keys.used(keys.by(flood).at(-1)!.id)
      give(flood, maxKeysOfGiver + 1)
      const held = keys.by(flood).map(({ generation }) => generation)
      expect(held).toHaveLength(maxKeysOfGiver)
      expect([held.includes(1), held.includes(2), held.includes(maxKeysOfGiver + 1)]).toEqual([
        true,
        false,
        true,
      ])
      expect(keys.by(friend)).toHaveLength(1)
      expect(give(friend, 1)).toBe(true)
      expect(keys.by(friend)).toHaveLength(1)
      expect(keys.add({ giver: friend, conversation: 'AA', generation: 1, key: testSeed('x') })).toBe(false)
      expect(
        keys.add({ giver: friend, conversation: conversation('c'), generation: 1, key: new Uint8Array(3) }),
      ).toBe(false)
    },
  )

  test('[Q21] [T16] of one key the first who have it are kept, however often it is handed out', () => {
    using store = open()
    const keys = store.contentKeys!
    const given = {
      giver: identity('eve'),
      conversation: conversation('c'),
      generation: 1,
      key: testSeed('k'),
    }
    for (let turn = 0; turn < 50; turn++) {
      keys.add({ ...given, prints: Array.from({ length: 32 }, (_, at) => `${turn} ${at}`) })
    }
    const [kept] = keys.by(given.giver)
    expect(kept?.prints).toHaveLength(maxPrintsOfKey)
    expect(kept?.prints[0]).toBe('0 0')
  })

  test('[X8] an author is tried with what they gave and what their groups have, the last used first; nobody else is', () => {
    using store = open()
    const keys = store.contentKeys!
    const [ann, bob] = [identity('ann'), identity('bob')]
    for (let generation = 1; generation <= maxFirstCandidates + 4; generation++) {
      keys.add({ giver: ann, conversation: conversation('two'), generation, key: testSeed(`a${generation}`) })
    }
    keys.add({ giver: ann, conversation: conversation('group'), generation: 1, key: testSeed('g') })
    const tried = (author: Identity) => Array.from(keys.candidates(author), ({ generation }) => generation)
    expect(tried(bob)).toEqual([])
    keys.setMembers(conversation('group'), [bob])
    expect(tried(bob)).toEqual([1])
    keys.used(keys.by(ann).find(({ generation }) => generation === 3)!.id)
    expect(tried(ann).slice(0, 3)).toEqual([3, 1, maxFirstCandidates + 4])
    expect(tried(ann)).toHaveLength(maxFirstCandidates + 5)
    keys.setMembers(conversation('group'), [])
    expect(tried(bob)).toEqual([])
    expect(keys.candidatesSince(ann, keys.newest - 1).map(({ conversation: name }) => name)).toEqual([
      conversation('group'),
    ])
  })
})

describe('sealed entries', () => {
  test('[X8] wait once each: untried, shut until a key comes, gone when opened; what is clear never waits', async () => {
    using store = open()
    const shut = store.shut!
    const clear = JSON.stringify({ type: 'void', at: 1 })
    const { author, contents } = await append(store, 'ann', clear, 'age:AAAA', 'box:AAAA', 'age:BBBB')
    expect(shut.feeds()).toEqual([author])
    const waiting = shut.untried(author, 10)
    expect(waiting.map(({ text }) => text)).toEqual(['age:AAAA', 'box:AAAA', 'age:BBBB'])
    const [age, box, other] = waiting.map(({ id }) => id) as [number, number, number]
    shut.keepShut([age, other], 'age', 0)
    shut.keepShut([box], 'box', 7)
    expect(shut.feeds()).toEqual([])
    expect(shut.lowestShut(author)).toBe(2)
    expect(shut.shutAfter(0, 10).map(({ content }) => content)).toEqual([contents[1], contents[3]])
    expect(shut.boxFeeds(7)).toEqual([])
    expect(shut.boxFeeds(8)).toEqual([{ identity: author, tried: 7 }])
    const text = JSON.stringify({ type: 'private_note', at: 1, text: 'psst' })
    shut.remember([{ identity: author, content: contents[1]!, text }])
    expect(shut.lowestShut(author)).toBe(4)
    shut.drop([age])
    shut.tryAllAgain()
    const again = shut.untried(author, 10)
    // What was opened is opened once more, so that what somebody else told of it gives way.
    expect(again.map(({ content, isOpened }) => [content, isOpened])).toEqual([
      [contents[1], false],
      [contents[3], false],
    ])
  })
  test('[F8] [X5] [S42] what was opened before acts on once its entry, rewritten and fetched anew, is verified', () => {
    using store = open()
    const [author, enemy] = [testIdentity('ann'), testIdentity('eve')]
    const said = (text: string) => ({ payload: JSON.stringify({ type: 'public_note', at: 1, text }) })
    const before = extend(author, [], [said('first'), { payload: 'age:AAAA' }])
    const after = extend(author, [], [said('instead'), { payload: 'age:AAAA' }])
    const block = { type: 'block', at: 1, target: { identity: enemy, root: null }, value: true }
    const settleAll = (): void => store.settle(store.unverified(10).map(({ id }) => ({ id, valid: true })))
    store.watchFeed(author, { depth: { type: 'all' }, blobs: { type: 'all' } })
    store.acceptHead(headOf(before))
    deliverAll(store, author, sourceOf(before))
    settleAll()
    const [sealed] = store.shut!.untried(author, 10)
    store.shut!.remember([{ identity: author, content: sealed!.content, text: JSON.stringify(block) }])
    store.shut!.drop([sealed!.id])
    expect(store.relations(author, 'block')).toEqual([enemy])
    // Another device of hers, or this one before a copy was put back, has rewritten the note below it.
    store.acceptHead(headOf(after, 2))
    deliverAll(store, author, sourceOf(after))
    expect(store.relations(author, 'block')).toEqual([])
    settleAll()
    expect(store.relations(author, 'block')).toEqual([enemy])
  })
})

describe('conversations', () => {
  const people = (name: string) => ({
    name,
    kind: 'people' as const,
    persons: [{ identity: identity(name), root: null }],
  })

  test('[Q20] hold each text once, where it stood first; what nobody opened yet stands nowhere', async () => {
    using store = open()
    const talk = store.conversations!
    const { author, contents } = await append(store, 'ann', 'age:AAAA', 'age:BBBB', 'age:AAAA')
    talk.assign([
      { author, content: contents[0]!, conversation: people('p1') },
      { author: identity('nobody'), content: contents[0]!, conversation: people('p1') },
    ])
    expect(talk.messages('p1').items.map(({ length }) => length)).toEqual([1])
    talk.assign([{ author, content: contents[1]!, conversation: people('p1') }])
    expect(talk.messages('p1').items.map(({ length }) => length)).toEqual([2, 1])
    expect(talk.authors('p1')).toEqual([{ identity: author, comparable: 2 }])
    expect([0, 1, 2].map((above) => talk.countAbove('p1', author, above))).toEqual([2, 1, 0])
    expect(talk.messages('p2').items).toEqual([])
  })

  test('[Q20] become one when it turns out that their people are', async () => {
    using store = open()
    const talk = store.conversations!
    const { author, contents } = await append(store, 'ann', 'age:AAAA', 'age:BBBB')
    talk.assign([
      { author, content: contents[0]!, conversation: people('device') },
      { author, content: contents[1]!, conversation: people('account') },
    ])
    expect(talk.conversations().items.map(({ name }) => name)).toEqual(['account', 'device'])
    expect(talk.withDevices(9)).toHaveLength(2)
    talk.merge('device', people('account'))
    expect(talk.conversations().items.map(({ name }) => name)).toEqual(['account'])
    expect(talk.messages('account').items).toHaveLength(2)
    expect(talk.conversationOf(author, contents[0]!)?.name).toBe('account')
    const [first] = talk.conversations({ limit: 1 }).items
    expect(first?.newestAt).toBe(2)
  })
})
