/**
 * Calls that end: whoever announces a service and never answers holds nobody up (T16).
 *
 * @module
 */
import { err } from '@effigy/core'
import type { Clock } from '@effigy/sync'
import type { Peer } from './peer.ts'

/** For a few bytes, ms; no person is asked for them. */
export const answerMs = 15_000

/** For pages of own texts, ms: links may be slow. */
export const ownAnswerMs = 60_000

/** Whoever says so themselves is taken at their word. */
export const lateCode = 'late'

/** `call` with `late` instead of an answer that does not come within `ms`. */
export function timely(call: Peer['call'], ms: number, clock: Pick<Clock, 'after'>): Peer['call'] {
  return async (other, service, method, value, options) => {
    const late = new AbortController()
    using _timer = clock.after(ms, () => late.abort())
    const signal = AbortSignal.any([late.signal, options.signal])
    try {
      return await call(other, service, method, value, { ...options, signal })
    } catch (cause) {
      if (!late.signal.aborted || options.signal.aborted) throw cause
      return err({ code: lateCode, retryMs: null })
    }
  }
}
