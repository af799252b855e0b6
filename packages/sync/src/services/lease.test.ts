/** Leases on both sides (V30-V35). */
import {
  type Identity,
  identityOfKey,
  type Lease,
  rawCidOfDigest,
  signLease,
  signReceipt,
} from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { createMemoryLeases } from '@effigy/store'
import { createFakeClock } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { defaultLeaseLimits, type LeaseLimits } from '../limits.ts'
import { createLeaseHolder, type LeaseHolderPorts, type LeaseRequest } from './lease-holder.ts'
import { acceptLease, acceptReceipt, createSpot } from './lease-owner.ts'
import { createLeaseService } from './lease-service.ts'
import type { ServiceCall } from './service.ts'
import { spotHash } from './spot-hash.ts'

const crypto = createNodeCrypto()
const { sha256 } = crypto
const [holder, alice, other] = (await Promise.all(
  [1, 2, 3].map((n) => crypto.signer(new Uint8Array(32).fill(n))),
)) as [
  Awaited<ReturnType<typeof crypto.signer>>,
  Awaited<ReturnType<typeof crypto.signer>>,
  Awaited<ReturnType<typeof crypto.signer>>,
]
const identity = (signer: typeof holder): Identity => identityOfKey(signer.publicKey)
const head = rawCidOfDigest(new Uint8Array(32).fill(7))
const blob = rawCidOfDigest(new Uint8Array(32).fill(8))
const blobBytes = crypto.randomBytes(1_000)
const dayMs = 24 * 60 * 60 * 1000

function createWorld(changes: Partial<LeaseLimits> = {}, ports: Partial<LeaseHolderPorts> = {}) {
  const clock = createFakeClock()
  const store = createMemoryLeases()
  const world = { covered: 10 as number | null, files: 0, isGone: false }
  const kept = createLeaseHolder({
    self: identity(holder),
    store,
    clock,
    sha256,
    limits: { ...defaultLeaseLimits, ...changes },
    mayLease: (owner, feed) => owner === feed || owner === identity(alice),
    covered: ({ blobs }) => (world.covered === null ? null : world.covered + (blobs > 0 ? world.files : 0)),
    read: (feed, cid) => (feed === identity(alice) && cid === blob && !world.isGone ? blobBytes : null),
    ...ports,
  })
  const ask = (feed = alice, more: Partial<LeaseRequest> = {}): LeaseRequest => ({
    for: identity(feed),
    epoch: 1,
    length: 10,
    head,
    blobs: 0,
    until: clock.now() + 30 * dayMs,
    bytes: 100,
    ...more,
  })
  /** The code of a refusal, or `ok`: asked and granted. */
  const lease = (owner: typeof alice, request: LeaseRequest): string => {
    const asked = kept.request(identity(owner), request)
    if (!asked.ok) return asked.error.code
    return kept.grant(identity(owner), asked.value, new Uint8Array(1))?.code ?? 'ok'
  }
  return { clock, store, world, kept, ask, lease }
}

