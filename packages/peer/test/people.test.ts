/** Who somebody is to oneself (Y40-Y46): own names, what they changed, being sure of them, what they cost and take. */
import {
  type Cid,
  encodeBase64url,
  type Identity,
  type Payload,
  parseSafetyCode,
  rawCid,
  writeSafetyCode,
} from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { couple, household, hubOf, link, meet } from './account-kit.ts'
import { linkPage } from './remote-kit.ts'
import { createWorld, never, note, type TestPeer, testCrypto, type World } from './world.ts'

const box = encodeBase64url(new Uint8Array(32).fill(7))

const calls = (peer: TestPeer, name: string, more: object = {}): Promise<unknown> =>
  peer.peer.publish({
    type: 'identification',
    at: 1,
    name,
    about: '',
    avatar: null,
    hubs: [],
    box,
    ...more,
  } as Payload)

/** Any file will do: what it shows is nobody's business here. */
async function avatar(peer: TestPeer, text: string): Promise<object> {
  async function* bytes() {
    yield new TextEncoder().encode(text)
  }
  const { root: blob } = await peer.peer.addFile(bytes(), { signal: never })
  return { avatar: { blob, mime: 'image/png', width: 8, height: 8, alt: '' } }
}

async function friends(world: World, ...names: readonly string[]): Promise<TestPeer[]> {
  const peers = await Promise.all(names.map((name) => world.add(name)))
  const [first] = peers
  for (const other of peers.slice(1)) {
    await first!.peer.relate('follow', other.identity, true)
    await meet(world, first!, other)
  }
  return peers
}

describe('[Y40] what one calls somebody', () => {
  test('comes before their own name, is the same on all own devices, and outlives the account becoming known', async () => {
    await using world = createWorld('petnames')
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const bob = await world.add('bob')
    await calls(bob, 'Robert')
    await laptop.peer.relate('follow', bob.identity, true)
    await meet(world, laptop, bob)
    await world.until(() => laptop.peer.people.name(bob.identity).name === 'Robert')
    await laptop.peer.people.setPetname(bob.identity, ' Bob from work ')
    expect(laptop.peer.people.name(bob.identity)).toMatchObject({ petname: 'Bob from work', name: 'Robert' })
    await world.until(() => phone.peer.people.name(bob.identity).petname === 'Bob from work')
    await world.turn(bob.peer.account.create())
    await bob.peer.publish(note('now I have an account'))
    await world.until(() => laptop.peer.people.name(bob.identity).root !== null, 60_000)
    const named = laptop.peer.people.name(bob.identity)
    expect(named).toMatchObject({ petname: 'Bob from work', identity: bob.peer.account.show()!.identity })
    await phone.peer.people.setPetname(bob.identity, 'Bob')
    await world.until(() => laptop.peer.people.name(bob.identity).petname === 'Bob')
    await laptop.peer.people.setPetname(bob.identity, null)
    expect(laptop.peer.people.name(bob.identity).petname).toBeNull()
    expect(laptop.peer.state.values('petname/')).toEqual([])
  })

  test('is one line, and never too long', async () => {
    await using world = createWorld('petname-lines')
    const [alice, bob] = (await friends(world, 'alice', 'bob')) as [TestPeer, TestPeer]
    for (const wrong of ['', '  ', 'two\nlines', 'x'.repeat(97)]) {
      await expect(alice.peer.people.setPetname(bob.identity, wrong)).rejects.toMatchObject({
        code: 'petname-invalid',
      })
    }
  })

  test('what they change after one looked is marked, until one looks again', async () => {
    await using world = createWorld('looked')
    const [alice, bob] = (await friends(world, 'alice', 'bob')) as [TestPeer, TestPeer]
    const { people } = alice.peer
    await people.looked(bob.identity)
    expect(alice.peer.state.values('looked/')).toEqual([])
    await calls(bob, 'Bob')
    await world.until(() => people.name(bob.identity).isKnown)
    expect(people.name(bob.identity)).toMatchObject({ name: 'Bob', isChanged: false })
    await people.looked(bob.identity)
    await calls(bob, 'Alice', await avatar(bob, 'one'))
    await world.until(() => people.name(bob.identity).isChanged)
    expect(people.show(bob.identity).before).toEqual({ name: 'Bob', hadPicture: false, isPictureNew: true })
    expect(people.list('changed').items.map(({ name }) => name)).toEqual(['Alice'])
    await people.looked(bob.identity)
    expect(people.show(bob.identity)).toMatchObject({ isChanged: false, before: null })
    await calls(bob, 'Alice', await avatar(bob, 'two'))
    await world.until(() => people.name(bob.identity).isChanged)
    expect(people.show(bob.identity).before).toEqual({ name: 'Alice', hadPicture: true, isPictureNew: true })
  })
})

