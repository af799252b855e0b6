/**
 * WebRTC in memory, on the fake clock: machines with networks between them that can be cut, or let relays through alone.
 *
 *     world.machine() ─▶ RtcPort      world.route('none') │ machine.changeNetwork() │ machine.kill()
 */
import type { Clock } from '@effigy/sync'
import { EffigyError } from '@effigy/sync'
import {
  lowChannelBytes,
  type RtcCandidate,
  type RtcCandidateKind,
  type RtcChannel,
  type RtcChannelListener,
  type RtcConnection,
  type RtcDescription,
  type RtcEvents,
  type RtcOptions,
  type RtcPort,
  type RtcState,
} from '../src/webrtc/rtc-port.ts'

/** What goes through between machines: all, what a TURN server relays, nothing. */
export type FakeRoute = 'direct' | 'relay' | 'none'

export interface FakeMachine extends RtcPort {
  /** Connections that are open now. */
  readonly connections: number
  /** Of them, those whose channel is open. */
  readonly channels: number
  /** Offers and answers that it made, restarts of ICE too. */
  readonly descriptions: number
  /** Other addresses: what stands is cut until an ICE restart; `watchNetwork` tells. */
  changeNetwork(): void
  /** The process is gone: nothing is told to anybody; the others notice when their time is over. */
  kill(): void
}

export interface FakeRtcWorld {
  machine(options?: { readonly canRestart?: boolean; readonly maxMessageBytes?: number }): FakeMachine
  /** Between all machines, from now on; what stands and cannot go on is `disconnected` after 5 s, `failed` after 30 s. */
  route(route: FakeRoute): void
}

/** Ms, as in browsers. */
const untilDisconnected = 5_000
const untilFailed = 30_000

interface End {
  readonly machine: { readonly address: () => string; readonly isGone: () => boolean; described: number }
  readonly events: RtcEvents
  readonly fingerprint: Uint8Array
  readonly maxMessageBytes: number
  own: RtcDescription | null
  other: RtcDescription | null
  readonly ownKinds: Map<string, RtcCandidateKind>
  readonly otherLines: Map<string, { readonly kind: RtcCandidateKind; readonly address: string }>
  peer: End | null
  isOpen: boolean
  isUp: boolean
  isClosed: boolean
  listener: RtcChannelListener | null
  bufferedBytes: number
  sentBytes: number
  receivedBytes: number
  readonly unsent: Uint8Array[]
  state: RtcState | null
  timer: Disposable | null
}

