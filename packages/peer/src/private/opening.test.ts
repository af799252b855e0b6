/** What opening costs, and whom; in which order things come to their hooks. */
import {
  chainPoint,
  EffigyError,
  type Entry,
  encodeBase64url,
  type Identity,
  identityOfKey,
  type JsonObject,
  nextComparable,
  type Payload,
  signEntry,
  signHead,
} from '@effigy/core'
import { type AgreementKey, sealAge, sealBox } from '@effigy/crypto'
import { openNodeStore } from '@effigy/store/node'
import { silentLog } from '@effigy/sync'
import { createFakeClock, settle, testSeed, testSigner } from '@effigy/testkit'
import { describe, expect, test, vi } from 'vitest'
import { testCrypto } from '../../test/world.ts'
import { createEffort } from './effort.ts'
import { keepContentKeys } from './keep-keys.ts'
import { createOpening } from './opening.ts'

const note = (text: string) => ({ type: 'private_note', at: 1, text }) as unknown as JsonObject

/** A store with feeds of others, and what opens them for `self`. */
async function openWorld(agree?: AgreementKey['agree']) {
  const store = openNodeStore(':memory:', { sha256: testCrypto.sha256, now: () => 1 })
  const clock = createFakeClock()
  const own = await testCrypto.agreementKey(testSeed('box of self'))
  const self = identityOfKey((await testSigner('self')).publicKey)
  const stop = new AbortController()
  const key: AgreementKey = agree === undefined ? own : { publicKey: own.publicKey, agree }
  const ports = { store, crypto: testCrypto, clock, log: silentLog, signal: stop.signal }
  const opening = createOpening({ ...ports, keys: () => [key], devices: () => [self] })

  async function append(name: string, payload: string): Promise<Identity> {
    const signer = await testSigner(name)
    const identity = identityOfKey(signer.publicKey)
    const head = store.feed(identity)?.record?.head ?? null
    const top = head === null ? null : store.entry(head.head)!.signed
    const length = (head?.length ?? 0) + 1
    const comparable = nextComparable(1, top === null ? null : chainPoint(top))
    const draft: Entry = {
      ...{ identity, parent: head?.head ?? null, length, comparable, synod: null, links: [], payload },
    }
    const entry = await signEntry(draft, signer, testCrypto.sha256)
    const bytes = (head?.bytes ?? 0) + entry.bytes.length
    const next = { identity, epoch: 1, length, comparable, bytes, head: entry.cid }
    store.appendOwn([{ entry, body: null }], await signHead(next, signer))
    return identity
  }

  async function seal(
    name: string,
    context: string,
    body: JsonObject,
    readers = [own.publicKey],
  ): Promise<string> {
    const from = identityOfKey((await testSigner(name)).publicKey)
    const sealed = await sealAge({ from, context, body, recipients: readers, crypto: testCrypto })
    if (!sealed.ok) throw new Error(sealed.error.code)
    return sealed.value
  }

  async function pass(ms: number): Promise<void> {
    for (let at = 0; at < ms; at += 20) {
      for (let turn = 0; turn < 8; turn++) await settle()
      await clock.advance(20)
    }
  }

  return {
    ...{ store, clock, opening, self, append, seal, pass },
    [Symbol.dispose]() {
      stop.abort()
      opening[Symbol.dispose]()
      store[Symbol.dispose]()
    },
  }
}

