/**
 * A peer's half of relaying over one session with a hub (spec V70-V76): circuits, each of which becomes a link.
 *
 *     open(to) ─openrelay▶ hub ─relaying▶ Circuit      relayed {from} ─▶ onCircuit
 *
 * @module
 */
import { EffigyError, err, type Identity, ok, type Result } from '@effigy/core'
import type { Clock } from '../clock.ts'
import type { FrameBytes } from '../frame.ts'
import { relayUntoldBytes, relayWindowBytes } from '../limits.ts'
import type { Message } from '../messages.ts'
import { readIdentities, writeIdentities } from '../messages-bytes.ts'
import type { ServiceRefusal } from '../services/service.ts'
import { createPace } from '../session/pace.ts'
import type { Role } from '../session/transcript.ts'
import { isOfHub } from './numbers.ts'

/** Frames to and from one peer through a hub. It has one listener. */
export interface Circuit {
  /** At the other end, as the hub says: nothing is proven before the session inside stands. */
  readonly remote: Identity
  /** Queues a frame, which is the circuit's from now on. */
  send(frame: Uint8Array): void
  /** Bytes that wait until the other side has read what is under way. */
  readonly waitingBytes: number
  /** What arrives from now on, and what arrived already. */
  listen(listener: CircuitListener): void
  /** The listener's reader took so many bytes. */
  read(bytes: number): void
  /** What was sent still goes out, then the other side hears `code`. */
  end(code: string): void
  /** The same at once: what waits is forgotten. */
  drop(code: string): void
}

export interface CircuitListener {
  onFrame(frame: Uint8Array): void
  /** `waitingBytes` is less. */
  onRoom(): void
  /** Nothing comes any more. */
  onEnd(code: string): void
}

export interface Circuits extends Disposable {
  /** Refused with the hub's code (`absent`: not there, or not for us), or `cut`. Rejects with the signal's reason. */
  open(to: Identity, signal: AbortSignal): Promise<Result<Circuit, ServiceRefusal>>
  /** True when it was a message of relaying. */
  take(message: Message, bytes: Uint8Array): boolean
}

export interface CircuitsPorts {
  /** Of the hub in this session. */
  readonly role: Role
  readonly clock: Pick<Clock, 'monotonic'>
  /** Throws nothing that its caller has not to know: a session that is over takes nothing. */
  readonly send: (message: Message, bytes?: FrameBytes) => void
  /** Of `relaying`. */
  readonly token: () => Promise<Result<string, ServiceRefusal>>
  /** Somebody reached for us. Null: not now. */
  readonly onCircuit: ((circuit: Circuit) => void) | null
}

/** Between the numbers of signals and those of calls. */
const firstId: number = 2 ** 49 + 2 ** 48
const lastId: number = 2 ** 50

/** Circuits that a hub may have open with us: more would be its flood. */
const maxCircuits = 64

/** And may open: each begins a handshake, which costs us more than its message costs the hub. */
const arrivalsPerSecond = 4
const arrivalBurst = 128

interface Open extends Circuit {
  receive(frame: Uint8Array): boolean
  told(bytes: number): boolean
  over(code: string): void
}

const cut: ServiceRefusal = { code: 'cut', retryMs: 0 }

/** Whether it is for `take`. */
export function isRelaying(message: Message): boolean {
  switch (message.type) {
    case 'relayed':
    case 'relay':
    case 'relayread':
    case 'relayend':
      return true
    default:
      return 're' in message && message.re !== null && message.re >= firstId && message.re < lastId
  }
}

