/**
 * Feeds a state machine one event after the other: what an effect causes at once waits for the effects before it.
 *
 * @module
 */
export function createEventLoop<Event, Effect>(
  step: (event: Event) => readonly Effect[],
  act: (effect: Effect) => void,
): (event: Event) => void {
  const waiting: Event[] = []
  let running = false
  return (event) => {
    waiting.push(event)
    if (running) return
    running = true
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        for (const effect of step(next)) act(effect)
      }
    } finally {
      running = false
    }
  }
}
