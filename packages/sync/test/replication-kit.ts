/**
 * Peers with a real store, real signatures and real sessions, over links in memory under a fake clock.
 *
 *     createPeer('alice') ─▶ publish … ─▶ connect(alice, bob) ─▶ until(() => …)
 */
import {
  type Link as BlobLink,
  type Entry,
  type HeadRecord,
  type Identity,
  identityOfKey,
  planRebase,
  type RawCid,
  type RebaseEdit,
  rawCid,
  type SealOwn,
  type SignedEntry,
  type Signer,
  signEntry,
  signHead,
  signRebase,
  utf8,
} from '@effigy/core'
import { memoryPair } from '@effigy/links'
import {
  blockMigrations,
  createStore,
  migrations,
  type ServedEntry,
  type Store,
  sealWith,
  type WatchPolicy,
} from '@effigy/store'
import { openSqlite } from '@effigy/store/node'
import { createFakeClock, type FakeClock, settle, testSeed } from '@effigy/testkit'
import { defaultSessionLimits } from '../src/limits.ts'
import type { Link } from '../src/link.ts'
import type { Log, LogFields } from '../src/log.ts'
import { createReplicator, type Replicator } from '../src/replication/replicator.ts'
import { createReplication } from '../src/replication/shared.ts'
import { createSharing, type SharingFacts } from '../src/replication/sharing.ts'
import { verifyBehind } from '../src/replication/verify-behind.ts'
import { openSession } from '../src/run.ts'
import { publicNetworkKey } from '../src/session/transcript.ts'
import type { Session } from '../src/session.ts'
import { testCrypto } from './handshake-kit.ts'

export { testCrypto }

export const { sha256 } = testCrypto

export function openTestStore(clock: Pick<FakeClock, 'now'>): Store {
  return createStore({
    main: openSqlite(':memory:', { migrations }),
    blocks: openSqlite(':memory:', { migrations: blockMigrations }),
    sha256,
    now: clock.now,
    pause: settle,
  })
}

export interface Draft {
  readonly text: string
  readonly detached?: boolean
  readonly links?: readonly BlobLink[]
  /** Instead of a note with that text. */
  readonly payload?: string
}

/** A feed and the one who writes it. */
export interface Writer {
  readonly identity: Identity
  readonly chain: readonly SignedEntry[]
  readonly record: HeadRecord
  /** Adds entries to the feed; nothing is stored. */
  write(drafts: readonly (Draft | string)[]): Promise<readonly ServedEntry[]>
  /** Writes the whole feed anew under the next epoch: sealed under a key, or with null as everybody reads it (X20). */
  reseal(key: Uint8Array | null): Promise<{ readonly base: number; readonly entries: readonly SignedEntry[] }>
  /** Rewrites the chain without, or with others in place of, some entries. */
  rebase(
    edits: ReadonlyMap<number, RebaseEdit>,
  ): Promise<{ readonly base: number; readonly entries: readonly SignedEntry[] }>
}

export const createWriter = (name: string): Promise<Writer> => createSealedWriter(name, null)