describe('opening', () => {
  test('[X8] own texts that take several slices wait for no timer of the machine, whatever its load', async () => {
    using world = await openWorld()
    const { store, opening, append, seal, self } = world
    const strangers = Array.from(
      { length: 63 },
      async (_, index) => (await testCrypto.agreementKey(testSeed(`s${index}`))).publicKey,
    )
    const own = (await testCrypto.agreementKey(testSeed('box of self'))).publicKey
    const body = { type: 'device_state', at: 1, changes: [['read/x', 1]] } as unknown as JsonObject
    const text = await seal('self', 'state', body, [...(await Promise.all(strangers)), own])
    // Of 65 units each, in slices of 1,024.
    for (let index = 0; index < 40; index++) await append('self', text)
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    try {
      await opening.openOwn([self])
    } finally {
      vi.useRealTimers()
    }
    expect(store.shut!.feeds()).toEqual([])
    expect(store.shut!.lowestShut(self)).toBeNull()
  })

  test('[K6] a text that comes while our own key cannot be used is opened once it can', async () => {
    const key = await testCrypto.agreementKey(testSeed('box of self'))
    let isLocked = true
    let tries = 0
    using world = await openWorld(async (theirs) => {
      tries++
      if (isLocked) throw new EffigyError('vault-locked', 'locked')
      return key.agree(theirs)
    })
    const { store, append, seal, pass } = world
    const ann = await append('ann', await seal('ann', 'note', note('x'), [key.publicKey]))
    await pass(5_000)
    expect(tries).toBeGreaterThan(1)
    expect(tries).toBeLessThan(10)
    expect(store.shut!.untried(ann, 10)).toHaveLength(1)
    isLocked = false
    await pass(5_000)
    expect(store.shut!.feeds()).toEqual([])
    expect(store.shut!.lowestShut(ann)).toBeNull()
  })

  test("[X8] whoever floods us with texts of 64 stanzas delays his own, and nobody else's", async () => {
    let agreed = 0
    const shared = testSeed('no key of anybody')
    using world = await openWorld(async () => {
      agreed++
      return shared
    })
    const { store, opening, append, seal, pass } = world
    const strangers = await Promise.all(
      Array.from(
        { length: 64 },
        async (_, index) => (await testCrypto.agreementKey(testSeed(`s${index}`))).publicKey,
      ),
    )
    const text = await seal('eve', 'note', note('x'), strangers)
    let eve: Identity | null = null
    for (let index = 0; index < 400; index++) eve = await append('eve', text)
    const ann = await append('ann', await seal('ann', 'note', note('x'), strangers.slice(0, 2)))
    await pass(6_000)
    const waiting = store.shut!.untried(eve!, 500).length
    expect(waiting).toBeGreaterThan(50)
    expect(agreed).toBeLessThan(24_000)
    expect(store.shut!.untried(ann, 10)).toEqual([])
    expect(store.shut!.lowestShut(ann)).toBe(1)
    const before = agreed
    await pass(10_000)
    // What comes back in ten seconds.
    expect(agreed - before).toBeGreaterThan(0)
    expect(agreed - before).toBeLessThan(8_000)
    const tried = agreed
    opening.changed({ feeds: new Set([ann]), views: false, blobs: new Set() })
    await pass(400)
    expect(store.shut!.untried(ann, 10)).toEqual([])
    expect(agreed - tried).toBeLessThan(2_000)
  })

  test('[X8] keys that come after the messages: whoever has cost too much keeps nobody else waiting', async () => {
    using world = await openWorld(async () => testSeed('no key of anybody'))
    const { store, opening, append, seal } = world
    const strangers = await Promise.all(
      Array.from(
        { length: 64 },
        async (_, index) => (await testCrypto.agreementKey(testSeed(`s${index}`))).publicKey,
      ),
    )
    const conversation = encodeBase64url(testSeed('dinner').subarray(0, 16))
    const key = testSeed('key')
    const authors: Identity[] = []
    for (const name of ['eve', 'ann']) {
      const author = identityOfKey((await testSigner(name)).publicKey)
      authors.push(author)
      const payload = JSON.stringify(note(`of ${name}`))
      await append(name, sealBox({ author, conversation, key, payload, crypto: testCrypto }))
    }
    await opening.now()
    for (const giver of authors) store.contentKeys!.add({ giver, conversation, generation: 1, key })
    // In the order in which they have their turns: the first one floods us.
    const [first, second] = store.shut!.boxFeeds(store.contentKeys!.newest).map(({ identity }) => identity)
    const flooder = first === authors[0] ? 'eve' : 'ann'
    const text = await seal(flooder, 'note', note('x'), strangers)
    for (let index = 0; index < 300; index++) await append(flooder, text)
    const heard: Identity[] = []
    opening.on('private_note', ({ author }) => void heard.push(author))
    const done = opening.now()
    await world.pass(4_000)
    await done
    expect(store.shut!.untried(first!, 500).length).toBeGreaterThan(0)
    expect(heard).toEqual([second])
  })

  test('[X8] nothing is tried twice with one key: not with the next entry, not at the next start', async () => {
    let agreed = 0
    using world = await openWorld(async () => {
      agreed++
      return testSeed('no key of anybody')
    })
    const { store, opening, append, seal, self, clock } = world
    await append('ann', await seal('ann', 'note', note('x')))
    await opening.openOwn([self])
    const ask = opening.now()
    await world.pass(100)
    await ask
    const once = agreed
    expect(once).toBeGreaterThan(0)
    const { publicKey } = await testCrypto.agreementKey(testSeed('box of self'))
    using again = createOpening({
      ...{ store, crypto: testCrypto, clock, log: silentLog, signal: new AbortController().signal },
      keys: () => [{ publicKey, agree: async () => testSeed(`${agreed++}`) }],
      devices: () => [self],
    })
    await again.now()
    expect(agreed).toBe(once)
  })

  test('[X3] [X8] keys, and boxes under them, in one feed: hooks hear of each, in the order of the feed', async () => {
    using world = await openWorld()
    const { store, opening, append, seal } = world
    const heard: string[] = []
    opening.on('read_key', keepContentKeys(store))
    opening.on('read_key', ({ payload }) => void heard.push(payload.type))
    opening.on('private_note', ({ payload, by }) => {
      heard.push(`${(payload as Payload & { text: string }).text} ${by.type}`)
    })
    const conversation = encodeBase64url(testSeed('dinner').subarray(0, 16))
    const key = testSeed('key')
    const readKey = {
      ...{ type: 'read_key', at: 1, kind: 'content', conversation, generation: 1 },
      ...{ key: encodeBase64url(key), former: [], knows: [] },
    } as unknown as JsonObject
    const author = identityOfKey((await testSigner('ann')).publicKey)
    const box = (text: string) =>
      sealBox({ author, conversation, key, payload: JSON.stringify(note(text)), crypto: testCrypto })
    await append('ann', await seal('ann', 'note', note('one')))
    await append('ann', await seal('ann', `read_key/${conversation}/1`, readKey))
    await append('ann', box('two'))
    await append('ann', box('three'))
    await opening.now()
    expect(heard).toEqual(['one age', 'read_key', 'two box', 'three box'])
    await opening.now()
    expect(heard).toHaveLength(4)
  })

  test('what was opened while the peer is put together is told to whoever joins before it runs', async () => {
    using world = await openWorld()
    const { opening, append, seal, self } = world
    await append('self', await seal('self', 'state', note('mine')))
    await opening.openOwn([self])
    const heard: string[] = []
    opening.on('private_note', ({ author }) => void heard.push(author))
    await opening.idle()
    expect(heard).toEqual([self])
  })
})

test('[X8] effort comes back with time, and not beyond its bound', () => {
  const clock = createFakeClock()
  const effort = createEffort(clock)
  effort.spend('eve', 20_000)
  expect([effort.isSpent('eve'), effort.isSpent('ann')]).toEqual([true, false])
  for (let index = 0; index < 5_000; index++) effort.isSpent(`other ${index}`)
  // Forgotten, as the one that was met first.
  expect(effort.isSpent('eve')).toBe(false)
})