describe('[Y44] [Y45] names', () => {
  test('a stranger who looks like a friend, or like oneself, is told of, and nobody else', async () => {
    await using world = createWorld('alike')
    const [alice, bob, carol, eve] = (await friends(world, 'alice', 'bob', 'carol', 'eve')) as TestPeer[]
    const { people } = alice!.peer
    await calls(alice!, 'Alice')
    await calls(bob!, 'Bob')
    await calls(carol!, 'Carol')
    await calls(eve!, 'Воb')
    await world.until(() => people.name(eve!.identity).isKnown && people.name(bob!.identity).isKnown)
    await alice!.peer.relate('follow', eve!.identity, false)
    expect(people.show(eve!.identity).lookAlikes).toEqual([
      { identity: bob!.identity, name: 'Bob', isSelf: false, isSame: false },
    ])
    expect(people.name(eve!.identity)).toMatchObject({ hasLookAlikes: true, facts: ['mixed-scripts'] })
    expect(people.name(bob!.identity)).toMatchObject({ hasLookAlikes: false, facts: [] })
    await people.setPetname(carol!.identity, 'Bob')
    expect(people.show(carol!.identity).lookAlikes).toMatchObject([{ name: 'Bob', isSame: true }])
    await alice!.peer.watch(eve!.identity)
    await calls(eve!, 'A1ice')
    await world.until(() => people.name(eve!.identity).name === 'A1ice')
    expect(people.show(eve!.identity).lookAlikes).toMatchObject([{ name: 'Alice', isSelf: true }])
    expect(people.name(alice!.identity)).toMatchObject({ isSelf: true, hasLookAlikes: false })
  })
})

