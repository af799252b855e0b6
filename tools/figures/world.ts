/**
 * Whole peers in one process: the network and the clock are the testkit's, all else is what ships.
 *
 *     world ─▶ person('alice') ─connect▶ hub ◀connect─ person('bob')      clock.advance, network.cut, …
 *
 * Keys, challenges and salts come from the seed, so that a run can be had again.
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import { createNodeCrypto } from '@effigy/crypto/node'
import { createPeer, type Peer } from '@effigy/peer'
import { openNodeStore } from '@effigy/store/node'
import type { Link, Log } from '@effigy/sync'
import {
  type ClockView,
  createFakeClock,
  createNetwork,
  createRandom,
  type FakeClock,
  type Network,
  type NetworkOptions,
  type Random,
  seededRandomBytes,
} from '@effigy/testkit'
import { hubHooks } from '../simulate/hub-hooks.ts'

export interface World extends AsyncDisposable {
  readonly clock: FakeClock
  readonly network: Network
  readonly random: Random
  /** What peers warned of: `name event code`. */
  readonly warnings: readonly string[]
  person(name: string, options?: PersonOptions): Promise<Person>
  /** A peer that keeps its members' feeds, as a hub does. */
  hub(name: string, options?: PersonOptions): Promise<Person>
}

export interface PersonOptions {
  /** How far the wall clock is off, ms. */
  readonly skewMs?: number
  /** Where its store lives; in memory when omitted. */
  readonly folder?: string
}

export interface Person {
  readonly name: string
  readonly peer: Peer
  readonly clock: ClockView
  /** Keeps a connection to another one, found by name. */
  connect(other: Person): void
  /** Ends the process; `person` with the same name and folder starts it again. */
  stop(): Promise<void>
}

/** The longest that a peer may take to say goodbye, ms of the fake clock. */
const goodbyeMs = 120_000

export function createWorld(seed: string, options: Omit<NetworkOptions, 'clock' | 'random'> = {}): World {
  const random = createRandom(seed)
  const clock = createFakeClock()
  const network = createNetwork({ ...options, clock, random: random.fork('network') })
  const people = new Map<string, Person>()
  const warnings: string[] = []

  async function dial(from: string, to: string): Promise<Link> {
    const other = people.get(to)
    const [mine, theirs] = network.pair(from, to)
    if (other === undefined || !network.reachable(from, to)) {
      mine.close('unreachable')
      throw new EffigyError('unreachable', `${to} does not answer`)
    }
    void other.peer.accept(theirs)
    return mine
  }

  async function start(name: string, kind: 'peer' | 'hub', given: PersonOptions): Promise<Person> {
    const { skewMs = 0, folder = ':memory:' } = given
    const view = clock.view(skewMs)
    const crypto: Crypto = { ...createNodeCrypto(), randomBytes: seededRandomBytes(`${seed}/${name}/bytes`) }
    const log: Log = {
      info() {},
      warn: (event, fields) => void warnings.push(`${name} ${event} ${fields.code ?? ''}`),
    }
    await using undo = new AsyncDisposableStack()
    const store = undo.use(openNodeStore(folder, { sha256: crypto.sha256, now: view.now }))
    const made: { peer: Peer | null } = { peer: null }
    const hooks =
      kind === 'hub'
        ? hubHooks(() => {
            if (made.peer === null) throw new Error('nobody is admitted before the peer is there')
            return made.peer
          }, view)
        : null
    const keys = createRandom(`${seed}/${name}/keys`)
    const peer = undo.use(
      await createPeer({
        store,
        crypto,
        signer: await crypto.signer(keys.bytes(32)),
        boxKey: await crypto.agreementKey(keys.bytes(32)),
        clock: view,
        random: crypto.randomBytes,
        log,
        kind,
        dial: (address) => dial(name, new URL(address).hostname.replace('.test', '')),
        ...(hooks === null ? {} : { admits: hooks.admits, tracks: hooks.tracks }),
      }),
    )
    made.peer = peer
    hooks?.started()
    // Before the peer, as the hub itself does.
    if (hooks !== null) undo.use(hooks)
    const owned = undo.move()
    let stopping: Promise<void> | null = null
    const person: Person = {
      name,
      peer,
      clock: view,
      connect: (other) => void peer.connect(`ws://${other.name}.test`, { expect: other.peer.identity }),
      stop() {
        people.delete(name)
        stopping ??= passWhile(clock, owned.disposeAsync())
        return stopping
      },
    }
    people.set(name, person)
    return person
  }

  return {
    clock,
    network,
    random,
    warnings,
    person: (name, given = {}) => start(name, 'peer', given),
    hub: (name, given = {}) => start(name, 'hub', given),
    async [Symbol.asyncDispose]() {
      for (const person of [...people.values()]) await person.stop()
    },
  }
}

/** Lets time pass until the work is over: a session that ends waits for its `bye` to leave. */
export async function passWhile<Value>(clock: FakeClock, work: Promise<Value>): Promise<Value> {
  let over = false
  const watched = work.finally(() => {
    over = true
  })
  watched.catch(() => {})
  await clock.runUntil(() => over, goodbyeMs)
  return watched
}
