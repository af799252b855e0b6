/**
 * Whole peers in one process: real stores, real signatures, real sessions, over a network in memory under a fake clock.
 *
 *     world.add('alice') ─▶ alice.peer.connect(bob.address) ─▶ world.until(() => …)
 */
import { EffigyError, encodeBase64url, type Identity, type Payload, type RawCid } from '@effigy/core'
import {
  accountVault,
  createMemoisedCrypto,
  type Scrypt,
  type Vault,
  type VaultContents,
} from '@effigy/crypto'
import { createNodeCrypto, nodeScrypt } from '@effigy/crypto/node'
import type { Item, Store } from '@effigy/store'
import { openNodeStore } from '@effigy/store/node'
import type { LogFields } from '@effigy/sync'
import {
  createFakeClock,
  createNetwork,
  createRandom,
  type FakeClock,
  type Network,
  type NetworkOptions,
  settle,
  testSeed,
} from '@effigy/testkit'
import { createPeer } from '../src/create-peer.ts'
import type { Peer, PeerDeps } from '../src/peer.ts'

export const testCrypto = createMemoisedCrypto(createNodeCrypto())

export interface TestPeer {
  readonly name: string
  readonly peer: Peer
  readonly identity: Identity
  readonly store: Store
  /** Outlives the peer, as its store does. */
  readonly vault: Vault
  /** With the identity behind its `#`. */
  readonly address: string
  readonly logged: { readonly event: string; readonly fields: LogFields }[]
  /** How often it was dialled. */
  readonly dials: { count: number }
  /** Stops the peer; its store stays for the next one of that name. */
  stop(): Promise<void>
}

export interface World extends AsyncDisposable {
  readonly clock: FakeClock
  readonly network: Network
  add(name: string, options?: Partial<PeerDeps>): Promise<TestPeer>
  /** Lets time pass in small steps until it holds; throws when it does not within `limitMs`. */
  until(condition: () => boolean, limitMs?: number): Promise<void>
  /** Lets time pass until the promise is settled. */
  turn<Value>(promise: Promise<Value>): Promise<Value>
  pass(ms: number): Promise<void>
}

export function createWorld(
  seed = 'peer',
  options: Omit<NetworkOptions, 'clock' | 'random'> = { latencyMs: 5 },
): World {
  const clock = createFakeClock()
  const random = createRandom(seed)
  const network = createNetwork({ clock, random, ...options })
  const running = new Map<string, TestPeer>()
  const stores = new Map<string, Store>()
  const vaults = new Map<string, Vault>()

  async function step(isDone: () => boolean): Promise<boolean> {
    for (let turns = 0; turns < 12; turns++) {
      if (isDone()) return true
      await settle()
    }
    await clock.advance(20)
    return isDone()
  }

  async function until(condition: () => boolean, limitMs = 30_000): Promise<void> {
    const endMs = clock.monotonic() + limitMs
    while (!(await step(condition))) {
      if (clock.monotonic() > endMs) throw new Error(`not within ${limitMs} ms: ${condition}`)
    }
  }

  async function turn<Value>(promise: Promise<Value>): Promise<Value> {
    let isSettled = false
    const note = () => {
      isSettled = true
    }
    promise.then(note, note)
    await until(() => isSettled, 600_000)
    return promise
  }

  async function add(name: string, deps: Partial<PeerDeps> = {}): Promise<TestPeer> {
    const store =
      deps.store ??
      stores.get(name) ??
      openNodeStore(':memory:', { sha256: testCrypto.sha256, now: clock.now })
    stores.set(name, store)
    const vault = vaults.get(name) ?? memoryVault(name)
    vaults.set(name, vault)
    const logged: TestPeer['logged'] = []
    const chance = random.fork(`${name} ${clock.monotonic()}`)
    const peer = await createPeer({
      store,
      crypto: testCrypto,
      signer: await testCrypto.signer(testSeed(name)),
      boxKey: await testCrypto.agreementKey(testSeed(`box of ${name}`)),
      vault: accountVault(vault),
      scrypt: testScrypt,
      random: (length) => chance.bytes(length),
      clock,
      log: {
        info: (event, fields) => void logged.push({ event, fields }),
        warn: (event, fields) => void logged.push({ event, fields }),
      },
      async dial(url) {
        const target = running.get(url.replace(/^memory:(\/\/)?/, ''))
        if (target === undefined || !network.reachable(name, target.name)) {
          throw new EffigyError('unreachable', `${url} does not answer`)
        }
        target.dials.count++
        const [ours, theirs] = network.pair(name, target.name)
        void target.peer.accept(theirs)
        return ours
      },
      ...deps,
    })
    const { identity } = peer
    const made: TestPeer = {
      name,
      peer,
      identity,
      store,
      vault,
      address: `memory:${name}#${identity}`,
      logged,
      dials: { count: 0 },
      async stop() {
        running.delete(name)
        await turn(Promise.resolve(peer[Symbol.asyncDispose]()))
      },
    }
    running.set(name, made)
    return made
  }

  return {
    clock,
    network,
    add,
    until,
    turn,
    pass: async (ms) => {
      const endMs = clock.monotonic() + ms
      while (clock.monotonic() < endMs) await step(() => false)
    },
    async [Symbol.asyncDispose]() {
      for (const peer of [...running.values()]) await peer.stop()
      for (const store of stores.values()) store[Symbol.dispose]()
    },
  }
}

