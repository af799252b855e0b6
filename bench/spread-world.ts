/**
 * Connected peers under a fake clock, for spread.bench.ts: what ships, but for the clock and the network.
 *
 *     publish ─▶ … frames with 50 ms of latency … ─▶ on everybody: after how long, received how often?
 *
 * @module
 */
import { EffigyError, shortName } from '@effigy/core'
import { createMemoisedCrypto } from '@effigy/crypto'
import { createNodeCrypto } from '@effigy/crypto/node'
import { createPeer, type Peer } from '@effigy/peer'
import type { Store } from '@effigy/store'
import { openNodeStore } from '@effigy/store/node'
import {
  createFakeClock,
  createNetwork,
  createRandom,
  type Random,
  seededRandomBytes,
  settle,
} from '@effigy/testkit'

export type Topology = 'hub' | 'random' | 'mesh'

export interface SpreadOptions {
  readonly topology: Topology
  readonly peers: number
  /** The first so many are followed by all. */
  readonly authors: number
  readonly seed: string
}

export interface Spread extends AsyncDisposable {
  /** The author publishes a note; resolves when everybody has it, and everything is quiet again. */
  publish(author: number): Promise<{
    /** Until the last peer had it; a round trip is twice the latency of a link. */
    readonly roundTrips: number
    /** Of the entry, received by a peer on average; the author aside. */
    readonly copies: number
    /** In all frames, by a peer on average. */
    readonly bytes: number
  }>
  /** The most links between an author and anybody. */
  readonly eccentricity: number
}

/** One way. */
const latencyMs = 50

const linksEach = 8

/** Far longer than anything here takes. */
const limitMs = 60_000

/** Whatever hangs on promises alone has happened after so many turns of the event loop. */
const turnsAStep = 12

interface Member {
  readonly peer: Peer
  readonly store: Store
  /** Copies of entries received, by the short name of the author. */
  readonly copies: Map<string, number>
}