describe('the holder', () => {
  test('[V30] promises what was asked for, up to longestMs, to whom it belongs', () => {
    const { kept, ask, clock } = createWorld()
    const until = clock.now() + 365 * dayMs
    const granted = kept.request(identity(alice), ask(alice, { until, blobs: 5 }))
    expect(granted).toMatchObject({
      value: {
        holder: identity(holder),
        for: identity(alice),
        until: clock.now() + 90 * dayMs,
        blobs: 5,
        at: clock.now(),
      },
    })
    expect(kept.request(identity(other), ask(alice))).toMatchObject({ error: { code: 'not-yours' } })
  })

  test('[V30] not what it does not hold, what is over already, or nothing', () => {
    const { lease, ask, world, clock } = createWorld()
    expect(lease(alice, ask(alice, { until: clock.now() }))).toBe('too-short')
    expect(lease(alice, ask(alice, { bytes: 0 }))).toBe('no-bytes')
    world.covered = null
    expect(lease(alice, ask())).toBe('not-held')
  })

  test('[V31] [T16] says when to ask again: after notHeldRetryMs, or after fullRetryMs', () => {
    const { kept, ask, world } = createWorld({ totalBytes: 100, notHeldRetryMs: 11, fullRetryMs: 22 })
    const retryMs = (bytes: number) => kept.request(identity(alice), ask(alice, { bytes }))
    expect(retryMs(101)).toMatchObject({ error: { code: 'full', retryMs: 22 } })
    world.covered = null
    expect(retryMs(100)).toMatchObject({ error: { code: 'not-held', retryMs: 11 } })
  })

  test('[V31] quotas: bytes of one owner, leases, bytes of all, at the limit and one above', () => {
    const { lease, ask } = createWorld({ bytesPerOwner: 200, leasesPerOwner: 2, totalBytes: 350 })
    expect(lease(alice, ask(alice, { bytes: 201 }))).toBe('quota')
    expect(lease(alice, ask(alice, { bytes: 200 }))).toBe('ok')
    expect(lease(alice, ask(other, { bytes: 1 }))).toBe('quota')
    expect(lease(other, ask(other, { bytes: 151 }))).toBe('full')
    expect(lease(other, ask(other, { bytes: 150 }))).toBe('ok')
    const many = createWorld({ leasesPerOwner: 1 })
    expect([many.lease(alice, many.ask()), many.lease(alice, many.ask(other))]).toEqual(['ok', 'too-many'])
  })

  test('[V31] [T17] what is reserved is what counts: less than it covers is refused', () => {
    const { lease, ask, world } = createWorld()
    world.covered = 1_000
    expect(lease(alice, ask(alice, { bytes: 999 }))).toBe('too-small')
    expect(lease(alice, ask(alice, { bytes: 1_000 }))).toBe('ok')
  })

  test('[V31] [T16] requests of one owner: as many at once as leases, then so many a minute', async () => {
    const { kept, lease, ask, clock } = createWorld({ leasesPerOwner: 2, asksPerMinute: 60 })
    const codes = () => [1, 2, 3].map(() => lease(alice, ask()))
    expect(codes()).toEqual(['ok', 'ok', 'too-fast'])
    expect(lease(other, ask(other))).toBe('ok')
    await clock.advance(2_000)
    const check = { for: identity(alice), cid: blob, nonce: new Uint8Array(16), offset: 0, length: 1 }
    expect(kept.spotCheck(identity(alice), check)).toMatchObject({ ok: true })
    expect(codes()).toEqual(['ok', 'too-fast', 'too-fast'])
    expect(kept.spotCheck(identity(alice), check)).toMatchObject({ error: { code: 'too-fast' } })
  })

  test('[V31] [V37] [T16] all devices of a person have one pace, and what covers much counts as much', async () => {
    const devices = [identity(alice), identity(other)]
    const { lease, ask, clock } = createWorld({ leasesPerOwner: 4 }, { namesOf: () => devices })
    expect(lease(alice, ask(alice, { length: 29_999 }))).toBe('ok')
    expect(lease(other, ask(other))).toBe('ok')
    expect(lease(other, ask(other))).toBe('too-fast')
    await clock.advance(1_000)
    expect(lease(alice, ask(alice, { length: 10_000 }))).toBe('too-fast')
    expect(lease(alice, ask(alice, { length: 9_999 }))).toBe('ok')
    await clock.advance(4_000)
    expect(lease(alice, ask(alice, { length: 10_000_000 }))).toBe('ok')
    expect(lease(other, ask(other))).toBe('too-fast')
  })

  test('[V31] a renewal takes the place of what it renews, also in the quota', async () => {
    const { lease, ask, store, clock } = createWorld({
      bytesPerOwner: 200,
      leasesPerOwner: 1,
      asksPerMinute: 60_000,
    })
    lease(alice, ask(alice, { bytes: 150 }))
    await clock.advance(1)
    expect(lease(alice, ask(alice, { bytes: 200, until: clock.now() + 60 * dayMs }))).toBe('ok')
    expect(store.of(identity(alice))).toMatchObject([{ bytes: 200, until: clock.now() + 60 * dayMs }])
  })

  test('[T16] while the disk is nearly full nothing more is promised, and what is promised is renewed', () => {
    let isLow = false
    const { lease, ask } = createWorld({}, { isFull: () => isLow })
    expect(lease(alice, ask())).toBe('ok')
    isLow = true
    expect(lease(alice, ask())).toBe('ok')
    expect(lease(alice, ask(alice, { bytes: 101 }))).toBe('full')
    expect(lease(other, ask(other, { bytes: 1 }))).toBe('full')
  })

  test('[V31] two requests at once do not get more than there is', () => {
    const { kept, ask } = createWorld({ totalBytes: 150 })
    const first = kept.request(identity(alice), ask())
    const second = kept.request(identity(other), ask(other))
    if (!first.ok || !second.ok) throw new Error('both fit alone')
    expect(kept.grant(identity(alice), first.value, new Uint8Array(1))).toBeNull()
    expect(kept.grant(identity(other), second.value, new Uint8Array(1))).toMatchObject({ code: 'full' })
  })

  test('[V32] ends to the millisecond; released by its owner alone', async () => {
    const { kept, lease, ask, clock, store } = createWorld()
    lease(alice, ask(alice, { until: clock.now() + 1_000 }))
    expect(kept.release(identity(other), identity(alice))).toBe(false)
    await clock.advance(999)
    const ended = () => store.ended(clock.now(), 9).map((lease) => lease.for)
    expect(ended()).toEqual([])
    await clock.advance(1)
    expect(ended()).toEqual([identity(alice)])
    lease(alice, ask())
    expect(kept.release(identity(alice), identity(alice))).toBe(true)
    expect(kept.list(identity(alice))).toEqual([])
  })

  test('[V32] [T26] what is released is kept for 30 days, counted, and told to nobody; asked for anew it is a lease again', async () => {
    const { kept, lease, ask, clock, store } = createWorld({ bytesPerOwner: 150 })
    const until = clock.now() + 80 * dayMs
    lease(alice, ask(alice, { until }))
    const soon = clock.now() + 30 * dayMs
    expect([1, 2].map(() => kept.release(identity(alice), identity(alice)))).toEqual([true, false])
    expect(store.get(identity(alice))).toMatchObject({ until: soon, isReleased: true })
    const check = { for: identity(alice), cid: blob, nonce: new Uint8Array(16), offset: 0, length: 1 }
    expect(kept.spotCheck(identity(alice), check)).toMatchObject({ error: { code: 'absent' } })
    expect(lease(alice, ask(other, { bytes: 100 }))).toBe('quota')
    expect([store.ended(soon - 1, 9).length, store.ended(soon, 9).length]).toEqual([0, 1])

    await clock.advance(dayMs)
    expect(lease(alice, ask(alice, { until }))).toBe('ok')
    expect(store.get(identity(alice))).toMatchObject({ until, isReleased: false, before: null })
    expect(kept.list(identity(alice))).toHaveLength(1)
    // One that ends sooner by itself is kept no longer for it.
    await clock.advance(70 * dayMs)
    expect(kept.release(identity(alice), identity(alice))).toBe(true)
    expect(store.get(identity(alice))?.until).toBe(until)
  })

  test('[V32] [T26] one that gives less lets what was there before last for 30 days, and not for longer with each renewal', async () => {
    const { kept, ask, clock, store, world } = createWorld({ bytesPerOwner: 150 })
    const feed = identity(alice)
    world.files = 80
    const lease = async (more: Partial<LeaseRequest>): Promise<string> => {
      const asked = kept.request(feed, ask(alice, more))
      if (!asked.ok) return asked.error.code
      return kept.grant(feed, asked.value, await signLease(asked.value, holder))?.code ?? 'ok'
    }
    const start = clock.now()
    const [until, noticed] = [start + 80 * dayMs, start + 30 * dayMs]
    await lease({ until, blobs: 9 })
    expect(await lease({ until: start + 1, bytes: 10, blobs: 0 })).toBe('ok')
    const before = { until: noticed, blobs: 9 }
    const held = () => store.get(feed)
    // Of what was reserved only what is there.
    expect(held()).toMatchObject({ until: noticed, bytes: 90, before, isReleased: false })
    // What it says itself is told; what is kept is counted.
    expect(kept.list(feed)).toHaveLength(1)
    expect(kept.request(feed, ask(other, { bytes: 61 }))).toMatchObject({ error: { code: 'quota' } })

    await clock.advance(10 * dayMs)
    expect(await lease({ until, bytes: 10, blobs: 0 })).toBe('ok')
    expect(held()).toMatchObject({ until, bytes: 90, before })
    expect([store.ended(noticed - 1, 9).length, store.ended(noticed, 9).length]).toEqual([0, 1])
    // All of it again: nothing is less.
    expect(await lease({ until, blobs: 9 })).toBe('ok')
    expect(held()).toMatchObject({ until, bytes: 100, before: null })

    // Each alone is less; one that would have ended sooner lasts no longer for it.
    const later = { until: noticed, blobs: 9 }
    await clock.advance(60 * dayMs)
    for (const less of [{ blobs: 8 }, { until: until - 1, blobs: 9 }]) {
      await lease({ until, bytes: 100, blobs: 9 })
      expect(held()?.before).toBeNull()
      await lease({ until, ...less })
      expect(held()).toMatchObject({ until, bytes: 100, before: { ...later, until } })
    }
    // Less is reserved, and still more than is there.
    await lease({ until, bytes: 100, blobs: 9 })
    await lease({ until, bytes: 99, blobs: 9 })
    expect(held()).toMatchObject({ until, bytes: 99, before: null })
  })

  test('[V33] [T30] a lease over one feed tells nothing of the bytes of another', () => {
    const { kept, ask, lease } = createWorld()
    expect(lease(other, ask(other))).toBe('ok')
    const check = { for: identity(other), cid: blob, nonce: new Uint8Array(16), offset: 0, length: 1 }
    expect(kept.spotCheck(identity(other), check)).toMatchObject({ error: { code: 'absent' } })
  })

  test('[V33] answers spot checks to the owner, within the bytes, while the lease lasts', async () => {
    const { kept, lease, ask, clock } = createWorld()
    lease(alice, ask(alice, { until: clock.now() + 1_000 }))
    const nonce = new Uint8Array(16).fill(1)
    const check = { for: identity(alice), cid: blob, nonce, offset: 10, length: 990 }
    const hash = spotHash(nonce, blobBytes.subarray(10), sha256)
    expect(kept.spotCheck(identity(alice), check)).toEqual({ ok: true, value: hash })
    for (const wrong of [
      { length: 991 },
      { length: 0 },
      { nonce: new Uint8Array(15) },
      { offset: 2 ** 53 - 1 },
    ]) {
      expect(kept.spotCheck(identity(alice), { ...check, ...wrong })).toMatchObject({
        error: { code: 'range' },
      })
    }
    expect(kept.spotCheck(identity(other), check)).toMatchObject({ error: { code: 'absent' } })
    expect(kept.spotCheck(identity(alice), { ...check, cid: head })).toMatchObject({
      error: { code: 'absent' },
    })
    await clock.advance(1_000)
    expect(kept.spotCheck(identity(alice), check)).toMatchObject({ error: { code: 'absent' } })
  })
})

