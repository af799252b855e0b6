/**
 * Effects that tell of what runs: it may change what a session is busy with, whether the store changes or not.
 *
 *     verify, after, soon ─▶ run ─▶ onChange
 *
 * @module
 */
import type { SignatureCheck } from '@effigy/core'
import type { FrameBytes } from '../frame.ts'
import type { Message } from '../messages.ts'
import type { Effects } from './effects.ts'

interface TellingPorts {
  readonly onChange?: () => void
}

/** A class, because each session has one. */
export class TellingEffects implements Effects {
  readonly #world: Effects
  readonly #ports: TellingPorts

  constructor(world: Effects, ports: TellingPorts) {
    this.#world = world
    this.#ports = ports
  }

  send(message: Message, bytes?: FrameBytes): void {
    this.#world.send(message, bytes)
  }

  verify(checks: readonly SignatureCheck[], done: (verdicts: readonly boolean[]) => void): void {
    this.#world.verify(checks, (verdicts) => {
      done(verdicts)
      this.#ports.onChange?.()
    })
  }

  after(ms: number, run: () => void): Disposable {
    return this.#world.after(ms, this.#told(run))
  }

  soon(run: () => void): void {
    this.#world.soon(this.#told(run))
  }

  wake(): void {
    this.#world.wake()
  }

  end(code: string): void {
    this.#world.end(code)
  }

  #told(run: () => void): () => void {
    return () => {
      run()
      this.#ports.onChange?.()
    }
  }
}
