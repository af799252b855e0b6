/**
 * Sessions over links in memory under a fake clock: two honest ones, or one against a hostile end.
 *
 *     openPair() ─▶ [Session, Session]        openVictim() ─▶ Session and whoever speaks to it
 */
import { memoryPair } from '@effigy/links'
import { createFakeClock, type FakeClock } from '@effigy/testkit'
import { decodeFrame, type Frame } from '../src/frame.ts'
import { defaultSessionLimits, type SessionLimits } from '../src/limits.ts'
import type { Link } from '../src/link.ts'
import type { LogFields } from '../src/log.ts'
import { type OpenSessionOptions, openSession } from '../src/run.ts'
import { createOpener, createSealer } from '../src/sealing.ts'
import { publicNetworkKey, type Role } from '../src/session/transcript.ts'
import type { ReceivedMessage, Session } from '../src/session.ts'
import { alice, bob, bobIdentity, createParty, established, testCrypto, testSigner } from './handshake-kit.ts'

export interface World {
  readonly clock: FakeClock
  readonly links: readonly [Link, Link]
  readonly logged: { readonly event: string; readonly fields: LogFields }[]
}

export function createWorld(links: readonly [Link, Link] = memoryPair()): World {
  return { clock: createFakeClock(), links, logged: [] }
}

export async function open(
  world: World,
  role: Role,
  overrides: Partial<Omit<OpenSessionOptions, 'limits'>> & { readonly limits?: Partial<SessionLimits> } = {},
): Promise<Session> {
  const { signer, identity } = await testSigner(role === 'dialler' ? alice : bob)
  return openSession(world.links[role === 'dialler' ? 0 : 1], {
    role,
    identity,
    signer,
    expect: role === 'dialler' ? bobIdentity : null,
    demandProof: role === 'acceptor',
    networkKey: publicNetworkKey(testCrypto.sha256),
    pairingSecret: null,
    head: () => null,
    crypto: testCrypto,
    clock: world.clock,
    log: {
      info: (event, fields) => world.logged.push({ event, fields }),
      warn: (event, fields) => world.logged.push({ event, fields }),
    },
    signal: new AbortController().signal,
    ...overrides,
    limits: { ...defaultSessionLimits, ...overrides.limits },
  })
}

/** Alice, who dialled, and Bob. */
export async function openPair(
  world: World = createWorld(),
  limits: Partial<SessionLimits> = {},
): Promise<readonly [Session, Session]> {
  return Promise.all([open(world, 'dialler', { limits }), open(world, 'acceptor', { limits })])
}

/** Whoever passed the handshake and then does as it likes. */
export interface Hostile {
  readonly link: Link
  /** Seals and sends any bytes. */
  send(plain: Uint8Array): void
  sendText(text: string): void
  /** Whatever the victim sends next, or null when it closed. */
  next(): Promise<Frame | null>
}

/** Bob, who accepted, and a hostile Alice. */
export async function openVictim(
  limits: Partial<SessionLimits> = {},
  world: World = createWorld(),
): Promise<{ readonly victim: Session; readonly hostile: Hostile; readonly world: World }> {
  const link = world.links[0]
  const frames = link.receive()[Symbol.asyncIterator]()
  const accepting = open(world, 'acceptor', { limits })
  const party = await createParty('dialler', alice, { expect: bobIdentity })
  await party.feed({ type: 'opened' })
  for (let sent = 0; party.outcome === null || sent < party.sent.length; ) {
    const frame = party.sent[sent]
    if (frame !== undefined) {
      sent++
      link.send(frame)
    } else {
      const { value, done } = await frames.next()
      if (done) throw new Error('the victim closed')
      await party.feed({ type: 'frame', frame: value })
    }
  }
  const { keys } = established(party)
  const sealer = createSealer(testCrypto, keys.dialler)
  const opener = createOpener(testCrypto, keys.acceptor)
  const send = (plain: Uint8Array): void => link.send(sealer.seal(plain))
  const hostile: Hostile = {
    link,
    send,
    sendText: (text) => send(new TextEncoder().encode(text)),
    async next() {
      const { value, done } = await frames.next()
      if (done) return null
      const plain = opener.open(value)
      const frame = plain === null ? null : decodeFrame(plain)
      if (frame === null || !frame.ok) throw new Error('the victim sent no frame')
      return frame.value
    },
  }
  return { victim: await accepting, hostile, world }
}

export async function take(session: Session, count: number): Promise<ReceivedMessage[]> {
  const messages: ReceivedMessage[] = []
  if (count === 0) return messages
  for await (const message of session.receive()) {
    messages.push(message)
    if (messages.length === count) break
  }
  return messages
}

export async function all(session: Session): Promise<ReceivedMessage[]> {
  const messages: ReceivedMessage[] = []
  for await (const message of session.receive()) messages.push(message)
  return messages
}
