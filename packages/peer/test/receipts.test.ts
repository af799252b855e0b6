/** What a hub has of one's own feed, over many sessions: not asked again with nothing new, noticed when it was lost. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Store } from '@effigy/store'
import { openNodeStore } from '@effigy/store/node'
import { testSeed } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { wholeFeed } from '../src/relations.ts'
import { createWorld, note, type TestPeer, testCrypto, type World } from './world.ts'

/** Starts the hub on that store; `asked` counts the questions for feeds. */
async function startHub(world: World, name: string, store: Store): Promise<TestPeer & { asked(): number }> {
  const hub: { peer: TestPeer | null } = { peer: null }
  let count = 0
  const made = await world.add(name, {
    kind: 'hub',
    signer: await testCrypto.signer(testSeed('hub')),
    store: {
      ...store,
      commonLength(...args) {
        count++
        return store.commonLength(...args)
      },
    },
    admits(identity) {
      hub.peer?.peer.watch(identity, wholeFeed)
      return true
    },
  })
  hub.peer = made
  return { ...made, asked: () => count }
}

const memory = (world: World): Store =>
  openNodeStore(':memory:', { sha256: testCrypto.sha256, now: world.clock.now })

const hasMine = ({ peer }: TestPeer): boolean =>
  peer.status().sessions.some((session) => session.hasMine && session.kind === 'hub')

/** Whether the hub could give every entry of that feed. */
function holdsAll(hub: Store, { store, identity }: TestPeer): boolean {
  const head = store.feed(identity)?.record?.head
  const { runs = [] } = hub.feed(identity) ?? {}
  return head !== undefined && hub.entry(head.head) !== null && runs.length === 1 && runs[0]?.first === 1
}

/** Longer than until a hub says how far its log is. */
const positionMs = 7_000

test('[R13] with nothing new a hub is not asked again, however often one connects; what comes is asked about', async () => {
  await using world = createWorld('receipts')
  using store = memory(world)
  const hub = await startHub(world, 'hub', store)
  let alice = await world.add('alice')
  for (const text of ['1', '2', '3']) await alice.peer.publish(note(text))
  alice.peer.connect(hub.address)
  await world.until(() => hasMine(alice))
  await world.pass(positionMs)
  const asked = hub.asked()
  expect(asked).toBeGreaterThan(0)
  for (let count = 0; count < 3; count++) {
    await alice.stop()
    alice = await world.add('alice')
    alice.peer.connect(hub.address)
    await world.until(() => hasMine(alice))
    await world.pass(positionMs)
  }
  expect(hub.asked()).toBe(asked)
  await world.turn(alice.peer.publish(note('4')))
  expect(hasMine(alice)).toBe(false)
  await world.until(() => hasMine(alice))
  expect(hub.asked()).toBeGreaterThan(asked)
})

test('[R13] what is written without the hub is not taken for what it has', async () => {
  await using world = createWorld('receipts offline')
  using store = memory(world)
  const hub = await startHub(world, 'hub', store)
  let alice = await world.add('alice')
  await alice.peer.publish(note('1'))
  alice.peer.connect(hub.address)
  await world.until(() => hasMine(alice))
  await world.pass(positionMs)
  await alice.stop()
  alice = await world.add('alice')
  await alice.peer.publish(note('2'))
  alice.peer.connect(hub.address)
  await world.until(() => hasMine(alice))
  expect(holdsAll(store, alice)).toBe(true)
})

test('[R13] a hub that lost its disk, or got an old one back, is never said to have what it has not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-receipts-'))
  try {
    await using world = createWorld('receipts lost')
    const open = (name: string): Store =>
      openNodeStore(join(folder, name), { sha256: testCrypto.sha256, now: world.clock.now })
    const alice = await world.add('alice')
    const meet = async (name: string, pass = positionMs): Promise<void> => {
      using store = open(name)
      const hub = await startHub(world, `${name} ${world.clock.monotonic()}`, store)
      const connection = alice.peer.connect(hub.address)
      let isFalse = false
      // It may have said so before it was told that something is missing: within one round trip.
      await world.until(() => {
        isFalse ||= hasMine(alice) && !holdsAll(store, alice)
        return hasMine(alice)
      })
      expect([name, isFalse]).toEqual([name, false])
      await world.pass(pass)
      await world.turn(Promise.resolve(connection[Symbol.asyncDispose]()))
      await hub.stop()
    }
    const copy = (from: string, to: string): void =>
      cpSync(join(folder, from), join(folder, to), { recursive: true })
    await alice.peer.publish(note('1'))
    await meet('disk')
    copy('disk', 'old')
    await alice.peer.publish(note('2'))
    await meet('disk')
    await meet('old')
    await meet('empty')
    await meet('disk')
    // Cut right after it said that it has all: before it said how far its log is.
    copy('disk', 'older')
    await alice.peer.publish(note('3'))
    await meet('disk', 0)
    await meet('older', 0)
    await meet('disk', 0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
