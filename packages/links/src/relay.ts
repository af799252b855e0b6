/**
 * A link through a hub (spec V70, A3): frames of one circuit, read by nobody between.
 *
 *     send ─circuit▶ hub ─▶ queue ─▶ receive, and what was read makes room at the sender
 *
 * @module
 */
import { type Circuit, type Identity, type Link, relayBinding } from '@effigy/sync'
import { createFrameQueue } from './frame-queue.ts'
import { createWaiters } from './waiters.ts'

/** `hub`: over whose session the circuit runs; both ends must mean the same one (A3). */
export function relayLink(circuit: Circuit, hub: Identity): Link {
  const closed = Promise.withResolvers<{ readonly code: string }>()
  const waiters = createWaiters()
  const queue = createFrameQueue((bytes) => circuit.read(bytes))
  let isOpen = true

  function finish(code: string): void {
    isOpen = false
    closed.resolve({ code })
    waiters.wakeAll()
  }

  circuit.listen({
    onFrame: (frame) => queue.push(frame),
    onRoom() {
      if (circuit.waitingBytes === 0) waiters.wakeAll()
    },
    onEnd(code) {
      queue.end()
      finish(code)
    },
  })

  return {
    kind: 'relay',
    binding: relayBinding(hub),
    send(frame) {
      if (isOpen) circuit.send(frame)
    },
    get bufferedBytes() {
      return isOpen ? circuit.waitingBytes : 0
    },
    async drained(signal) {
      signal.throwIfAborted()
      while (isOpen && circuit.waitingBytes > 0) await waiters.wait(signal)
    },
    receive: () => queue.receive(),
    close(code = 'closed') {
      if (!isOpen) return
      queue.clear()
      circuit.end(code)
      finish(code)
    },
    drop() {
      if (!isOpen) return
      queue.clear()
      circuit.drop('closed')
      finish('closed')
    },
    closed: closed.promise,
  }
}
