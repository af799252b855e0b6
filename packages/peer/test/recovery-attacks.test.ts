/** Who lies, floods, replays or pretends around recovery shares (spec Z22 to Z28, T19, T28). */
import { EffigyError, encodeBase64url, err, utf8 } from '@effigy/core'
import { sealAge } from '@effigy/crypto'
import { testSeed } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { createPulse } from '../src/live.ts'
import { createAsking } from '../src/recovery/asking.ts'
import { readRequest, requestId, type ShareRequest, writeRequest } from '../src/recovery/request.ts'
import { authorityOf, friendOf, meet } from './account-kit.ts'
import { boxHub } from './drops-kit.ts'
import { circle, gather, split } from './recovery-kit.ts'
import { createWorld, never, type TestPeer, testCrypto } from './world.ts'

const codeOf = (code: string) => expect.objectContaining({ code })
const signal = never
const heldKey = 'recovery-held'

/** The custodian's disk, or the custodian, changes what is held. */
function alter({ store }: TestPeer, change: (share: string) => string): void {
  const held = JSON.parse(store.setting(heldKey)!) as { payload: { share: string } }[]
  const changed = held.map((each) => ({
    ...each,
    payload: { ...each.payload, share: change(each.payload.share) },
  }))
  store.saveSetting(heldKey, JSON.stringify(changed))
}

const flipped = (share: string): string => (share.startsWith('A') ? 'B' : 'A') + share.slice(1)

describe('[Z22] a false custodian', () => {
  test('is named, and the others suffice', async () => {
    await using world = createWorld()
    const made = await circle(world, 'bob', 'carol', 'dave')
    await split(world, made)
    alter(made.custodians[1]!, flipped)
    const fresh = await world.add('fresh')
    await gather(world, fresh, made)
    const combined = await world.turn(fresh.peer.recovery.combine({ signal }))
    expect(combined).toMatchObject({ phrase: made.phrase, wrong: [made.keys[1]] })
  })

  test('is named where only the threshold came, too', async () => {
    await using world = createWorld()
    const made = await circle(world, 'bob', 'carol')
    await split(world, made)
    alter(made.custodians[1]!, flipped)
    const fresh = await world.add('fresh')
    await gather(world, fresh, made)
    const combining = world.turn(fresh.peer.recovery.combine({ signal }))
    await expect(combining).rejects.toThrow(codeOf('shares-damaged'))
    await expect(combining).rejects.toThrow(made.keys[1]!)
  })

  test('with the share of another, or of another splitting, gives no words', async () => {
    await using world = createWorld()
    const made = await circle(world, 'bob', 'carol', 'dave')
    const [bob, carol] = made.custodians
    await split(world, made)
    const old = carol!.store.setting(heldKey)
    await world.turn(
      made.laptop.peer.recovery.split({ custodians: made.keys.slice(0, 2), threshold: 2, signal }),
    )
    await world.until(() => [bob, carol].every((each) => each!.peer.recovery.show().held[0]?.replaced === 1))
    // Carol has the old one alone, Bob both, Dave the old one: the old one is enough, the new one is not.
    carol!.store.saveSetting(heldKey, old)
    const fresh = await world.add('fresh')
    await gather(world, fresh, made, [carol!])
    await expect(world.turn(fresh.peer.recovery.combine({ signal }))).rejects.toThrow(
      codeOf('too-few-shares'),
    )
    await world.until(() => bob!.peer.recovery.show().requests.length === 1)
    // Bob hands on what Carol gave him.
    bob!.store.saveSetting(heldKey, carol!.store.setting(heldKey))
    await bob!.peer.recovery.approve(bob!.peer.recovery.show().requests[0]!.id)
    await world.until(() => fresh.peer.recovery.show().asked[0]?.state === 'given')
    await expect(world.turn(fresh.peer.recovery.combine({ signal }))).rejects.toThrow(
      codeOf('shares-damaged'),
    )
  })
})