describe('the owner', () => {
  const asked = createWorld().ask()
  const lease: Lease = { ...asked, holder: identity(holder), at: 1 }

  test('[V32] takes a lease that is as asked, or less', async () => {
    const accept = async (changes: Partial<Lease>, signer = holder) => {
      const accepted = await acceptLease(
        await signLease({ ...lease, ...changes }, signer),
        identity(holder),
        asked,
        crypto,
      )
      return accepted.ok ? 'ok' : accepted.error.code
    }
    expect(await accept({})).toBe('ok')
    expect(await accept({ until: asked.until - 1, bytes: 1 })).toBe('ok')
    expect(await accept({}, other)).toBe('forged')
    for (const wrong of [
      { until: asked.until + 1 },
      { bytes: asked.bytes + 1 },
      { blobs: 1 },
      { head: blob },
      { length: 9 },
      { epoch: 2 },
      { for: identity(other) },
      { holder: identity(other) },
    ]) {
      expect.soft(await accept(wrong), JSON.stringify(wrong)).toBe('not-as-asked')
    }
    const nonsense = await acceptLease(new Uint8Array(100), identity(holder), asked, crypto)
    expect(nonsense).toMatchObject({ error: { code: 'encoding' } })
  })

  test('[V34] a receipt is of its holder, for that feed', async () => {
    const receipt = { holder: identity(holder), for: identity(alice), head, at: 5 }
    const record = await signReceipt(receipt, holder)
    expect(await acceptReceipt(record, identity(holder), identity(alice), crypto)).toEqual({
      ok: true,
      value: receipt,
    })
    expect(await acceptReceipt(record, identity(other), identity(alice), crypto)).toMatchObject({ ok: false })
    const forged = await signReceipt(receipt, other)
    expect(await acceptReceipt(forged, identity(holder), identity(alice), crypto)).toMatchObject({
      error: { code: 'forged' },
    })
  })
})