function memoryVault(name: string): Vault {
  let contents: VaultContents = {
    v: 2,
    instance: 1,
    seed: encodeBase64url(testSeed(name)),
    box: encodeBase64url(testSeed(`box of ${name}`)),
    phrase: null,
    synod: null,
  }
  return {
    read: () => contents,
    create: async () => false,
    async replace(next) {
      contents = next
    },
    async newInstance() {
      contents = { ...contents, instance: contents.instance + 1 }
      return contents.instance
    },
  }
}

/** 2^10 instead of what is asked for: the same path, a hundred times as fast. */
export const testScrypt: Scrypt = (password, salt) => nodeScrypt(password, salt, 10)

export const note = (text: string) => ({ type: 'public_note', at: 1, text }) as Payload

export const never: AbortSignal = new AbortController().signal

/** Texts of a feed, newest first. */
export function texts(store: Store, identity: Identity): readonly string[] {
  return store.feedItems(identity, { limit: 500 }).items.map(textOf)
}

export function textOf({ state }: Item): string {
  if (state.type !== 'shown') return state.type
  return 'text' in state.payload ? String(state.payload.text) : state.payload.type
}

/** The chain as it stands, oldest first, after checking that it is one; of an epoch that is over it may have been `isDisputed`. */
export function soundChain(
  store: Store,
  identity: Identity,
  { isDisputed = false }: { readonly isDisputed?: boolean } = {},
): readonly RawCid[] {
  const record = store.feed(identity)?.record ?? null
  const chain = Array.from(store.chain(identity), ({ signed }) => signed)
  let bytes = 0
  for (const [index, { entry, bytes: own }] of chain.entries()) {
    const below = chain[index - 1]
    bytes += own.length
    if (entry.length !== index + 1) throw new Error(`length ${entry.length} at ${index + 1}`)
    if (entry.parent !== (below?.cid ?? null)) throw new Error(`a wrong parent at ${index + 1}`)
    if (entry.comparable <= (below?.entry.comparable ?? 0)) throw new Error(`comparable at ${index + 1}`)
  }
  const top = chain.at(-1)
  const head = record?.head
  if (head?.head !== top?.cid || (head?.length ?? 0) !== chain.length || (head?.bytes ?? 0) !== bytes) {
    throw new Error('the head record does not name the top')
  }
  if (!isDisputed && store.forkEvidence(identity).length > 0) throw new Error('a fork')
  return chain.map(({ cid }) => cid)
}
