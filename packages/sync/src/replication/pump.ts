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
import type { Effects, Producer } from './effects.ts'
import { afterTurn, createSlices } from './slices.ts'

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
export async function pump(
  session: Session,
  createMachine: (effects: Effects) => Machine,
  { clock, verify }: PumpPorts,
  signal: AbortSignal,
): Promise<void> {
  const slices = createSlices(clock)
  let over = false
  let isClosed = false
  let failure: { readonly error: unknown } | null = null
  let checking = 0
  /** Since the machine was last asked what it has. */
  let isWoken = false
  /** Nothing rests here while there is nothing to say, which for most of a hub's sessions is most of the time. */
  let giving: Promise<void> | null = null
  let wakeReceiver = () => {}
  let soon: (() => void)[] | null = null

  const stop = (): void => {
    over = true
    wakeReceiver()
  }

  const fail = (error: unknown): void => {
    failure ??= { error }
    void session.end('internal')
    stop()
  }

  /** Nothing that the machine does may fall out of a callback. */
  const guarded = (run: () => void): void => {
    if (over) return
    try {
      run()
    } catch (error) {
      fail(error)
    }
  }

  /** A session may end between any two of our sends: that is no error. */
  const send = (message: Message, bytes?: FrameBytes): void => {
    if (over || isClosed) return
    try {
      session.send(message, bytes)
    } catch (error) {
      if (!(error instanceof EffigyError && error.code === 'closed')) throw error
      // What had arrived before is still received.
      isClosed = true
    }
  }

  function runSoon(): void {
    const runs = soon ?? []
    soon = null
    for (const next of runs) guarded(next)
  }

  function wake(): void {
    isWoken = true
    giving ??= Promise.resolve().then(give).catch(fail)
  }

  const effects: Effects = {
    send,
    verify(checks: readonly SignatureCheck[], done) {
      checking += checks.length
      verify(checks).then((verdicts) => {
        checking -= checks.length
        wakeReceiver()
        guarded(() => done(verdicts))
      }, fail)
    },
    after: (ms, run) => clock.after(ms, () => guarded(run)),
    soon(run) {
      if (soon !== null) {
        soon.push(run)
        return
      }
      soon = [run]
      afterTurn(runSoon)
    },
    wake,
    end(code) {
      void session.end(code)
      stop()
    },
  }

  async function receive(): Promise<void> {
    for await (const { message, bytes } of session.receive()) {
      if (over) break
      guarded(() => machine.receive(message, bytes))
      const rest = slices.rest()
      if (rest !== undefined) await rest
      while (checking > maxChecking && !over) {
        await new Promise<void>((resolve) => {
          wakeReceiver = resolve
        })
      }
    }
    stop()
  }

  /** Until there is nothing more. */
  async function give(): Promise<void> {
    while (!over && !isClosed) {
      isWoken = false
      let outgoing = null as ReturnType<Machine['pull']>
      guarded(() => {
        outgoing = machine.pull()
      })
      if (outgoing === null) {
        if (isWoken) continue
        giving = null
        return
      }
      const { message, bytes } = outgoing as NonNullable<ReturnType<Machine['pull']>>
      send(message, bytes)
      if (session.bufferedBytes() > session.highWaterBytes() && !over)
        await session.drained(signal).catch(stop)
      const rest = slices.rest()
      if (rest !== undefined) await rest
    }
  }

  const abort = (): void => {
    void session.end('done')
    stop()
  }
  const ending = whenAborted(signal, abort)
  if (signal.aborted) abort()
  const machine = createMachine(effects)
  try {
    wake()
    await receive()
    await giving
  } finally {
    ending[Symbol.dispose]()
    machine[Symbol.dispose]()
  }
  if (failure !== null) throw (failure as { readonly error: unknown }).error
}
