/**
 * Two replicators that come up to date, and what they said to each other.
 *
 *     meet(world, alice, bob) ─▶ { said, bytes, … }      feeds('x', 300) ─▶ writers, made once
 */
import type { HeadRecord, Identity } from '@effigy/core'
import { memoryPair } from '@effigy/links'
import type { Link } from '../src/link.ts'
import type { Message } from '../src/messages.ts'
import type { Replicator } from '../src/replication/replicator.ts'
import type { Session } from '../src/session.ts'
import {
  createWriter,
  openTestSession,
  replicatorOf,
  type TestPeer,
  turning,
  until,
  type World,
  type Writer,
} from './replication-kit.ts'

export interface Meeting {
  /** Types of the messages that were sent, in order: `a:resume`, `b:resumed`, … */
  readonly said: readonly string[]
  /** Sealed bytes after the handshake, both ways. */
  readonly bytes: number
  readonly replicators: readonly [Replicator, Replicator]
  readonly sessions: readonly [Session, Session]
  readonly links: readonly [Link, Link]
  end(): Promise<void>
}

/** `a` dials `b`; both run until they are up to date, or for `limitMs`. */
export async function meet(
  world: World,
  a: TestPeer,
  b: TestPeer,
  { limitMs = 20_000, latencyMs = 0 }: { readonly limitMs?: number; readonly latencyMs?: number } = {},
): Promise<Meeting> {
  let bytes = 0
  const said: string[] = []
  const count = (link: Link): Link =>
    new Proxy(link, {
      get(target, key) {
        if (key !== 'send') return Reflect.get(target, key, target)
        return (frame: Uint8Array) => {
          bytes += frame.length
          target.send(frame)
        }
      },
    })
  const [left, right] = memoryPair(latencyMs === 0 ? {} : { latency: { clock: world.clock, ms: latencyMs } })
  const links = [count(left), count(right)] as const
  const sessions = await turning(
    world,
    Promise.all([
      openTestSession(a, 'dialler', links[0], b.identity),
      openTestSession(b, 'acceptor', links[1], null),
    ]),
  )
  bytes = 0
  const listen = (session: Session, name: string): Session =>
    new Proxy(session, {
      get(target, key) {
        if (key !== 'send') {
          const value: unknown = Reflect.get(target, key, target)
          // A session knows itself by what is private to it.
          return typeof value === 'function' ? value.bind(target) : value
        }
        return (message: Message, part?: Uint8Array) => {
          said.push(`${name}:${message.type}`)
          target.send(message, part)
        }
      },
    })
  const stop = new AbortController()
  const replicators = [
    replicatorOf(a, listen(sessions[0], 'a')),
    replicatorOf(b, listen(sessions[1], 'b')),
  ] as const
  const done = Promise.all(replicators.map((replicator) => replicator.run(stop.signal)))
  done.catch(() => {})
  await until(world, () => replicators.every((replicator) => replicator.status().upToDate), limitMs)
  return {
    said,
    get bytes() {
      return bytes
    },
    replicators,
    sessions,
    links,
    async end() {
      stop.abort()
      await turning(world, done)
    },
  }
}

const made = new Map<string, Writer>()

/** Feeds of one entry each; the same names give the same ones. */
export async function feeds(name: string, count: number): Promise<readonly Writer[]> {
  const writers: Writer[] = []
  for (let index = 0; index < count; index++) {
    const key = `${name} ${index}`
    let writer = made.get(key)
    if (writer === undefined) {
      writer = await createWriter(key)
      await writer.write(['first'])
      made.set(key, writer)
    }
    writers.push(writer)
  }
  return writers
}

/** Takes everything that was written, as one who follows does. */
export function hold(
  { store }: Pick<TestPeer, 'store'>,
  { identity, chain, record }: Writer,
  length = chain.length,
): void {
  store.watchFeed(identity, { depth: { type: 'all' }, blobs: { type: 'all' } })
  const from = store.feed(identity)?.heldCount ?? 0
  if (length !== chain.length) throw new Error('only whole chains have a record')
  store.appendOwn(
    chain.slice(from).map((entry) => ({ entry, body: null })),
    record,
  )
}

export function headOf({ store }: Pick<TestPeer, 'store'>, identity: Identity): HeadRecord | null {
  return store.feed(identity)?.record ?? null
}

export function isLevel(a: TestPeer, b: TestPeer, writers: readonly Writer[]): boolean {
  return writers.every(({ identity }) => {
    const [ours, theirs] = [headOf(a, identity), headOf(b, identity)]
    return ours !== null && ours.head.head === theirs?.head.head && ours.head.epoch === theirs.head.epoch
  })
}
