/**
 * The next turn of the event loop, so that the rest of the program is never kept waiting.
 *
 * @module
 */

/** Everything that is due in the event loop runs before this resolves. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => afterTurn(resolve))
}

/** Node has a function for it; elsewhere a message to ourselves is the fastest way, and is not throttled like timers. */
export const afterTurn: (run: () => void) => void =
  (globalThis as { setImmediate?: (run: () => void) => void }).setImmediate ??
  ((run) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      run()
    }
    port2.postMessage(null)
  })
