/** Social recovery between whole peers: shares to custodians, and the way back with them (spec Z20 to Z31). */
import { identityOfKey } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { authorityOf, confirmPhrase, meet, members } from './account-kit.ts'
import { boxHub } from './drops-kit.ts'
import { circle, gather, split } from './recovery-kit.ts'
import { createWorld, never, note, texts } from './world.ts'

const codeOf = (code: string) => expect.objectContaining({ code })
const signal = never

describe('[Z20] [Z23] splitting', () => {
  test('[Z21] gives each custodian a share that nobody else reads, and later ones take its place', async () => {
    await using world = createWorld()
    const made = await circle(world, 'bob', 'carol', 'dave')
    const { laptop, custodians, keys } = made
    await split(world, made)
    const [held] = custodians[0]!.peer.recovery.show().held
    expect(held).toMatchObject({
      threshold: 2,
      count: 3,
      replaced: 0,
      account: { root: authorityOf(laptop).root },
    })
    expect(laptop.peer.recovery.show().splitting).toMatchObject({
      threshold: 2,
      custodians: custodians.map((each) => ({ root: authorityOf(each).root })),
    })
    // Its author cannot open any of them.
    const sealed = laptop.store
      .feedItems(laptop.identity, { limit: 50 })
      .items.filter(({ state }) => state.type === 'encrypted')
    expect(sealed.length).toBe(3)
    await world.turn(laptop.peer.recovery.split({ custodians: keys.slice(1), threshold: 2, signal }))
    await world.until(() => custodians[1]!.peer.recovery.show().held[0]?.replaced === 1)
    expect(custodians[0]!.peer.recovery.show().held[0]?.replaced).toBe(0)
    world.clock.jump(31 * 24 * 60 * 60_000)
    expect(custodians[1]!.peer.recovery.show().held[0]?.replaced).toBe(0)
  })

  test('is refused without the words, to oneself, to nobody known, twice to one, to too few', async () => {
    await using world = createWorld()
    const { laptop, keys } = await circle(world, 'bob', 'carol')
    const { recovery, account } = laptop.peer
    const stranger = await world.add('stranger')
    const cases: readonly (readonly [Partial<Parameters<typeof recovery.split>[0]>, string])[] = [
      [{ custodians: keys.slice(1) }, 'custodian-count'],
      [{ threshold: 3 }, 'custodian-count'],
      [{ threshold: 1 }, 'custodian-count'],
      [{ custodians: [keys[0]!, keys[0]!] }, 'custodian-twice'],
      [{ custodians: [keys[0]!, laptop.identity] }, 'custodian-self'],
      [{ custodians: [keys[0]!, stranger.identity] }, 'custodian-unknown'],
      [{ phrase: 'no words' }, 'phrase-invalid'],
      [
        { phrase: 'legal winner thank year wave sausage worth useful legal winner thank yellow' },
        'wrong-phrase',
      ],
    ]
    for (const [options, code] of cases) {
      const asked = { custodians: keys, threshold: 2, signal, ...options }
      await expect(world.turn(recovery.split(asked))).rejects.toThrow(codeOf(code))
    }
    await confirmPhrase(account)
    await expect(recovery.split({ custodians: keys, threshold: 2, signal })).rejects.toThrow(
      codeOf('phrase-needed'),
    )
    await expect(stranger.peer.recovery.split({ custodians: keys, threshold: 2, signal })).rejects.toThrow(
      codeOf('no-account'),
    )
    expect(recovery.show().splitting).toBeNull()
  })
})

