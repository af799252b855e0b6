/**
 * Sessions with one hub, without what seals them: what a side sends is what the other takes.
 *
 *     hub.join('alice') ─▶ { signals, circuits } ⇄ SignalPort
 */
import { identityOfKey, ok } from '@effigy/core'
import { createFakeClock, type FakeClock } from '@effigy/testkit'
import type { FrameBytes } from '../src/frame.ts'
import { decodeFrame, encodeFrame } from '../src/frame.ts'
import {
  defaultRelayLimits,
  defaultSignalLimits,
  type RelayLimits,
  type SignalLimits,
} from '../src/limits.ts'
import type { Message } from '../src/messages.ts'
import { decodeMessage } from '../src/messages-schema.ts'
import { type Circuit, type Circuits, createCircuits } from '../src/relaying/circuits.ts'
import { createSignalHub, type SignalHub, type SignalPort } from '../src/signalling/signal-hub.ts'
import { type Attempted, createSignals, type Signals } from '../src/signalling/signals.ts'

export const someone = (number: number) => {
  const key = new Uint8Array(32)
  key.set([number & 255, number >> 8, 7])
  return identityOfKey(key)
}

export interface Member extends Disposable {
  readonly identity: ReturnType<typeof someone>
  readonly signals: Signals
  readonly circuits: Circuits
  readonly port: SignalPort
  /** Circuits that others opened. */
  readonly arrived: Circuit[]
  readonly heard: { readonly from: string; readonly payload: string }[]
  /** Types of what the hub sent. */
  readonly got: string[]
  readonly attempted: Attempted[]
  /** As a hostile program may. */
  say(message: Message, bytes?: FrameBytes): void
  /** While it takes nothing, what the hub sends it waits. */
  isDeaf: boolean
  isBusy: boolean
  drain(): void
}

export interface TestHub {
  readonly hub: SignalHub
  readonly clock: FakeClock
  join(number: number): Member
}

export function createTestHub(
  limits: {
    readonly signals?: Partial<SignalLimits>
    readonly relays?: Partial<RelayLimits>
    readonly carries?: (opener: string, bytes: number) => boolean
    readonly isFor?: (identity: string) => boolean
    readonly hasRoom?: boolean
  } = {},
): TestHub {
  const clock = createFakeClock()
  const hub = createSignalHub({
    clock,
    signals: { ...defaultSignalLimits, ...limits.signals },
    relays: { ...defaultRelayLimits, ...limits.relays },
    carries: limits.carries ?? (() => true),
    isFor: limits.isFor ?? (() => true),
    hasRoom: () => limits.hasRoom ?? false,
  })

  function join(number: number): Member {
    const identity = someone(number)
    const drains = new Set<() => void>()
    let isOver = false
    const port = hub.open({
      remote: identity,
      role: 'acceptor',
      send(message, bytes) {
        if (isOver) return
        const received = crossed(message, bytes)
        member.got.push(message.type)
        member.signals.take(...received) || member.circuits.take(...received)
      },
      bufferedBytes: () => (member.isBusy ? 1_000 : 0),
      highWaterBytes: () => 100,
      async drained(signal) {
        if (!member.isBusy) return
        await new Promise<void>((resolve, reject) => {
          drains.add(resolve)
          signal.addEventListener('abort', () => reject(signal.reason), { once: true })
        })
      },
      refusal: (_service, token) =>
        token === 'AAAAAAAAAAAAAAAAAAAAAA' ? null : { code: 'bad-token', retryMs: null },
    })
    const say = (message: Message, bytes?: FrameBytes): void => {
      if (!isOver) port.take(...crossed(message, bytes))
    }
    const token = async () => ok('AAAAAAAAAAAAAAAAAAAAAA')
    const member: Member = {
      identity,
      port,
      arrived: [],
      heard: [],
      attempted: [],
      got: [],
      say,
      isDeaf: false,
      isBusy: false,
      signals: createSignals({
        send: say,
        token,
        onPresence() {},
        onAttempts: (attempted) => member.attempted.push(attempted),
        onMessage: (from, payload) => member.heard.push({ from, payload: new TextDecoder().decode(payload) }),
      }),
      circuits: createCircuits({
        role: 'acceptor',
        clock,
        send: say,
        token,
        onCircuit: (circuit) => member.arrived.push(circuit),
      }),
      drain() {
        member.isBusy = false
        for (const resolve of [...drains]) resolve()
        drains.clear()
      },
      [Symbol.dispose]() {
        port[Symbol.dispose]()
        isOver = true
        member.signals[Symbol.dispose]()
        member.circuits[Symbol.dispose]()
      },
    }
    return member
  }

  return { hub, clock, join }
}

/** As it comes out of a frame, or the test fails. */
function crossed(message: Message, bytes: FrameBytes = []): [Message, Uint8Array] {
  const frame = decodeFrame(encodeFrame(message, bytes))
  const decoded = frame.ok ? decodeMessage(frame.value) : frame
  if (!frame.ok || !decoded.ok) throw new Error(`${message.type} is no message`)
  return [decoded.value, new Uint8Array(frame.value.bytes)]
}