test('[Z23] [T26] a thief who splits anew, again and again, takes no share away from custodians', async () => {
  await using world = createWorld()
  const made = await circle(world, 'bob', 'carol', 'dave')
  const [bob, , dave] = made.custodians
  await split(world, made)
  const first = made.laptop.peer.recovery.show().splitting?.set
  const thief = made.laptop.peer
  for (let round = 0; round < 7; round++) {
    await world.turn(thief.recovery.split({ custodians: made.keys.slice(0, 2), threshold: 2, signal }))
    const { set } = thief.recovery.show().splitting!
    await world.until(() => bob!.peer.recovery.show().held[0]?.set === set)
  }
  expect(bob!.peer.recovery.show().held).toMatchObject([{ replaced: 3 }])
  expect(bob!.store.setting(heldKey)).toContain(first)
  const fresh = await world.add('fresh')
  await gather(world, fresh, made, [bob!, dave!])
  expect(await world.turn(fresh.peer.recovery.combine({ signal }))).toMatchObject({ phrase: made.phrase })
})

describe('[Z24] [Z25] a phisher', () => {
  test('who says to be her shows other words than she does, and gets nothing by a denial', async () => {
    await using world = createWorld()
    const made = await circle(world, 'bob', 'carol')
    await split(world, made)
    const [bob] = made.custodians
    const account = authorityOf(made.laptop).root
    const [fresh, phisher] = [await world.add('fresh'), await world.add('phisher')]
    for (const each of [fresh, phisher]) {
      for (const custodian of made.custodians) await meet(world, each, custodian)
      await world.turn(each.peer.recovery.ask({ custodians: made.keys, account, name: 'Alice', signal }))
    }
    await world.until(() => bob!.peer.recovery.show().requests.length === 2)
    const [hers, his] = [fresh, phisher].map((each) => each.peer.recovery.show().asked[0]!.words)
    expect(hers).not.toBe(his)
    const requests = bob!.peer.recovery.show().requests
    expect(new Set(requests.map(({ words }) => words))).toEqual(new Set([hers, his]))
    await bob!.peer.recovery.deny(requests.find(({ words }) => words === his)!.id)
    await bob!.peer.recovery.approve(requests.find(({ words }) => words === hers)!.id)
    await world.until(() => fresh.peer.recovery.show().asked[0]?.state === 'given')
    await world.until(() => phisher.peer.recovery.show().asked[0]?.state === 'denied')
    // Nor by asking once more.
    phisher.peer.recovery.forget()
    await world.turn(phisher.peer.recovery.ask({ custodians: made.keys, account, name: 'Alice', signal }))
    await world.until(() => phisher.peer.recovery.show().asked[0]?.state === 'denied')
    expect(bob!.peer.recovery.show().requests).toEqual([])
  })

  test('who hands on her request, or one for another custodian, is refused', async () => {
    await using world = createWorld()
    const made = await circle(world, 'bob', 'carol')
    await split(world, made)
    const [bob] = made.custodians
    const mallory = await world.add('mallory')
    await meet(world, mallory, bob!)
    const request: ShareRequest = {
      account: authorityOf(made.laptop).root,
      name: 'Alice',
      identity: mallory.identity,
      box: encodeBase64url(new Uint8Array(32).fill(9)),
      to: authorityOf(bob!).root,
      nonce: encodeBase64url(new Uint8Array(16)),
      at: 1,
    }
    const fresh = await world.add('fresh')
    for (const changed of [
      { identity: fresh.identity },
      { to: authorityOf(made.laptop).root },
    ] satisfies Partial<ShareRequest>[]) {
      const bytes = utf8(writeRequest({ ...request, ...changed }))
      const answer = await world.turn(
        mallory.peer.call(bob!.identity, 'recovery', 'ask', {}, { bytes, signal }),
      )
      expect(answer).toMatchObject({ ok: false, error: { code: 'bad-value' } })
    }
    for (const bytes of [new Uint8Array(0), new Uint8Array(2_000), utf8('{}')]) {
      const answer = await world.turn(
        mallory.peer.call(bob!.identity, 'recovery', 'ask', {}, { bytes, signal }),
      )
      expect(answer).toMatchObject({ ok: false, error: { code: 'bad-value' } })
    }
    expect(bob!.peer.recovery.show().requests).toEqual([])
  })
})

