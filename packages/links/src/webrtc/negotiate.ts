/**
 * Brings two devices to a data channel, whoever begins, and when both do (spec M14, M15).
 *
 *     connect ─▶ attempt (dialler) ─▶ ╮
 *                     ⇅ signals       ├─ the first that opens ─▶ standing ─▶ onLink
 *     rtcoffer ─▶ attempt (acceptor) ─╯
 *
 * A polite side lets its own attempt go for the other's offer; an impolite one does not hear it. What stands stays until
 * the new one does. No description is ever rolled back: an attempt that gives way is closed, with its certificate, so who
 * dialled (A3) is always the one whose offer was answered, for as long as the connection lives.
 *
 * @module
 */
import { createPace } from '@effigy/sync'
import { type Attempt, createAttempt } from './attempt.ts'
import type { NegotiateOptions, Negotiation, NegotiationState, RtcRole } from './negotiation.ts'
import { type RtcSignal, readRtcSignal, toHex, writeRtcSignal } from './signals.ts'

/** New connections, and new rounds of one, that the other side may ask for, a second and at once: each costs a certificate and sockets (T16). */
const offersPerSecond = 1
const offersAtOnce = 8

const idle: NegotiationState = { type: 'idle' }

/** Waits for offers at once, and begins by itself when it is told to. Ends with its signal. */
export function negotiate(options: NegotiateOptions): Negotiation {
  const { rtc, clock, signal: stop } = options
  const offers = createPace(offersPerSecond, offersAtOnce)
  let state: NegotiationState = idle
  let standing: Attempt | null = null
  let attempt: Attempt | null = null

  const isInPace = (): boolean => offers.take(clock.monotonic(), 1) === 0

  function enter(next: NegotiationState): void {
    state = next
    options.onState?.(next)
  }

  function begin(connection: string, role: RtcRole): Attempt {
    const made = createAttempt(
      { ...options, send: (signal) => options.send(writeRtcSignal(signal)), takesRound: isInPace },
      connection,
      role,
      {
        onLink(link) {
          if (attempt === made) attempt = null
          const before = standing
          standing = made
          before?.end('replaced')
          enter({ type: 'open', role })
          options.onLink(link, role)
        },
        onInterrupted(isInterrupted) {
          if (standing === made) enter({ type: isInterrupted ? 'interrupted' : 'open', role })
        },
        onOver(code) {
          const wasOurs = attempt === made || standing === made
          if (attempt === made) attempt = null
          if (standing === made) standing = null
          if (!wasOurs || stop.aborted) return
          const left = standing ?? attempt
          if (left === null) enter(code === null ? idle : { type: 'failed', code })
          else if (left === attempt) enter({ type: 'connecting', role: left.role })
        },
      },
    )
    return made
  }

  function start(connection: string, role: RtcRole): Attempt {
    attempt = begin(connection, role)
    if (standing === null) enter({ type: 'connecting', role })
    return attempt
  }

  function takeOffer(signal: RtcSignal & { readonly type: 'rtcoffer' }): void {
    if (signal.round > 0) {
      tellUnknown(signal.connection)
      return
    }
    if (attempt?.role === 'dialler' && !options.polite) return
    if (!isInPace()) return
    const before = attempt
    attempt = null
    before?.end('yielded', true)
    start(signal.connection, 'acceptor').receive(signal)
  }

  /** The other side believes in a connection that is not there any more. */
  function tellUnknown(connection: string): void {
    options.send(writeRtcSignal({ type: 'rtcend', connection, code: 'unknown' }))
  }

  function receive(value: unknown): RtcSignal['type'] | null {
    const signal = readRtcSignal(value)
    if (signal === null) return null
    if (stop.aborted) return signal.type
    const own = [attempt, standing].find((one) => one?.connection === signal.connection)
    if (own) own.receive(signal)
    else if (signal.type === 'rtcoffer') takeOffer({ ...signal, type: 'rtcoffer' })
    else if (signal.type === 'rtcanswer' || signal.type === 'rtcrestart') tellUnknown(signal.connection)
    return signal.type
  }

  const watching = rtc.watchNetwork(networkChanged)

  function networkChanged(): void {
    standing?.networkChanged()
  }

  function close(code = 'closed'): void {
    const under = attempt
    attempt = null
    under?.end(code)
    closeStanding(code)
  }

  function closeStanding(code = 'closed'): void {
    const stood = standing
    standing = null
    stood?.end(code)
    if (stop.aborted) return
    if (attempt !== null) enter({ type: 'connecting', role: attempt.role })
    else if (state.type !== 'idle') enter(idle)
  }

  stop.addEventListener(
    'abort',
    () => {
      watching[Symbol.dispose]()
      close('closed')
    },
    { once: true },
  )

  return {
    get state() {
      return state
    },
    connect() {
      if (stop.aborted || attempt !== null || standing !== null) return
      start(toHex(options.randomBytes(16)), 'dialler').offer()
    },
    receive,
    networkChanged,
    stats: async () => (await standing?.stats()) ?? null,
    closeStanding,
    close,
  }
}
