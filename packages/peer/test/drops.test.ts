/** Drops between whole peers that are never online together (V40-V45). */
import { identityOfKey, type JsonObject } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import type { DropHandler, ReceivedDrop } from '../src/index.ts'
import { authorityOf, household, meet } from './account-kit.ts'
import { boxHub, boxOf, hello } from './drops-kit.ts'
import { createWorld, never, type TestPeer, type World } from './world.ts'

const nobody = identityOfKey(new Uint8Array(32).fill(9))

/** Everything of a type, as it came. */
function collect({ peer }: TestPeer, type = 'x-hello', act: DropHandler = () => {}): ReceivedDrop[] {
  const got: ReceivedDrop[] = []
  peer.drops.handle(type, async (drop, options) => {
    await act(drop, options)
    got.push(drop)
  })
  return got
}

const settled = (world: World, { peer }: TestPeer) => world.turn(peer.drops.settled(never))

describe('[V40] who are never online together', () => {
  test('friends, one of them with two devices: each device has it once, and the box lets go', async () => {
    await using world = createWorld('drops')
    const { hub } = await boxHub(world)
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    await meet(world, laptop, hub)
    await meet(world, phone, hub)
    const alice = await world.add('alice')
    alice.peer.watch(authorityOf(laptop).identity)
    await meet(world, alice, hub)
    await world.until(() => alice.store.synods?.accountOf(phone.identity) != null)
    await alice.peer.relate('follow', laptop.identity, true)
    await laptop.peer.relate('follow', alice.identity, true)
    await world.until(() => phone.store.relations(phone.identity, 'follow').includes(alice.identity))
    await world.pass(15_000)
    await laptop.stop()
    await phone.stop()
    const sent = await world.turn(alice.peer.drops.send(phone.identity, hello('one'), { signal: never }))
    expect(sent.boxes).toMatchObject([{ type: 'kept', box: hub.identity }])
    await alice.stop()
    expect(hub.store.drops?.totalBytes).toBe(sent.size)
    for (const name of ['phone', 'laptop']) {
      const device = await world.add(name)
      const got = collect(device)
      await meet(world, device, hub)
      await world.until(() => got.length > 0)
      expect(got).toMatchObject([
        { from: alice.identity, nonce: sent.nonce, payload: hello('one'), isRequest: false, byHand: false },
      ])
      await settled(world, device)
      await world.pass(8_000)
      expect(got).toHaveLength(1)
      expect(await world.turn(device.peer.drops.list('waiting'))).toEqual([])
      await device.stop()
    }
    expect(hub.store.drops?.totalBytes).toBe(0)
  })
})

describe('[V41] strangers', () => {
  async function pair(world: World) {
    const { hub } = await boxHub(world)
    const [bob, eve] = [await world.add('bob'), await world.add('eve')]
    await meet(world, bob, hub)
    await meet(world, eve, hub)
    const keys = [await boxOf('bob')]
    const send = (text: string) =>
      world.turn(eve.peer.drops.send({ to: bob.identity, keys }, hello(text), { signal: never }))
    return { hub, bob, eve, send }
  }

  test('land in the requests; accepted, it is acted on; declined, it is gone', async () => {
    await using world = createWorld('requests')
    const { bob, send } = await pair(world)
    const got = collect(bob)
    await send('one')
    await send('two')
    const requests = () => bob.store.takenDrops?.list(true, 10) ?? []
    await world.until(() => requests().length === 2)
    expect(got).toEqual([])
    const [one, two] = await world.turn(bob.peer.drops.list('requests'))
    expect([one?.payload.text, two?.payload.text]).toEqual(['one', 'two'])
    bob.peer.drops.accept(one!.id)
    await world.until(() => got.length === 1)
    bob.peer.drops.remove(two!.id)
    expect(() => bob.peer.drops.remove(two!.id)).toThrow(expect.objectContaining({ code: 'drop-unknown' }))
    expect(requests()).toEqual([])
  })

  test('[T28] who is blocked is not heard, and their drops are acknowledged', async () => {
    await using world = createWorld('blocked')
    const { hub, bob, eve, send } = await pair(world)
    await bob.peer.relate('block', eve.identity, true)
    await send('one')
    await world.until(() => hub.store.drops?.totalBytes === 0)
    expect(bob.store.takenDrops?.usage(true, null).items).toBe(0)
  })

  test('[T17] [V43] what one sender may leave waiting is bounded, and the rest stays at the box until it expires', async () => {
    await using world = createWorld('greedy')
    const { hub, bob, send } = await pair(world)
    for (let n = 0; n < 25; n++) {
      await send(`${n}`)
      await world.pass(1_100)
    }
    await settled(world, bob)
    expect(bob.store.takenDrops?.usage(true, null).items).toBe(20)
    const left = () => hub.store.drops?.waiting(bob.identity, 100).length
    expect(left()).toBe(5)
    // Room again: the rest is asked for anew.
    for (const { id } of await world.turn(bob.peer.drops.list('requests'))) bob.peer.drops.remove(id)
    await world.until(() => left() === 0)
    expect(bob.store.takenDrops?.usage(true, null).items).toBe(5)
  })
})

