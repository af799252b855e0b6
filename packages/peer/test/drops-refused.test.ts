/** Drops that a box, or the own key, does not give at once (V42): nothing is lost, and nobody is pressed. */
import { type Drop, dropNonce, EffigyError, identityOfKey, ok, type RawCid, utf8 } from '@effigy/core'
import { type Service, type ServiceRefusal, sealDrop } from '@effigy/sync'
import { testSeed } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { meet } from './account-kit.ts'
import { boxOf, hello } from './drops-kit.ts'
import { createWorld, type TestPeer, testCrypto, type World } from './world.ts'

interface Asked {
  readonly id: RawCid
  readonly atMs: number
}

/** A box that offers what it was given at once, and gives it as `answer` says; it throws for 'fail'. */
function createBox(world: World, answer: (id: RawCid, times: number) => ServiceRefusal | 'fail' | null) {
  const kept = new Map<RawCid, Uint8Array>()
  const asked: Asked[] = []
  const done: unknown[] = []
  const lists: Uint8Array[] = []
  const service: Service = {
    name: 'dropbox',
    isFor: () => true,
    methods: {
      listen({ answer: say, signal }) {
        say({ value: { drops: [...kept.keys()].map((id) => ({ id, size: 1, at: 1, friend: true })) } })
        return new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(ok({ value: {} })), { once: true })
        })
      },
      async fetch({ value }) {
        const id = value.id as RawCid
        asked.push({ id, atMs: world.clock.monotonic() })
        const refusal = answer(id, asked.filter((one) => one.id === id).length)
        if (refusal === 'fail') throw new Error('a disk')
        return refusal === null ? ok({ value: { id }, bytes: kept.get(id)! }) : { ok: false, error: refusal }
      },
      async done({ value }) {
        done.push(...(value.ids as unknown[]))
        return ok({ value: {} })
      },
      async friends({ bytes }) {
        lists.push(bytes)
        return ok({ value: {} })
      },
    },
  }
  return { service, kept, asked, done, lists }
}

async function leave(world: World, box: ReturnType<typeof createBox>, to: TestPeer, text: string) {
  const signer = await testCrypto.signer(testSeed('alice'))
  const nonce = dropNonce(testCrypto.sha256(utf8(text)).subarray(0, 16))
  const from = identityOfKey(signer.publicKey)
  const drop: Drop = { from, to: to.identity, nonce, at: world.clock.now(), payload: hello(text) }
  const sealed = await sealDrop(drop, signer, [await boxOf(to.name)], testCrypto)
  if (!sealed.ok) throw new Error(sealed.error.code)
  box.kept.set(sealed.value.id, sealed.value.bytes)
  return sealed.value.id
}

test('[V42] what a box refuses for now is fetched again, after the time it says and behind the others', async () => {
  await using world = createWorld('refused fetches')
  const [keeper, bob] = [await world.add('keeper'), await world.add('bob')]
  const refusals = new Map<RawCid, ServiceRefusal | 'fail'>()
  const box = createBox(world, (id, times) => (times === 1 ? (refusals.get(id) ?? null) : null))
  using _box = keeper.peer.serve(box.service)
  const [fast, busy, failing, sound] = [
    await leave(world, box, bob, 'too fast'),
    await leave(world, box, bob, 'busy'),
    await leave(world, box, bob, 'failing'),
    await leave(world, box, bob, 'sound'),
  ]
  refusals.set(fast, { code: 'too-fast', retryMs: 3_000 })
  refusals.set(busy, { code: 'busy', retryMs: null })
  refusals.set(failing, 'fail')
  await meet(world, bob, keeper)
  await world.until(() => box.done.length === 4, 60_000)
  expect(box.asked.map(({ id }) => id)).toEqual([fast, busy, failing, sound, fast, busy, failing])
  const pauses = box.asked.map(({ atMs }, index) => atMs - (box.asked[index - 1]?.atMs ?? atMs))
  expect(pauses.slice(1, 4).map((ms) => Math.floor(ms / 1_000))).toEqual([3, 10, 10])
  expect(bob.store.takenDrops?.usage(true, null).items).toBe(4)
})

