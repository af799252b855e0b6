/**
 * The sessions that stand, one a pair (DESIGN 3.2, spec A11).
 *
 *     hold(session) ─ the better one of its pair? ─▶ serve … over ─▶ code of its end
 *                                    └ no ─▶ 'duplicate'
 *
 * @module
 */
import { EffigyError, type Identity, shortName } from '@effigy/core'
import { type Log, type Session, sessionToKeep } from '@effigy/sync'
import { createPulse } from './live.ts'

export interface Standing {
  readonly session: Session
  /** The other side has taken us in: it answers, and did not say `bye` at once. */
  readonly isWelcome: boolean
}

export interface SessionsDeps {
  readonly log: Log
  /** Everything that happens in a session; resolves when it is over, with the code of its end. */
  readonly serve: (session: Session, welcomed: () => void) => Promise<string>
  readonly changed: () => void
}

export interface Sessions {
  /** Serves a session unless a better one of its pair stands; gives the code of its end. Never rejects. */
  hold(session: Session): Promise<string>
  get(identity: Identity): Standing | null
  /** Resolves when `condition` holds, which only sessions change, or the signal is aborted. */
  until(condition: () => boolean, signal: AbortSignal): Promise<void>
  /** Says `bye` with that code to one, or to everybody; resolves when it has left, or was not taken in time. */
  disconnect(code: string, identity: Identity | null): Promise<void>
  /** Resolves when everything has ended. */
  close(): Promise<void>
}

export function createSessions({ log, serve, changed }: SessionsDeps): Sessions {
  const byIdentity = new Map<Identity, { readonly session: Session; isWelcome: boolean }>()
  const pulse = createPulse()
  const ending = new Set<Promise<void>>()

  function end(session: Session, code: string): Promise<void> {
    const ended = session.end(code)
    ending.add(ended)
    return ended.finally(() => ending.delete(ended))
  }

  function remove(session: Session): void {
    const { remote } = session
    if (byIdentity.get(remote)?.session !== session) return
    byIdentity.delete(remote)
    pulse.fire()
    changed()
  }

  async function hold(session: Session): Promise<string> {
    const { remote } = session
    const standing = byIdentity.get(remote)?.session
    if (standing !== undefined) {
      const kept = sessionToKeep(standing, session)
      void end(kept === session ? standing : session, 'duplicate')
      if (kept !== session) return 'duplicate'
    }
    const mine = { session, isWelcome: false }
    byIdentity.set(remote, mine)
    pulse.fire()
    changed()
    // At once: what is over must not outdo one that comes.
    void session.closed.then(() => remove(session))
    try {
      return await serve(session, () => {
        mine.isWelcome = true
        pulse.fire()
        changed()
      })
    } catch (cause) {
      // What fails in one session, a full disk even, is not the end of the process.
      const code = cause instanceof EffigyError ? cause.code : 'unknown'
      log.warn('session.failed', { peer: shortName(remote), code })
      await end(session, 'internal')
      return 'internal'
    } finally {
      remove(session)
      await end(session, 'done')
    }
  }

  return {
    hold,
    get: (identity) => byIdentity.get(identity) ?? null,
    async until(condition, signal) {
      for (;;) {
        const seen = pulse.count
        if (condition() || signal.aborted) return
        await pulse.after(seen, signal)
      }
    },
    async disconnect(code, identity) {
      const meant = identity === null ? [...byIdentity.values()] : [byIdentity.get(identity) ?? []].flat()
      await Promise.all(meant.map(({ session }) => end(session, code)))
    },
    async close() {
      for (const { session } of byIdentity.values()) void end(session, 'done')
      await Promise.all(ending)
    },
  }
}