describe('[Y41] [Y42] [Y43] making sure of somebody', () => {
  test('both see the same number, one scans the other, and all own devices know it', async () => {
    await using world = createWorld('verify')
    const { ann, bob } = await couple(world, ['ann', 'phone'], ['bob'])
    const [laptop, phone] = ann as [TestPeer, TestPeer]
    const [other] = bob as [TestPeer]
    const shown = other.peer.people.safety(laptop.identity)!
    expect(shown.number).toBe(laptop.peer.people.safety(other.identity)!.number)
    expect(phone.peer.people.safety(other.identity)).toEqual(laptop.peer.people.safety(other.identity))
    expect(laptop.peer.people.safety(phone.identity)).toBeNull()
    const scanned = await laptop.peer.people.scan(shown.code, other.identity)
    expect(scanned).toEqual({ ok: true, value: { identity: other.peer.account.show()!.identity } })
    expect(laptop.peer.people.show(other.identity)).toMatchObject({ verified: 'yes' })
    await world.until(() => phone.peer.people.name(other.identity).verified === 'yes')
    expect(phone.peer.people.list('verified').count).toBe(1)
    await phone.peer.people.setVerified(other.identity, null)
    await world.until(() => laptop.peer.people.name(other.identity).verified === 'no')
    await expect(laptop.peer.people.setVerified(phone.identity, shown)).rejects.toMatchObject({
      code: 'own-identity',
    })
  })

  test('[T15] a code of somebody else, of oneself, of nobody known, or made for another is refused', async () => {
    await using world = createWorld('verify-wrong')
    const { ann, bob } = await couple(world, ['ann'], ['bob'])
    const [laptop, other] = [ann[0]!, bob[0]!]
    const eve = await world.add('eve')
    await world.turn(eve.peer.account.create())
    const { people } = laptop.peer
    const own = people.safety(other.identity)!.code
    const theirs = other.peer.people.safety(laptop.identity)!.code
    const said = parseSafetyCode(theirs, testCrypto.sha256)
    const code = (changes: object): string =>
      writeSafetyCode({ ...(said.ok ? said.value : (never as never)), ...changes }, testCrypto.sha256)
    const eves = eve.peer.account.show()!
    const cases: readonly (readonly [string, Identity | null, string])[] = [
      [own, null, 'safety-self'],
      [theirs, eve.identity, 'safety-not-them'],
      [code({ identity: eves.identity, root: eves.root }), other.identity, 'safety-not-them'],
      [code({ identity: eves.identity, root: eves.root }), null, 'safety-unknown'],
      [code({ identity: eve.identity, root: null }), null, 'safety-unknown'],
      [code({ identity: eves.identity }), null, 'safety-moved'],
      [code({ number: '0'.repeat(60) }), null, 'safety-other-you'],
      ['effigy-link-1-AAAA', null, 'code-link'],
      ['hello', null, 'code-foreign'],
    ]
    for (const [text, expected, fault] of cases) {
      expect([fault, await people.scan(text, expected)]).toEqual([
        fault,
        { ok: false, error: { code: fault } },
      ])
    }
    expect(people.name(other.identity).verified).toBe('no')
  })

  test('when the account moves it counts no more, and is told, until one makes sure again', async () => {
    await using world = createWorld('verify-moved')
    const { ann, bob } = await couple(world, ['ann'], ['bob', 'bob phone'])
    const [laptop] = ann as [TestPeer]
    const [main, phone] = bob as [TestPeer, TestPeer]
    const { people } = laptop.peer
    const before = people.safety(main.identity)!
    await people.setVerified(main.identity, before)
    const phrase = main.peer.account.phrase()!
    await meet(world, laptop, phone)
    await world.turn(phone.peer.account.move({ phrase, signal: never }))
    await world.until(() => people.name(main.identity).verified === 'moved', 60_000)
    // The digits stay: which key they stood for does not, and what was on a screen before is not what is sure now.
    await expect(people.setVerified(main.identity, before)).rejects.toMatchObject({ code: 'safety-moved' })
    expect(people.list('changed').items).toMatchObject([{ verified: 'moved' }])
    expect(people.safety(main.identity)!.number).toBe(before.number)
    expect(await people.scan(phone.peer.people.safety(laptop.identity)!.code)).toMatchObject({ ok: true })
    expect(people.name(phone.identity).verified).toBe('yes')
    expect(people.list('changed').count).toBe(0)
  })

  test('of somebody whose account is not here yet there is no number', async () => {
    await using world = createWorld('verify-early')
    const [alice, bob] = [await world.add('alice'), await world.add('bob')]
    await world.turn(bob.peer.account.create())
    await bob.peer.publish(note('hi'))
    alice.peer.watch(bob.identity)
    expect(alice.peer.people.safety(bob.identity)).not.toBeNull()
    await meet(world, alice, bob)
    await world.until(() => alice.store.feed(bob.identity)?.heldCount === 1)
    expect(alice.peer.people.safety(bob.identity)).toBeNull()
  })
})