/** A feed that is sealed under a key from the start; with null it is not. */
export async function createSealedWriter(name: string, feedKey: Uint8Array | null): Promise<Writer> {
  const signer: Signer = await testCrypto.signer(testSeed(name))
  const identity = identityOfKey(signer.publicKey)
  let chain: SignedEntry[] = []
  let record: HeadRecord | null = null
  let epoch = 1
  let sealing: SealOwn | null = feedKey === null ? null : sealWith(feedKey, testCrypto)

  async function seal(): Promise<void> {
    const top = chain.at(-1) as SignedEntry
    const { length, comparable } = top.entry
    const bytes = chain.reduce((sum, entry) => sum + entry.bytes.length, 0)
    record = await signHead({ identity, epoch, length, comparable, bytes, head: top.cid }, signer)
  }

  return {
    identity,
    get chain() {
      return chain
    },
    get record() {
      return record as HeadRecord
    },
    async write(drafts) {
      const written: ServedEntry[] = []
      for (const draft of drafts) {
        const { text, detached = false, links = [] } = typeof draft === 'string' ? { text: draft } : draft
        const below = chain.at(-1)
        const note = { type: 'public_note', at: 1, text, salt: 'AAAAAAAAAAAAAAAAAAAAAA' }
        const payload = (typeof draft === 'string' ? undefined : draft.payload) ?? JSON.stringify(note)
        const body = utf8(payload)
        const content = rawCid(body, sha256)
        const entry: Entry = {
          identity,
          parent: below?.cid ?? null,
          length: chain.length + 1,
          comparable: (below?.entry.comparable ?? 1_800_000_000_000) + 1_000,
          synod: null,
          links: detached ? [[content, body.length], ...links] : links,
          payload: detached ? content : payload,
        }
        const bare = await signEntry(entry, signer, sha256)
        const signed = sealing?.(bare) ?? bare
        chain.push(signed)
        written.push({ entry: signed, body: detached ? body : null })
      }
      await seal()
      return written
    },
    async reseal(key) {
      sealing = key === null ? null : sealWith(key, testCrypto)
      const drafts = chain.map(({ entry }) => ({ ...entry, oldLength: null }))
      chain = []
      for await (const entry of signRebase({ base: null, drafts }, signer, identity, sha256, sealing))
        chain.push(entry)
      epoch++
      await seal()
      return { base: 0, entries: chain }
    },
    async rebase(edits) {
      const byCid = new Map(
        [...edits].map(([length, edit]) => [(chain[length - 1] as SignedEntry).cid, edit]),
      )
      const plan = planRebase(chain, byCid, '{"type":"void","at":1}')
      if (plan === null) throw new Error('no such entry')
      const base = plan.base?.length ?? 0
      const entries: SignedEntry[] = []
      for await (const entry of signRebase(plan, signer, identity, sha256, sealing)) entries.push(entry)
      chain = [...chain.slice(0, base), ...entries]
      epoch++
      await seal()
      return { base, entries }
    },
  }
}

export interface TestPeer extends Disposable {
  readonly name: string
  readonly identity: Identity
  readonly signer: Signer
  readonly store: Store
  readonly world: World
  readonly logged: { readonly event: string; readonly fields: LogFields }[]
  readonly replication: ReturnType<typeof createReplication>
  readonly facts: { -readonly [Key in keyof SharingFacts]: SharingFacts[Key] }
  /** Own entries of a writer whose home this is. */
  publish(writer: Writer, drafts: readonly (Draft | string)[]): Promise<void>
  publishResealed(writer: Writer, key: Uint8Array | null): Promise<void>
  publishRebase(writer: Writer, edits: ReadonlyMap<number, RebaseEdit>): Promise<void>
  watch(identity: Identity, policy?: Partial<WatchPolicy>): void
  /** Entries of a feed that are on its shown chain here. */
  held(identity: Identity): readonly RawCid[]
}

export interface World {
  readonly clock: FakeClock
}

export function createWorld(): World {
  return { clock: createFakeClock() }
}

export async function createPeer(
  world: World,
  name: string,
  { verifies = true }: { readonly verifies?: boolean } = {},
): Promise<TestPeer> {
  const { clock } = world
  const signer = await testCrypto.signer(testSeed(`device of ${name}`))
  const store = openTestStore(clock)
  const logged: { readonly event: string; readonly fields: LogFields }[] = []
  const stop = new AbortController()
  if (verifies) verifyBehind({ store, verify: testCrypto.verify, clock }, stop.signal).catch(() => {})
  return {
    name,
    identity: identityOfKey(signer.publicKey),
    signer,
    store,
    world,
    logged,
    replication: createReplication(clock),
    facts: {
      trust: () => 'friend',
      isBlocked: () => false,
      isPublic: () => true,
      isPublicBlob: () => true,
      isMember: () => false,
    },
    async publish(writer, drafts) {
      const written = await writer.write(drafts)
      store.appendOwn(written, writer.record)
    },
    async publishResealed(writer, key) {
      const { base, entries } = await writer.reseal(key)
      store.replaceOwn(
        base,
        entries.map((entry) => ({ entry, body: null })),
        writer.record,
      )
    },
    async publishRebase(writer, edits) {
      const { base, entries } = await writer.rebase(edits)
      store.replaceOwn(
        base,
        entries.map((entry) => ({ entry, body: null })),
        writer.record,
      )
    },
    watch(identity, policy = {}) {
      store.watchFeed(identity, { depth: { type: 'all' }, blobs: { type: 'all' }, ...policy })
    },
    held: (identity) => Array.from(store.chain(identity), ({ signed }) => signed.cid),
    [Symbol.dispose]() {
      stop.abort()
      store[Symbol.dispose]()
    },
  }
}

