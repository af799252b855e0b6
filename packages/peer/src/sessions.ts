/**
 * The sessions that stand, one a pair (spec A11, A13).
 *
 *     hold(session) ─ the better one of its pair? ─▶ coming ─welcomed▶ stands … over ─▶ code of its end
 *                                    │                                  └ the one before ─▶ leaving ─▶ 'duplicate'
 *                                    └ no ─▶ 'duplicate', and the one that stands is asked whether it still does
 *
 * A better one takes the place of another only when the other side has taken it in too; what is under way in the one
 * before may come to its end there.
 *
 * @module
 */
import { EffigyError, type Identity, shortName } from '@effigy/core'
import { type Clock, type Log, type Session, sessionToKeep } from '@effigy/sync'
import { createPulse } from './live.ts'

export interface Standing {
  readonly session: Session
  /** The other side has taken us in: it answers, and did not say `bye` at once. */
  readonly isWelcome: boolean
}

/** What whoever serves a session says of it; no promise, because a hub has thousands that stand for hours. */
export interface Serving {
  /** The other side takes part. */
  welcomed(): void
  /** It is over, with the code of its end. */
  over(code: string): void
  /** Something of ours failed: the session is ended. */
  failed(cause: unknown): void
}

/** Everything that happens in a session. Once it is over, or failed, it says so. */
export type Serve = (session: Session, serving: Serving) => void

export interface SessionsDeps {
  readonly clock: Pick<Clock, 'after'>
  readonly log: Log
  readonly serve: Serve
  /** Another one of its pair stands: ends it once nothing is under way in it. At once when omitted, as a hub does. */
  readonly retire?: (session: Session) => void
  readonly changed: () => void
}

export interface Sessions {
  /** Serves a session unless a better one of its pair stands; gives the code of its end. Never rejects. */
  hold(session: Session): Promise<string>
  /** The same without anybody who waits for its end. */
  keep(session: Session): void
  get(identity: Identity): Standing | null
  /** Resolves when `condition` holds, which only sessions change, or the signal is aborted. */
  until(condition: () => boolean, signal: AbortSignal): Promise<void>
  /** Says `bye` with that code to one, or to everybody; resolves when it has left, or was not taken in time. */
  disconnect(code: string, identity: Identity | null): Promise<void>
  /** Resolves when everything has ended. */
  close(): Promise<void>
}

/** What a session that is held asks of all of them. */
interface Holding {
  welcome(held: Held): void
  remove(held: Held): void
  end(session: Session, code: string): Promise<void>
  failed(held: Held, cause: unknown): void
  /** Nothing of it runs any more. */
  gone(held: Held, code: string): void
}

/** A class, because each session has one. */
class Held implements Standing, Serving {
  readonly session: Session
  readonly #all: Holding
  /** Who waits for its end. */
  readonly onGone: ((code: string) => void) | null
  isWelcome = false
  /** Who never says a word would keep two of a pair, and those who wait for one of them. */
  unheard: Disposable | null = null

  constructor(session: Session, all: Holding, onGone: Held['onGone']) {
    this.session = session
    this.#all = all
    this.onGone = onGone
  }

  welcomed(): void {
    this.unheard?.[Symbol.dispose]()
    this.unheard = null
    this.#all.welcome(this)
  }

  over(code: string): void {
    this.unheard?.[Symbol.dispose]()
    this.unheard = null
    this.#all.remove(this)
    void this.#all.end(this.session, 'done').then(() => this.#all.gone(this, code))
  }

  failed(cause: unknown): void {
    this.#all.failed(this, cause)
    void this.#all.end(this.session, 'internal').then(() => this.over('internal'))
  }
}

/** Ms from the handshake in which the other side's first message is to be here (A13). */
export const welcomeMs = 10_000