describe('[V36] receipts and names', () => {
  test('the devices of a person have one quota, and each may ask after any of their leases', () => {
    const persons = [identity(alice), identity(other)]
    const { kept, store, ask } = createWorld(
      { bytesPerOwner: 150 },
      { namesOf: (owner) => (persons.includes(owner) ? persons : [owner]) },
    )
    const grant = (owner: typeof alice, request: LeaseRequest): string => {
      const granted = kept.request(identity(owner), request)
      if (!granted.ok) return granted.error.code
      return kept.grant(identity(owner), granted.value, new Uint8Array(1))?.code ?? 'ok'
    }
    expect(grant(alice, ask())).toBe('ok')
    expect(grant(other, ask(other))).toBe('quota')
    // Another device renews it in its place.
    expect(grant(other, { ...ask(), for: identity(alice) })).toBe('not-yours')
    expect(kept.list(identity(other))).toHaveLength(1)
    expect(kept.release(identity(holder), identity(alice))).toBe(false)
    expect(kept.release(identity(other), identity(alice))).toBe(true)
    expect(kept.list(identity(alice))).toEqual([])
    expect(store.get(identity(alice))).toMatchObject({ isReleased: true })
  })

  test('an own device has no quota', () => {
    const { kept, ask } = createWorld({ bytesPerOwner: 1 }, { isOwn: (owner) => owner === identity(alice) })
    expect(kept.request(identity(alice), ask()).ok).toBe(true)
    expect(kept.request(identity(other), ask(other))).toMatchObject({ error: { code: 'quota' } })
  })

  test('what is gone is told to whom it was promised, the newest first', async () => {
    const { kept, store } = createWorld()
    const gone = (feed: typeof alice, at: number) => ({
      for: identity(feed),
      owner: identity(alice),
      head,
      at,
    })
    store.remove(identity(alice), gone(alice, 5))
    store.remove(identity(other), gone(other, 6))
    const { methods } = createLeaseService(kept, holder, () => true)
    const call = (remote: typeof alice) =>
      methods.receipts!({
        remote: identity(remote),
        trust: 'friend',
        value: {},
        bytes: new Uint8Array(0),
        answer: () => {},
        signal: new AbortController().signal,
      })
    const told = await call(alice)
    if (!told.ok) throw new Error(told.error.code)
    const [first = 0, second = 0] = told.value.value.sizes as number[]
    const records = told.value.bytes as Uint8Array
    const accept = (record: Uint8Array, feed: typeof alice) =>
      acceptReceipt(record, identity(holder), identity(feed), crypto)
    expect(await accept(records.slice(0, first), other)).toMatchObject({ value: { at: 6 } })
    expect(await accept(records.slice(first, first + second), alice)).toMatchObject({
      value: { at: 5, head },
    })
    expect(await call(other)).toMatchObject({ ok: true, value: { value: { sizes: [] } } })
    expect(store.forgetGone(5, 10)).toBe(1)
  })
})

