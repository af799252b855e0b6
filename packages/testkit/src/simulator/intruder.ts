/**
 * A hostile peer that speaks the protocol by hand: it holds sessions, and says in them what it likes.
 *
 *     visit(target) ─openSession▶ Session ─▶ speak, every few seconds ─ thrown out ─▶ visits another one
 *
 * @module
 */
import { type HeadRecord, type Identity, identityOfKey, type RawCid, type Signer } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import {
  defaultSessionLimits,
  type Link,
  type Message,
  maxListedIds,
  openSession,
  publicNetworkKey,
  type Session,
  silentLog,
  writeHeads,
  writeIdentities,
  writeProvided,
} from '@effigy/sync'
import { type Random, seededRandomBytes } from '../seed.ts'
import type { HostilePeer } from './faults.ts'
import type { World } from './world.ts'

export interface IntruderPorts {
  readonly world: World
  readonly crypto: Crypto
  readonly seed: string
  /** Machines that can be visited. */
  readonly targets: ReadonlyMap<string, Identity>
  /** Whose feeds it speaks of. */
  readonly feeds: readonly Identity[]
  /** Every head record that anybody signed so far. */
  readonly records: () => readonly HeadRecord[]
}

export interface Intruder {
  readonly name: string
  /** Sessions that it got so far. */
  readonly visits: number
}

/** Held at once. */
const maxSessions = 4
const pauseMs = 5_000
const speakEveryMs = 4_000

export async function sendIntruder(kind: HostilePeer, ports: IntruderPorts): Promise<Intruder> {
  const { world, seed, targets } = ports
  const { clock } = world
  const name = `~${kind}`
  const random = world.random.fork(name)
  const crypto: Crypto = { ...ports.crypto, randomBytes: seededRandomBytes(`${seed}/${name}`) }
  const signer: Signer = await crypto.signer(random.bytes(32))
  const identity = identityOfKey(signer.publicKey)
  let visits = 0

  async function meet(target: string): Promise<void> {
    const link = await world.dial(name, `ws://${target}.test`)
    if (kind === 'trickling' || (kind === 'garbage' && random.chance(0.5))) {
      await mumble(link)
      return
    }
    const session = await openSession(link, {
      role: 'dialler',
      identity,
      signer,
      expect: targets.get(target) ?? null,
      demandProof: false,
      networkKey: publicNetworkKey(crypto.sha256),
      pairingSecret: null,
      head: () => null,
      crypto,
      clock,
      log: silentLog,
      limits: defaultSessionLimits,
      signal: new AbortController().signal,
    })
    visits++
    const speaker = createSpeaker(kind, session, ports, random)
    speaker.greet()
    let timer = clock.after(1_000, turn)
    function turn(): void {
      timer = clock.after(speakEveryMs, turn)
      speaker.speak()
    }
    for await (const { message } of session.receive()) speaker.hear(message)
    timer[Symbol.dispose]()
  }

  /** Bytes without sense before any handshake, one small frame after the other. */
  async function mumble(link: Link): Promise<void> {
    const say = (): void => {
      link.send(random.bytes(kind === 'trickling' ? 1 : 1 + random.integer(3_000)))
      timer = clock.after(kind === 'trickling' ? 3_000 : 500, say)
    }
    let timer = clock.after(0, say)
    visits++
    await link.closed
    timer[Symbol.dispose]()
  }

  async function haunt(): Promise<void> {
    for (;;) {
      await meet(random.pick([...targets.keys()])).catch(() => {})
      await new Promise<void>((resolve) => clock.after(pauseMs + random.integer(pauseMs), resolve))
    }
  }

  for (let count = 0; count < maxSessions * (kind === 'trickling' ? 4 : 1); count++) void haunt()
  return {
    name,
    get visits() {
      return visits
    },
  }
}

interface Speaker {
  greet(): void
  speak(): void
  hear(message: Message): void
}

function createSpeaker(
  kind: HostilePeer,
  session: Session,
  { feeds, records }: IntruderPorts,
  random: Random,
): Speaker {
  function say(message: Message | { readonly type: string }, bytes?: Uint8Array): void {
    try {
      session.send(message as Message, bytes)
    } catch {
      // Thrown out: whoever visits next comes again.
    }
  }

  const tell = (told: readonly HeadRecord[]): void =>
    say({ type: 'heads', count: told.length, online: 0 }, writeHeads(told))

  function newest(): readonly HeadRecord[] {
    const byFeed = new Map<Identity, HeadRecord>()
    for (const record of records()) byFeed.set(record.head.identity, record)
    return [...byFeed.values()].slice(-maxListedIds)
  }

  function forged(): HeadRecord | null {
    const known = newest()
    if (known.length === 0) return null
    const { head, signature } = random.pick(known)
    const bent = Uint8Array.from(signature)
    bent[random.integer(bent.length)] = random.integer(256)
    const length = head.length + 1 + random.integer(5)
    return random.chance(0.5)
      ? { head: { ...head, length, comparable: head.comparable + 1 }, signature }
      : { head: { ...head, epoch: head.epoch + 1 }, signature: bent }
  }

  function unknown(): HeadRecord {
    return {
      head: {
        identity: identityOfKey(random.bytes(32)),
        epoch: 1,
        length: 1 + random.integer(1_000),
        comparable: 1 + random.integer(2 ** 40),
        bytes: 1 + random.integer(2 ** 20),
        head: `bafkrei${'a'.repeat(52)}` as RawCid,
      },
      signature: random.bytes(64),
    }
  }

  const nonsense: readonly (() => void)[] = [
    () => say({ type: `x${random.integer(1_000)}` }),
    () => say({ type: 'heads', count: 3, online: 0 }, random.bytes(100)),
    () => say({ type: 'getfeed', id: -1 } as never),
    () => say({ type: 'batch', re: random.integer(100), count: 1, end: false } as never, random.bytes(500)),
    () => say({ type: 'blob', re: random.integer(100), end: true } as never, random.bytes(500)),
    () => say({ type: 'credit', id: random.integer(100), bytes: 2 ** 40 } as never),
    () => say({ type: 'watch', id: 2 + random.integer(2 ** 30), count: 1, replace: false }, random.bytes(32)),
    () => say({ type: 'error', re: random.integer(50), code: 'busy', retry: 0 } as never),
  ]

  return {
    greet() {
      say(
        { type: 'provides' },
        writeProvided({ services: ['blobs', 'headtracking'], kind: 'hub', metered: false }),
      )
      const watched = feeds.slice(0, maxListedIds)
      // Whoever watches a feed is asked about it, and then listened to.
      say({ type: 'watch', id: 1, count: watched.length, replace: true }, writeIdentities(watched))
    },
    speak() {
      switch (kind) {
        case 'replayed-heads': {
          const known = records()
          if (known.length > 0) tell(Array.from({ length: 5 }, () => random.pick(known)))
          return
        }
        case 'forged-heads': {
          const record = forged()
          if (record !== null) tell([record])
          return
        }
        case 'unknown-heads':
          tell(Array.from({ length: 300 }, unknown))
          return
        case 'silence':
          tell(newest())
          return
        case 'garbage':
          random.pick(nonsense)()
          return
        default:
      }
    },
    hear(message) {
      if (message.type !== 'getheads') return
      const told = kind === 'silence' ? newest() : []
      say(
        { type: 'lastknownheads', re: message.id, end: true, count: told.length } as Message,
        writeHeads(told),
      )
    },
  }
}
