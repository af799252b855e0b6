/** Leases between whole peers, from the owner's side (V30-V39). */
import { err, type Identity, type JsonObject, type Lease, ok, type RawCid, signLease } from '@effigy/core'
import type { Store } from '@effigy/store'
import { openNodeStore } from '@effigy/store/node'
import { spotHash } from '@effigy/sync'
import { testSeed } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { type GivenLease, whereabouts } from '../src/index.ts'
import { household, meet } from './account-kit.ts'
import { boxHub } from './drops-kit.ts'
import { createWorld, never, note, type TestPeer, testCrypto, type World } from './world.ts'

const hourMs = 60 * 60 * 1000
const dayMs = 24 * hourMs
const signal = never

async function withHub(world: World, notes = 3) {
  const { hub } = await boxHub(world, { leases: { isFor: () => true } })
  const alice = await world.add('alice')
  for (let n = 0; n < notes; n++) await alice.peer.publish(note(`note ${n}`))
  await meet(world, alice, hub)
  await world.turn(alice.peer.settled(never))
  return { hub, alice }
}

/** The newest live answer. */
function following<Value>({ peer }: TestPeer, read: () => Value) {
  const stop = new AbortController()
  const told: { last: Value | undefined } & Disposable = {
    last: undefined,
    [Symbol.dispose]: () => stop.abort(),
  }
  void (async () => {
    for await (const value of peer.live(read, stop.signal)) told.last = value
  })()
  return told
}

const leaseOf = (
  { peer }: TestPeer,
  holder: TestPeer,
  feed: Identity = peer.identity,
): GivenLease | undefined =>
  peer.leases.list().find((lease) => lease.holder === holder.identity && lease.feed === feed)

const ask = (world: World, { peer }: TestPeer, holder: TestPeer, options: object = {}) =>
  world.turn(peer.leases.ask(holder.identity, { ...options, signal }))

