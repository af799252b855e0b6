/**
 * Wakes the one who waits for something to come.
 *
 * @module
 */

export interface Bell {
  ring(): void
  /** Look first, then wait: a ring before that is not heard. Rejects with the signal's reason. */
  heard(signal: AbortSignal): Promise<void>
}

export function createBell(): Bell {
  let wake = (): void => {}
  return {
    ring: () => wake(),
    heard(signal) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      if (signal.aborted) {
        reject(signal.reason)
        return promise
      }
      const abort = (): void => reject(signal.reason)
      signal.addEventListener('abort', abort, { once: true })
      wake = () => {
        signal.removeEventListener('abort', abort)
        resolve()
      }
      return promise
    },
  }
}