describe('[Z24] to [Z28] the way back through custodians', () => {
  test('[Z31] two of three give the words back, the account is moved, and nothing forks', async () => {
    await using world = createWorld()
    const made = await circle(world, 'bob', 'carol', 'dave')
    const { laptop, phrase, custodians } = made
    await split(world, made)
    await laptop.peer.publish(note('before the fire'))
    await world.until(() =>
      custodians.every(({ store }) => texts(store, laptop.identity).includes('before the fire')),
    )
    await laptop.stop()

    const fresh = await world.add('fresh')
    await gather(world, fresh, made, custodians.slice(1))
    // Cut off here, nothing is lost.
    await fresh.stop()
    const again = await world.add('fresh')
    for (const each of custodians) await meet(world, again, each)
    expect(again.peer.recovery.show().asked.map(({ state }) => state)).toEqual(['asking', 'given', 'given'])
    const combined = await world.turn(again.peer.recovery.combine({ signal }))
    expect(combined).toEqual({ phrase, root: authorityOf(laptop).root, wrong: [] })
    const found = await world.turn(again.peer.recovery.find(combined.phrase, { signal }))
    expect(found).toMatchObject({
      name: 'Alice',
      devices: [
        {
          label: 'laptop',
          isMain: true,
          identity: laptop.identity,
          final: [1, expect.any(Number), expect.any(String)],
        },
      ],
    })
    // Nothing was written so far.
    expect(again.store.feed(again.identity)?.record ?? null).toBeNull()
    expect(again.peer.account.show()).toBeNull()
    await world.turn(again.peer.account.move({ phrase: combined.phrase, keep: [], label: 'new', signal }))
    again.peer.recovery.forget()
    expect(again.peer.recovery.show().asked).toEqual([])
    expect(members(again)).toEqual(['new (main)'])
    await world.until(() => texts(again.store, laptop.identity).includes('before the fire'))
    await world.until(() => again.peer.recovery.show().splitting?.custodians.length === 3)
    for (const each of custodians) {
      await world.until(() => each.peer.account.of(laptop.identity)?.identity === authorityOf(again).identity)
      expect(each.store.forkEvidence(laptop.identity)).toEqual([])
    }
  })

  test('k - 1 shares are too few, and a denial is one', async () => {
    await using world = createWorld()
    const made = await circle(world, 'bob', 'carol', 'dave')
    await split(world, made)
    const [bob, carol] = made.custodians
    const fresh = await world.add('fresh')
    await gather(world, fresh, made, [bob!])
    await world.until(() => carol!.peer.recovery.show().requests.length === 1)
    carol!.peer.recovery.deny(carol!.peer.recovery.show().requests[0]!.id)
    await world.until(() => fresh.peer.recovery.show().asked[1]?.state === 'denied')
    await expect(world.turn(fresh.peer.recovery.combine({ signal }))).rejects.toThrow(
      codeOf('too-few-shares'),
    )
  })

  test('shares of other words than the account has now are told', async () => {
    await using world = createWorld()
    const made = await circle(world, 'bob', 'carol')
    await split(world, made)
    const newPhrase = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
    await world.turn(made.laptop.peer.account.move({ phrase: made.phrase, newPhrase, keep: [], signal }))
    const { identity } = authorityOf(made.laptop)
    await world.until(() =>
      made.custodians.every(({ peer }) => peer.account.of(made.laptop.identity)?.identity === identity),
    )
    const fresh = await world.add('fresh')
    await gather(world, fresh, made)
    await expect(world.turn(fresh.peer.recovery.combine({ signal }))).rejects.toThrow(codeOf('wrong-phrase'))
  })
})

test('[Z24] all are asked or none, and who looks on sees each of them at once', async () => {
  await using world = createWorld()
  const made = await circle(world, 'bob', 'carol')
  const { custodians, keys } = made
  const [bob] = custodians
  await split(world, made)
  const stranger = identityOfKey(new Uint8Array(32).fill(7))
  const fresh = await world.add('fresh')
  for (const each of custodians) await meet(world, fresh, each)
  const over = new AbortController()
  let [asked, waiting] = [-1, -1]
  const looking = Promise.all([
    (async () => {
      for await (const now of fresh.peer.live(() => fresh.peer.recovery.show().asked.length, over.signal))
        asked = now
    })(),
    (async () => {
      for await (const now of bob!.peer.live(() => bob!.peer.recovery.show().requests.length, over.signal))
        waiting = now
    })(),
  ])
  const ask = (some: typeof keys) =>
    world.turn(fresh.peer.recovery.ask({ custodians: some, name: 'Alice', signal }))
  await expect(ask([...keys, stranger])).rejects.toThrow(codeOf('custodian-unknown'))
  expect(fresh.peer.recovery.show().asked).toEqual([])
  expect([stranger, ...keys].filter((one) => fresh.store.feed(one)?.watched === true)).toEqual([])
  await ask(keys)
  await world.until(() => waiting === 1)
  expect(asked).toBe(2)
  bob!.peer.recovery.deny(bob!.peer.recovery.show().requests[0]!.id)
  await world.until(() => waiting === 0)
  over.abort()
  await world.turn(looking)
})

test('[Z26] [Z28] a custodian who is never online together with the new device is asked, and answers, through a drop box', async () => {
  await using world = createWorld()
  const made = await circle(world, 'bob', 'carol')
  const { laptop, phrase, custodians, keys } = made
  const { hub } = await boxHub(world)
  for (const each of [laptop, ...custodians]) await meet(world, each, hub)
  await split(world, made)
  for (const each of [laptop, ...custodians]) await world.turn(each.peer.settled(signal))
  for (const each of [laptop, ...custodians]) await each.stop()

  const fresh = await world.add('fresh')
  await meet(world, fresh, hub)
  const { root } = authorityOf(laptop)
  const asked = await world.turn(fresh.peer.recovery.ask({ custodians: keys, name: 'Alice', signal }))
  await world.turn(fresh.peer.settled(signal))
  await world.pass(3_000)
  await fresh.stop()

  for (const [index, { name }] of custodians.entries()) {
    let custodian = await world.add(name)
    await meet(world, custodian, hub)
    await world.until(() => custodian.peer.recovery.show().requests.length === 1)
    // It is there after a restart, too, when the drop is gone.
    await custodian.stop()
    custodian = await world.add(name)
    const [request] = custodian.peer.recovery.show().requests
    expect(request?.words).toBe(asked[index]?.words)
    await expect(custodian.peer.recovery.approve(request!.id)).rejects.toThrow(codeOf('which-account'))
    await meet(world, custodian, hub)
    await world.turn(custodian.peer.recovery.approve(request!.id, { account: root }))
    expect(custodian.peer.recovery.show().requests).toEqual([])
    await custodian.stop()
  }

  const again = await world.add('fresh')
  await meet(world, again, hub)
  await world.until(() => again.peer.recovery.show().asked.every(({ state }) => state === 'given'))
  const combined = await world.turn(again.peer.recovery.combine({ signal }))
  expect(combined).toEqual({ phrase, root, wrong: [] })
})

