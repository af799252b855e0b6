/**
 * Runs a machine over a session: what came goes in, what it wants goes out (effects.ts).
 *
 *     session.receive ─▶ machine.receive          machine.pull ─room at the link?─▶ session.send
 *          ╰── 10 ms of a turn for all sessions, signatures under way bounded ──╯
 *
 * Bulk is pulled frame by frame, so a slow reader costs the memory of one link buffer.
 *
 * @module
 */
import { EffigyError, type SignatureCheck } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Clock } from '../clock.ts'
import type { FrameBytes } from '../frame.ts'
import type { Message } from '../messages.ts'
import { type Polled, polled, type Woken } from '../polled.ts'
import { restOfTurn } from '../session/shared-turns.ts'
import { afterTurn } from '../session/turns.ts'
import type { ReceivedMessage, Session } from '../session.ts'
import { SparseSet } from '../sparse.ts'
import { whenAborted } from '../when-aborted.ts'
import type { Effects, Outgoing, Producer } from './effects.ts'

export interface Machine extends Producer, Disposable {
  receive(message: Message, bytes: Uint8Array): void
}

export interface PumpPorts {
  readonly clock: Clock
  readonly verify: Crypto['verify']
}

/** Signatures being checked for the other side before more of it is read. */
const maxChecking = 4096

/** Hears the end of it: without a promise, because each session would hold one for as long as it stands. */
export interface PumpEnd {
  /** The session is over. `failure`: the machine threw, which the store does when its medium fails. */
  pumped(failure: { readonly error: unknown } | null): void
}

/**
 * Returns when the session is over; `signal` ends it. Rejects when the machine throws, which the store
 * does when its medium fails: the session ends with `internal` first.
 */
export function pump(
  session: Session,
  createMachine: (effects: Effects) => Machine,
  ports: PumpPorts,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    startPump(session, createMachine, ports, signal, {
      pumped: (failure) => (failure === null ? resolve() : reject(failure.error)),
    })
  })
}

/** The same for whoever has thousands. Throws when the machine does as it is created, and then `end` hears nothing. */
export function startPump(
  session: Session,
  createMachine: (effects: Effects) => Machine,
  ports: PumpPorts,
  signal: AbortSignal,
  end: PumpEnd,
): void {
  new Pump(session, ports, signal, end).start(createMachine)
}

/** A class, because each session has one. */
class Pump implements Effects, Woken {
  readonly #session: Session
  readonly #ports: PumpPorts
  readonly #signal: AbortSignal
  readonly #end: PumpEnd
  readonly #inbox: Polled<ReceivedMessage>
  #machine: Machine | null = null
  #over = false
  #isClosed = false
  #failure: { readonly error: unknown } | null = null
  #checking = 0
  /** Since the machine was last asked what it has. */
  #isWoken = false
  /** Nothing rests here while there is nothing to say, which for most of a hub's sessions is most of the time. */
  #giving: Promise<void> | null = null
  /** For signatures to be checked, before more is read. */
  #isWaiting = false
  #isFinished = false
  #soon: (() => void)[] | null = null
  #ending: Disposable | null = null
  /** What the machine set: a session that is over would be held by them. */
  readonly #timers = new SparseSet<Disposable>()

  constructor(session: Session, ports: PumpPorts, signal: AbortSignal, end: PumpEnd) {
    this.#session = session
    this.#ports = ports
    this.#signal = signal
    this.#end = end
    this.#inbox = polled(session.receive()[Symbol.asyncIterator]())
  }

  start(createMachine: (effects: Effects) => Machine): void {
    const signal = this.#signal
    this.#ending = whenAborted(signal, () => this.#abort())
    if (signal.aborted) this.#abort()
    try {
      this.#machine = createMachine(this)
    } catch (error) {
      this.#letGo()
      throw error
    }
    this.wake()
    this.#receive()
  }

  // Effects ----------------------------------------------------------------------

  /** A session may end between any two of our sends: that is no error. */
  send(message: Message, bytes?: FrameBytes): void {
    if (this.#over || this.#isClosed) return
    try {
      this.#session.send(message, bytes)
    } catch (error) {
      if (!(error instanceof EffigyError && error.code === 'closed')) throw error
      // What had arrived before is still received.
      this.#isClosed = true
    }
  }

  verify(checks: readonly SignatureCheck[], done: (verdicts: readonly boolean[]) => void): void {
    this.#checking += checks.length
    this.#ports.verify(checks).then(
      (verdicts) => {
        this.#checking -= checks.length
        this.#checked()
        this.#guarded(() => done(verdicts))
      },
      (error: unknown) => this.#fail(error),
    )
  }

