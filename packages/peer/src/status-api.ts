/**
 * The part of `Peer` that tells how it stands: now, live, and when all is done.
 *
 * @module
 */
import type { Clock } from '@effigy/sync'
import { liveAnswers, type Pulse } from './live.ts'
import type { Peer } from './peer.ts'
import { rest } from './rest.ts'
import type { Status } from './status.ts'

/** A live status is told at most so often, ms. */
const statusEveryMs = 100

export interface StatusApiPorts {
  readonly status: Pick<Status, 'now' | 'isSettled'>
  /** Fires when the status may be another one. */
  readonly pulse: Pulse
  readonly clock: Pick<Clock, 'after'>
  /** The peer is closed. */
  readonly signal: AbortSignal
}

export function createStatusApi(ports: StatusApiPorts): Pick<Peer, 'status' | 'statuses' | 'settled'> {
  const { status, pulse, clock } = ports
  const untilClosed = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, ports.signal])
  return {
    status: status.now,
    async *statuses(signal) {
      const until = untilClosed(signal)
      for await (const current of liveAnswers(status.now, pulse, until)) {
        yield current
        await rest(clock, statusEveryMs, until)
      }
    },
    async settled(signal) {
      const until = untilClosed(signal)
      for (;;) {
        until.throwIfAborted()
        const seen = pulse.count
        if (status.isSettled()) return status.now()
        await pulse.after(seen, until)
        // Many messages may have come: they are looked at together.
        await rest(clock, statusEveryMs, until)
      }
    },
  }
}
