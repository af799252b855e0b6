/**
 * Coming up to date over 100,000 watched feeds (spec C): with one's hub, nothing new and 100 feeds changed,
 * and with a friend who was never met before. Whole sessions over real stores, links in memory whose 50 ms
 * each way pass on a fake clock: round trips are counted, not guessed, and CPU time is that of both sides.
 *
 * Counted are all sealed bytes on the link, both ways, from the end of the handshake until nothing is left to say:
 * also what both sides provide, which is said in every session; and apart from that the `bye` of both.
 * Opening a store is told for itself. `first time`: in the life of the stores, and of this process, whose code is
 * not compiled yet; `after a start`: the stores were opened anew; `running`: the heads are in memory.
 *
 * @module
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type HeadRecord, type Identity, identityOfKey, type Signer } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { memoryPair } from '@effigy/links'
import type { Store } from '@effigy/store'
import { openNodeStore } from '@effigy/store/node'
import {
  createReplication,
  createReplicator,
  createSharing,
  defaultSessionLimits,
  type FrameBytes,
  type Link,
  type Message,
  openSession,
  type Provided,
  publicNetworkKey,
  type Replicator,
  type Session,
  silentLog,
  writeProvided,
} from '@effigy/sync'
import { createFakeClock, createRandom, type FakeClock, settle } from '@effigy/testkit'
import { confirmedBy } from '../packages/peer/src/confirmed.ts'
import { createReceipts, type Receipts } from '../packages/peer/src/receipts.ts'
import { cpuSeconds, type Figure, figure } from './figure.ts'
import { growAll, keepGrown, makeShortFeeds, type ShortFeed } from './short-feeds.ts'

const total = 100_000
const changed = 100

/** One way. */
const latencyMs = 50

const crypto = createNodeCrypto()
const everything = { depth: { type: 'all' }, blobs: { type: 'all' } } as const

interface Side {
  readonly signer: Signer
  readonly identity: Identity
  readonly store: Store
}

