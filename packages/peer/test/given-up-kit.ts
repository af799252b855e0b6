/** Own feeds of which something is nowhere, or has another end at somebody else: for whole-peer tests (F12, F14). */
import {
  type ChainPoint,
  chainPoint,
  type HeadRecord,
  type SignedEntry,
  type Signer,
  signEntry,
  signHead,
} from '@effigy/core'
import type { Store } from '@effigy/store'
import { testSeed } from '@effigy/testkit'
import { wholeFeed } from '../src/relations.ts'
import { createWorld, note, type TestPeer, testCrypto, type World } from './world.ts'

export interface Lost {
  /** What it hangs above. */
  readonly common: readonly SignedEntry[]
  readonly entries: readonly SignedEntry[]
  readonly records: readonly HeadRecord[]
}

/** What alice wrote after that state, on a disk that is gone. */
export async function writeElsewhere({ store, identity }: TestPeer, lines: readonly string[]): Promise<Lost> {
  const signer: Signer = await testCrypto.signer(testSeed('alice'))
  const state = store.feed(identity)?.record ?? null
  const held = state === null ? null : store.entry(state.head.head)
  let below: ChainPoint | null = held === null ? null : chainPoint(held.signed)
  let bytes = state?.head.bytes ?? 0
  const common = Array.from(store.chain(identity), ({ signed }) => signed)
  const entries: SignedEntry[] = []
  const records: HeadRecord[] = []
  for (const text of lines) {
    const entry: SignedEntry = await signEntry(
      {
        identity,
        parent: below?.cid ?? null,
        length: (below?.length ?? 0) + 1,
        comparable: (below?.comparable ?? 0) + 1_000,
        synod: null,
        links: [],
        payload: JSON.stringify(note(text)),
      },
      signer,
      testCrypto.sha256,
    )
    below = chainPoint(entry)
    bytes += entry.bytes.length
    entries.push(entry)
    const { cid: head, length, comparable } = below
    records.push(
      await signHead({ identity, epoch: state?.head.epoch ?? 1, length, comparable, bytes, head }, signer),
    )
  }
  return { common, entries, records }
}

export async function worldOf(name: string): Promise<{ world: World; hub: TestPeer; alice: TestPeer }> {
  const world = createWorld(name)
  const hub = await world.add('hub')
  const alice = await world.add('alice')
  hub.peer.watch(alice.identity, wholeFeed)
  return { world, hub, alice }
}

/** The hub knows the head of what was lost, and alice hears of it. */
export async function hear(world: World, hub: TestPeer, alice: TestPeer, { records }: Lost): Promise<void> {
  const newest = records.at(-1)
  if (newest === undefined) throw new Error('nothing was lost')
  hub.store.acceptHead(newest)
  alice.peer.connect(hub.address)
  const heard = () => alice.store.feed(alice.identity)?.record?.head.head === newest.head.head
  await world.until(heard)
}

export const fails = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'written',
    (error: { code: string }) => error.code,
  )

export const same = (store: Store, { store: own, identity }: TestPeer): boolean =>
  store.feed(identity)?.record?.head.head === own.feed(identity)?.record?.head.head &&
  store.feed(identity)?.heldCount === own.feed(identity)?.heldCount

export const patienceMs = 61_000

/** Alice goes on from her third note on a disk that was put back; what she wrote on the other one stands at the hub as a head. */
export async function fork(name: string, lostLines: readonly string[], isHead: (at: number) => boolean) {
  const { world, hub, alice } = await worldOf(name)
  for (const text of ['1', '2', '3']) await alice.peer.publish(note(text))
  const lost = await writeElsewhere(alice, lostLines)
  for (const text of ['here 4', 'here 5', 'here 6']) await alice.peer.publish(note(text))
  for (const [at, record] of lost.records.entries()) if (isHead(at)) hub.store.acceptHead(record)
  const connection = alice.peer.connect(hub.address)
  await world.until(() => alice.peer.dispute() !== null)
  return { world, hub, alice, lost, connection }
}