describe('[Y46] what following costs', () => {
  test('is told by a hub before one follows, and nothing of it stays', async () => {
    await using world = createWorld('cost')
    const [main, second] = (await household(world, 'main', 'second')) as [TestPeer, TestPeer]
    for (let count = 0; count < 40; count++) await main.peer.publish(note(`post ${count}`))
    await second.peer.publish(note('from the second'))
    const alice = await world.add('alice')
    const alone = await world.turn(alice.peer.people.cost(main.identity, { signal: never }))
    expect(alone).toMatchObject({ told: 0, entries: 0, fileBytes: null, isAlone: true })
    const hub = await hubOf(world, main, alice)
    for (const one of [main.identity, second.identity, main.peer.account.show()!.identity])
      hub.peer.watch(one)
    await world.until(() => hub.store.feed(second.identity)?.heldCount === 1)
    await world.until(() => hub.store.synods?.accountOf(second.identity) != null)
    const cost = await world.turn(alice.peer.people.cost(main.identity, { signal: never }))
    const length = (one: Identity) => hub.store.feed(one)!.record!.head.length
    expect(cost).toMatchObject({
      feeds: 3,
      told: 3,
      held: { entries: 0, bytes: 0 },
      fileBytes: null,
      isAlone: false,
    })
    expect(cost.entries).toBe(
      length(main.identity) + length(second.identity) + length(main.peer.account.show()!.identity),
    )
    expect(cost.bytes).toBeGreaterThan(30 * 200)
    const others = [...alice.store.feeds()].filter(({ identity }) => identity !== alice.identity)
    expect(others.map(({ heldCount, watched }) => [heldCount, watched])).toEqual(Array(3).fill([0, false]))
    await main.peer.publish(note('one more'))
    await world.until(() => length(main.identity) > 40)
    const again = await world.turn(alice.peer.people.cost(main.identity, { signal: never }))
    expect(again.entries).toBe(cost.entries + 1)
  })

  test("for as long as one stands before their page the newest of them is here, and in no timeline of one's own", async () => {
    await using world = createWorld('visit')
    const [main] = (await household(world, 'main')) as [TestPeer]
    await calls(main, 'Mona')
    for (let count = 0; count < 40; count++) await main.peer.publish(note(`post ${count}`))
    const alice = await world.add('alice')
    const [first, second] = [new AbortController(), new AbortController()]
    const costs: number[] = []
    const visiting = [first, second].map(async ({ signal }) => {
      for await (const { entries } of alice.peer.people.visit(main.identity, signal)) costs.push(entries)
    })
    await world.until(() => costs.length === 2)
    expect(costs).toEqual([0, 0])
    // Who stands there while the connection comes is told then.
    const hub = await hubOf(world, main)
    for (const one of [main.identity, main.peer.account.show()!.identity]) hub.peer.watch(one)
    await world.until(() => hub.store.feed(main.identity)?.heldCount === 41)
    await meet(world, alice, hub)
    await world.until(() => costs.filter((entries) => entries >= 41).length >= 2)
    const theirs = () => alice.store.timeline({ identities: [main.identity], limit: 50 }).items.length
    await world.until(() => theirs() > 20)
    expect(alice.store.timeline({}).items).toEqual([])
    first.abort()
    await visiting[0]
    expect(theirs()).toBeGreaterThan(20)
    // Whom one follows meanwhile stays, all of it.
    await alice.peer.relate('follow', main.identity, true)
    second.abort()
    await visiting[1]
    await world.until(() => alice.store.feed(main.identity)?.heldCount === 41)
    expect(alice.peer.people.name(main.identity)).toMatchObject({ name: 'Mona' })
    await alice.peer.relate('follow', main.identity, false)
  })

  test('a visit that was cut off leaves nothing', async () => {
    await using world = createWorld('visit-cut')
    const [alice, bob] = [await world.add('alice'), await world.add('bob')]
    await bob.peer.publish(note('hello'))
    await meet(world, alice, bob)
    alice.store.watchFeed(bob.identity, {
      depth: { type: 'last', count: 32 },
      blobs: { type: 'none' },
      hop: 8,
    })
    await alice.stop()
    await world.add('alice')
    expect(alice.store.feed(bob.identity)).toMatchObject({ watched: false, heldCount: 0 })
  })

  test('of who is followed it is what is known, and asks nobody', async () => {
    await using world = createWorld('cost-known')
    const [alice, bob] = (await friends(world, 'alice', 'bob')) as [TestPeer, TestPeer]
    await bob.peer.publish(note('one'))
    await world.until(() => alice.store.feed(bob.identity)?.heldCount === 1)
    const cost = await alice.peer.people.cost(bob.identity, { signal: never })
    expect(cost).toMatchObject({ feeds: 1, told: 1, entries: 1, held: { entries: 1 }, fileBytes: 0 })
    await calls(bob, 'Bob', await avatar(bob, '0123456789'))
    await world.until(() => alice.store.feed(bob.identity)?.heldCount === 2)
    const more = await alice.peer.people.cost(bob.identity, { signal: never })
    expect(more).toMatchObject({ entries: 2, fileBytes: 10 })
    const filesHere = () => alice.store.filesByFeed?.().get(bob.identity)?.bytes
    await world.until(() => filesHere() === 10)
    const over = AbortSignal.abort(new Error('enough'))
    await expect(alice.peer.people.cost((await world.add('x')).identity, { signal: over })).rejects.toThrow(
      'enough',
    )
  })
})

