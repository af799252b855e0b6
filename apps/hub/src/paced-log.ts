/**
 * A log that nobody fills a disk with: many lines of one event are counted, and not written (T16).
 *
 *     log.info(event) ─pace of that event▶ a line, with how many were left out before it │ one more left out
 *
 * @module
 */
import { type Clock, createPaces, type Log, type LogFields } from '@effigy/sync'

/** Lines of one event at once: all clients of a hub come back within seconds. */
const burst = 4_000

/** Then a second: 100 MB a day. */
const perSecond = 10

/** Names of events stand in our code: there are some hundred. */
const kept = 1_024

export function pacedLog(log: Log, clock: Pick<Clock, 'monotonic'>): Log {
  const wait = createPaces({ perSecond, burst, kept, clock })
  const leftOut = new Map<string, number>()

  function paced(write: Log['info']): Log['info'] {
    return (event, fields) => {
      const before = leftOut.get(event) ?? 0
      if (wait(event) > 0) leftOut.set(event, before + 1)
      else {
        leftOut.delete(event)
        write(event, withCount(fields, before))
      }
    }
  }

  return { info: paced(log.info), warn: paced(log.warn) }
}

const withCount = (fields: LogFields, leftOut: number): LogFields =>
  leftOut === 0 ? fields : { ...fields, leftOut }
