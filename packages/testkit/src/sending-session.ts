/**
 * A session at a signalling hub, but for what it sends: for hubs that do as they like.
 *
 * @module
 */
import type { SignalSession } from '@effigy/sync'

/** Written out: what a session has are methods of a class, which no spread copies. */
export function sendingSession(session: SignalSession, send: SignalSession['send']): SignalSession {
  return {
    remote: session.remote,
    role: session.role,
    send,
    bufferedBytes: () => session.bufferedBytes(),
    highWaterBytes: () => session.highWaterBytes(),
    drained: (signal) => session.drained(signal),
    refusal: (service, token) => session.refusal(service, token),
  }
}