  after(ms: number, run: () => void): Disposable {
    return new PumpTimer(this.#timers, this.#ports.clock, ms, () => this.#guarded(run))
  }

  soon(run: () => void): void {
    if (this.#soon !== null) {
      this.#soon.push(run)
      return
    }
    this.#soon = [run]
    afterTurn(() => this.#runSoon())
  }

  wake(): void {
    this.#isWoken = true
    this.#giving ??= Promise.resolve()
      .then(() => this.#give())
      .catch((error: unknown) => this.#fail(error))
  }

  end(code: string): void {
    void this.#session.end(code)
    this.#stop()
  }

  // Inside -----------------------------------------------------------------------

  #abort(): void {
    void this.#session.end('done')
    this.#stop()
  }

  #stop(): void {
    this.#over = true
    this.#checked()
  }

  #fail(error: unknown): void {
    this.#failure ??= { error }
    void this.#session.end('internal')
    this.#stop()
  }

  /** Nothing that the machine does may fall out of a callback. */
  #guarded(run: () => void): void {
    if (this.#over) return
    try {
      run()
    } catch (error) {
      this.#fail(error)
    }
  }

  #runSoon(): void {
    const runs = this.#soon ?? []
    this.#soon = null
    for (const next of runs) this.#guarded(next)
  }

  /** The inbox has something, or a slice is over. */
  goOn(): void {
    this.#receive()
  }

  /** Until nothing is there, or a reason to wait. */
  #receive(): void {
    while (!this.#over) {
      if (this.#checking > maxChecking) {
        this.#isWaiting = true
        return
      }
      const next = this.#inbox.poll()
      if (next === null) {
        this.#inbox.wakes(this)
        return
      }
      if (next.done) {
        this.#stop()
        break
      }
      const { message, bytes } = next.value
      this.#guarded(() => this.#machine?.receive(message, bytes))
      const rest = restOfTurn(this.#ports.clock)
      if (rest !== null) {
        void rest.then(() => this.goOn())
        return
      }
    }
    this.#finish()
  }

  #checked(): void {
    if (!this.#isWaiting || (this.#checking > maxChecking && !this.#over)) return
    this.#isWaiting = false
    queueMicrotask(() => this.goOn())
  }

  /** What is being given comes to its end first. */
  #finish(): void {
    if (this.#isFinished) return
    this.#isFinished = true
    void Promise.resolve(this.#giving).then(() => {
      try {
        this.#machine?.[Symbol.dispose]()
      } catch (error) {
        this.#failure ??= { error }
      }
      this.#letGo()
      this.#end.pumped(this.#failure)
    })
  }

  #letGo(): void {
    this.#ending?.[Symbol.dispose]()
    for (const timer of this.#timers) timer[Symbol.dispose]()
  }

  /** Until there is nothing more. */
  async #give(): Promise<void> {
    const session = this.#session
    while (!this.#over && !this.#isClosed) {
      this.#isWoken = false
      const outgoing = this.#pull()
      if (outgoing === null) {
        if (this.#isWoken) continue
        this.#giving = null
        return
      }
      this.send(outgoing.message, outgoing.bytes)
      if (session.bufferedBytes() > session.highWaterBytes() && !this.#over)
        await session.drained(this.#signal).catch(() => this.#stop())
      const rest = restOfTurn(this.#ports.clock)
      if (rest !== null) await rest
    }
  }

  #pull(): Outgoing | null {
    let outgoing: Outgoing | null = null
    this.#guarded(() => {
      outgoing = this.#machine?.pull() ?? null
    })
    return outgoing
  }
}

/** Among `timers` until it has run or is disposed. */
class PumpTimer implements Disposable {
  readonly #timers: SparseSet<Disposable>
  readonly #set: Disposable

  constructor(timers: SparseSet<Disposable>, clock: Clock, ms: number, run: () => void) {
    this.#timers = timers.add(this)
    this.#set = clock.after(ms, () => {
      timers.delete(this)
      run()
    })
  }

  [Symbol.dispose](): void {
    this.#timers.delete(this)
    this.#set[Symbol.dispose]()
  }
}
