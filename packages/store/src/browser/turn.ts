/**
 * The next turn of a worker's event loop: timers wait 4 ms each when they follow one another, messages do not.
 *
 * @module
 */

/** Lets everything else that waits run first. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
