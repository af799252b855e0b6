/**
 * Peers that only hubs bring together, with WebRTC in memory: who goes through which way is a test's to say.
 */
import { concatBytes, type Identity, ok } from '@effigy/core'
import { createSignalHub, type Service, type SignalHub, type SignalHubPorts } from '@effigy/sync'
import { sendingSession } from '@effigy/testkit'
import { createFakeRtcWorld, type FakeMachine, type FakeRtcWorld } from '../../links/test/fake-rtc.ts'
import type { PeerDeps } from '../src/peer.ts'
import { introduce } from './private-feed-kit.ts'
import { createWorld, never, type TestPeer, texts, type World } from './world.ts'

export interface DirectWorld extends World {
  readonly rtc: FakeRtcWorld
  /** Of those who were added by `person`. */
  readonly machines: Map<string, FakeMachine>
  hub(signalling?: Partial<NonNullable<PeerDeps['signalling']>>, name?: string): Promise<TestPeer>
  /** Has WebRTC, and tells a key that others write to unless `isQuiet`; reaches nobody but hubs. */
  person(name: string, options?: Partial<PeerDeps> & { readonly isQuiet?: boolean }): Promise<TestPeer>
}

export function createDirectWorld(seed: string): DirectWorld {
  const world = createWorld(seed)
  const rtc = createFakeRtcWorld(world.clock)
  const machines = new Map<string, FakeMachine>()
  const people: string[] = []
  return {
    ...world,
    rtc,
    machines,
    async hub(signalling = {}, name = 'hub') {
      const hub: TestPeer = await world.add(name, {
        kind: 'hub',
        signalling: { carries: () => true, ...signalling },
        tracks(remote, identities) {
          for (const identity of [remote, ...identities]) {
            if (hub.store.feed(identity)?.watched !== true) hub.peer.watch(identity)
          }
        },
      })
      return hub
    },
    async person(name, { isQuiet = false, ...options } = {}) {
      const machine = rtc.machine()
      machines.set(name, machine)
      const one = await world.add(name, { rtc: machine, ...options })
      if (!isQuiet) await introduce(world, one)
      for (const other of people) if (other !== name) world.network.cut(name, other)
      people.push(name)
      return one
    },
  }
}

export async function join(world: World, hub: TestPeer, ...people: readonly TestPeer[]): Promise<void> {
  for (const { peer } of people) await world.turn(peer.connect(hub.address).ready(never))
}

export async function befriend(world: World, a: TestPeer, b: TestPeer): Promise<void> {
  await a.peer.relate('follow', b.identity, true)
  await b.peer.relate('follow', a.identity, true)
  await world.until(() => texts(a.store, b.identity).length > 0 && texts(b.store, a.identity).length > 0)
}

export const sessionOf = ({ peer }: TestPeer, other: TestPeer) =>
  peer.status().sessions.find(({ identity }) => identity === other.identity)

export const wayOf = (one: TestPeer, other: TestPeer): string | null =>
  sessionOf(one, other)?.via.type ?? null

/** Both ends say so. */
export const areBy = (way: string | null, a: TestPeer, b: TestPeer) => (): boolean =>
  wayOf(a, b) === way && wayOf(b, a) === way

export const deviceOf = ({ peer }: TestPeer, other: TestPeer) =>
  peer.direct.now().devices.find(({ identity }) => identity === other.identity)

/** A relay for packets, as hubs offer it. */
export const turnServer: Service = {
  name: 'turn',
  isFor: () => true,
  methods: {
    servers: async () =>
      ok({ value: { urls: ['turn:relay.example'], user: '1:1', password: 'p', seconds: 600 } }),
  },
}

/** One message on its way through a hub. */
export interface Passing {
  readonly from: Uint8Array
  readonly sealed: Uint8Array
  /** To the session that this is written to. */
  give(from: Uint8Array, sealed: Uint8Array): void
  /** Whose session that is. */
  readonly to: Identity
}

/** A hub that does as it likes with what it hands on. */
export function twisted(hand: (passing: Passing) => void) {
  return (ports: SignalHubPorts): SignalHub => {
    const real = createSignalHub(ports)
    return {
      ...real,
      get circuits() {
        return real.circuits
      },
      open(session) {
        return real.open(
          sendingSession(session, (message, bytes) => {
            if (message.type !== 'messagefrom') return session.send(message, bytes)
            const all = concatBytes(...((bytes ?? []) as readonly Uint8Array[]))
            hand({
              from: all.slice(0, 32),
              sealed: all.slice(32),
              to: session.remote,
              give: (from, sealed) => session.send(message, concatBytes(from, sealed)),
            })
          }),
        )
      },
    }
  }
}
