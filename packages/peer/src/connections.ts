/**
 * All connections of one peer: addresses that are kept connected, and links that others opened.
 *
 *     connect(address) ─connection.ts▶ ┐
 *                                      ├─▶ Session ─sessions.ts▶ serve
 *     accept(link) ─open───────────▶   ┘
 *
 * @module
 */
import { EffigyError, type Identity, type RandomBytes } from '@effigy/core'
import type { Clock, Link, Log, Role, Session } from '@effigy/sync'
import { keepConnected } from './connection.ts'
import type { Connection } from './peer.ts'
import { createSessions, type Serve } from './sessions.ts'

export interface ConnectionsDeps {
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  readonly dial: (url: string, signal: AbortSignal) => Promise<Link>
  readonly open: (link: Link, role: Role, expect: Identity | null, signal: AbortSignal) => Promise<Session>
  /** Nobody dials them. */
  readonly isBlocked: (identity: Identity) => boolean
  readonly serve: Serve
  /** Another session of its pair stands; see `SessionsDeps`. */
  readonly retire?: (session: Session) => void
  /** Something that `status` shows has changed. */
  readonly changed: () => void
}

export interface Connections {
  connect(address: string, expect: Identity | null, isChosen: boolean): Connection
  /** Resolves when it is a session, or will be none. Never rejects. */
  accept(link: Link): Promise<void>
  /** A session over a link with one device, and no other; gives the code of its end, or why there is none. Never rejects. */
  meet(link: Link, role: Role, expect: Identity): Promise<string>
  readonly list: readonly Connection[]
  session(identity: Identity): Session | null
  /** The same once the other side has taken it in, or is gone. Rejects with the signal's reason. */
  taken(identity: Identity, signal: AbortSignal): Promise<Session | null>
  /** Whether an address of theirs is kept connected that was chosen, whichever side dialled. */
  isChosen(identity: Identity): boolean
  /** Ends the session with one, or all; those that are kept connected are dialled again. */
  disconnect(code: string, identity: Identity | null): Promise<void>
  /** Ends everything; resolves when every loop is over. */
  close(): Promise<void>
}

export function createConnections(deps: ConnectionsDeps): Connections {
  const { clock, random, log, dial, changed, isBlocked } = deps
  const stop = new AbortController()
  /** Each with whom it was chosen for: who is expected there, and who answered. */
  const connections = new Map<Connection, ReadonlySet<Identity>>()
  const running = new Set<Promise<unknown>>()
  const { serve, retire } = deps
  const sessions = createSessions({ clock, log, serve, changed, ...(retire === undefined ? {} : { retire }) })

  function track<Value>(work: Promise<Value>): Promise<Value> {
    running.add(work)
    const forget = () => void running.delete(work)
    work.then(forget, forget)
    return work
  }

  function connect(address: string, expect: Identity | null, isChosen: boolean): Connection {
    const options = { expect, signal: stop.signal }
    const chosen = new Set<Identity>()
    const open = async (link: Link, whom: Identity | null, signal: AbortSignal): Promise<Session> => {
      if (isChosen && whom !== null) chosen.add(whom)
      const session = await deps.open(link, 'dialler', whom, signal)
      if (isChosen) chosen.add(session.remote)
      return session
    }
    const kept = keepConnected(address, options, {
      ...{ clock, random, log, dial, open, sessions, changed, isBlocked },
    })
    const { connection } = kept
    connections.set(connection, chosen)
    void track(kept.over).then(() => connections.delete(connection))
    return connection
  }

  /** The session, or the code of why there is none. */
  async function open(link: Link, role: Role, expect: Identity | null): Promise<Session | string> {
    let session: Session
    try {
      session = await deps.open(link, role, expect, stop.signal)
    } catch (cause) {
      // Refused strangers are an everyday event; the handshake has closed the link without a word.
      const code = cause instanceof EffigyError ? cause.code : 'unknown'
      log.info('session.refused', { code })
      return code
    }
    // Those that stand by then are ended with the others.
    if (stop.signal.aborted) void session.end('done')
    return session
  }

  async function accept(link: Link): Promise<void> {
    const session = await open(link, 'acceptor', null)
    if (typeof session !== 'string') sessions.keep(session)
  }

  async function meet(link: Link, role: Role, expect: Identity): Promise<string> {
    const session = await open(link, role, expect)
    return typeof session === 'string' ? session : sessions.hold(session)
  }

  return {
    connect,
    accept: (link) => track(accept(link)),
    meet: (link, role, expect) => track(meet(link, role, expect)),
    get list() {
      return [...connections.keys()]
    },
    session: (identity) => sessions.get(identity)?.session ?? null,
    async taken(identity, signal) {
      await sessions.until(() => sessions.get(identity)?.isWelcome !== false, signal)
      signal.throwIfAborted()
      return sessions.get(identity)?.session ?? null
    },
    isChosen: (identity) => [...connections.values()].some((chosen) => chosen.has(identity)),
    disconnect: sessions.disconnect,
    async close() {
      stop.abort(new EffigyError('closed', 'This peer is closed.'))
      await sessions.close()
      await Promise.allSettled(running)
      await sessions.close()
    },
  }
}