export async function* bench(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-bench-'))
  try {
    const clock = createFakeClock()
    const all = await makeFeeds()
    await fill(join(folder, 'a'), all)
    // The others are only in the way of the garbage collector, whose time would be counted.
    const feeds = all.slice(0, 4 * changed)
    all.length = 0
    cpSync(join(folder, 'a'), join(folder, 'b'), { recursive: true })
    yield* withFriend(folder, clock, feeds)
    yield* withHub(folder, clock, feeds)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function* withFriend(
  folder: string,
  clock: FakeClock,
  feeds: readonly ShortFeed[],
): AsyncGenerator<Figure> {
  for (const [round, state] of ['first time', 'after a start', 'running'].entries()) {
    const startCpu = cpuSeconds()
    using a = await openSide(folder, 'a', clock)
    using b = await openSide(folder, 'b', clock)
    const openingMs = ((cpuSeconds() - startCpu) * 1000) / 2
    for (const { store } of state === 'running' ? [a, b] : []) store.headLog?.watchedHeads()
    const part = feeds.slice(round * changed, (round + 1) * changed)
    const heads = await write(b.store, part)
    const met = await meet(clock, a, b, allKnown(a.store, heads))
    const name = `never met, ${changed} of ${total} changed, ${state}`
    yield figure(`${name}, naming them`, met.naming, 'bytes', {
      ratio: met.naming / 8_192,
      of: '8 KB at most',
    })
    yield figure(`${name}, their head records`, met.heads, 'bytes')
    yield figure(`${name}, until all heads are known`, met.roundTrips, 'round trips', {
      ratio: met.roundTrips / 2,
      of: '2 at most',
    })
    yield figure(`${name}, CPU a side`, met.cpuMs / 2, 'ms', {
      ratio: met.cpuMs / 2 / 250,
      of: '250 ms at most',
    })
    if (state !== 'running') yield figure(`${name}, opening a store before that, CPU`, openingMs, 'ms')
    // The last time they stay acquainted.
    if (state === 'running') continue
    a.store.headLog?.forgetSets(b.identity)
    b.store.headLog?.forgetSets(a.identity)
  }
}

async function* withHub(
  folder: string,
  clock: FakeClock,
  feeds: readonly ShortFeed[],
): AsyncGenerator<Figure> {
  using a = await openSide(folder, 'a', clock)
  using b = await openSide(folder, 'b', clock)
  await meet(clock, a, b, isUpToDate, true)
  const quiet = await meet(clock, a, b, isUpToDate, true)
  yield figure('reconnect, nothing new', quiet.all, 'bytes', {
    ratio: quiet.all / 300,
    of: '300 bytes at most',
  })
  yield figure('reconnect, nothing new, until up to date', quiet.roundTrips, 'round trips', {
    ratio: quiet.roundTrips,
    of: 'one',
  })
  yield figure('reconnect, nothing new, CPU a side', quiet.cpuMs / 2, 'ms')
  yield figure('reconnect, nothing new, of that what both provide', quiet.provides, 'bytes')
  yield figure('reconnect, nothing new, the byes of both besides', quiet.bye, 'bytes')
  yield figure('reconnect, the handshake before it', quiet.handshake, 'bytes')
  const heads = await write(b.store, feeds.slice(3 * changed, 4 * changed))
  const busy = await meet(clock, a, b, allKnown(a.store, heads), true)
  const answer = busy.provides + busy.naming + busy.heads
  yield figure(`reconnect, ${changed} changed`, answer, 'bytes', {
    ratio: answer / 12_288,
    of: '12 KB at most',
  })
  yield figure(`reconnect, ${changed} changed, until all heads are known`, busy.roundTrips, 'round trips', {
    ratio: busy.roundTrips,
    of: 'one',
  })
  yield figure(`reconnect, ${changed} changed, CPU a side`, busy.cpuMs / 2, 'ms')
}

interface Met {
  readonly handshake: number
  /** Sealed, both ways, after the handshake: everything but `bye`; of that what is provided, names differences, carries head records. */
  readonly all: number
  readonly provides: number
  readonly naming: number
  readonly heads: number
  /** Not of the above. */
  readonly bye: number
  readonly roundTrips: number
  /** Of both sides, until `isDone` and the dialler is up to date. */
  readonly cpuMs: number
}

const isUpToDate = (dialler: Replicator): boolean => dialler.status().upToDate

/** Messages that carry head records, and those that come after them: entries and what belongs to them. */
const carrying = new Set(['lastknownheads', 'resumed', 'heads', 'news'])
const afterwards = new Set(['getfeed', 'feed', 'batch', 'credit', 'iwant', 'ihave', 'carry', 'position'])

async function meet(
  clock: FakeClock,
  a: Side,
  b: Side,
  isDone: (dialler: Replicator) => boolean,
  /** The acceptor is the dialler's hub, which keeps its feed. */
  isHub = false,
): Promise<Met> {
  const bytes = new Map<string, number>()
  let current = 'handshake'
  const add = (size: number): void => void bytes.set(current, (bytes.get(current) ?? 0) + size)
  const counted = (link: Link): Link =>
    intercept(link, 'send', (send) => (frame: Uint8Array) => {
      add(frame.length)
      send(frame)
    })
  const named = (session: Session): Session =>
    intercept(session, 'send', (send) => (message: Message, part?: FrameBytes) => {
      current = message.type
      send(message, part)
      // What the session says by itself when it is over.
      current = 'bye'
    })
  const [left, right] = memoryPair({ latency: { clock, ms: latencyMs } })
  const sessions = await turning(
    clock,
    Promise.all([
      openBenchSession(a, 'dialler', counted(left), b.identity, clock),
      openBenchSession(b, 'acceptor', counted(right), null, clock),
    ]),
  )
  const stop = new AbortController()
  const [mine, theirs] = [named(sessions[0]), named(sessions[1])]
  using receipts = isHub ? receiptsOf(a, mine, clock) : null
  const dialler = replicate(a, mine, clock, receipts)
  const acceptor = replicate(b, theirs, clock, null)
  const startMs = clock.monotonic()
  const startCpu = cpuSeconds()
  for (const [session, provided] of [
    [mine, peerProvides],
    [theirs, hubProvides],
  ] as const) {
    session.send({ type: 'provides' }, writeProvided(provided))
  }
  const over = Promise.all([dialler.run(stop.signal), acceptor.run(stop.signal)])
  // To be done is to know the heads; their entries are fetched after that.
  await passUntil(clock, () => isDone(dialler))
  const roundTrips = (clock.monotonic() - startMs) / (2 * latencyMs)
  const cpuMs = (cpuSeconds() - startCpu) * 1000
  await passUntil(clock, () => dialler.status().upToDate && acceptor.status().upToDate)
  // Both say how far they are.
  await clock.advance(2_000)
  if (isHub && (receipts?.state !== 'given' || a.store.feed(a.identity)?.record == null))
    throw new Error('the hub was never found to have all of it')
  const said = new Map(bytes)
  stop.abort()
  await turning(clock, over)
  const sum = (isOne: (type: string) => boolean): number =>
    [...said].filter(([type]) => isOne(type)).reduce((whole, [, size]) => whole + size, 0)
  const isApart = (type: string): boolean => type === 'handshake' || type === 'provides'
  return {
    handshake: said.get('handshake') ?? 0,
    all: sum((type) => type !== 'handshake'),
    provides: said.get('provides') ?? 0,
    naming: sum((type) => !isApart(type) && !carrying.has(type) && !afterwards.has(type)),
    heads: sum((type) => carrying.has(type)),
    bye: bytes.get('bye') ?? 0,
    roundTrips,
    cpuMs,
  }
}

/** The same object, but for one method. */
function intercept<Value extends object, Key extends keyof Value>(
  value: Value,
  name: Key,
  wrap: (method: Value[Key]) => Value[Key],
): Value {
  const method = value[name]
  const bound = (typeof method === 'function' ? method.bind(value) : method) as Value[Key]
  return new Proxy(value, {
    get(target, key) {
      if (key === name) return wrap(bound)
      const other: unknown = Reflect.get(target, key, target)
      return typeof other === 'function' ? other.bind(target) : other
    },
  })
}

async function passUntil(clock: FakeClock, condition: () => boolean): Promise<void> {
  for (let step = 0; step < 4_000; step++) {
    for (let turn = 0; turn < 20; turn++) await settle()
    if (condition()) return
    await clock.advance(latencyMs / 5)
  }
  throw new Error('never up to date')
}

async function turning<Value>(clock: FakeClock, promise: Promise<Value>): Promise<Value> {
  let isSettled = false
  const note = (): void => {
    isSettled = true
  }
  promise.then(note, note)
  await passUntil(clock, () => isSettled)
  return promise
}

function openBenchSession(
  { identity, signer }: Side,
  role: 'dialler' | 'acceptor',
  link: Link,
  expect: Identity | null,
  clock: FakeClock,
): Promise<Session> {
  return openSession(link, {
    role,
    identity,
    signer,
    expect,
    demandProof: false,
    networkKey: publicNetworkKey(crypto.sha256),
    pairingSecret: null,
    head: () => null,
    crypto,
    clock,
    log: silentLog,
    limits: { ...defaultSessionLimits, pingAfterMs: Number.POSITIVE_INFINITY },
    signal: new AbortController().signal,
  })
}

function receiptsOf({ store, identity }: Side, session: Session, clock: FakeClock): Receipts {
  return createReceipts({
    session,
    self: identity,
    store,
    clock,
    isHub: () => true,
    confirmed: confirmedBy(store, session.remote),
    changed() {},
  })
}

function replicate(
  { store, identity }: Side,
  session: Session,
  clock: FakeClock,
  receipts: Receipts | null,
): Replicator {
  return createReplicator(session, {
    store,
    crypto,
    verify: crypto.verify,
    clock,
    log: silentLog,
    sharing: createSharing(session.remote, {
      trust: () => 'friend',
      isBlocked: () => false,
      isPublic: () => true,
      isPublicBlob: () => true,
      isMember: () => true,
    }),
    isChosen: session.role === 'dialler',
    shared: createReplication(clock),
    ...(receipts === null
      ? {}
      : {
          onMessage: (message) => receipts.take(message),
          onWatch: (identities) => receipts.watched(identities),
          onContinued: () => receipts.continued(),
          onFeedAsked(feed: Identity, above: number) {
            if (feed === identity) receipts.asked(above)
          },
        }),
  })
}

const signerOf = (name: string): Promise<Signer> => crypto.signer(createRandom(`side ${name}`).bytes(32))

async function openSide(folder: string, name: string, clock: FakeClock): Promise<Side & Disposable> {
  const signer = await signerOf(name)
  const store = openNodeStore(join(folder, name), { sha256: crypto.sha256, now: clock.now })
  return {
    signer,
    identity: identityOfKey(signer.publicKey),
    store,
    [Symbol.dispose]: () => store[Symbol.dispose](),
  }
}

function knows(store: Store, { head }: HeadRecord): boolean {
  return store.headRecords([head.identity])[0]?.head.head === head.head
}

/** Asked often: what was found once is not asked again. */
function allKnown(store: Store, heads: readonly HeadRecord[]): () => boolean {
  let found = 0
  return () => {
    for (let next = heads[found]; next !== undefined && knows(store, next); next = heads[found]) found++
    return found === heads.length
  }
}

/** What a peer says of itself first, and a hub with every service that there is. */
const peerProvides: Provided = { services: ['blobs', 'voice', 'video'], kind: 'peer', metered: false }
const hubProvides: Provided = {
  services: ['blobs', 'headtracking', 'signalling', 'relaying', 'dropbox', 'datalease'],
  kind: 'hub',
  metered: false,
}

async function makeFeeds(): Promise<ShortFeed[]> {
  const feeds = await makeShortFeeds(total - 1, 'reconnect')
  // The last one is the dialler's own.
  const signer = await signerOf('a')
  return [...feeds, { signer, identity: identityOfKey(signer.publicKey), top: null, bytes: 0 }]
}

async function fill(folder: string, feeds: readonly ShortFeed[]): Promise<void> {
  using store = openNodeStore(folder, { sha256: crypto.sha256, now: () => 1 })
  for (const { identity } of feeds) store.watchFeed(identity, everything)
  for (let first = 0; first < feeds.length; first += 2_000) {
    const written = await growAll(feeds.slice(first, first + 2_000))
    keepGrown(store, written)
  }
}

/** Somebody's feeds grew, and this side has it. */
async function write(store: Store, feeds: readonly ShortFeed[]): Promise<readonly HeadRecord[]> {
  const written = await growAll(feeds)
  keepGrown(store, written)
  return written.map(({ record }) => record)
}