describe('[V37] a hub', () => {
  test('is asked, checked, counted; covers what is new; renews before the end; lets go when told', async () => {
    await using world = createWorld('lease of a hub')
    const { hub, alice } = await withHub(world)
    const { leases } = alice.peer
    expect(leases.holders()).toEqual([{ holder: hub.identity, isOffered: true, wanted: null }])
    const size = leases.size(hub.identity)
    expect(size).toEqual({ bytes: 64 * 1024, missing: 0 })
    // Pages are told without asking again.
    using told = following(alice, () => whereabouts(alice.peer).places.at(-1)?.lease ?? null)
    const [outcome] = await ask(world, alice, hub, { days: 9 })
    expect(outcome).toEqual({
      type: 'leased',
      feed: alice.identity,
      until: leaseOf(alice, hub)?.until,
      blobs: 64 * 1024 * 1024,
    })
    await world.pass(10_000)
    await world.turn(leases.tend({ holder: hub.identity, signal }))
    await world.until(() => told.last?.until === leaseOf(alice, hub)?.until)
    expect(leases.holders()).toMatchObject([{ wanted: { days: 9 } }])
    expect(leaseOf(alice, hub)).toMatchObject({ bytes: size.bytes })
    expect(leaseOf(alice, hub)).toMatchObject({ state: 'checked', length: 4, failure: null })
    expect(alice.peer.leases.copies(alice.identity)).toBe(1)
    expect(hub.peer.leases.held()).toMatchObject([{ feed: alice.identity, owner: alice.identity }])
    const first = leaseOf(alice, hub)!.until

    await alice.peer.publish(note('later'))
    await world.pass(2_000)
    world.clock.jump(hourMs)
    await world.clock.advance(hourMs)
    await world.until(() => leaseOf(alice, hub)?.length === 5)

    world.clock.jump(7 * dayMs)
    await world.clock.advance(hourMs)
    await world.until(() => (leaseOf(alice, hub)?.until ?? 0) > first + 6 * dayMs)
    expect(leaseOf(alice, hub)).toMatchObject({ state: 'checked' })

    await world.turn(alice.peer.leases.end(hub.identity, { signal }))
    expect([leases.list(), hub.peer.leases.held()]).toEqual([[], []])
    expect(leases.holders()).toMatchObject([{ isOffered: true, wanted: { days: 0 } }])
    await world.until(() => told.last === null)
    // Nobody asks again.
    await world.clock.advance(2 * hourMs)
    expect(hub.peer.leases.held()).toEqual([])
  })

  test('[V31] [V39] refuses with a reason; where files are too many it keeps the entries', async () => {
    await using world = createWorld('quota')
    const { hub } = await boxHub(world, { leases: { isFor: () => true, limits: { bytesPerOwner: 200_000 } } })
    const alice = await world.add('alice')
    const bytes = new Uint8Array(300_000).fill(7)
    const file = await alice.peer.addFile(
      (async function* () {
        yield bytes
      })(),
      { signal },
    )
    await alice.peer
      .publish({
        type: 'media',
        at: 1,
        file: { cid: file.root, size: file.size, name: 'a.bin', mime: 'application/octet-stream' },
      } as never)
      .catch(() =>
        alice.peer.publish({ type: 'x-file', at: 1 } as never, { links: [[file.root, file.size]] }),
      )
    await meet(world, alice, hub)
    await world.turn(alice.peer.settled(never))
    await world.pass(3_000)
    const [outcome] = await ask(world, alice, hub)
    expect(outcome).toMatchObject({ type: 'leased', blobs: 0 })
    for (let n = 0; n < 30; n++) await alice.peer.publish(note('x'.repeat(12_000)), { detached: false })
    await world.turn(alice.peer.settled(never))
    await world.pass(3_000)
    const [refused] = await ask(world, alice, hub)
    expect(refused).toMatchObject({ type: 'refused', code: 'quota' })
    await expect(ask(world, alice, hub, { days: 0 })).rejects.toMatchObject({ code: 'lease-terms' })
    await expect(ask(world, alice, hub, { blobs: -1 })).rejects.toMatchObject({ code: 'lease-terms' })
    const [nobody] = await ask(world, alice, await world.add('nobody'))
    expect(nobody).toMatchObject({ type: 'refused', code: 'not-connected' })
  })

  test('[V32] expiry is exact: kept until the last ms, gone from it on, and said so', async () => {
    await using world = createWorld('exact')
    const { hub, alice } = await withHub(world)
    await ask(world, alice, hub, { days: 1 })
    const { until } = leaseOf(alice, hub)!
    await alice.stop()
    hub.peer.unwatch(alice.identity)
    world.clock.jump(until - world.clock.now() - 1 - hourMs)
    await world.clock.advance(hourMs)
    expect(world.clock.now()).toBe(until - 1)
    expect(hub.store.feed(alice.identity)).toMatchObject({ watched: true, heldCount: 4 })
    expect(hub.store.leases?.ended(until - 1, 10)).toEqual([])
    expect(hub.store.leases?.ended(until, 10)).toHaveLength(1)
    await world.clock.advance(2 * hourMs)
    expect(hub.store.leases?.feeds()).toEqual([])
    expect(hub.store.feed(alice.identity)).toMatchObject({ watched: false, heldCount: 0 })
    const again = await world.add('alice')
    expect(leaseOf(again, hub)).toMatchObject({ state: 'ended' })
  })
})