test('[V35] over calls: asked for, listed, checked, released', async () => {
  const { kept, ask } = createWorld()
  const { methods } = createLeaseService(kept, holder, () => true)
  const call = (value: object, bytes: Uint8Array = new Uint8Array(0)): ServiceCall => ({
    remote: identity(alice),
    trust: 'own',
    value: value as never,
    bytes,
    answer: () => {},
    signal: new AbortController().signal,
  })
  const asked = ask()
  const granted = await methods.ask!(call(asked))
  if (!granted.ok) throw new Error(granted.error.code)
  const record = granted.value.bytes as Uint8Array
  expect((await acceptLease(record, identity(holder), asked, crypto)).ok).toBe(true)
  expect(await methods.list!(call({}))).toEqual({
    ok: true,
    value: { value: { sizes: [record.length] }, bytes: record },
  })
  const spot = createSpot(asked.for, blob, blobBytes, { random: crypto.randomBytes, sha256 })
  const { nonce, ...rest } = spot.check
  expect(await methods.check!(call(rest, nonce))).toEqual({
    ok: true,
    value: { value: {}, bytes: spot.expected },
  })
  expect((await methods.release!(call({ for: asked.for }))).ok).toBe(true)
  for (const [method, value] of [
    ['ask', { ...asked, epoch: 0 }],
    ['ask', { ...asked, head: 'x' }],
    ['ask', { ...asked, bytes: 1.5 }],
    ['check', { ...rest, offset: -1 }],
    ['release', {}],
  ] as const) {
    expect.soft(await methods[method]!(call(value)), method).toMatchObject({ error: { code: 'bad-value' } })
  }
})