test('[Z27] a stranger who asks a thousand times is told of once; for an account that is not held, never', async () => {
  await using world = createWorld()
  const made = await circle(world, 'bob', 'carol')
  await split(world, made)
  const [bob] = made.custodians
  const mallory = await world.add('mallory')
  await meet(world, mallory, bob!)
  let shown = 0
  const stop = new AbortController()
  const watching = (async () => {
    let before = 0
    for await (const { requests } of bob!.peer.recovery.views(stop.signal)) {
      if (requests.length > before) shown++
      before = requests.length
    }
  })()
  const request = (nonce: number, account = authorityOf(made.laptop).root): Uint8Array =>
    utf8(
      writeRequest({
        account,
        name: 'Alice',
        identity: mallory.identity,
        box: encodeBase64url(new Uint8Array(32).fill(9)),
        to: authorityOf(bob!).root,
        nonce: encodeBase64url(new Uint8Array(16).fill(nonce)),
        at: 1,
      }),
    )
  const codes = new Map<string, number>()
  const calls: Promise<void>[] = []
  const end = new AbortController()
  for (let each = 0; each < 1_000; each++) {
    const options = { bytes: request(each % 2 === 0 ? 1 : each % 256), signal: end.signal }
    const call = mallory.peer.call(bob!.identity, 'recovery', 'ask', {}, options).then(
      (answer) => {
        const code = answer.ok ? 'given' : answer.error.code
        codes.set(code, (codes.get(code) ?? 0) + 1)
      },
      () => {},
    )
    calls.push(call)
    if (each % 50 === 49) await world.pass(1_000)
  }
  await world.until(() => bob!.peer.recovery.show().requests.length === 1)
  expect(codes.get('given')).toBeUndefined()
  expect((codes.get('too-fast') ?? 0) + (codes.get('busy') ?? 0)).toBeGreaterThan(900)
  expect(shown).toBe(1)
  end.abort()
  await Promise.all(calls)
  await world.until(() => bob!.peer.recovery.show().requests.length === 0)

  // An account of which nothing is held: it waits like the others.
  await world.pass(10 * 60_000)
  const unknown = new AbortController()
  const bytes = request(7, authorityOf(bob!).root)
  const asking = mallory.peer.call(bob!.identity, 'recovery', 'ask', {}, { bytes, signal: unknown.signal })
  const waited = await Promise.race([asking, world.pass(60_000).then(() => 'waits')])
  expect(waited).toBe('waits')
  unknown.abort()
  await world.turn(asking.catch(() => {}))
  stop.abort()
  await watching
  expect(shown).toBe(1)
})

test('[Z28] [T14] who reads the disk of a new device finds no share, though enough of them came', async () => {
  await using world = createWorld()
  const made = await circle(world, 'bob', 'carol')
  await split(world, made)
  const fresh = await world.add('fresh')
  await gather(world, fresh, made)
  expect(fresh.peer.recovery.show().asked.map(({ state }) => state)).toEqual(['given', 'given'])
  expect(fresh.peer.recovery.show().needed).toBe(2)
  const disk = fresh.store.setting('recovery-asked')
  for (const custodian of made.custodians) {
    const [held] = JSON.parse(custodian.store.setting(heldKey)!) as { payload: { share: string } }[]
    expect(disk).not.toContain(held!.payload.share)
    expect(disk).not.toContain(held!.payload.share.slice(0, 40))
  }
  expect(await world.turn(fresh.peer.recovery.combine({ signal }))).toMatchObject({ phrase: made.phrase })
})

