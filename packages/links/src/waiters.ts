/**
 * Those who wait for a link to drain.
 *
 * @module
 */

export interface Waiters {
  /** Rejects with the signal's reason. */
  wait(signal: AbortSignal): Promise<void>
  wakeAll(): void
}

export function createWaiters(): Waiters {
  return new LinkWaiters()
}

/** A class, because each link has one; most of the time nobody waits. */
class LinkWaiters implements Waiters {
  #waiting: Set<() => void> | null = null

  wait(signal: AbortSignal): Promise<void> {
    this.#waiting ??= new Set()
    const waiting = this.#waiting
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const wake = (): void => {
        waiting.delete(wake)
        signal.removeEventListener('abort', abort)
        resolve()
      }
      const abort = (): void => {
        waiting.delete(wake)
        reject(signal.reason)
      }
      waiting.add(wake)
      signal.addEventListener('abort', abort, { once: true })
    })
  }

  wakeAll(): void {
    for (const wake of [...(this.#waiting ?? [])]) wake()
  }
}
