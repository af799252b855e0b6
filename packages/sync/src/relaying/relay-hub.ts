/**
 * Circuits between sessions of one hub (spec V70-V76): frames go through, and the hub reads none of them.
 *
 *     A ─relay {3}─▶ circuit ─relay {8}─▶ B        what B read, B tells A: relayread
 *
 * Who takes too slowly is waited for, and holds one window a circuit at most; who sends more than was read loses the circuit.
 *
 * @module
 */
import { EffigyError, type Identity, keptBytes } from '@effigy/core'
import type { Clock } from '../clock.ts'
import { type RelayLimits, relayWindowBytes } from '../limits.ts'
import type { Message } from '../messages.ts'
import { writeIdentities } from '../messages-bytes.ts'
import { createPace } from '../session/pace.ts'
import type { SignalSession } from '../signalling/signal-hub.ts'
import { firstCircuit, isOfHub } from './numbers.ts'

/** Where circuits of one session end. */
export interface RelayEndpoint {
  /** Room for one more; null when there is none. */
  takeEnd(): RelayEnd | null
}

export interface RelayHubPorts<Place extends RelayEndpoint> {
  readonly clock: Pick<Clock, 'monotonic' | 'after'>
  readonly limits: RelayLimits
  readonly carries: (opener: Identity, bytes: number) => boolean
  readonly reach: (from: Identity, to: Identity) => Place | null
}

export interface RelayPort extends Disposable {
  readonly endpoint: RelayEndpoint
  /** Answers the request `id` to reach `to`. */
  ask(id: number, to: Identity): void
  take(message: Message, bytes: Uint8Array): boolean
}

export interface RelayHub {
  open(session: SignalSession): RelayPort
  readonly count: number
}

/** One end of a circuit. */
export interface RelayEnd {
  readonly number: number
  readonly session: SignalSession
  /** Hands a frame on, or keeps it until there is room; false when it cannot be kept. */
  give(frame: Uint8Array): boolean
  /** Its other side read so much. */
  credit(bytes: number): void
  /** Tells that it is over. */
  end(code: string): void
  /** Nothing more of this circuit is taken from its session. */
  remove(): void
  circuit: Circuit | null
}

interface Circuit {
  readonly opener: Identity
  readonly ends: readonly [RelayEnd, RelayEnd]
  /** Bytes that each end sent and the other did not tell to have read. */
  readonly unread: [number, number]
  lastMs: number
}

/** What goes to the session of an end, in order. */
type Passed = Uint8Array | Extract<Message, { type: 'relayend' }>

/** What a frame that waits costs beside its bytes: a window of single bytes would cost hundreds of windows. */
const waitingOverheadBytes = 256

const costOf = (what: Passed): number => (what instanceof Uint8Array ? what.length + waitingOverheadBytes : 0)

type OfCircuit = Extract<Message, { type: 'relay' | 'relayread' | 'relayend' }>

/** Whether it is about a circuit that stands, or stood. */
export function isOfCircuit(message: Message): message is OfCircuit {
  return message.type === 'relay' || message.type === 'relayread' || message.type === 'relayend'
}