export interface Connected {
  readonly links: readonly [Link, Link]
  readonly sessions: readonly [Session, Session]
  readonly replicators: readonly [Replicator, Replicator]
  /** Ends both sides; resolves when both runs are over. */
  end(): Promise<void>
  /** The connection is gone, without a word. */
  cut(): Promise<void>
  readonly done: Promise<unknown>
}

/** `a` dials `b`. */
export async function connect(
  a: TestPeer,
  b: TestPeer,
  links: readonly [Link, Link] = memoryPair(),
): Promise<Connected> {
  const [dialler, acceptor] = await turning(
    a.world,
    Promise.all([
      openTestSession(a, 'dialler', links[0], b.identity),
      openTestSession(b, 'acceptor', links[1], null),
    ]),
  )
  const stop = new AbortController()
  const replicators = [replicatorOf(a, dialler), replicatorOf(b, acceptor)] as const
  const done = Promise.all(replicators.map((replicator) => replicator.run(stop.signal)))
  done.catch(() => {})
  return {
    links,
    sessions: [dialler, acceptor],
    replicators,
    done,
    async end() {
      stop.abort()
      await turning(a.world, done)
    },
    async cut() {
      links[0].close('cut')
      links[1].close('cut')
      await turning(a.world, done)
    },
  }
}

export function logOf(peer: TestPeer): Log {
  return {
    info: (event, fields) => void peer.logged.push({ event, fields }),
    warn: (event, fields) => void peer.logged.push({ event, fields }),
  }
}

/** Whom a peer dials it has chosen, unless the test says otherwise. */
export function replicatorOf(
  peer: TestPeer,
  session: Session,
  isChosen: boolean = session.role === 'dialler',
): Replicator {
  return createReplicator(session, {
    store: peer.store,
    crypto: testCrypto,
    verify: testCrypto.verify,
    clock: peer.world.clock,
    log: logOf(peer),
    sharing: createSharing(session.remote, peer.facts),
    isChosen,
    shared: peer.replication,
  })
}

export function openTestSession(
  { identity, signer, world, ...peer }: TestPeer,
  role: 'dialler' | 'acceptor',
  link: Link,
  expect: Identity | null,
): Promise<Session> {
  return openSession(link, {
    role,
    identity,
    signer,
    expect,
    demandProof: false,
    networkKey: publicNetworkKey(sha256),
    pairingSecret: null,
    head: () => null,
    crypto: testCrypto,
    clock: world.clock,
    log: { info() {}, warn: (event, fields) => void peer.logged.push({ event, fields }) },
    // The clock leaps while the machine still works.
    limits: { ...defaultSessionLimits, pingAfterMs: Number.POSITIVE_INFINITY },
    signal: new AbortController().signal,
  })
}

/** Lets the world turn until `condition` holds; false when it does not within `limitMs`. */
export async function until(world: World, condition: () => boolean, limitMs = 20_000): Promise<boolean> {
  for (let passedMs = 0; passedMs < limitMs; passedMs += 20) {
    for (let turn = 0; turn < 20; turn++) {
      if (condition()) return true
      await settle()
    }
    await world.clock.advance(20)
  }
  return condition()
}

/** Lets the world turn until the promise is settled. */
export async function turning<Value>(world: World, promise: Promise<Value>): Promise<Value> {
  let isSettled = false
  const settled = () => {
    isSettled = true
  }
  promise.then(settled, settled)
  await until(world, () => isSettled)
  return promise
}
