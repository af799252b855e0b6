/** Who takes part in the random life of an account (account-history.ts): who runs, who reaches whom, who is what. */
import { EffigyError, type Identity } from '@effigy/core'
import { seededRandomBytes } from '@effigy/testkit'
import type { AccountRole } from '../src/account/account.ts'
import type { Connection } from '../src/peer.ts'
import { authorityOf } from './account-kit.ts'
import { never, type TestPeer, testCrypto, type World } from './world.ts'

export const deviceNames = ['laptop', 'phone', 'tablet', 'watch', 'desk'] as const
export const friendNames = ['ann', 'ben'] as const

/** What a person waits for an answer, ms. */
const patienceMs = 30_000

export interface Cast {
  start(name: string): Promise<TestPeer>
  kill(name: string): Promise<void>
  /** Has met the account of `device`, and follows it from now on. */
  befriend(name: string, device: TestPeer): Promise<void>
  running(name: string): TestPeer | null
  /** Who ran once and does not now. */
  killed(): readonly string[]
  /** Running devices that are that to the account, by their own knowledge. */
  withRole(...roles: readonly (AccountRole | null)[]): readonly TestPeer[]
  friends(): readonly TestPeer[]
  /** All who run, know the account, and are of it or were, or follow it. */
  everybody(): readonly TestPeer[]
  /** Of the devices that ever ran. */
  identities(): readonly Identity[]
  reaches(from: TestPeer, to: TestPeer): boolean
  isApart(): boolean
  partition(groups: readonly (readonly string[])[]): void
  heal(): void
  /** Everybody runs, everybody reaches everybody. */
  bringTogether(): Promise<void>
  /** One round: everybody has given and got what there is. */
  rounds(count: number): Promise<void>
}

export function createCast(world: World, seed: string): Cast {
  const crypto = { ...testCrypto, randomBytes: seededRandomBytes(`${seed}/crypto`) }
  const running = new Map<string, TestPeer>()
  const ever = new Map<string, TestPeer>()
  const connections = new Map<string, Connection[]>()
  let isApart = false

  function connect(from: TestPeer, to: string): void {
    const other = ever.get(to)
    if (other === undefined) return
    const list = connections.get(from.name) ?? []
    list.push(from.peer.connect(other.address))
    connections.set(from.name, list)
  }

  async function start(name: string): Promise<TestPeer> {
    const isHub = name === 'hub'
    function tracks(_: Identity, identities: readonly Identity[]): void {
      const hub = running.get('hub')
      for (const identity of identities) {
        if (hub?.store.feed(identity)?.watched !== true) hub?.peer.watch(identity)
      }
    }
    const peer = await world.add(name, { crypto, ...(isHub ? { kind: 'hub', tracks } : {}) })
    running.set(name, peer)
    const isNew = !ever.has(name)
    ever.set(name, peer)
    connections.set(name, [])
    for (const other of ever.keys()) if (other !== name && !isHub) connect(peer, other)
    if (isHub && isNew) for (const each of running.values()) if (each !== peer) connect(each, 'hub')
    void grantAll(peer)
    return peer
  }

  async function grantAll({ peer }: TestPeer): Promise<void> {
    for await (const requests of peer.account.requests(never)) {
      for (const { id } of requests) await peer.account.grant(id).catch(() => {})
    }
  }

  const devices = (): readonly TestPeer[] =>
    [...deviceNames, 'spare'].flatMap((name) => running.get(name) ?? [])

  function heal(): void {
    isApart = false
    world.network.heal()
    for (const list of connections.values()) for (const connection of list) connection.retry()
  }

  return {
    start,
    async kill(name) {
      const peer = running.get(name)
      running.delete(name)
      connections.delete(name)
      await peer?.stop()
    },
    async befriend(name, device) {
      const friend = await start(name)
      friend.peer.watch(authorityOf(device).identity)
      await world.until(() => friend.store.synods?.accountOf(device.identity) != null)
      await friend.peer.relate('follow', device.identity, true)
    },
    running: (name) => running.get(name) ?? null,
    killed: () => [...ever.keys()].filter((name) => !running.has(name)),
    withRole: (...roles) => devices().filter(({ peer }) => roles.includes(peer.account.show()?.role ?? null)),
    friends: () => friendNames.flatMap((name) => running.get(name) ?? []),
    everybody() {
      const all = [...running.values()]
      const first = ever.get(deviceNames[0])
      // A device that only asked for the account once hears no more of it.
      const isOf = ({ identity }: TestPeer): boolean =>
        all.some(({ store }) => store.synods?.accountOf(identity) != null)
      const others = new Set([...friendNames, 'hub'].map((name) => running.get(name)))
      return all.filter(
        (peer) =>
          first !== undefined &&
          peer.store.synods?.accountOf(first.identity) != null &&
          (others.has(peer) || isOf(peer)),
      )
    },
    identities: () => [...deviceNames, 'spare'].flatMap((name) => ever.get(name)?.identity ?? []),
    reaches: (from, to) => world.network.reachable(from.name, to.name),
    isApart: () => isApart,
    partition(groups) {
      isApart = true
      world.network.partition(groups)
    },
    heal,
    async bringTogether() {
      for (const name of ever.keys()) if (!running.has(name)) await start(name)
      heal()
      await world.pass(2_000)
    },
    async rounds(count) {
      for (let round = 0; round < count; round++) {
        for (const { peer } of running.values()) await tried(world, (signal) => peer.settled(signal))
      }
    },
  }
}

/** Does it, as long as a person waits; gives the code of a refusal, nothing when it was done. */
export async function tried(world: World, act: (signal: AbortSignal) => Promise<unknown>): Promise<string> {
  const stop = new AbortController()
  using _timer = world.clock.after(patienceMs, () => stop.abort(new EffigyError('timeout', 'no answer')))
  try {
    await world.turn(act(stop.signal))
    return ''
  } catch (reason) {
    if (!(reason instanceof EffigyError)) throw reason
    return `: ${reason.code}`
  }
}
