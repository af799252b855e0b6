/**
 * Where invites are shown to a hub (spec W3): by who has a session, or by who has none yet and may do nothing else.
 *
 *     join ‖ invite ─pace, one at a time▶ redeem ─▶ joined, or error with the reason
 *
 *     lobby: session of a stranger ─first message join?▶ desk … joined ─▶ bye      anything else, or nothing ─▶ bye not-admitted
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Clock } from '../clock.ts'
import type { Message } from '../messages.ts'
import type { ServiceRefusal } from '../services/service.ts'
import { createPace } from '../session/pace.ts'
import type { Session } from '../session.ts'

/** Takes the body of an invite (L5), not read yet. Null: whoever showed it is let in from now on. */
export type Redeem = (remote: Identity, invite: Uint8Array) => Promise<ServiceRefusal | null>

export interface DeskPorts {
  readonly remote: Identity
  readonly redeem: Redeem
  readonly clock: Pick<Clock, 'monotonic'>
  /** A session that is over takes nothing. */
  readonly send: (message: Message) => void
  /** What is thrown is answered `internal`. */
  readonly onFailure: (error: unknown) => void
}

export interface Desk {
  /** True when it was a `join`. */
  take(message: Message, bytes: Uint8Array): boolean
  /** That has been answered, or nothing is open. Resolves with whether one was accepted. */
  idle(): Promise<boolean>
}

/** Invites that one session shows: a person tries again, a guesser is slow. */
const perSecond = 0.5
const burst = 5

/**
 * The desk of one session: answers a `join` by `joined`, or `error` with a reason and the ms until another may be shown. It has nothing
 * to dispose.
 */
export function createDesk({ remote, redeem, clock, send, onFailure }: DeskPorts): Desk {
  const pace = createPace(perSecond, burst)
  let isOpen = false
  let answered: Promise<boolean> = Promise.resolve(false)

  async function answer(id: number, invite: Uint8Array): Promise<boolean> {
    const refusal = await redeem(remote, invite).catch((error: unknown): ServiceRefusal => {
      onFailure(error)
      return { code: 'internal', retryMs: null }
    })
    isOpen = false
    if (refusal === null) send({ type: 'joined', re: id, end: true })
    else send({ type: 'error', re: id, code: refusal.code, retry: refusal.retryMs })
    return refusal === null
  }

  return {
    take(message, bytes) {
      if (message.type !== 'join') return false
      const { id } = message
      const waitMs = isOpen ? 1_000 : pace.take(clock.monotonic(), 1)
      if (waitMs > 0) {
        send({ type: 'error', re: id, code: isOpen ? 'busy' : 'too-fast', retry: waitMs })
        return true
      }
      isOpen = true
      answered = answer(id, bytes.slice())
      return true
    },
    idle: () => answered,
  }
}

/** Ms that a stranger has for all of it. */
export const lobbyMs = 10_000

/** Invites that a stranger may show before they have to come again. */
const lobbyTries = 3

export interface LobbyPorts {
  readonly redeem: Redeem
  readonly clock: Clock
  readonly onFailure: (error: unknown) => void
}

/** Owns the session: it is over when this resolves, with whether an invite was accepted. `signal` ends it. Never rejects. */
export async function serveLobby(
  session: Session,
  { redeem, clock, onFailure }: LobbyPorts,
  signal: AbortSignal,
): Promise<boolean> {
  let hasJoined = false
  const desk = createDesk({
    remote: session.remote,
    redeem,
    clock,
    send(message) {
      try {
        session.send(message)
      } catch {
        // It ended meanwhile: the same invite does again.
      }
    },
    onFailure,
  })
  using _timer = clock.after(lobbyMs, () => void session.end('not-admitted'))
  const leave = (): void => void session.end('done')
  signal.addEventListener('abort', leave, { once: true })
  try {
    if (signal.aborted) leave()
    let tries = 0
    for await (const { message, bytes } of session.receive()) {
      if (!desk.take(message, bytes)) break
      hasJoined = await desk.idle()
      tries++
      if (hasJoined || tries >= lobbyTries) break
    }
  } finally {
    signal.removeEventListener('abort', leave)
    await session.end(hasJoined ? 'done' : 'not-admitted')
  }
  return hasJoined
}

export interface Lobby {
  /** As `serveLobby`; the one who came first goes when too many wait. */
  serve(session: Session, signal: AbortSignal): Promise<boolean>
}

/** Strangers that are heard at once. */
const maxWaiting = 256

/** For strangers, 256 of whom are heard at once; it has nothing to dispose. */
export function createLobby(ports: LobbyPorts): Lobby {
  const waiting = new Set<Session>()
  return {
    async serve(session, signal) {
      const [first] = waiting
      if (waiting.size >= maxWaiting && first !== undefined) {
        waiting.delete(first)
        void first.end('not-admitted')
      }
      waiting.add(session)
      try {
        return await serveLobby(session, ports, signal)
      } finally {
        waiting.delete(session)
      }
    },
  }
}