test('[V32] [T26] a stolen device releases what another one leased, or asks for less: the holder has it for 30 days more', async () => {
  await using world = createWorld('stolen leases')
  const { hub } = await boxHub(world, { leases: { isFor: () => true } })
  const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
  await laptop.peer.publish(note('of the laptop'))
  await meet(world, laptop, hub)
  await meet(world, phone, hub)
  await world.pass(5_000)
  await ask(world, laptop, hub, { days: 90, blobs: 1_000 })
  const feed = laptop.identity
  const held = () => hub.store.feed(feed)?.heldCount ?? 0
  const policy = () => hub.store.feed(feed)?.policy.blobs
  await laptop.stop()
  hub.peer.unwatch(feed)
  const all = held()
  expect([all > 1, policy()]).toEqual([true, { type: 'up-to', bytes: 1_000 }])

  const { head } = hub.store.feed(feed)!.record!
  const { epoch, length } = head
  const until = world.clock.now() + 1_000
  const less = { for: feed, epoch, length, head: head.head, blobs: 0, until, bytes: 65_536 }
  const call = (method: string, value: JsonObject) =>
    world.turn(phone.peer.call(hub.identity, 'datalease', method, value, { signal }))
  expect((await call('ask', less)).ok).toBe(true)
  expect((await call('release', { for: feed })).ok).toBe(true)
  await phone.stop()
  await world.clock.advance(2 * hourMs)
  expect(hub.peer.leases.held().map((lease) => lease.feed)).not.toContain(feed)
  expect([held(), policy()]).toEqual([all, { type: 'up-to', bytes: 1_000 }])
  world.clock.jump(30 * dayMs - 4 * hourMs)
  await world.clock.advance(hourMs)
  expect(held()).toBe(all)
  await world.clock.advance(3 * hourMs)
  expect([hub.store.leases?.get(feed), held()]).toEqual([null, 0])
})

test('[V32] a lease for smaller files: the larger ones are kept for 30 days, then no more', async () => {
  await using world = createWorld('smaller files')
  const { hub, alice } = await withHub(world)
  await ask(world, alice, hub, { days: 90, blobs: 1_000 })
  hub.peer.unwatch(alice.identity)
  await ask(world, alice, hub, { days: 90, blobs: 0 })
  const blobs = () => hub.store.feed(alice.identity)?.policy.blobs
  expect([leaseOf(alice, hub)?.blobs, blobs()]).toEqual([0, { type: 'up-to', bytes: 1_000 }])
  world.clock.jump(30 * dayMs)
  await world.clock.advance(2 * hourMs)
  await world.until(() => leaseOf(alice, hub)?.state === 'checked')
  expect(blobs()).toEqual({ type: 'up-to', bytes: 0 })
  // And larger ones again at once.
  await ask(world, alice, hub, { days: 90, blobs: 500 })
  expect(blobs()).toEqual({ type: 'up-to', bytes: 500 })
})

test('[V36] a holder that drops what it leased says so, and it counts no more', async () => {
  await using world = createWorld('receipts')
  const { hub, alice } = await withHub(world)
  await ask(world, alice, hub)
  await alice.stop()
  hub.peer.unwatch(alice.identity)
  // The operator blocks her: what was promised ends.
  await world.turn(hub.peer.relate('block', alice.identity, true))
  await world.turn(hub.peer.relate('block', alice.identity, false))
  const again = await world.add('alice')
  await meet(world, again, hub)
  await world.until(() => leaseOf(again, hub)?.state === 'gone')
  expect(again.peer.leases.copies(again.identity)).toBe(0)
})

test('[V31] a feed that grows far beyond what was reserved for it is let go', async () => {
  await using world = createWorld('outgrown')
  const { hub, alice } = await withHub(world)
  await ask(world, alice, hub)
  hub.peer.unwatch(alice.identity)
  expect(hub.store.feed(alice.identity)).toMatchObject({ watched: true, policy: { leased: true } })
  for (let n = 0; n < 120; n++) await alice.peer.publish(note('x'.repeat(12_000)), { detached: false })
  await world.until(() => hub.peer.leases.held().length === 0)
  expect(hub.store.feed(alice.identity)).toMatchObject({ watched: false, heldCount: 0 })
})

test('[V37] own devices lease for each other unasked, all of what each wrote', async () => {
  await using world = createWorld('own leases')
  const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
  await laptop.peer.publish(note('of the laptop'))
  await phone.peer.publish(note('of the phone'))
  await world.until(() => leaseOf(laptop, phone)?.state === 'checked', 300_000)
  await world.until(() => leaseOf(phone, laptop)?.state === 'checked', 300_000)
  expect(laptop.peer.leases.list().map(({ feed }) => feed)).toEqual([laptop.identity])
  expect(phone.peer.leases.held()).toMatchObject([{ feed: laptop.identity }])
  // A person may say no to it.
  await world.turn(laptop.peer.leases.end(phone.identity, { signal }))
  await world.clock.advance(2 * hourMs)
  expect(phone.peer.leases.held()).toEqual([])
})