test('[V42] a handler that fails is asked again; what it took is gone', async () => {
  await using world = createWorld('failing')
  const { hub } = await boxHub(world)
  const [alice, bob] = [await world.add('alice'), await world.add('bob')]
  await bob.peer.relate('follow', alice.identity, true)
  await meet(world, bob, hub)
  await meet(world, alice, hub)
  const keys = [await boxOf('bob')]
  let tries = 0
  const got = collect(bob, 'x-hello', () => {
    if (++tries === 1) throw new Error('canaryCANARY')
  })
  await world.turn(alice.peer.drops.send({ to: bob.identity, keys }, hello('one'), { signal: never }))
  await world.until(() => tries === 1)
  expect(bob.store.takenDrops?.usage(false, null).items).toBe(1)
  expect(JSON.stringify(bob.logged)).not.toContain('canary')
  await world.clock.advance(600_000)
  await world.until(() => got.length === 1)
  await world.until(() => bob.store.takenDrops?.usage(false, null).items === 0)
})

test('[V40] what cannot be sent says why', async () => {
  await using world = createWorld('refused')
  const [alice, bob] = [await world.add('alice'), await world.add('bob')]
  const send = (payload: JsonObject, keys: readonly Uint8Array[] | null) => {
    const to = keys === null ? bob.identity : { to: bob.identity, keys }
    return world.turn(alice.peer.drops.send(to, payload, { signal: never }))
  }
  const keys = [await boxOf('bob')]
  await expect(send(hello('x'), null)).rejects.toMatchObject({ code: 'drop-no-key' })
  await expect(send(hello('x'), keys)).rejects.toMatchObject({ code: 'drop-no-box' })
  await expect(send({ type: '' }, keys)).rejects.toMatchObject({ code: 'drop-invalid' })
  const { hub } = await boxHub(world)
  await meet(world, alice, hub)
  await world.pass(500)
  await expect(send(hello('x'.repeat(60_000)), keys)).rejects.toMatchObject({ code: 'drop-too-large' })
  await expect(send(hello('x'), [new Uint8Array(32)])).rejects.toMatchObject({ code: 'drop-no-key' })
  await world
    .turn(
      alice.peer.drops.send({ to: bob.identity, keys, boxes: [[nobody, 'memory:gone']] }, hello('x'), {
        signal: never,
      }),
    )
    .then((sent) => {
      expect(sent.boxes).toMatchObject([
        { type: 'refused', code: 'unreachable' },
        { type: 'kept', box: hub.identity },
      ])
    })
})

test('[V40] who uses another hub is reached there: the box that they name is dialled, and left again', async () => {
  await using world = createWorld('two hubs')
  const [{ hub: ours }, { hub: theirs }] = [await boxHub(world), await boxHub(world, { name: 'theirs' })]
  const [alice, bob] = [await world.add('alice'), await world.add('bob')]
  await meet(world, bob, theirs)
  await bob.stop()
  await meet(world, alice, ours)
  const target = {
    to: bob.identity,
    keys: [await boxOf('bob')],
    boxes: [[theirs.identity, 'memory:theirs']],
  } as const
  const sent = await world.turn(alice.peer.drops.send(target, hello('across'), { signal: never }))
  expect(sent.boxes).toMatchObject([{ type: 'kept', box: theirs.identity }])
  await world.until(() => alice.peer.status().sessions.length === 1)
  expect(ours.store.drops?.totalBytes).toBe(0)
  const again = await world.add('bob')
  await meet(world, again, theirs)
  await world.until(() => again.store.takenDrops?.usage(true, null).items === 1)
})
