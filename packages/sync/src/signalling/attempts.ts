/**
 * What was refused to others on behalf of one session (spec V66): counted, and told to it alone, late and seldom.
 *
 *     messageto, openrelay that it did not want ─count▶ attempts {messages, tunnels} ‖ names
 *
 * Who tried learns nothing of it: the answer is the one that they get of somebody who was never here (T20, T30).
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Clock } from '../clock.ts'
import type { Message } from '../messages.ts'

export interface RefusedAttempts extends Disposable {
  note(kind: 'messages' | 'tunnels', from: Identity): void
}

export interface RefusedAttemptsPorts {
  readonly clock: Pick<Clock, 'after'>
  readonly everyMs: number
  /** Names told at once at most; the counts have all. */
  readonly names: number
  readonly tell: (message: Extract<Message, { type: 'attempts' }>, from: readonly Identity[]) => void
}

export function createRefusedAttempts(ports: RefusedAttemptsPorts): RefusedAttempts {
  const { clock, everyMs, names, tell } = ports
  const from = new Set<Identity>()
  let counts = { messages: 0, tunnels: 0 }
  let timer: Disposable | null = null
  let isOver = false

  function tellAll(): void {
    timer = null
    tell({ type: 'attempts', ...counts, count: from.size }, [...from])
    counts = { messages: 0, tunnels: 0 }
    from.clear()
  }

  return {
    note(kind, identity) {
      if (isOver) return
      counts[kind]++
      if (from.size < names) from.add(identity)
      timer ??= clock.after(everyMs, tellAll)
    },
    [Symbol.dispose]() {
      isOver = true
      timer?.[Symbol.dispose]()
    },
  }
}