export function createRelayHub<Place extends RelayEndpoint>(ports: RelayHubPorts<Place>): RelayHub {
  const { clock, limits, carries, reach } = ports
  const circuits = new Set<Circuit>()
  /** Of all sessions: what frames cost that their receivers did not take yet. */
  let waitingBytes = 0
  let sweeping: Disposable | null = null

  /** `by`: the end that knows already. */
  function end(circuit: Circuit, code: string, by: RelayEnd | null = null): void {
    if (!circuits.delete(circuit)) return
    for (const one of circuit.ends) {
      one.remove()
      if (one !== by) one.end(code)
    }
    if (circuits.size > 0) return
    sweeping?.[Symbol.dispose]()
    sweeping = null
  }

  function sweep(): void {
    sweeping = clock.after(limits.idleMs / 2, () => {
      sweep()
      const oldest = clock.monotonic() - limits.idleMs
      for (const circuit of [...circuits]) if (circuit.lastMs < oldest) end(circuit, 'idle')
    })
  }

  function join(opener: Identity, ends: readonly [RelayEnd, RelayEnd]): void {
    const circuit: Circuit = { opener, ends, unread: [0, 0], lastMs: clock.monotonic() }
    for (const one of ends) one.circuit = circuit
    circuits.add(circuit)
    if (sweeping === null) sweep()
  }

  function carry(circuit: Circuit, from: RelayEnd, frame: Uint8Array): void {
    const side = circuit.ends[0] === from ? 0 : 1
    circuit.lastMs = clock.monotonic()
    circuit.unread[side] += frame.length
    if (circuit.unread[side] > relayWindowBytes) end(circuit, 'too-much')
    else if (!carries(circuit.opener, frame.length)) end(circuit, 'quota')
    else if (circuit.ends[1 - side]?.give(frame) === false) end(circuit, 'busy')
  }

  function read(circuit: Circuit, by: RelayEnd, bytes: number): void {
    const other = circuit.ends[0] === by ? 1 : 0
    if (bytes > circuit.unread[other]) {
      end(circuit, 'too-much')
      return
    }
    circuit.unread[other] -= bytes
    circuit.ends[other]?.credit(bytes)
  }

  function open(session: SignalSession): RelayPort {
    const own = new Map<number, RelayEnd>()
    const pace = createPace(limits.opensPerMinute / 60, limits.openBurst)
    const stop = new AbortController()
    let last = firstCircuit(session.role)
    let draining = false
    const waiting: [RelayEnd, Passed][] = []
    /** What waits here: never more than is left for others, so that those who do not read cannot fill it all. */
    let mine = 0
    /** Bytes that were told to be read while the session was full: who tells of each byte fills no line. */
    const untold = new Map<RelayEnd, number>()

    function pass(one: RelayEnd, what: Passed): void {
      if (what instanceof Uint8Array) session.send({ type: 'relay', circuit: one.number }, what)
      else session.send(what)
    }

    /** In the order in which it came, as the session takes it. False when too much waits already, of everybody. */
    function queue(one: RelayEnd, what: Passed): boolean {
      if (waiting.length === 0 && session.bufferedBytes() <= session.highWaterBytes()) {
        pass(one, what)
        return true
      }
      const cost = costOf(what)
      if (cost > 0 && mine + cost > limits.waitingBytes - waitingBytes) return false
      mine += cost
      waitingBytes += cost
      // It may wait for long, among frames that do not.
      waiting.push([one, what instanceof Uint8Array ? keptBytes(what) : what])
      if (!draining) void drain()
      return true
    }

    function forget(cost: number): void {
      mine -= cost
      waitingBytes -= cost
    }

    function credit(one: RelayEnd, bytes: number): void {
      if (session.bufferedBytes() <= session.highWaterBytes()) {
        const all = bytes + (untold.get(one) ?? 0)
        untold.delete(one)
        session.send({ type: 'relayread', circuit: one.number, bytes: all })
        return
      }
      untold.set(one, bytes + (untold.get(one) ?? 0))
      if (!draining) void drain()
    }

    async function drain(): Promise<void> {
      draining = true
      try {
        while (waiting.length > 0 || untold.size > 0) {
          await session.drained(stop.signal)
          for (const [one, bytes] of [...untold]) {
            untold.delete(one)
            session.send({ type: 'relayread', circuit: one.number, bytes })
          }
          let passed = 0
          for (const [one, what] of waiting) {
            if (session.bufferedBytes() > session.highWaterBytes()) break
            passed++
            forget(costOf(what))
            pass(one, what)
          }
          waiting.splice(0, passed)
        }
      } catch (cause) {
        // The session is over, and with it what waited for it.
        if (!stop.signal.aborted) throw cause
      } finally {
        draining = false
      }
    }

    function next(): number {
      const number = last
      last += 2
      return number
    }

    function takeEnd(): RelayEnd | null {
      if (own.size >= limits.circuitsPerSession || stop.signal.aborted) return null
      const one: RelayEnd = {
        number: next(),
        session,
        circuit: null,
        give: (frame) => queue(one, frame),
        credit: (bytes) => credit(one, bytes),
        // Behind the frames.
        end: (code) => void queue(one, { type: 'relayend', circuit: one.number, code }),
        remove() {
          own.delete(one.number)
          untold.delete(one)
        },
      }
      own.set(one.number, one)
      return one
    }

    /** V71: whoever may not be reached is as if not there. */
    function circuitTo(to: Identity): { readonly code: string; readonly retryMs: number | null } | RelayEnd {
      const waitMs = pace.take(clock.monotonic(), 1)
      if (waitMs > 0) return { code: 'too-fast', retryMs: waitMs }
      if (circuits.size >= limits.circuits) return { code: 'busy', retryMs: 10_000 }
      const theirs = reach(session.remote, to)?.takeEnd() ?? null
      if (theirs === null) return { code: 'absent', retryMs: null }
      const ours = takeEnd()
      if (ours === null) {
        theirs.remove()
        return { code: 'too-many', retryMs: null }
      }
      join(session.remote, [ours, theirs])
      theirs.session.send({ type: 'relayed', circuit: theirs.number }, writeIdentities([session.remote]))
      return ours
    }

    function ask(id: number, to: Identity): void {
      const given = circuitTo(to)
      if ('code' in given) session.send({ type: 'error', re: id, code: given.code, retry: given.retryMs })
      else session.send({ type: 'relaying', re: id, end: true, circuit: given.number })
    }

    return {
      endpoint: { takeEnd },
      ask,
      take(message, bytes) {
        if (!isOfCircuit(message)) return false
        // One of the other side's own, where both are hubs.
        if (!isOfHub(message.circuit, session.role)) return false
        const one = own.get(message.circuit)
        // It may have ended here while that was on its way.
        if (one === undefined || one.circuit === null) return true
        if (message.type === 'relay') carry(one.circuit, one, bytes)
        else if (message.type === 'relayread') read(one.circuit, one, message.bytes)
        else end(one.circuit, message.code, one)
        return true
      },
      [Symbol.dispose]() {
        stop.abort(new EffigyError('closed', 'the session is over'))
        for (const one of [...own.values()]) if (one.circuit !== null) end(one.circuit, 'cut', one)
        waiting.length = 0
        forget(mine)
      },
    }
  }

  return {
    open,
    get count() {
      return circuits.size
    },
  }
}