test('[V42] one that a box never gives keeps nothing else from it: neither what was taken nor a new list', async () => {
  await using world = createWorld('a drop that always fails')
  const [keeper, bob] = [await world.add('keeper'), await world.add('bob')]
  let failing: RawCid | null = null
  const box = createBox(world, (id) => (id === failing ? 'fail' : null))
  using _box = keeper.peer.serve(box.service)
  failing = await leave(world, box, bob, 'failing')
  const sound = await leave(world, box, bob, 'sound')
  await meet(world, bob, keeper)
  await world.until(() => box.done.includes(sound), 60_000)
  const before = box.lists.length
  await bob.peer.relate('follow', identityOfKey(testSeed('somebody')), true)
  await world.until(() => box.lists.length > before, 120_000)
  const times = box.asked.length
  await world.pass(60_000)
  expect(box.asked.length - times).toBeLessThanOrEqual(7)
})

test('[V42] what a box refuses for good is not asked for again, and never without a pause', async () => {
  await using world = createWorld('absent drops')
  const [keeper, bob] = [await world.add('keeper'), await world.add('bob')]
  const box = createBox(world, () => ({ code: 'absent', retryMs: null }))
  using _box = keeper.peer.serve(box.service)
  for (let n = 0; n < 20; n++) await leave(world, box, bob, `${n}`)
  await meet(world, bob, keeper)
  await world.until(() => box.asked.length === 20)
  await world.pass(5_000)
  expect(box.asked.length).toBe(20)
  expect(box.asked[19]!.atMs - box.asked[0]!.atMs).toBeGreaterThanOrEqual(1_900)
})

test('[V42] a box that goes while it is rested for is attended at once when it is back', async () => {
  await using world = createWorld('gone while resting')
  const [keeper, bob] = [await world.add('keeper'), await world.add('bob')]
  const box = createBox(world, (_, times) => (times === 1 ? { code: 'busy', retryMs: 3_600_000 } : null))
  using _box = keeper.peer.serve(box.service)
  await leave(world, box, bob, 'one')
  await meet(world, bob, keeper)
  await world.until(() => box.asked.length === 1)
  world.network.loseAll('keeper')
  await world.until(() => box.done.length === 1, 120_000)
})

test('[V42] [K6] a drop that comes while our own key cannot be used is not acknowledged, and is taken when it can', async () => {
  await using world = createWorld('own key fails')
  const key = await testCrypto.agreementKey(testSeed('box of bob'))
  let isLocked = true
  let tries = 0
  const boxKey = {
    publicKey: key.publicKey,
    async agree(theirs: Uint8Array) {
      tries++
      if (isLocked) throw new EffigyError('vault-locked', 'locked')
      return key.agree(theirs)
    },
  }
  const [keeper, bob] = [await world.add('keeper'), await world.add('bob', { boxKey })]
  const box = createBox(world, () => null)
  using _box = keeper.peer.serve(box.service)
  const id = await leave(world, box, bob, 'one')
  await meet(world, bob, keeper)
  await world.until(() => tries > 0)
  await world.pass(15_000)
  expect([box.done, tries]).toEqual([[], 2])
  isLocked = false
  await world.until(() => box.done.length === 1)
  expect(box.done).toEqual([id])
  expect(bob.store.takenDrops?.usage(true, null).items).toBe(1)
})

test('[V42] [K6] a taken drop that our own key cannot open now is handed on once it can', async () => {
  await using world = createWorld('own key fails later')
  const key = await testCrypto.agreementKey(testSeed('box of bob'))
  let isLocked = false
  const boxKey = {
    publicKey: key.publicKey,
    async agree(theirs: Uint8Array) {
      if (isLocked) throw new EffigyError('vault-locked', 'locked')
      return key.agree(theirs)
    },
  }
  const [keeper, bob] = [await world.add('keeper'), await world.add('bob', { boxKey })]
  const box = createBox(world, () => null)
  using _box = keeper.peer.serve(box.service)
  await leave(world, box, bob, 'one')
  await meet(world, bob, keeper)
  await world.until(() => box.done.length === 1)
  isLocked = true
  const got: unknown[] = []
  bob.peer.drops.handle('x-hello', ({ payload }) => void got.push(payload.text), { requests: true })
  await world.until(() => bob.logged.some(({ event }) => event === 'drop.unhandled'))
  expect(got).toEqual([])
  isLocked = false
  await world.clock.advance(600_000)
  await world.until(() => got.length === 1)
  expect(bob.store.takenDrops?.usage(true, null).items).toBe(0)
})