test('[Z28] a replayed approval, one by somebody else, and one of another account are none', async () => {
  await using world = createWorld()
  const made = await circle(world, 'bob', 'carol')
  const [bob, carol] = made.custodians
  const { hub } = await boxHub(world)
  await split(world, made)
  const mallory = await world.add('mallory')
  const fresh = await world.add('fresh')
  for (const each of [bob!, carol!, mallory, fresh]) await meet(world, each, hub)
  const { root } = authorityOf(made.laptop)
  const box = (await testCrypto.agreementKey((await import('@effigy/testkit')).testSeed('box of fresh')))
    .publicKey
  const ask = async () => {
    await world.turn(fresh.peer.recovery.ask({ custodians: made.keys, account: root, name: 'Alice', signal }))
    const asked = JSON.parse(fresh.store.setting('recovery-asked')!) as { request: string }[]
    return asked.map(({ request }) => readRequest(request)!)
  }
  const answer = (from: TestPeer, request: ShareRequest, sealed: string) =>
    world.turn(
      from.peer.drops.send(
        { to: fresh.identity, keys: [box] },
        { type: 'recovery-answer', request: requestId(request, testCrypto.sha256), sealed },
        { signal },
      ),
    )
  const approved = async (
    from: TestPeer,
    request: ShareRequest,
    of = JSON.parse(from.store.setting(heldKey)!),
  ) => {
    const body = { request: requestId(request, testCrypto.sha256), shares: of }
    const sealed = await sealAge({
      from: from.identity,
      context: 'share',
      body,
      recipients: [box],
      crypto: testCrypto,
    })
    return sealed.ok ? sealed.value : ''
  }
  const [first] = await ask()
  const old = await approved(bob!, first!)
  fresh.peer.recovery.forget()
  const [again] = await ask()
  expect(again!.nonce).not.toBe(first!.nonce)
  // By Mallory, who saw nothing of it, and by Carol in the name of Bob: not heard.
  const held = JSON.parse(bob!.store.setting(heldKey)!)
  await answer(mallory, again!, await approved(mallory, again!, held))
  await answer(carol!, again!, await approved(carol!, again!))
  await world.pass(5_000)
  expect(fresh.peer.recovery.show().asked[0]?.state).toBe('asking')
  // The old one, under the new name.
  await answer(bob!, again!, old)
  await world.until(() => fresh.peer.recovery.show().asked[0]?.state === 'false')
  await expect(world.turn(fresh.peer.recovery.combine({ signal }))).rejects.toThrow(codeOf('too-few-shares'))
})

test('[Z26] a custodian who says at once, each time, that another request took its place is asked once a second', async () => {
  await using world = createWorld()
  const bob = await world.add('bob')
  await bob.peer.account.create({ label: 'bob', profile: { name: 'Bob' } })
  const fresh = await friendOf(world, bob, 'fresh')
  const { identity, store } = fresh
  let calls = 0
  const asking = createAsking({
    ...{ store, identity, crypto: testCrypto, random: testCrypto.randomBytes, clock: world.clock },
    boxKey: await testCrypto.agreementKey(testSeed('box of fresh')),
    log: { debug() {}, info() {}, warn() {}, error() {} },
    own: { root: () => null },
    drops: {
      send: () => Promise.reject(new EffigyError('drop-no-box', '')),
      handle: () => ({ [Symbol.dispose]() {} }),
    },
    connected: () => [bob.identity],
    sessions: createPulse(),
    // Ends, were it asked without a pause.
    call: async () => err({ code: calls++ < 1_000 ? 'asked-again' : 'denied', retryMs: null }),
    refresh() {},
    settled: async () => {},
    changed() {},
    signal,
  } as unknown as Parameters<typeof createAsking>[0])
  await world.turn(asking.ask({ custodians: [authorityOf(bob).identity], name: 'Alice', signal }))
  await world.pass(10_000)
  expect(asking.list()).toMatchObject([{ state: 'asking' }])
  expect(calls).toBeGreaterThan(5)
  expect(calls).toBeLessThanOrEqual(11)
  asking.forget()
  await asking.idle()
})
