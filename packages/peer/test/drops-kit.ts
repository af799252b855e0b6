/**
 * A hub with drop boxes and leases, and machines whose disk forgets what was not synced when they go off.
 *
 *     boxHub(world) ─▶ guests connect, send, listen          addMachine(world, name) ─▶ crash() ─▶ the same disk
 */
import type { Identity, JsonObject } from '@effigy/core'
import {
  blockDatabase,
  createStore,
  migrations,
  prepareDatabase,
  type Store,
  storageErrorOf,
} from '@effigy/store'
import { createRandom, testSeed } from '@effigy/testkit'
import { createFaultyDisk, type FaultyDisk } from '@effigy/testkit/node'
import type { DropBoxOptions, LeaseOptions, ReceivedDrop } from '../src/index.ts'
import { boxOwners } from '../src/index.ts'
import type { PeerDeps } from '../src/peer.ts'
import { never, type TestPeer, testCrypto, type World } from './world.ts'

export interface BoxHub {
  readonly hub: TestPeer
  readonly guests: ReadonlySet<Identity>
}

/** Keeps a box for whoever connects, and what its guests watch. */
export async function boxHub(
  world: World,
  options: {
    readonly name?: string
    readonly dropBox?: Partial<DropBoxOptions>
    readonly leases?: LeaseOptions
  } = {},
): Promise<BoxHub> {
  const guests = new Set<Identity>()
  let hub: TestPeer | null = null
  const owners = boxOwners(
    () => hub?.store ?? null,
    (identity) => guests.has(identity),
  )
  hub = await world.add(options.name ?? 'hub', {
    kind: 'hub',
    admits(identity) {
      guests.add(identity)
      return true
    },
    tracks(remote, identities) {
      for (const identity of [remote, ...identities]) {
        if (hub?.store.feed(identity)?.watched !== true) hub?.peer.watch(identity)
      }
    },
    services: {
      dropBox: { ...owners, ...options.dropBox },
      ...(options.leases === undefined ? {} : { leases: options.leases }),
    },
  })
  return { hub, guests }
}

/** A machine that keeps its disk when it goes off. */
export interface Machine {
  readonly peer: TestPeer
  readonly disk: FaultyDisk
  /** Off, at once; what was not synced is gone. Starts again. */
  crash(): Promise<void>
}

export async function addMachine(
  world: World,
  name: string,
  seed: string,
  options: Partial<PeerDeps> = {},
): Promise<Machine> {
  let disk = await createFaultyDisk({ random: createRandom(seed), failure: storageErrorOf })
  let peer = await start()

  function openStore(): Store {
    const main = disk.open('main')
    prepareDatabase(main, { migrations })
    const blocks = disk.open('blocks')
    prepareDatabase(blocks, blockDatabase)
    return createStore({
      main,
      blocks,
      sha256: testCrypto.sha256,
      now: world.clock.now,
      pause: async () => {},
    })
  }

  async function start(): Promise<TestPeer> {
    return world.add(name, { ...options, store: openStore() })
  }

  return {
    get peer() {
      return peer
    },
    get disk() {
      return disk
    },
    async crash() {
      const after = disk.powerLoss()
      world.network.loseAll(name)
      // A machine that is off says nothing; here its peer has to be put away.
      await peer.stop().catch(() => {})
      disk = after
      peer = await start()
    },
  }
}

export const hello = (text: string): JsonObject => ({ type: 'x-hello', text })

/** The public key of what a test peer of that name opens. */
export async function boxOf(name: string): Promise<Uint8Array> {
  return (await testCrypto.agreementKey(testSeed(`box of ${name}`))).publicKey
}

/** Leaves something for a lone device. */
export async function leaveFor(
  world: World,
  from: TestPeer,
  to: TestPeer,
  text: string,
): Promise<Identity[]> {
  const target = { to: to.identity, keys: [await boxOf(to.name)] }
  const sent = await world.turn(from.peer.drops.send(target, hello(text), { signal: never }))
  return sent.boxes.flatMap(({ type, box }) => (type === 'kept' ? [box] : []))
}

export const textsOf = (drops: readonly ReceivedDrop[]): readonly unknown[] =>
  drops.map(({ payload }) => payload.text)
