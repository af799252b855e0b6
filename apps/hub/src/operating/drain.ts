/**
 * Letting everybody go in good order: before a stop, or while its operator works on the machine.
 *
 *     begin ─▶ no new sessions ─▶ `bye stopping` to all who have one ─▶ none left, or the time is over
 *
 * Who is told so dials again after its usual pause, here or at another of its hubs.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Peer } from '@effigy/peer'
import type { Clock, Log } from '@effigy/sync'

export interface Drain {
  /** No session is taken. */
  readonly isDraining: boolean
  /** Resolves when nobody is connected any more, or `drainMs` have passed. A second one joins the first. */
  begin(): Promise<void>
  /** Takes sessions again; after a stop has begun it does nothing. */
  end(): void
  /** To be called for each session that is admitted: one whose handshake was under way is let go as well. */
  admitted(identity: Identity): void
}

export interface DrainDeps {
  readonly disconnect: Peer['disconnect']
  readonly sessions: () => number
  readonly isStopping: () => boolean
  readonly clock: Pick<Clock, 'after'>
  readonly log: Log
}

/** Code of the `bye` (A10): clients know by it that nothing is wrong. */
export const stoppingCode = 'stopping'

/** Ms: a session has 2 s for what it was sending; with the rest of a stop it stays below the 5 s that the README says. */
export const drainMs = 2_500

export function createDrain({ disconnect, sessions, isStopping, clock, log }: DrainDeps): Drain {
  let draining: Promise<void> | null = null

  async function drain(): Promise<void> {
    const count = sessions()
    log.info('hub.draining', { sessions: count })
    const late = Promise.withResolvers<void>()
    using _timer = clock.after(drainMs, late.resolve)
    await Promise.race([disconnect(stoppingCode), late.promise])
    log.info('hub.drained', { sessions: count, left: sessions() })
  }

  return {
    get isDraining() {
      return draining !== null
    },
    begin: () => (draining ??= drain()),
    end() {
      if (draining === null || isStopping()) return
      draining = null
      log.info('hub.serving', {})
    },
    admitted(identity) {
      if (draining === null) return
      // Not yet: the session begins when the one who asks has been answered.
      clock.after(0, () => void disconnect(stoppingCode, identity))
    },
  }
}
