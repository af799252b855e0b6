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
  const waiting = new Set<() => void>()
  return {
    wait(signal) {
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
    },
    wakeAll() {
      for (const wake of [...waiting]) wake()
    },
  }
}