test('[V37] what one device asked for, another one renews and checks too', async () => {
  await using world = createWorld('shared terms')
  const { hub } = await boxHub(world, { leases: { isFor: () => true } })
  const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
  await laptop.peer.publish(note('of the laptop'))
  await phone.peer.publish(note('of the phone'))
  await meet(world, laptop, hub)
  await world.pass(5_000)
  await ask(world, laptop, hub)
  await world.until(() => phone.peer.state.value(`lease/${hub.identity}`) !== null)
  await world.until(
    () =>
      phone.store.feed(laptop.identity)?.record?.head.head ===
      laptop.store.feed(laptop.identity)?.record?.head.head,
  )
  await laptop.stop()
  await meet(world, phone, hub)
  await world.until(() => leaseOf(phone, hub, laptop.identity)?.state === 'checked', 300_000)
  await world.until(() => leaseOf(phone, hub)?.state === 'checked', 300_000)
})

test('[V37] [S34] of a lost phone what it wrote up to an end that nobody signed is leased and checked', async () => {
  await using world = createWorld('ended')
  const { hub } = await boxHub(world, { leases: { isFor: () => true } })
  const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
  const heard = () =>
    world.until(() => headOf(laptop.store, phone)?.head === headOf(phone.store, phone)?.head)
  await phone.peer.publish(note('of the phone'))
  await heard()
  const end = headOf(phone.store, phone)
  if (end === null) throw new Error('no head')
  await phone.peer.publish(note('of a thief'))
  await heard()
  await world.turn(laptop.peer.account.revoke(phone.identity, { final: [end.epoch, end.length, end.head] }))
  expect(headOf(laptop.store, phone)).toBeNull()
  await meet(world, laptop, hub)
  await world.pass(5_000)
  await ask(world, laptop, hub)
  await world.until(() => leaseOf(laptop, hub, phone.identity)?.state === 'checked', 300_000)
  expect(leaseOf(laptop, hub, phone.identity)).toMatchObject({ length: end.length, failure: null })
})

const headOf = (store: Store, { identity }: TestPeer) => store.feed(identity)?.record?.head ?? null