describe('[Z29] rehearsal', () => {
  test('tells who still can open a share, who lost it, who is away, and nothing to strangers', async () => {
    await using world = createWorld()
    const made = await circle(world, 'bob', 'carol', 'dave')
    const [bob, carol, dave] = made.custodians
    const { recovery } = made.laptop.peer
    await expect(recovery.rehearse({ signal })).rejects.toThrow(codeOf('not-split'))
    await split(world, made)
    carol!.store.saveSetting('recovery-held', null)
    await dave!.stop()
    const outcomes = (await world.turn(recovery.rehearse({ signal }))).map(({ outcome }) => outcome)
    expect(outcomes).toEqual(['holds', 'lacks', 'away'])
    const stranger = await world.add('stranger')
    await meet(world, stranger, bob!)
    const { set } = recovery.show().splitting!
    const options = { bytes: new Uint8Array(32), signal }
    for (const [value, code] of [
      [{ set }, 'lacks'],
      [{ set: 'x' }, 'bad-value'],
      [{}, 'bad-value'],
    ] as const) {
      const answer = await world.turn(
        stranger.peer.call(bob!.identity, 'recovery', 'rehearse', value, options),
      )
      expect(answer).toMatchObject({ ok: false, error: { code } })
    }
  })
})

test('[Z29] a rehearsal with those who are never online together with the owner goes through drop boxes', async () => {
  await using world = createWorld()
  const made = await circle(world, 'bob', 'carol')
  const { laptop, custodians } = made
  const { hub } = await boxHub(world)
  for (const each of [laptop, ...custodians]) await meet(world, each, hub)
  await split(world, made)
  custodians[1]!.store.saveSetting('recovery-held', null)
  for (const each of custodians) await each.stop()
  const rehearse = async (peer = laptop.peer) =>
    (await world.turn(peer.recovery.rehearse({ signal }))).map(({ outcome }) => outcome)
  expect(await rehearse()).toEqual(['asked', 'asked'])
  await laptop.stop()
  for (const { name } of custodians) {
    const custodian = await world.add(name)
    await meet(world, custodian, hub)
    await world.turn(custodian.peer.drops.settled(signal))
    await world.pass(1_000)
    await custodian.stop()
  }
  const again = await world.add('laptop')
  await meet(world, again, hub)
  await world.turn(again.peer.drops.settled(signal))
  await world.pass(1_000)
  // Who holds nothing says nothing: nobody learns by asking who is whose custodian.
  expect(await rehearse(again.peer)).toEqual(['holds', 'asked'])
})

test('[Z29] a custodian who let its part go says so through a drop box too', async () => {
  await using world = createWorld()
  const made = await circle(world, 'bob', 'carol')
  const { laptop, custodians } = made
  const { hub } = await boxHub(world)
  for (const each of [laptop, ...custodians]) await meet(world, each, hub)
  await split(world, made)
  const [bob, carol] = custodians
  const root = laptop.peer.account.show()!.root
  await world.turn(bob!.peer.recovery.release(root))
  for (const each of [bob!, carol!]) await each.stop()
  const rehearse = async () =>
    (await world.turn(laptop.peer.recovery.rehearse({ signal }))).map(({ outcome }) => outcome)
  expect(await rehearse()).toEqual(['asked', 'asked'])
  const again = await world.add('bob')
  await meet(world, again, hub)
  await world.until(() => again.store.takenDrops?.usage(true, null).items === 0, 60_000)
  await world.turn(laptop.peer.drops.settled(signal))
  await world.pass(5_000)
  expect(await rehearse()).toEqual(['lacks', 'asked'])
})

test('[Z30] a friend alone is enough for the words: states and feeds come from it', async () => {
  await using world = createWorld()
  const { laptop, phrase, custodians } = await circle(world, 'bob')
  await laptop.peer.publish(note('kept by a friend'))
  await world.until(() => texts(custodians[0]!.store, laptop.identity).includes('kept by a friend'))
  await laptop.stop()
  const fresh = await world.add('fresh')
  await expect(world.turn(fresh.peer.recovery.find(phrase, { signal }))).rejects.toThrow(
    codeOf('account-not-found'),
  )
  await meet(world, fresh, custodians[0]!)
  expect(await world.turn(fresh.peer.recovery.find(phrase, { signal }))).toMatchObject({ name: 'Alice' })
  // Nothing of it stays watched, as long as nobody has decided.
  expect([...fresh.store.feeds({ watched: true })].map(({ identity }) => identity)).toEqual([fresh.identity])
  await world.turn(fresh.peer.account.move({ phrase, keep: [], signal }))
  await world.until(() => texts(fresh.store, laptop.identity).includes('kept by a friend'))
})
