/** Two devices that signal to each other through memory: any two `RtcPort`s, any clock. */
import { type Clock, type Link, silentLog } from '@effigy/sync'
import { negotiate } from '../src/webrtc/negotiate.ts'
import type { NegotiateOptions, Negotiation, NegotiationState, RtcRole } from '../src/webrtc/negotiation.ts'
import type { RtcPort } from '../src/webrtc/rtc-port.ts'
import type { SignalObject } from '../src/webrtc/signals.ts'

export interface RtcSide {
  readonly negotiation: Negotiation
  readonly links: readonly { readonly link: Link; readonly role: RtcRole }[]
  readonly states: readonly NegotiationState[]
  readonly sent: readonly SignalObject[]
  /** The next link that is not taken yet. */
  next(): Promise<Link>
  stop(): void
}

export interface RtcPairOptions {
  readonly clock: Clock
  /** Ms that a signal takes; null: it is lost. Omitted: 5 ms. */
  readonly delay?: (signal: SignalObject, from: 0 | 1) => number | null
  /** What the other side gets, as somebody between them would have it. */
  readonly alter?: (signal: SignalObject, from: 0 | 1) => unknown
  readonly sides?: readonly [Partial<NegotiateOptions>, Partial<NegotiateOptions>]
}

let made = 0

/** The first side is the impolite one. */
export function rtcPair(
  ports: readonly [RtcPort, RtcPort],
  { clock, delay = () => 5, alter = (signal) => signal, sides = [{}, {}] }: RtcPairOptions,
): readonly [RtcSide, RtcSide] {
  const both: RtcSide[] = []

  function side(index: 0 | 1): RtcSide {
    const stop = new AbortController()
    const links: { link: Link; role: RtcRole }[] = []
    const states: NegotiationState[] = []
    const sent: SignalObject[] = []
    const untaken: Link[] = []
    const takers: ((link: Link) => void)[] = []
    const negotiation = negotiate({
      rtc: ports[index],
      clock,
      randomBytes: (length) => new Uint8Array(length).fill(++made),
      log: silentLog,
      polite: index === 1,
      policy: () => 'all',
      iceServers: async () => [],
      send(signal) {
        sent.push(signal)
        const ms = delay(signal, index)
        if (ms === null) return
        const altered = alter(JSON.parse(JSON.stringify(signal)) as SignalObject, index)
        clock.after(ms, () => void both[1 - index]?.negotiation.receive(altered))
      },
      onLink(link, role) {
        links.push({ link, role })
        const taker = takers.shift()
        if (taker === undefined) untaken.push(link)
        else taker(link)
      },
      onState: (state) => void states.push(state),
      signal: stop.signal,
      ...sides[index],
    })
    return {
      negotiation,
      links,
      states,
      sent,
      next: () =>
        new Promise((resolve) => {
          const link = untaken.shift()
          if (link === undefined) takers.push(resolve)
          else resolve(link)
        }),
      stop: () => stop.abort(),
    }
  }

  both.push(side(0), side(1))
  return both as unknown as readonly [RtcSide, RtcSide]
}
