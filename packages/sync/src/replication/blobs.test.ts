import { type Cid, isRawCid, type RawCid } from '@effigy/core'
import { memoryPair } from '@effigy/links'
import { type Blocks, createMemoryBlocks, dagBlocks, importDirectory, importFile } from '@effigy/store'
import { createRandom } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import {
  connect,
  createPeer,
  createWorld,
  createWriter,
  openTestSession,
  replicatorOf,
  type TestPeer,
  turning,
  until,
  type World,
  type Writer,
} from '../../test/replication-kit.ts'
import type { GetBlob, Message } from '../messages.ts'
import { readCids, writeCids } from '../messages-bytes.ts'
import type { Session } from '../session.ts'

const random = createRandom('blobs')

/** A file of so many bytes in blocks. */
async function makeFile(length: number) {
  const blocks = createMemoryBlocks()
  const file = await importFile([random.bytes(length)], blocks, { signal: new AbortController().signal })
  return { root: file.cid, size: file.dagSize, blocks: blocksOf(file.cid, blocks) }
}

const blocksOf = (root: Cid, blocks: Blocks) =>
  [...dagBlocks(root, blocks)].map((block) => {
    if (!block.ok) throw new Error(block.error.code)
    return [block.value.cid, block.value.bytes] as const
  })

async function publishFile(peer: TestPeer, writer: Writer, length: number) {
  const { root, size, blocks } = await makeFile(length)
  await peer.publish(writer, [{ text: 'a file', links: [[root, size]] }])
  peer.store.putBlocks(blocks)
  peer.store.completeBlob(root)
  return { root, size, blocks }
}

const isComplete = (peer: TestPeer, root: Cid) => peer.store.blobState(root).type === 'complete'
/** As a real peer answers those whom it does not follow: what its feeds link to, and nothing else. */
function asStranger(peer: TestPeer, trust: 'friend' | 'stranger'): void {
  peer.facts.trust = () => trust
  peer.facts.isPublicBlob = (root) => peer.store.holders(root).some((holder) => holder.startsWith('feed:'))
}

const slow = (world: World) => memoryPair({ latency: { clock: world.clock, ms: 40 } })

async function pair() {
  const world = createWorld()
  const alice = await createPeer(world, 'alice')
  const bob = await createPeer(world, 'bob')
  const writer = await createWriter('writer')
  return { world, alice, bob, writer }
}

