/**
 * Counts what is logged, for the metrics: how often each event, and with which code (T16, T20).
 *
 *     log.info('session.closed', { code: 'stalled' }) ─▶ log, and one more of that event and code
 *
 * Codes may come from others; those that nobody knows are counted together, so that nobody makes the list grow.
 *
 * @module
 */
import type { Log, LogFields } from '@effigy/sync'

export interface Tally {
  /** Passes everything on. */
  readonly log: Log
  /** Times since the start, by event; beyond `maxEvents` names all others as `other`. */
  readonly events: ReadonlyMap<string, number>
  /** Of the ends of sessions, and of handshakes that came to nothing, by code. */
  readonly closed: ReadonlyMap<string, number>
  readonly refused: ReadonlyMap<string, number>
}

/** Names of events stand in our code: there are some hundred. */
export const maxEvents = 256

/** Why sessions end and handshakes fail, as far as it is worth telling apart. */
const knownCodes: ReadonlySet<string> = new Set([
  'bad-frame',
  'bad-head',
  'bad-message',
  'bad-seal',
  'closed',
  'cut',
  'done',
  'duplicate',
  'identity',
  'internal',
  'network',
  'not-admitted',
  'outbound-full',
  'proof',
  'renew',
  'self',
  'stalled',
  'stopping',
  'timeout',
  'too-large',
  'version',
])

export function createTally(log: Log): Tally {
  const events = new Map<string, number>()
  const closed = new Map<string, number>()
  const refused = new Map<string, number>()

  function count(event: string, { code }: LogFields): void {
    add(events, events.has(event) || events.size < maxEvents ? event : 'other')
    const codes = event === 'session.closed' ? closed : event === 'session.refused' ? refused : null
    if (codes !== null) add(codes, typeof code === 'string' && knownCodes.has(code) ? code : 'other')
  }

  return {
    log: {
      info(event, fields) {
        count(event, fields)
        log.info(event, fields)
      },
      warn(event, fields) {
        count(event, fields)
        log.warn(event, fields)
      },
    },
    events,
    closed,
    refused,
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