describe('lists', () => {
  test('are by the names that are shown, in pages, found by beginnings of words, each person once', async () => {
    await using world = createWorld('lists')
    const [alice, bob, carol, dora] = (await friends(world, 'alice', 'bob', 'carol', 'dora')) as TestPeer[]
    const { people } = alice!.peer
    await calls(bob!, 'Émile Zola')
    await calls(carol!, 'Carol')
    await world.until(() => people.list('following', { search: 'zol' }).count === 1)
    await world.until(() => people.name(carol!.identity).isKnown)
    await people.setPetname(dora!.identity, 'Dora the explorer')
    const first = people.list('following', { limit: 2 })
    expect(first).toMatchObject({ count: 3, items: [{ name: 'Carol' }, { petname: 'Dora the explorer' }] })
    const rest = people.list('following', { limit: 2, after: first.next })
    expect(rest).toMatchObject({ items: [{ name: 'Émile Zola' }], next: null })
    expect(people.list('near', { search: 'EXP dor' }).items).toHaveLength(1)
    expect(people.list('near', { search: 'emile x' }).items).toHaveLength(0)
    expect(people.list('near', { after: 'no cursor' }).items).toHaveLength(3)
    await alice!.peer.relate('block', carol!.identity, true)
    expect(people.list('blocked').items).toMatchObject([{ name: 'Carol' }])
    expect(people.list('following').count).toBe(2)
    await bob!.peer.relate('follow', alice!.identity, true)
    await bob!.peer.relate('follow', dora!.identity, true)
    await world.until(() => people.list('followers').count === 1)
    expect(people.show(bob!.identity)).toMatchObject({ followsMe: true, isFollowed: true })
    await world.until(() => people.common(dora!.identity).followersCount === 1)
    expect(people.common(dora!.identity).followers).toEqual([bob!.identity])
    expect(people.common(bob!.identity)).toMatchObject({ following: [dora!.identity], followingCount: 1 })
  })

  test('storage is told by person, with all of their devices, those who take most first', async () => {
    await using world = createWorld('storage')
    const { ann, bob } = await couple(world, ['ann'], ['bob'])
    const [laptop, other] = [ann[0]!, bob[0]!]
    for (let count = 0; count < 5; count++) await other.peer.publish(note('x'.repeat(2_000)))
    const { peer } = laptop
    await world.until(
      () =>
        laptop.store.feed(other.identity)?.heldCount ===
        laptop.store.feed(other.identity)?.record?.head.length,
    )
    const { people, count, entries, files } = await peer.people.storage()
    expect(count).toBe(2)
    expect(people.map(({ isSelf, isFollowed }) => [isSelf, isFollowed])).toEqual([
      [false, true],
      [true, false],
    ])
    expect(entries).toBe(people[0]!.entries + people[1]!.entries)
    expect(people[0]!.entryBytes).toBeGreaterThan(0)
    expect(files.bytes).toBeGreaterThanOrEqual(0)
    expect((await peer.people.storage(1)).people).toHaveLength(1)
  })

  test('[B20] older files of somebody are let go, by what it frees, and wanted back', async () => {
    await using world = createWorld('older-files')
    const { ann, bob } = await couple(world, ['ann'], ['bob'])
    const [laptop, other] = [ann[0]!, bob[0]!]
    const roots: Cid[] = []
    const share = async (peer: TestPeer, text: string): Promise<Cid> => {
      async function* bytes() {
        yield new TextEncoder().encode(text)
      }
      const { root: blob, size: length } = await peer.peer.addFile(bytes(), { signal: never })
      const file = { type: 'media', kind: 'document', blob, mime: 'text/plain', bytes: length } as const
      const at = roots.length + 1
      await peer.peer.publish({ type: 'public_note', at, text, attachments: [file] } as Payload)
      return blob
    }
    for (const text of ['1', '22', '333', '4444', '55555']) {
      roots.push(await share(other, text))
      await other.peer.publish(note('between'))
    }
    const { people } = laptop.peer
    const bobs = async () => (await people.storage()).people.find(({ isSelf }) => !isSelf)
    const here = () => roots.map((root) => laptop.store.blobState(root).type === 'complete')
    await world.until(() => here().every(Boolean))
    // One's own note has it as well, and one is pinned.
    expect(await share(laptop, '1')).toBe(roots[0])
    laptop.peer.pin(roots[1]!)
    const before = await bobs()
    expect(before).toMatchObject({ isLetGo: false })
    const { identity } = before!
    expect(await world.turn(people.olderFiles(identity, 5))).toEqual({ notes: 0, bytes: 0 })
    expect(await world.turn(people.olderFiles(identity, 1))).toEqual({ notes: 2, bytes: 7 })
    // What was promised to be kept is.
    const until = Number.MAX_SAFE_INTEGER
    const lease = {
      for: other.identity,
      owner: other.identity,
      until,
      bytes: 1_000,
      record: new Uint8Array(),
      isReleased: false,
      before: null,
    }
    laptop.store.leases?.put(lease)
    expect(await world.turn(people.letGoOlder(identity, 1))).toEqual({ notes: 0, bytes: 0 })
    laptop.store.leases?.remove(other.identity)
    expect(await bobs()).toEqual(before)
    expect(await world.turn(people.letGoOlder(identity, 1))).toEqual({ notes: 2, bytes: 7 })
    expect(here()).toEqual([true, true, false, false, true])
    expect(await bobs()).toEqual({ ...before, fileBytes: before!.fileBytes - 7, isLetGo: true })
    // What comes next is fetched as ever, and what was let go stays away.
    roots.push(await share(other, '666666'))
    await world.until(() => here().at(-1) === true)
    expect(here()).toEqual([true, true, false, false, true, true])
    // Whoever looks at one gets it.
    await world.turn(laptop.peer.fetchBlob(roots[2]!, { signal: never }))
    expect(here()).toEqual([true, true, true, false, true, true])
    await world.turn(people.wantOlder(identity))
    await world.until(() => here().every(Boolean))
    expect(await bobs()).toMatchObject({ isLetGo: false })
    const own = laptop.identity
    await expect(world.turn(people.letGoOlder(own, 1))).rejects.toMatchObject({ code: 'own-identity' })
    expect(here()).toEqual([true, true, true, true, true, true])
  })

  test('[B15] what nothing holds goes when it is asked for, and nothing else', async () => {
    await using world = createWorld('unheld')
    const alice = await world.add('alice')
    async function* bytes() {
      yield new TextEncoder().encode('for later')
    }
    const { root } = await alice.peer.addFile(bytes(), { signal: never })
    alice.peer.pin(root)
    for (const reason of alice.store.holders(root)) {
      if (reason !== 'pin') alice.store.release(root, reason)
    }
    expect(await world.turn(alice.peer.people.freeUnheld())).toBe(0)
    alice.store.protectNewBlocks()[Symbol.dispose]()
    const loose = new Uint8Array(1_000)
    alice.store.putBlock(rawCid(loose, testCrypto.sha256), loose)
    expect(await world.turn(alice.peer.people.freeUnheld())).toBe(1_000)
    expect(alice.store.blobState(root)).toEqual({ type: 'complete', bytes: 9 })
  })

  test('[O1] through a port they are the same, and live', async () => {
    await using world = createWorld('people-port')
    const [alice, bob] = (await friends(world, 'alice', 'bob')) as [TestPeer, TestPeer]
    await using remote = linkPage(alice.peer).remote
    const over = new AbortController()
    const seen: (string | null)[] = []
    const watching = (async () => {
      for await (const { petname } of remote.live('people.name', [bob.identity], over.signal))
        seen.push(petname)
    })()
    await remote.people.setPetname(bob.identity, 'Bobby')
    await expect.poll(() => seen).toEqual([null, 'Bobby'])
    over.abort()
    await watching
    expect(await remote.people.list('near')).toEqual(alice.peer.people.list('near'))
    expect(await remote.people.storage()).toEqual(await alice.peer.people.storage())
    expect(await remote.people.safety(bob.identity)).toEqual(alice.peer.people.safety(bob.identity))
  })
})

test('[Y40] a device that joins later has all of it', async () => {
  await using world = createWorld('people-later')
  const [laptop] = (await household(world, 'laptop')) as [TestPeer]
  const bob = await world.add('bob')
  await laptop.peer.people.setPetname(bob.identity, 'Bob')
  await laptop.peer.people.setVerified(bob.identity, laptop.peer.people.safety(bob.identity)!)
  const tablet = await world.add('tablet')
  await link(world, laptop, tablet)
  await world.until(() => tablet.peer.people.name(bob.identity).petname === 'Bob')
  await world.until(() => tablet.peer.people.name(bob.identity).verified === 'yes')
})
