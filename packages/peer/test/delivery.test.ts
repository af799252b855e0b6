/** Where the newest entries of a device are, and what is underneath (R60, O20-O22). */
import { expect, test } from 'vitest'
import { createWorld, never, note, type TestPeer, type World } from './world.ts'

async function withHub(world: World, ...names: readonly string[]) {
  const hub: TestPeer = await world.add('hub', {
    kind: 'hub',
    tracks(remote, identities) {
      for (const each of [remote, ...identities]) {
        if (hub.store.feed(each)?.watched !== true) hub.peer.watch(each)
      }
    },
  })
  const people: TestPeer[] = []
  for (const name of names) people.push(await world.add(name))
  return { hub, people }
}

test('[R60] what a hub says that it has is told entry by entry, also while it is away', async () => {
  await using world = createWorld('delivery')
  const { hub, people } = await withHub(world, 'alice')
  const [alice] = people as [TestPeer]
  await alice.peer.publish(note('one'))
  expect(alice.peer.delivery()).toMatchObject({ length: 1, places: [], entries: [{ at: [] }] })
  await world.turn(alice.peer.connect(hub.address).ready(never))
  const hasAll = () => alice.peer.delivery().entries[0]?.at.includes(hub.identity) === true
  await world.until(hasAll)
  await world.pass(10_000)
  world.network.cut('alice', 'hub')
  await world.turn(alice.peer.disconnect('done'))
  await alice.peer.publish(note('two'))
  const { length, places, entries } = alice.peer.delivery(2)
  expect(length).toBe(2)
  expect(places).toMatchObject([
    { identity: hub.identity, kind: 'hub', isConnected: false, length: 1, state: 'away' },
  ])
  expect(entries.map(({ item, at }) => [item.length, at])).toEqual([
    [2, []],
    [1, [hub.identity]],
  ])
  world.network.heal('alice', 'hub')
  await world.until(hasAll, 120_000)
  expect(alice.peer.delivery().places).toMatchObject([{ isConnected: true, state: 'given', length: 2 }])
})

test('[R60] what was rewritten since is nowhere until it is told anew', async () => {
  await using world = createWorld('delivery')
  const { hub, people } = await withHub(world, 'alice')
  const [alice] = people as [TestPeer]
  const { cid } = await alice.peer.publish(note('one'))
  await alice.peer.publish(note('two'))
  await world.turn(alice.peer.connect(hub.address).ready(never))
  const all = () => alice.peer.delivery().entries.every(({ at }) => at.length === 1)
  await world.until(all)
  await world.pass(10_000)
  world.network.cut('alice', 'hub')
  await world.turn(alice.peer.disconnect('done'))
  await alice.peer.edit(cid, note('one, better'))
  expect(alice.peer.delivery().entries.map(({ at }) => at)).toEqual([[], []])
})

test('[O21] a chain is shown over what is missing, an entry with its bytes, and both are checked anew', async () => {
  await using world = createWorld('inspecting')
  const alice = await world.add('alice')
  const bob = await world.add('bob')
  for (let at = 1; at <= 7; at++) await alice.peer.publish(note(`note ${at}`))
  const { inspecting } = alice.peer
  const first = inspecting.chain(alice.identity, { limit: 4 })
  expect(first.entries.map(({ length, type }) => [length, type])).toEqual(
    [7, 6, 5, 4].map((length) => [length, 'public_note']),
  )
  const rest = inspecting.chain(alice.identity, { below: first.below ?? 0 })
  expect([rest.entries.map(({ length }) => length), rest.below]).toEqual([[3, 2, 1], null])
  const entry = inspecting.entry(rest.entries[0]!.cid)
  expect(entry).toMatchObject({ identity: alice.identity, length: 3, isVerified: true, isSealed: false })
  expect(new TextDecoder().decode(entry!.raw)).toContain(alice.identity)
  expect(await inspecting.check(entry!.cid)).toEqual({ isNamed: true, isSigned: true, isChained: true })
  expect(await inspecting.check(inspecting.chain(alice.identity).entries.at(-1)!.cid)).toMatchObject({
    isChained: null,
  })
  expect(inspecting.feed(alice.identity)).toMatchObject({
    isSelf: true,
    held: 7,
    forks: [],
    head: { length: 7 },
  })
  expect(inspecting.feeds().map(({ identity }) => identity)[0]).toBe(alice.identity)
  expect([inspecting.feed(bob.identity), inspecting.chain(bob.identity)]).toEqual([
    null,
    { entries: [], below: null },
  ])
})

test('[O20] [O22] [T22] frames are shown to who looks, without what is secret in them, and only so many', async () => {
  await using world = createWorld('wire')
  const { hub, people } = await withHub(world, 'alice')
  const [alice] = people as [TestPeer]
  const stop = new AbortController()
  const lines: { readonly type: string; readonly direction: string; readonly header: string }[] = []
  const watching = (async () => {
    for await (const batch of alice.peer.inspecting.wire(stop.signal)) lines.push(...batch.lines)
  })()
  await alice.peer.publish(note('not to be read here'))
  await world.turn(alice.peer.connect(hub.address).ready(never))
  await world.until(() => alice.peer.delivery().entries[0]?.at.length === 1)
  await world.turn(alice.peer.call(hub.identity, 'nothing', 'x', { secret: 'in a call' }, { signal: never }))
  stop.abort()
  await world.turn(watching)
  expect(new Set(lines.map(({ direction }) => direction))).toEqual(new Set(['sent', 'received']))
  expect(lines.map(({ type }) => type)).toEqual(expect.arrayContaining(['provides', 'getheads', 'getfeed']))
  expect(JSON.stringify(lines)).not.toMatch(/not to be read|in a call/)
  for (const { header } of lines) expect(header.length).toBeLessThanOrEqual(500)
})
