/**
 * Leaves one session of a pair for a better one, so that nothing is lost that somebody waits for (spec A13).
 *
 *     begin ─▶ own calls answered ─▶ moved ⇄ moved ─▶ bye duplicate       after handOverMs ─▶ the same at once
 *
 * Nothing begins in it from `begin` on. What replication has under way is asked for again in the other session, which
 * goes on from what came.
 *
 * @module
 */
import type { Clock, Message } from '@effigy/sync'

/** Ms that calls have to come to their end in the session that is left. */
export const handOverMs = 10_000

export interface HandOver extends Disposable {
  /** Another session of the pair stands here. */
  begin(): void
  /** No call of ours is open, where `begin` was said. */
  idle(): void
  /** The other side begins nothing here any more, and waits for nothing. */
  moved(): void
}

export interface HandOverPorts {
  readonly clock: Pick<Clock, 'after'>
  readonly send: (message: Message) => void
  /** Calls of ours that are not answered. */
  readonly openCalls: () => number
  readonly end: (code: string) => void
}

export function createHandOver({ clock, send, openCalls, end }: HandOverPorts): HandOver {
  let timer: Disposable | null = null
  let isTold = false
  let isHeard = false

  const leave = (): void => end('duplicate')

  function look(): void {
    if (timer === null || openCalls() > 0) return
    if (!isTold) {
      isTold = true
      send({ type: 'moved' })
    }
    if (isHeard) leave()
  }

  return {
    begin() {
      timer ??= clock.after(handOverMs, leave)
      look()
    },
    idle: look,
    moved() {
      isHeard = true
      look()
    },
    [Symbol.dispose]: () => timer?.[Symbol.dispose](),
  }
}
