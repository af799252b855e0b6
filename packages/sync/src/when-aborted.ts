/**
 * Hearing of the end of one signal in thousands of sessions.
 *
 *     whenAborted(signal, run) ─▶ one listener at the signal ─▶ every run
 *
 * A signal goes through the list of its listeners for each that is added or removed: with ten thousand sessions half a
 * millisecond each time.
 *
 * @module
 */

interface Shared {
  readonly runs: Set<() => void>
  readonly listener: () => void
}

const sharedBySignal = new WeakMap<AbortSignal, Shared>()

/** Calls `run`, another function each time, once when `signal` is aborted, unless disposed before. A signal that is aborted already calls nobody. */
export function whenAborted(signal: AbortSignal, run: () => void): Disposable {
  const shared = sharedBySignal.get(signal) ?? share(signal)
  shared.runs.add(run)
  return new Heard(signal, shared, run)
}

/** Calls `run` for each of `signals` that is aborted from now on. */
export function whenAnyAborted(signals: readonly AbortSignal[], run: () => void): Disposable {
  // Another function each time: a signal may stand there twice.
  const heard = signals.map((signal) => whenAborted(signal, () => run()))
  return {
    [Symbol.dispose]() {
      for (const one of heard) one[Symbol.dispose]()
    },
  }
}

/** A class, because each session has one. */
class Heard implements Disposable {
  readonly #signal: AbortSignal
  readonly #shared: Shared
  readonly #run: () => void

  constructor(signal: AbortSignal, shared: Shared, run: () => void) {
    this.#signal = signal
    this.#shared = shared
    this.#run = run
  }

  [Symbol.dispose](): void {
    const [signal, shared] = [this.#signal, this.#shared]
    shared.runs.delete(this.#run)
    // A signal with a listener is kept for as long as those that it depends on.
    if (shared.runs.size > 0 || sharedBySignal.get(signal) !== shared) return
    sharedBySignal.delete(signal)
    signal.removeEventListener('abort', shared.listener)
  }
}

function share(signal: AbortSignal): Shared {
  const runs = new Set<() => void>()
  const listener = (): void => {
    for (const run of runs) run()
  }
  const shared = { runs, listener }
  sharedBySignal.set(signal, shared)
  signal.addEventListener('abort', listener, { once: true })
  return shared
}
