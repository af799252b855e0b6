/** Directories looked into without fetching them, pins, and lines that are spared. */
import type { Cid, Payload } from '@effigy/core'
import { createRandom } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { createWorld, never, type TestPeer, type World } from './world.ts'

const random = createRandom('browse')
const code = (name: string) => expect.objectContaining({ code: name })

async function publishTree(peer: TestPeer, sizes: Readonly<Record<string, number>>): Promise<Cid> {
  const files = Object.entries(sizes).map(([path, size]) => ({ path, content: [random.bytes(size)] }))
  const { root, size } = await peer.peer.addDirectory(files, { signal: never })
  const count = files.length
  await peer.peer.publish({ type: 'collection', at: 1, root, name: 'a', count, bytes: size } as Payload)
  return root
}

async function publishFile(peer: TestPeer, length: number): Promise<Cid> {
  const { root, size } = await peer.peer.addFile(
    (async function* () {
      yield random.bytes(length)
    })(),
    { signal: never },
  )
  const media = { type: 'media', at: 1, kind: 'document', blob: root, mime: 'application/zip', bytes: size }
  await peer.peer.publish(media as Payload)
  return root
}

async function follows(world: World, bob: TestPeer, alice: TestPeer, blobs: 'all' | 'none' = 'none') {
  bob.peer.watch(alice.identity, { depth: { type: 'all' }, blobs: { type: blobs } })
  const connection = bob.peer.connect(alice.address)
  await world.turn(connection.ready(never))
}

async function pair(blobs: 'all' | 'none' = 'none') {
  const world = createWorld()
  const alice = await world.add('alice')
  const bob = await world.add('bob')
  await follows(world, bob, alice, blobs)
  return { world, alice, bob }
}

const isComplete = (peer: TestPeer, root: Cid) => peer.store.blobState(root).type === 'complete'

describe('[B19] a directory of somebody else', () => {
  const sizes = { 'a.bin': 900_000, 'b/c.bin': 700_000, 'b/d/e.bin': 10, 'f.bin': 0 }

  test('is listed path by path, and nothing of its files comes', async () => {
    const { world, alice, bob } = await pair()
    await using _ = world
    const root = await publishTree(alice, sizes)
    await world.turn(bob.peer.settled(never))
    const names = async (path: string) =>
      (await world.turn(bob.peer.browse(root, path, { signal: never }))).map(({ name }) => name)
    expect(await names('')).toEqual(['a.bin', 'b', 'f.bin'])
    expect(await names('b')).toEqual(['c.bin', 'd'])
    expect(await names('b/d')).toEqual(['e.bin'])
    expect(bob.store.blobUsage().bytes).toBeLessThan(2_000)
    await expect(world.turn(bob.peer.browse(root, 'x', { signal: never }))).rejects.toThrow(code('not-found'))
  })

  test('one file of it comes alone', async () => {
    const { world, alice, bob } = await pair()
    await using _ = world
    const root = await publishTree(alice, sizes)
    await world.turn(bob.peer.settled(never))
    const seen: number[] = []
    const cid = await world.turn(
      bob.peer.fetchPath(root, 'b/c.bin', { signal: never, onProgress: ({ done }) => void seen.push(done) }),
    )
    expect(isComplete(bob, cid)).toBe(true)
    expect(seen.at(-1)).toBe(700_000)
    expect(bob.store.blobUsage().bytes).toBeLessThan(702_000)
    const large = bob.peer.fetchPath(root, 'a.bin', { signal: never, maxBytes: 500_000 })
    await expect(world.turn(large)).rejects.toThrow(code('blob-too-large'))
    expect(bob.store.blobUsage().bytes).toBeLessThan(800_000)
    bob.store.maintain()
    expect(isComplete(bob, cid)).toBe(true)
  })

  test('whoever gives up waits no longer, and what is here already is listed without anybody', async () => {
    const { world, alice, bob } = await pair()
    await using _ = world
    const root = await publishTree(alice, sizes)
    await world.turn(bob.peer.settled(never))
    await world.turn(bob.peer.browse(root, 'b', { signal: never }))
    await alice.stop()
    expect(await bob.peer.browse(root, 'b', { signal: never })).toHaveLength(2)
    const stop = new AbortController()
    const waiting = bob.peer.browse(root, 'b/d', { signal: stop.signal }).catch((cause: Error) => cause.name)
    await world.pass(5_000)
    stop.abort()
    expect(await world.turn(waiting)).toBe('AbortError')
  })
})

describe('[B15] a pin', () => {
  test('fetches what is not here, and keeps it whatever becomes of its entry', async () => {
    const { world, alice, bob } = await pair()
    await using _ = world
    const root = await publishFile(alice, 600_000)
    await world.turn(bob.peer.settled(never))
    expect(bob.store.hasBlock(root)).toBe(false)
    bob.peer.pin(root)
    await world.until(() => isComplete(bob, root))
    expect(bob.peer.pins()).toEqual([root])
    bob.peer.unwatch(alice.identity)
    bob.store.maintain()
    expect(isComplete(bob, root)).toBe(true)
    bob.peer.unpin(root)
    expect(bob.store.hasBlock(root)).toBe(false)
    expect(bob.peer.pins()).toEqual([])
  })
})

describe('[R12] a line that is spared', () => {
  test.for(['metered', 'battery'] as const)('%s: large files wait until somebody asks', async (mode) => {
    const { world, alice, bob } = await pair('all')
    await using _ = world
    bob.peer.setSaving(mode)
    expect(bob.peer.saving).toBe(mode)
    const small = await publishFile(alice, 100_000)
    const large = await publishFile(alice, 5_000_000)
    const asked = await publishFile(alice, 5_000_001)
    await world.until(() => isComplete(bob, small))
    await world.turn(bob.peer.fetchBlob(asked, { signal: never }))
    await world.pass(3_000)
    expect(bob.store.hasBlock(large)).toBe(false)
    bob.peer.setSaving('none')
    await world.until(() => isComplete(bob, large))
  })

  test('gives only what its own entries need, and all again afterwards', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const bob = await world.add('bob', { saving: 'metered' })
    const carol = await world.add('carol')
    const theirs = await publishFile(alice, 100_000)
    await follows(world, bob, alice, 'all')
    await world.until(() => isComplete(bob, theirs))
    await alice.stop()
    const own = await publishFile(bob, 100_000)
    carol.peer.watch(alice.identity, { depth: { type: 'all' }, blobs: { type: 'all' } })
    await follows(world, carol, bob, 'all')
    await world.until(() => isComplete(carol, own))
    await world.pass(5_000)
    expect(carol.store.hasBlock(theirs)).toBe(false)
    // For somebody who waits it is asked too, and the answer is the same: we do not have it for others now.
    bob.peer.setSaving('none')
    await world.until(() => isComplete(carol, theirs))
  })
})