export async function createSpread({ topology, peers, authors, seed }: SpreadOptions): Promise<Spread> {
  const random = createRandom(seed)
  const clock = createFakeClock()
  const network = createNetwork({ clock, random: random.fork('network'), latencyMs })
  const crypto = createMemoisedCrypto(createNodeCrypto())
  await using undo = new AsyncDisposableStack()
  const members: Member[] = []
  const count = peers + (topology === 'hub' ? 1 : 0)

  async function step(ms = 1): Promise<void> {
    for (let turn = 0; turn < turnsAStep; turn++) await settle()
    await clock.advance(ms)
  }

  /** Nothing is measured: larger steps do. */
  async function pause(ms: number): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += 10) await step(10)
  }

  async function until(condition: () => boolean): Promise<void> {
    const endMs = clock.monotonic() + limitMs
    while (!condition()) {
      if (clock.monotonic() > endMs) throw new Error(`not within ${limitMs} ms`)
      await step()
    }
  }

  async function add(index: number): Promise<Member> {
    const store = openNodeStore(':memory:', { sha256: crypto.sha256, now: clock.now })
    undo.use(store)
    const copies = new Map<string, number>()
    const note = (feed: string, entries: number): void => {
      copies.set(feed, (copies.get(feed) ?? 0) + entries)
    }
    const keys = createRandom(`${seed}/${index}/keys`)
    const peer = await createPeer({
      store: {
        ...store,
        appendRuns(runs) {
          for (const { identity, entries } of runs) note(shortName(identity), entries.length)
          return store.appendRuns(runs)
        },
      },
      crypto: { ...crypto, randomBytes: seededRandomBytes(`${seed}/${index}/bytes`) },
      signer: await crypto.signer(keys.bytes(32)),
      boxKey: await crypto.agreementKey(keys.bytes(32)),
      clock,
      random: seededRandomBytes(`${seed}/${index}/chance`),
      log: {
        info(event, fields) {
          // What is here already is dropped before it reaches the store.
          if (event === 'news.repeated') note(String(fields.feed), 1)
        },
        warn() {},
      },
      kind: index === peers ? 'hub' : 'peer',
      async dial(address) {
        const other = members[Number(address.slice('memory:'.length))]
        if (other === undefined) throw new EffigyError('unreachable', 'nobody answers')
        const [ours, theirs] = network.pair(String(index), address.slice('memory:'.length))
        void other.peer.accept(theirs)
        return ours
      },
    })
    // The peers go before their stores.
    undo.defer(async () => {
      let isClosed = false
      const note = (): void => {
        isClosed = true
      }
      peer[Symbol.asyncDispose]().then(note, note)
      await until(() => isClosed)
    })
    return { peer, store, copies }
  }

  for (let index = 0; index < count; index++) members.push(await add(index))
  const followed = members.slice(0, authors).map(({ peer }) => peer.identity)
  for (const { peer } of members) {
    for (const identity of followed) {
      if (identity !== peer.identity) await peer.relate('follow', identity, true)
    }
  }
  const links = linksOf(topology, peers, random.fork('links'))
  for (const [from, to] of links) {
    const target = members[to] as Member
    ;(members[from] as Member).peer.connect(`memory:${to}`, { expect: target.peer.identity })
  }
  const isQuiet = (): boolean =>
    members.every(({ peer }) => peer.status().sessions.every(({ upToDate }) => upToDate))
  const sessions = (): number => members.reduce((sum, { peer }) => sum + peer.status().sessions.length, 0)
  await until(() => sessions() === links.length * 2 && isQuiet())
  await pause(3_000)

  const owned = undo.move()
  return {
    eccentricity: Math.max(...followed.map((_, author) => mostLinks(links, count, author))),
    async publish(author) {
      const { peer } = members[author] as Member
      const others = members.filter((member) => member.peer !== peer)
      const before = new Map(
        others.map((member) => [member, member.copies.get(shortName(peer.identity)) ?? 0]),
      )
      const bytesBefore = network.total().bytes
      const publishing = peer.publish({
        type: 'public_note',
        at: clock.now(),
        text: `A note about as long as they are, number ${random.integer(1_000)}. ${'Words. '.repeat(20)}`,
      })
      const startMs = clock.monotonic()
      const { cid } = await publishing
      await until(() => others.every(({ store }) => store.entry(cid) !== null))
      const tookMs = clock.monotonic() - startMs
      // Whoever is told once more is told soon.
      await pause(2_000)
      const copies = others.reduce(
        (sum, member) => sum + (member.copies.get(shortName(peer.identity)) ?? 0) - (before.get(member) ?? 0),
        0,
      )
      return {
        roundTrips: tookMs / (2 * latencyMs),
        copies: copies / others.length,
        bytes: (network.total().bytes - bytesBefore) / others.length,
      }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

type Link = readonly [from: number, to: number]

function linksOf(topology: Topology, peers: number, random: Random): readonly Link[] {
  const everybody = Array.from({ length: peers }, (_, index) => index)
  switch (topology) {
    case 'hub':
      return everybody.map((index) => [index, peers] as const)
    case 'mesh':
      return everybody.flatMap((from) => everybody.slice(from + 1).map((to) => [from, to] as const))
    case 'random':
      return regularGraph(everybody, random)
  }
}

/** Rings over random orders, two links each, drawn again while they share a link with those before: connected by the first. */
function regularGraph(everybody: readonly number[], random: Random): readonly Link[] {
  const links = new Map<string, Link>()
  while (links.size < (everybody.length * linksEach) / 2) {
    const order = random.shuffle(everybody)
    const ring = order.map((from, at): Link => [from, order[(at + 1) % order.length] as number])
    const names = ring.map(([from, to]) => (from < to ? `${from} ${to}` : `${to} ${from}`))
    if (names.some((name) => links.has(name))) continue
    for (const [at, name] of names.entries()) links.set(name, ring[at] as Link)
  }
  return [...links.values()]
}

function mostLinks(links: readonly Link[], count: number, from: number): number {
  const distance = new Map([[from, 0]])
  for (let steps = 1; distance.size < count; steps++) {
    const reached = links.flatMap(([a, b]) => {
      if (distance.get(a) === steps - 1 && !distance.has(b)) return [b]
      return distance.get(b) === steps - 1 && !distance.has(a) ? [a] : []
    })
    if (reached.length === 0) throw new Error('not connected')
    for (const one of reached) distance.set(one, steps)
  }
  return Math.max(...distance.values())
}