export function createSessions({ clock, log, serve, retire, changed }: SessionsDeps): Sessions {
  const byIdentity = new Map<Identity, Held>()
  /** Better than what stands, and not taken in by the other side yet. */
  const coming = new Map<Identity, Held>()
  const leaving = new Set<Session>()
  const pulse = createPulse()
  const ending = new Set<Promise<void>>()
  /** Sessions that something runs for, and who waits until there are none. */
  let held = 0
  const idle: (() => void)[] = []

  function end(session: Session, code: string): Promise<void> {
    const ended = session.end(code)
    ending.add(ended)
    return ended.finally(() => ending.delete(ended))
  }

  function tell(): void {
    pulse.fire()
    changed()
  }

  /** A place for it; false when a better one has it. */
  function place(mine: Held): boolean {
    const { session } = mine
    const standing = byIdentity.get(session.remote)
    if (standing === undefined) {
      byIdentity.set(session.remote, mine)
      return true
    }
    const best = coming.get(session.remote) ?? standing
    if (sessionToKeep(best.session, session) !== session) {
      void end(session, 'duplicate')
      // Whoever dials another one may know that this one is gone.
      best.session.doubt()
      return false
    }
    if (retire === undefined || best !== standing) void end(best.session, 'duplicate')
    if (retire === undefined) byIdentity.set(session.remote, mine)
    else coming.set(session.remote, mine)
    return true
  }

  function welcome(mine: Held): void {
    const { session } = mine
    mine.isWelcome = true
    if (coming.get(session.remote) === mine) {
      coming.delete(session.remote)
      const before = byIdentity.get(session.remote)
      byIdentity.set(session.remote, mine)
      if (before !== undefined) leave(before.session)
    }
    tell()
  }

  function leave(session: Session): void {
    // One a pair: whoever dials again and again has not the limits of as many sessions (T16).
    for (const before of leaving) if (before.remote === session.remote) void end(before, 'duplicate')
    leaving.add(session)
    log.info('session.moved', { peer: shortName(session.remote), link: session.link.kind })
    retire?.(session)
  }

  function remove({ session }: Held): void {
    const { remote } = session
    leaving.delete(session)
    const next = coming.get(remote)
    const isNext = next?.session === session
    if (!isNext && byIdentity.get(remote)?.session !== session) return
    coming.delete(remote)
    // The better one need not wait any more.
    if (!isNext && next !== undefined) byIdentity.set(remote, next)
    else if (!isNext) byIdentity.delete(remote)
    tell()
  }

  function failed({ session }: Held, cause: unknown): void {
    // What fails in one session, a full disk even, is not the end of the process.
    const code = cause instanceof EffigyError ? cause.code : 'unknown'
    log.warn('session.failed', { peer: shortName(session.remote), code })
  }

  function gone({ session, onGone }: Held, code: string): void {
    held--
    onGone?.(code)
    log.info('session.over', { peer: shortName(session.remote), code })
    if (held === 0) for (const wake of idle.splice(0)) wake()
  }

  const holding: Holding = { welcome, remove, end, failed, gone }

  function begin(session: Session, onGone: Held['onGone']): void {
    const mine = new Held(session, holding, onGone)
    if (!place(mine)) {
      onGone?.('duplicate')
      return
    }
    held++
    tell()
    mine.unheard = clock.after(welcomeMs, () => {
      mine.unheard = null
      if (!mine.isWelcome) void end(session, 'timeout')
    })
    // At once: what is over must not outdo one that comes.
    void session.closed.then(() => remove(mine))
    try {
      serve(session, mine)
    } catch (cause) {
      mine.failed(cause)
    }
  }

  function* all(): Iterable<Session> {
    for (const standing of [byIdentity, coming]) for (const { session } of standing.values()) yield session
    yield* leaving
  }

  function* allOf(identity: Identity): Iterable<Session> {
    for (const standing of [byIdentity, coming]) {
      const found = standing.get(identity)
      if (found !== undefined) yield found.session
    }
    for (const session of leaving) if (session.remote === identity) yield session
  }

  return {
    hold: (session) => new Promise((resolve) => begin(session, resolve)),
    keep: (session) => begin(session, null),
    get: (identity) => byIdentity.get(identity) ?? null,
    async until(condition, signal) {
      for (;;) {
        const seen = pulse.count
        if (condition() || signal.aborted) return
        await pulse.after(seen, signal)
      }
    },
    async disconnect(code, identity) {
      const meant = Array.from(identity === null ? all() : allOf(identity))
      await Promise.all(meant.map((session) => end(session, code)))
    },
    async close() {
      for (const session of Array.from(all())) void end(session, 'done')
      await Promise.all(ending)
      if (held > 0) await new Promise<void>((resolve) => void idle.push(resolve))
    },
  }
}
