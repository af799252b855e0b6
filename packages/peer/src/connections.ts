/**
 * Keeps connections: dials, comes back after a cut with growing pauses, and holds
 * one session per pair (DESIGN 3.2, spec A11).
 *
 *     address ─dial▶ Link ─open▶ Session ─serve▶ over ─back-off with jitter▶ dial
 *     somebody's Link ─open▶ Session ─serve▶ over
 *
 * @module
 */
import { EffigyError, type Identity, type RandomBytes, shortName } from '@effigy/core'
import { type Clock, type Link, type Log, type Session, sessionToKeep } from '@effigy/sync'
import type { Connection, ConnectionState } from './peer.ts'
import { rest } from './rest.ts'

/** The first pause after a cut, ms; each failure doubles it. */
const firstPauseMs = 1_000

/** The longest pause, ms: a hub that comes back after a night is found within two minutes. */
const longestPauseMs = 120_000

/** A session that stood for this long, ms, forgets earlier failures. */
const steadyMs = 30_000

/** The other side, or a person, must change something before these go away. */
const finalCodes: ReadonlySet<string> = new Set([
  'network',
  'version',
  'identity',
  'own-identity',
  'not-admitted',
])

export interface ConnectionsDeps {
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  readonly dial: (address: string, signal: AbortSignal) => Promise<Link>
  readonly open: (
    link: Link,
    role: 'dialler' | 'acceptor',
    expect: Identity | null,
    signal: AbortSignal,
  ) => Promise<Session>
  /** Everything that happens in a session; resolves when it is over, with the code of its end. */
  readonly serve: (session: Session) => Promise<string>
  /** Something that `status` shows has changed. */
  readonly changed: () => void
}

export interface Connections {
  connect(address: string, expect: Identity | null): Connection
  accept(link: Link): Promise<void>
  readonly list: readonly Connection[]
  session(identity: Identity): Session | null
  /** Ends everything; resolves when every loop is over. */
  close(): Promise<void>
}

export function createConnections(deps: ConnectionsDeps): Connections {
  const { clock, log, changed } = deps
  const stop = new AbortController()
  const connections = new Set<Connection>()
  const sessions = new Map<Identity, Session>()
  const running = new Set<Promise<void>>()

  /** Serves a session unless a better one of the same pair stands; gives the code of its end. */
  async function hold(session: Session): Promise<string> {
    const { remote } = session
    const standing = sessions.get(remote)
    if (standing !== undefined) {
      const kept = sessionToKeep(standing, session)
      const other = kept === session ? standing : session
      if (kept === session) sessions.set(remote, session)
      void other.end('duplicate')
      if (kept !== session) {
        // The address is served by the session that stands: its end is ours.
        return (await standing.closed).code
      }
    } else {
      sessions.set(remote, session)
    }
    changed()
    try {
      return await deps.serve(session)
    } catch (cause) {
      // What fails in one session, a full disk even, is not the end of the process.
      const code = cause instanceof EffigyError ? cause.code : 'unknown'
      log.warn('session.failed', { peer: shortName(remote), code })
      await session.end('internal')
      return 'internal'
    } finally {
      if (sessions.get(remote) === session) sessions.delete(remote)
      await session.end('done')
      changed()
    }
  }

  function track(work: Promise<void>): Promise<void> {
    running.add(work)
    const forget = () => void running.delete(work)
    work.then(forget, forget)
    return work
  }

  function connect(address: string, expect: Identity | null): Connection {
    const local = new AbortController()
    const signal = AbortSignal.any([stop.signal, local.signal])
    let state: ConnectionState = { type: 'connecting', attempt: 1 }
    let pinned = expect
    const watchers = new Set<() => void>()

    function become(next: ConnectionState): void {
      state = next
      for (const wake of [...watchers]) wake()
      changed()
    }

    async function attempt(): Promise<{ readonly code: string; readonly stoodMs: number }> {
      let session: Session
      try {
        const link = await deps.dial(address, signal)
        session = await deps.open(link, 'dialler', pinned, signal)
      } catch (cause) {
        signal.throwIfAborted()
        return { code: cause instanceof EffigyError ? cause.code : 'unreachable', stoodMs: 0 }
      }
      // First contact typed by a person pins whom it met (A8).
      pinned ??= session.remote
      const since = clock.monotonic()
      const leave = () => void session.end('done')
      signal.addEventListener('abort', leave, { once: true })
      become({ type: 'connected', identity: session.remote })
      try {
        return { code: await hold(session), stoodMs: clock.monotonic() - since }
      } finally {
        signal.removeEventListener('abort', leave)
      }
    }

    async function loop(): Promise<void> {
      let failures = 0
      while (!signal.aborted) {
        become({ type: 'connecting', attempt: failures + 1 })
        const { code, stoodMs } = await attempt()
        if (signal.aborted) return
        if (finalCodes.has(code)) {
          log.warn('connection.refused', { address, code })
          return become({ type: 'refused', code })
        }
        failures = stoodMs >= steadyMs ? 0 : failures + 1
        const pauseMs = pause(Math.max(failures, 1))
        log.info('connection.waiting', { address, code, pauseMs })
        become({ type: 'waiting', code, retryAt: clock.now() + pauseMs })
        await rest(clock, pauseMs, signal)
      }
    }

    /** Between half and the whole of the doubled pause, so that a restarted hub is not met by all at once. */
    function pause(failures: number): number {
      const whole = Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs)
      const [chance = 0] = deps.random(1)
      return Math.round(whole / 2 + (whole / 2) * (chance / 255))
    }

    const over = track(
      loop()
        .catch((reason: unknown) => {
          if (!signal.aborted) throw reason
        })
        .finally(() => {
          if (state.type !== 'refused') become({ type: 'closed' })
        }),
    )

    const connection: Connection = {
      address,
      get state() {
        return state
      },
      async ready(readySignal) {
        for (;;) {
          readySignal.throwIfAborted()
          if (state.type === 'connected') return state.identity
          if (state.type === 'refused') {
            throw new EffigyError(state.code, `${address} refuses this connection (${state.code})`)
          }
          if (state.type === 'closed')
            throw new EffigyError('closed', `the connection to ${address} is closed`)
          await changeOf(watchers, readySignal)
        }
      },
      async [Symbol.asyncDispose]() {
        local.abort(new EffigyError('closed', 'connection closed'))
        connections.delete(connection)
        await over
      },
    }
    connections.add(connection)
    return connection
  }

  async function accept(link: Link): Promise<void> {
    let session: Session
    try {
      session = await deps.open(link, 'acceptor', null, stop.signal)
    } catch (cause) {
      // Refused strangers are an everyday event; the handshake has closed the link without a word.
      log.info('session.refused', { code: cause instanceof EffigyError ? cause.code : 'unknown' })
      return
    }
    const code = await hold(session)
    log.info('session.over', { peer: shortName(session.remote), code })
  }

  return {
    connect,
    accept: (link) => track(accept(link)),
    get list() {
      return [...connections]
    },
    session: (identity) => sessions.get(identity) ?? null,
    async close() {
      stop.abort(new EffigyError('closed', 'the peer is closing'))
      await Promise.all([...sessions.values()].map((session) => session.end('done')))
      await Promise.allSettled(running)
    },
  }
}

function changeOf(watchers: Set<() => void>, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const wake = () => {
    watchers.delete(wake)
    signal.removeEventListener('abort', leave)
    resolve()
  }
  const leave = () => {
    watchers.delete(wake)
    reject(signal.reason as Error)
  }
  watchers.add(wake)
  signal.addEventListener('abort', leave, { once: true })
  return promise
}
