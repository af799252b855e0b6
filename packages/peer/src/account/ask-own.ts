/**
 * Asks other devices, own ones over the service `account` (account-service.ts), as soon as they are connected.
 *
 *     askDevice(main, 'leave') ─ connected? ─▶ call ─▶ answer
 *                                  └ not yet, or cut ─▶ waits for the next session, and asks again
 *
 * @module
 */
import type { Identity, JsonObject, Result } from '@effigy/core'
import type { Clock, FrameBytes, ReceivedAnswer, ServiceRefusal } from '@effigy/sync'
import type { Pulse } from '../live.ts'
import type { Peer } from '../peer.ts'
import { rest } from '../rest.ts'

export const accountService = 'account'

export interface AskPorts {
  readonly call: Peer['call']
  /** Fires when sessions come and go. */
  readonly sessions: Pulse
  readonly clock: Clock
}

export interface Question {
  /** `account` when omitted. */
  readonly service?: string
  readonly method: string
  readonly value: JsonObject
  readonly bytes?: FrameBytes
  readonly onAnswer?: (answer: ReceivedAnswer) => void
  readonly signal: AbortSignal
  /** Looked at before each try: with false nobody is asked any more. */
  readonly goOn?: () => boolean
}

/** What a session that has just begun, or ended, says: asked again. */
const passing: ReadonlySet<string> = new Set([
  'not-connected',
  'not-yet',
  'cut',
  'unknown-service',
  'bad-token',
  'too-fast',
  'busy',
])

/** Between two tries, ms: at least, and at most where nothing says that a session began. */
const againMs = 1_000
const patienceMs = 30_000

/** Resolves with the answer or a refusal that stays; null when `goOn` said no. Rejects with the signal's reason. */
export async function askDevice(
  to: () => Identity | null,
  { service = accountService, method, value, bytes, onAnswer, signal, goOn = () => true }: Question,
  { call, sessions, clock }: AskPorts,
): Promise<Result<ReceivedAnswer, ServiceRefusal> | null> {
  const options = {
    signal,
    ...(bytes === undefined ? {} : { bytes }),
    ...(onAnswer === undefined ? {} : { onAnswer }),
  }
  for (;;) {
    signal.throwIfAborted()
    if (!goOn()) return null
    const seen = sessions.count
    const device = to()
    if (device !== null) {
      const answer = await call(device, service, method, value, options)
      if (answer.ok || !passing.has(answer.error.code)) return answer
    }
    const patience = new AbortController()
    using _timer = clock.after(patienceMs, () => patience.abort())
    await sessions.after(seen, AbortSignal.any([signal, patience.signal]))
    await rest(clock, againMs, signal)
  }
}