describe('blobs come over', () => {
  test.for([
    ['one block', 1_000],
    ['two blocks', 300_000],
    ['a tree of 20', 20 * 262_144 - 5],
  ] as const)('[R7] %s', async ([, length]) => {
    const { world, alice, bob, writer } = await pair()
    const { root, blocks } = await publishFile(alice, writer, length)
    bob.watch(writer.identity)
    const { end, replicators } = await connect(bob, alice, slow(world))
    expect(await until(world, () => isComplete(bob, root))).toBe(true)
    for (const [cid, bytes] of blocks) expect(bob.store.block(cid)).toEqual(bytes)
    expect(await until(world, () => replicators[0].status().upToDate)).toBe(true)
    expect(replicators[0].status().blobs).toEqual({ wanted: 0, wantedBytes: 0, fetching: 0 })
    await end()
  })

  test('[R7] more blocks than are listed at a time', async () => {
    const { world, alice, bob, writer } = await pair()
    const blocks = createMemoryBlocks()
    const files = Array.from({ length: 1_200 }, (_, index) => ({
      path: `${index}`,
      content: [new Uint8Array([index >> 8, index])],
    }))
    const folder = await importDirectory(files, blocks, { signal: new AbortController().signal })
    if (!folder.ok) throw new Error(folder.error.code)
    const { cid: root, dagSize } = folder.value
    alice.watch(writer.identity)
    await alice.publish(writer, [{ text: 'a folder', links: [[root, dagSize]] }])
    alice.store.putBlocks(blocksOf(root, blocks))
    alice.store.completeBlob(root)
    bob.watch(writer.identity)
    const { end } = await connect(bob, alice)
    expect(await until(world, () => isComplete(bob, root))).toBe(true)
    await end()
  })

  test('[R7] large detached payloads come as blobs', async () => {
    const { world, alice, bob, writer } = await pair()
    await alice.publish(writer, [{ text: 'x'.repeat(50_000), detached: true }])
    const { payload } = writer.chain[0]!.entry
    bob.watch(writer.identity)
    const { end } = await connect(bob, alice)
    expect(await until(world, () => bob.store.block(payload as RawCid)?.length === 50_071)).toBe(true)
    await end()
  })

  test.for([
    ['friend', 'by name'],
    ['stranger', 'by name'],
    ['stranger', 'by MAC'],
  ] as const)(
    '[R7] a text that comes beside its entry is told to a %s who asked for it before, %s',
    async ([trust, how]) => {
      const { world, alice, bob, writer } = await pair()
      asStranger(alice, trust)
      bob.facts.trust = () => trust
      bob.watch(writer.identity)
      const [written] = await writer.write([{ text: 'said once', detached: true }])
      const { entry, body } = written!
      const { identity } = writer
      // Bob has the entry without its text, and alice nothing at all.
      bob.store.acceptHead(writer.record)
      bob.store.appendRun({ identity, entries: [entry], bodies: new Map() })
      const content = entry.entry.payload as RawCid
      const isShown = (): boolean => bob.store.resolve(identity, content)?.state.type === 'shown'
      // Whom we dialled is asked by name.
      const { end } = await (how === 'by MAC' ? connect(alice, bob) : connect(bob, alice))
      await until(world, () => false, 300)
      // From somebody else: no blob that became complete.
      alice.watch(identity)
      alice.store.acceptHead(writer.record)
      alice.store.appendRun({ identity, entries: [entry], bodies: new Map([[content, body!]]) })
      expect(await until(world, isShown)).toBe(true)
      await end()
    },
  )

  test.for(['friend', 'stranger'] as const)(
    '[R7] after cuts it goes on where it was, within a block too: %s',
    async (trust) => {
      const { world, alice, bob, writer } = await pair()
      alice.watch(writer.identity)
      asStranger(alice, trust)
      const { root } = await publishFile(alice, writer, 12 * 262_144)
      bob.watch(writer.identity)
      let cuts = 0
      while (!isComplete(bob, root) && cuts < 40) {
        const { cut } = await connect(bob, alice, slow(world))
        await until(world, () => isComplete(bob, root), 300)
        await cut()
        cuts++
      }
      expect(isComplete(bob, root)).toBe(true)
      expect(cuts).toBeGreaterThan(1)
    },
  )

  test('[R7] a stranger who has every node already gets the leaves below them', async () => {
    const { world, alice, bob, writer } = await pair()
    alice.watch(writer.identity)
    asStranger(alice, 'stranger')
    const files = Array.from({ length: 9 }, (_, index) => ({
      path: `a/b/c/${index}`,
      content: [random.bytes(300_000)],
    }))
    const blocks = createMemoryBlocks()
    const directory = await importDirectory(files, blocks, { signal: new AbortController().signal })
    if (!directory.ok) throw new Error(directory.error.code)
    const { cid: root, dagSize } = directory.value
    await alice.publish(writer, [{ text: 'a folder', links: [[root, dagSize]] }])
    const all = blocksOf(root, blocks)
    alice.store.putBlocks(all)
    alice.store.completeBlob(root)
    bob.watch(writer.identity)
    bob.store.putBlocks(all.filter(([cid]) => !isRawCid(cid)))
    const { end } = await connect(bob, alice)
    expect(await until(world, () => isComplete(bob, root))).toBe(true)
    await end()
  })

  test('[R7] what arrives later is told, and passed on', async () => {
    const { world, alice, bob, writer } = await pair()
    const carol = await createPeer(world, 'carol')
    const { root, size, blocks } = await makeFile(700_000)
    await alice.publish(writer, [{ text: 'a file', links: [[root, size]] }])
    for (const peer of [bob, carol]) peer.watch(writer.identity)
    const first = await connect(bob, alice)
    const second = await connect(carol, bob)
    expect(await until(world, () => carol.held(writer.identity).length === 1)).toBe(true)
    expect(carol.store.blobState(root).type).toBe('absent')
    alice.store.putBlocks(blocks)
    alice.store.completeBlob(root)
    expect(await until(world, () => isComplete(carol, root))).toBe(true)
    await first.end()
    await second.end()
  })

  test('[R7] many wants, one by one, stay few questions', async () => {
    const { world, alice, bob, writer } = await pair()
    bob.watch(writer.identity)
    alice.watch(writer.identity)
    const { end, sessions } = await connect(bob, alice)
    const files = await Promise.all(Array.from({ length: 90 }, (_, index) => makeFile(1_000 + index)))
    for (const { root, size } of files) {
      await alice.publish(writer, [{ text: 'a file', links: [[root, size]] }])
      expect(await until(world, () => bob.store.blobState(root).type === 'absent')).toBe(true)
      await world.clock.advance(400)
    }
    for (const { root, blocks } of files) {
      alice.store.putBlocks(blocks)
      alice.store.completeBlob(root)
    }
    expect(await until(world, () => files.every(({ root }) => isComplete(bob, root)))).toBe(true)
    expect(sessions[0].remote).toBe(alice.identity)
    await end()
  })

  test('[R7] no more than the policy wants', async () => {
    const { world, alice, bob, writer } = await pair()
    const small = await publishFile(alice, writer, 1_000)
    const large = await publishFile(alice, writer, 300_000)
    bob.watch(writer.identity, { blobs: { type: 'up-to', bytes: 10_000 } })
    const { end, replicators } = await connect(bob, alice)
    expect(await until(world, () => isComplete(bob, small.root) && replicators[0].status().upToDate)).toBe(
      true,
    )
    expect(bob.store.blobState(large.root).type).toBe('absent')
    await end()
  })

  test('[R7] of a peer that dials us and does not give us the feed it is asked by MAC', async () => {
    const { world, alice, bob, writer } = await pair()
    const carol = await createPeer(world, 'carol')
    const { root, size, blocks } = await makeFile(600_000)
    await alice.publish(writer, [{ text: 'a file', links: [[root, size]] }])
    bob.watch(writer.identity)
    const first = await connect(bob, alice)
    expect(await until(world, () => bob.held(writer.identity).length === 1)).toBe(true)
    await first.end()
    // Carol holds the file for another feed, and is no friend.
    bob.facts.trust = () => 'stranger'
    const other = await createWriter('other')
    carol.watch(other.identity)
    await carol.publish(other, [{ text: 'the same file', links: [[root, size]] }])
    carol.store.putBlocks(blocks)
    carol.store.completeBlob(root)
    const second = await connect(carol, bob)
    expect(await until(world, () => isComplete(bob, root))).toBe(true)
    await second.end()
  })
})