export function createFakeRtcWorld(clock: Clock, latencyMs = 10): FakeRtcWorld {
  const ends = new Set<End>()
  let route: FakeRoute = 'direct'
  let made = 0

  const later = (run: () => void): void => void clock.after(latencyMs, run)
  const unique = (length: number): string => String(++made).padStart(length, 'u')

  function tell(end: End, state: RtcState): void {
    if (end.isClosed || end.state === state || end.machine.isGone()) return
    end.state = state
    end.events.onState(state)
  }

  /** The pair of kinds that `a` and `b` could use now, of a's side; null: none. */
  function pairOf(a: End, b: End): readonly [RtcCandidateKind, RtcCandidateKind] | null {
    if (a.machine.isGone() || b.machine.isGone() || a.isClosed || b.isClosed || route === 'none') return null
    if (a.own === null || b.own === null) return null
    if (a.other?.ufrag !== b.own.ufrag || b.other?.ufrag !== a.own.ufrag) return null
    const knows = (end: End, of: End, kind: RtcCandidateKind): boolean =>
      [...end.otherLines.values()].some((one) => one.kind === kind && one.address === of.machine.address())
    const has = (end: End, kind: RtcCandidateKind): boolean => [...end.ownKinds.values()].includes(kind)
    if (
      route === 'direct' &&
      has(a, 'host') &&
      has(b, 'host') &&
      (knows(a, b, 'host') || knows(b, a, 'host'))
    ) {
      return ['host', 'host']
    }
    if (knows(a, b, 'relay') && has(a, 'relay')) return ['relay', 'relay']
    if (knows(a, b, 'relay')) return ['host', 'relay']
    if (knows(b, a, 'relay')) return ['relay', 'host']
    return null
  }

  /** Whether `a` believes `b` to be who was described. */
  const believes = (a: End, b: End): boolean =>
    a.other?.fingerprint.every((byte, at) => byte === b.fingerprint[at]) === true

  function look(end: End): void {
    if (end.isClosed || end.own === null || end.other === null) return
    const { ufrag } = end.other
    const peer = end.peer ?? [...ends].find((other) => other.own?.ufrag === ufrag && other !== end) ?? null
    const pair = peer === null ? null : pairOf(end, peer)
    if (peer === null || pair === null) {
      lose(end)
      return
    }
    if (end.isUp) return
    if (!believes(end, peer) || !believes(peer, end)) {
      tell(end, 'failed')
      finish(end)
      return
    }
    for (const [one, other] of [
      [end, peer],
      [peer, end],
    ] as const) {
      one.peer = other
      one.isUp = true
      one.timer?.[Symbol.dispose]()
      one.timer = null
      later(() => {
        if (!one.isUp || one.isClosed) return
        tell(one, 'connected')
        if (!one.isOpen) {
          one.isOpen = true
          one.events.onOpen(channelOf(one))
        }
        flush(one)
      })
    }
  }

  function lose(end: End): void {
    if (end.timer !== null || (!end.isUp && end.state !== 'connecting')) return
    const wasUp = end.isUp
    end.isUp = false
    end.timer = clock.after(wasUp ? untilDisconnected : untilFailed, () => {
      if (wasUp) tell(end, 'disconnected')
      end.timer = clock.after(wasUp ? untilFailed - untilDisconnected : 0, () => tell(end, 'failed'))
    })
  }

  function finish(end: End): void {
    if (end.isClosed) return
    end.isClosed = true
    ends.delete(end)
    end.timer?.[Symbol.dispose]()
    if (end.machine.isGone()) return
    if (end.isOpen) end.listener?.onClose()
    end.events.onEnd()
  }

  function flush(end: End): void {
    while (end.isUp && end.unsent.length > 0) {
      const message = end.unsent.shift() ?? new Uint8Array(0)
      const { peer } = end
      later(() => {
        if (end.isClosed) return
        end.bufferedBytes -= message.length
        if (peer !== null && !peer.isClosed && !peer.machine.isGone()) {
          peer.receivedBytes += message.length
          peer.listener?.onMessage(message)
        }
        if (end.bufferedBytes <= lowChannelBytes) end.listener?.onLow()
      })
    }
  }

  const channelOf = (end: End): RtcChannel => ({
    maxMessageBytes: end.peer?.maxMessageBytes ?? 65_536,
    ownFingerprint: end.fingerprint,
    otherFingerprint: end.peer?.fingerprint ?? new Uint8Array(32),
    get bufferedBytes() {
      return end.bufferedBytes
    },
    listen(listener) {
      end.listener = listener
    },
    send(message) {
      if (end.isClosed) return
      if (message.length > (end.peer?.maxMessageBytes ?? 0))
        throw new EffigyError('rtc', 'too long a message')
      end.bufferedBytes += message.length
      end.sentBytes += message.length
      end.unsent.push(message.slice())
      flush(end)
    },
  })

  function open(
    machine: End['machine'],
    options: RtcOptions,
    events: RtcEvents,
    maxMessageBytes: number,
  ): RtcConnection {
    let servers = options.iceServers
    const fingerprint = new Uint8Array(32).fill(++made)
    const end: End = {
      machine,
      events,
      fingerprint,
      maxMessageBytes,
      own: null,
      other: null,
      ownKinds: new Map(),
      otherLines: new Map(),
      peer: null,
      isOpen: false,
      isUp: false,
      isClosed: false,
      listener: null,
      bufferedBytes: 0,
      sentBytes: 0,
      receivedBytes: 0,
      unsent: [],
      state: null,
      timer: null,
    }
    ends.add(end)

    function mustBeOpen(): void {
      if (end.isClosed || machine.isGone()) throw new EffigyError('rtc', 'closed')
    }

    function describe(type: 'offer' | 'answer'): RtcDescription {
      machine.described++
      const own = { type, ufrag: unique(4), pwd: unique(22), fingerprint, maxMessageBytes }
      end.own = own
      end.ownKinds.clear()
      if (end.isUp) {
        end.isUp = false
        tell(end, 'connecting')
      }
      const kinds: RtcCandidateKind[] = options.policy === 'all' ? ['host'] : []
      if (servers.some(({ urls }) => urls.some((url) => /^turns?:/.test(url)))) kinds.push('relay')
      later(() => {
        if (end.isClosed || end.own !== own) return
        for (const kind of kinds) {
          const line = `candidate:1 1 udp ${kind === 'host' ? 2_000 : 10} ${machine.address()} 9 typ ${kind}`
          end.ownKinds.set(line, kind)
          events.onCandidate({ line, ufrag: own.ufrag })
        }
        look(end)
      })
      return own
    }

    function take(description: RtcDescription): void {
      end.other = description
      end.otherLines.clear()
    }

    function check(): void {
      tell(end, 'connecting')
      if (end.timer !== null) {
        end.timer[Symbol.dispose]()
        end.timer = null
      }
      look(end)
    }

    return {
      async offer() {
        mustBeOpen()
        return describe('offer')
      },
      async answer(offer) {
        mustBeOpen()
        take(offer)
        const answer = describe('answer')
        check()
        return answer
      },
      async accept(answer) {
        mustBeOpen()
        take(answer)
        check()
      },
      addCandidate({ line, ufrag }: RtcCandidate) {
        const [, , , , address = '', , , kind = ''] = line.split(' ')
        if (end.isClosed || ufrag !== end.other?.ufrag) return
        if (options.policy === 'relay' && kind !== 'relay') return
        end.otherLines.set(line, { kind: kind as RtcCandidateKind, address })
        look(end)
        if (end.peer !== null) look(end.peer)
      },
      setIceServers(next) {
        servers = next
      },
      async stats() {
        mustBeOpen()
        const pair = end.peer !== null && end.isUp ? pairOf(end, end.peer) : null
        return {
          bytesSent: end.sentBytes,
          bytesReceived: end.receivedBytes,
          local: pair?.[0] ?? null,
          remote: pair?.[1] ?? null,
        }
      },
      close() {
        if (end.isClosed) return
        end.isClosed = true
        ends.delete(end)
        end.timer?.[Symbol.dispose]()
        if (end.isUp) {
          const { peer } = end
          if (peer !== null) later(() => finish(peer))
        }
      },
    }
  }

  const lookAll = (): void => {
    for (const end of [...ends]) look(end)
  }

  return {
    machine({ canRestart = true, maxMessageBytes = 262_144 } = {}) {
      let number = ++made
      let isGone = false
      const watchers = new Set<() => void>()
      const machine = {
        ...{ address: () => `10.0.${number >> 8}.${number & 255}`, isGone: () => isGone },
        described: 0,
      }
      const own = (): End[] => [...ends].filter((end) => end.machine === machine)
      return {
        canRestart,
        get connections() {
          return own().length
        },
        get channels() {
          return own().filter(({ isOpen }) => isOpen).length
        },
        get descriptions() {
          return machine.described
        },
        open: (options, events) => open(machine, options, events, maxMessageBytes),
        watchNetwork(changed) {
          watchers.add(changed)
          return { [Symbol.dispose]: () => void watchers.delete(changed) }
        },
        changeNetwork() {
          number = ++made
          for (const end of own()) end.ownKinds.clear()
          lookAll()
          for (const changed of [...watchers]) changed()
        },
        kill() {
          isGone = true
          lookAll()
          for (const end of own()) ends.delete(end)
        },
      }
    },
    route(next) {
      route = next
      lookAll()
    },
  }
}