describe('[V38] a holder that lies is found out, and it is said', () => {
  interface Lie {
    /** What it answers to a spot check; null: `absent`. */
    answer(check: JsonObject, nonce: Uint8Array): Uint8Array | null
    isForgotten: boolean
    /** How often it says that it lacks what is asked for. */
    lacks: number
  }

  /** Signs for whatever is asked, and has nothing. */
  async function meetLiar(world: World) {
    const { leases: _, ...store } = openNodeStore(':memory:', {
      sha256: testCrypto.sha256,
      now: world.clock.now,
    })
    const hub = await world.add('hub', { kind: 'hub', store })
    const alice = await world.add('alice')
    for (let n = 0; n < 3; n++) await alice.peer.publish(note(`note ${n}`))
    const signer = await testCrypto.signer(testSeed('hub'))
    const records = new Map<string, Uint8Array>()
    const lie: Lie = { answer: () => null, isForgotten: false, lacks: 0 }
    hub.peer.serve({
      name: 'datalease',
      isFor: () => true,
      methods: {
        async ask({ value }) {
          if (lie.lacks-- > 0) return err({ code: 'not-held', retryMs: null })
          const asked = value as unknown as Omit<Lease, 'holder' | 'at'>
          const record = await signLease({ ...asked, holder: hub.identity, at: world.clock.now() }, signer)
          records.set(asked.for, record)
          return ok({ value: {}, bytes: record })
        },
        async list() {
          const all = lie.isForgotten ? [] : [...records.values()]
          const bytes = new Uint8Array(Buffer.concat(all))
          return ok({ value: { sizes: all.map(({ length }) => length) }, bytes })
        },
        receipts: async () => ok({ value: { sizes: [] } }),
        async check({ value, bytes }) {
          const hash = lie.answer(value, bytes)
          return hash === null ? err({ code: 'absent', retryMs: null }) : ok({ value: {}, bytes: hash })
        },
      },
    })
    await meet(world, alice, hub)
    await world.pass(1_000)
    /** As one who has all of it. */
    const honest: Lie['answer'] = ({ cid, offset, length }, nonce) => {
      const bytes = alice.store.entry(cid as RawCid)?.signed.bytes ?? alice.store.block(cid as RawCid)
      const start = offset as number
      return bytes === null
        ? null
        : spotHash(nonce, bytes.subarray(start, start + (length as number)), testCrypto.sha256)
    }
    const copies = () => alice.peer.leases.copies(alice.identity)
    const told = () =>
      alice.logged.flatMap(({ event, fields }) => (event === 'lease.failed' ? [fields.code] : []))
    return { hub, alice, lie, honest, copies, told }
  }

  test('it signs for a head that it does not hold', async () => {
    await using world = createWorld('no head')
    const { hub, alice, copies, told } = await meetLiar(world)
    expect(await ask(world, alice, hub)).toMatchObject([{ type: 'leased' }])
    expect(leaseOf(alice, hub)).toMatchObject({ state: 'failed', failure: 'absent', checkedAt: null })
    expect([copies(), told()]).toEqual([0, ['absent']])
  })

  test('[V39] it did not have it yet, and has it when it is asked for less: it is asked for all of it again', async () => {
    await using world = createWorld('not yet')
    const { hub, alice, lie, honest } = await meetLiar(world)
    lie.answer = honest
    lie.lacks = 1
    expect(await ask(world, alice, hub)).toMatchObject([{ type: 'leased', blobs: 64 * 1024 * 1024 }])
    expect(leaseOf(alice, hub)).toMatchObject({ blobs: 64 * 1024 * 1024 })
  })

  test('it shows it at first, and forgets it then', async () => {
    await using world = createWorld('forgets')
    const { hub, alice, lie, honest, copies, told } = await meetLiar(world)
    lie.answer = honest
    await ask(world, alice, hub)
    expect([leaseOf(alice, hub)?.state, copies(), told()]).toEqual(['checked', 1, []])
    lie.answer = () => null
    world.clock.jump(8 * dayMs)
    await world.clock.advance(hourMs)
    await world.until(() => leaseOf(alice, hub)?.state === 'failed')
    expect([copies(), told()]).toEqual([0, ['absent']])
    // It has it again: counted once it has shown it.
    lie.answer = honest
    await world.clock.advance(2 * hourMs)
    await world.until(() => copies() === 1)
  })

  test('it answers with what it computed before, or with old bytes', async () => {
    await using world = createWorld('old bytes')
    const { hub, alice, lie, honest, copies, told } = await meetLiar(world)
    const stale = new Uint8Array(16)
    lie.answer = (check) => honest(check, stale)
    await ask(world, alice, hub)
    expect([leaseOf(alice, hub)?.failure, copies(), told()]).toEqual(['wrong-answer', 0, ['wrong-answer']])
  })

  test('it does not know of the lease any more', async () => {
    await using world = createWorld('not listed')
    const { hub, alice, lie, honest, told } = await meetLiar(world)
    lie.answer = honest
    await ask(world, alice, hub)
    lie.isForgotten = true
    await world.turn(alice.peer.leases.tend({ signal }))
    expect(told()).toEqual(['not-listed'])
    expect(leaseOf(alice, hub)?.state).toBe('failed')
  })

  test('it answers no check at all: after 30 days it counts no more', async () => {
    await using world = createWorld('silent')
    const { hub, alice, lie, honest, copies } = await meetLiar(world)
    lie.answer = honest
    await ask(world, alice, hub, { days: 90 })
    lie.answer = () => {
      throw new Error('busy')
    }
    expect(copies()).toBe(1)
    world.clock.jump(30 * dayMs - 1)
    expect(copies()).toBe(1)
    world.clock.jump(1)
    expect([copies(), leaseOf(alice, hub)?.state]).toEqual([0, 'unchecked'])
  })
})