/** Bob with a replicator, and an end that answers by hand and has announced the feed already. */
async function against(answer: (message: Message, bytes: Uint8Array, session: Session) => void) {
  const { world, alice, bob, writer } = await pair()
  const file = await makeFile(300_000)
  await alice.publish(writer, [{ text: 'a file', links: [[file.root, file.size]] }])
  bob.watch(writer.identity)
  const first = await connect(bob, alice)
  await until(world, () => bob.held(writer.identity).length === 1)
  await first.end()
  const links = memoryPair()
  const [ours, theirs] = await Promise.all([
    openTestSession(bob, 'dialler', links[0], alice.identity),
    openTestSession(alice, 'acceptor', links[1], null),
  ])
  const replicator = replicatorOf(bob, ours)
  const running = replicator.run(new AbortController().signal)
  const codes: string[] = []
  void theirs.closed.then(({ code }) => codes.push(code))
  void (async () => {
    for await (const { message, bytes } of theirs.receive()) answer(message, bytes, theirs)
  })()
  return { world, bob, codes, running, theirs, root: file.root, blocks: new Map(file.blocks) }
}

const offering =
  (give: (request: GetBlob, cid: Cid, session: Session) => void) =>
  (message: Message, bytes: Uint8Array, session: Session): void => {
    if (message.type === 'iwant') {
      const cids = readCids(bytes)!
      session.send({ type: 'ihave', re: message.id, sizes: cids.map(() => 1) }, writeCids(cids))
    } else if (message.type === 'getblob') {
      give(message, readCids(bytes)![0]!, session)
    }
  }

describe('hostile sources', () => {
  test.for([
    ['other bytes', { size: 1_000, offset: 0, end: true, length: 1_000 }],
    ['a block over the limit', { size: 400_000, offset: 0, end: false, length: 10 }],
    ['another offset', { size: 1_000, offset: 5, end: false, length: 10 }],
    ['an end too early', { size: 1_000, offset: 0, end: true, length: 10 }],
    ['parts without bytes', { size: 1_000, offset: 0, end: false, length: 0 }],
  ] as const)('[R7] [T1] %s: the session ends', async ([, { size, offset, end, length }]) => {
    const { world, bob, codes, running, root } = await against(
      offering(({ id }, _cid, session) =>
        session.send({ type: 'blob', re: id, end, size, offset }, random.bytes(length)),
      ),
    )
    await turning(world, running)
    expect(codes).toEqual(['bad-blob'])
    expect(bob.store.blobState(root).type).toBe('absent')
  })

  test('[R7] [T16] who gives a byte of a block now and then keeps nobody else from it', async () => {
    const { world, bob, theirs, root, blocks } = await against(
      offering(({ id, offset }, cid, session) => {
        const drip = (at: number): void => {
          session.send({ type: 'blob', re: id, end: false, size: 262_144, offset: at }, Uint8Array.of(7))
          world.clock.after(2_000, () => drip(at + 1))
        }
        if (cid !== root) drip(offset)
        else
          session.send(
            { type: 'blob', re: id, end: true, size: blocks.get(cid)!.length, offset },
            blocks.get(cid)!,
          )
      }),
    )
    expect(await until(world, () => bob.store.blobState(root).type === 'partial')).toBe(true)
    const carol = await createPeer(world, 'carol')
    const other = await createWriter('other')
    await carol.publish(other, [{ text: 'the same file', links: [[root, 300_000]] }])
    carol.store.putBlocks([...blocks])
    carol.store.completeBlob(root)
    const { end } = await connect(bob, carol)
    expect(await until(world, () => isComplete(bob, root), 10_000)).toBe(true)
    await end()
    await turning(world, theirs.end('done'))
  })

  test('[R7] a part that another source gave wrong is fetched anew, and costs only time', async () => {
    const world = createWorld()
    const bob = await createPeer(world, 'bob')
    const { transfers } = { transfers: bob.replication.blobs }
    const alice = await createPeer(world, 'alice')
    const writer = await createWriter('writer')
    const { root } = await publishFile(alice, writer, 100_000)
    const part = transfers.begin(root, 100_000)
    part.bytes.set(random.bytes(50_000))
    part.filled = 50_000
    part.sources.add({})
    bob.watch(writer.identity)
    const { end } = await connect(bob, alice)
    expect(await until(world, () => isComplete(bob, root))).toBe(true)
    await end()
  })
})
