/**
 * Runs a machine over a session: what came goes in, what it wants goes out (effects.ts).
 *
 *     session.receive ─▶ machine.receive          machine.pull ─room at the link?─▶ session.send
 *                    ╰── slices of 10 ms, signatures under way bounded ──╯
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
import type { Session } from '../session.ts'
import { whenAborted } from '../when-aborted.ts'
import type { Effects, Outgoing, Producer } from './effects.ts'
import { afterTurn, createSlices, type Slices } from './slices.ts'

export interface Machine extends Producer, Disposable {
  receive(message: Message, bytes: Uint8Array): void
}

export interface PumpPorts {
  readonly clock: Clock
  readonly verify: Crypto['verify']
}

/** Signatures being checked for the other side before more of it is read. */
const maxChecking = 4096

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
  return new Pump(session, ports, signal).run(createMachine)
}

/** A class, because each session has one. */
class Pump implements Effects {
  readonly #session: Session
  readonly #ports: PumpPorts
  readonly #signal: AbortSignal
  readonly #slices: Slices
  #machine: Machine | null = null
  #over = false
  #isClosed = false
  #failure: { readonly error: unknown } | null = null
  #checking = 0
  /** Since the machine was last asked what it has. */
  #isWoken = false
  /** Nothing rests here while there is nothing to say, which for most of a hub's sessions is most of the time. */
  #giving: Promise<void> | null = null
  #wakeReceiver: (() => void) | null = null
  #soon: (() => void)[] | null = null

  constructor(session: Session, ports: PumpPorts, signal: AbortSignal) {
    this.#session = session
    this.#ports = ports
    this.#signal = signal
    this.#slices = createSlices(ports.clock)
  }

  async run(createMachine: (effects: Effects) => Machine): Promise<void> {
    const signal = this.#signal
    const ending = whenAborted(signal, () => this.#abort())
    if (signal.aborted) this.#abort()
    const machine = createMachine(this)
    this.#machine = machine
    try {
      this.wake()
      await this.#receive(machine)
      await this.#giving
    } finally {
      ending[Symbol.dispose]()
      machine[Symbol.dispose]()
    }
    if (this.#failure !== null) throw this.#failure.error
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
        this.#wakeReceiver?.()
        this.#guarded(() => done(verdicts))
      },
      (error: unknown) => this.#fail(error),
    )
  }

  after(ms: number, run: () => void): Disposable {
    return this.#ports.clock.after(ms, () => this.#guarded(run))
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
    this.#wakeReceiver?.()
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

  async #receive(machine: Machine): Promise<void> {
    for await (const { message, bytes } of this.#session.receive()) {
      if (this.#over) break
      this.#guarded(() => machine.receive(message, bytes))
      const rest = this.#slices.rest()
      if (rest !== undefined) await rest
      while (this.#checking > maxChecking && !this.#over) {
        await new Promise<void>((resolve) => {
          this.#wakeReceiver = resolve
        })
      }
    }
    this.#stop()
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
      const rest = this.#slices.rest()
      if (rest !== undefined) await rest
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