/** One for each session with a hub. Disposing it ends every circuit with `cut`, and refuses what is being opened. */
export function createCircuits({ role, clock, send, token, onCircuit }: CircuitsPorts): Circuits {
  const open = new Map<number, Open>()
  const asked = new Map<number, (message: Message) => void>()
  const arrivals = createPace(arrivalsPerSecond, arrivalBurst)
  let nextId = firstId
  let isOver = false

  function start(remote: Identity, number: number): Open {
    const circuit = createCircuit(remote, number, send, () => void open.delete(number))
    open.set(number, circuit)
    return circuit
  }

  async function ask(to: Identity, signal: AbortSignal): Promise<Result<Circuit, ServiceRefusal>> {
    signal.throwIfAborted()
    const given = await token()
    signal.throwIfAborted()
    if (!given.ok) return given
    if (isOver) return err(cut)
    const { promise, resolve, reject } = Promise.withResolvers<Result<Circuit, ServiceRefusal>>()
    const id = nextId++
    let isWanted = true
    const abort = (): void => {
      isWanted = false
      reject(signal.reason)
    }
    signal.addEventListener('abort', abort, { once: true })
    asked.set(id, (message) => {
      asked.delete(id)
      if (message.type === 'relaying' && isOfHub(message.circuit, role)) {
        const circuit = start(to, message.circuit)
        if (isWanted) resolve(ok(circuit))
        else circuit.drop('unwanted')
      } else if (message.type === 'error') resolve(err({ code: message.code, retryMs: message.retry }))
      else resolve(err({ code: 'bad-answer', retryMs: null }))
    })
    send({ type: 'openrelay', id, token: given.value }, writeIdentities([to]))
    try {
      return await promise
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  function take(message: Message, bytes: Uint8Array): boolean {
    if ('re' in message && message.re !== null && message.re >= firstId && message.re < lastId) {
      asked.get(message.re)?.(message)
      return true
    }
    if (message.type === 'relayed') {
      const [from] = readIdentities(bytes) ?? []
      const isNew = isOfHub(message.circuit, role) && !open.has(message.circuit)
      const isRoom = from !== undefined && open.size < maxCircuits && isNew
      if (onCircuit === null || !isRoom || arrivals.take(clock.monotonic(), 1) > 0) {
        send({ type: 'relayend', circuit: message.circuit, code: 'refused' })
      } else onCircuit(start(from, message.circuit))
      return true
    }
    if (message.type !== 'relay' && message.type !== 'relayread' && message.type !== 'relayend') return false
    const circuit = open.get(message.circuit)
    if (circuit === undefined) return true
    if (message.type === 'relayend') circuit.over(message.code)
    else {
      const isFair = message.type === 'relay' ? circuit.receive(bytes) : circuit.told(message.bytes)
      if (!isFair) circuit.drop('too-much')
    }
    return true
  }

  return {
    open: ask,
    take,
    [Symbol.dispose]() {
      isOver = true
      for (const circuit of [...open.values()]) circuit.over('cut')
      for (const answer of [...asked.values()]) answer({ type: 'error', re: null, code: 'cut', retry: 0 })
    },
  }
}

function createCircuit(
  remote: Identity,
  number: number,
  send: CircuitsPorts['send'],
  gone: () => void,
): Open {
  let listener: CircuitListener | null = null
  /** Before there is a listener; what a window lets through. */
  const early: Uint8Array[] = []
  const waiting: Uint8Array[] = []
  let waitingBytes = 0
  let underWay = 0
  let unread = 0
  let untold = 0
  let ending: string | null = null
  let ended: string | null = null

  function flush(): void {
    while (ended === null) {
      const frame = waiting[0]
      if (frame === undefined || underWay + frame.length > relayWindowBytes) break
      waiting.shift()
      waitingBytes -= frame.length
      underWay += frame.length
      send({ type: 'relay', circuit: number }, frame)
    }
    if (ended === null && ending !== null && waiting.length === 0) finish(ending, true)
  }

  function finish(code: string, tells: boolean): void {
    if (ended !== null) return
    ended = code
    waiting.length = 0
    waitingBytes = 0
    gone()
    if (tells) send({ type: 'relayend', circuit: number, code })
    listener?.onRoom()
    listener?.onEnd(code)
  }

  return {
    remote,
    get waitingBytes() {
      return waitingBytes
    },
    send(frame) {
      if (ended !== null || ending !== null) return
      if (frame.length > relayWindowBytes - relayUntoldBytes) {
        throw new EffigyError('too-large', 'A frame inside a relay is longer than it may be.')
      }
      waiting.push(frame)
      waitingBytes += frame.length
      flush()
    },
    listen(given) {
      listener = given
      for (const frame of early.splice(0)) given.onFrame(frame)
      if (ended !== null) given.onEnd(ended)
    },
    read(bytes) {
      if (ended !== null) return
      unread -= bytes
      untold += bytes
      if (untold < relayUntoldBytes) return
      send({ type: 'relayread', circuit: number, bytes: untold })
      untold = 0
    },
    end(code) {
      ending ??= code
      flush()
    },
    drop: (code) => finish(code, true),
    receive(frame) {
      unread += frame.length
      if (unread > relayWindowBytes) return false
      if (listener === null) early.push(frame)
      else listener.onFrame(frame)
      return true
    },
    told(bytes) {
      if (bytes > underWay) return false
      underWay -= bytes
      flush()
      listener?.onRoom()
      return true
    },
    over: (code) => finish(code, false),
  }
}
