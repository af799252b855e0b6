/**
 * Two ends of a link inside one process: for tests, and for peers that share one.
 *
 *     send ─microtask, or latency─▶ queue of the other end ─▶ receive
 *
 * What the other end has not read yet counts as not sent.
 *
 * @module
 */
import type { Clock, Link } from '@effigy/sync'
import { createFrameQueue } from './frame-queue.ts'
import { createWaiters } from './waiters.ts'

export interface MemoryPairOptions {
  /** One way. */
  readonly latency?: { readonly clock: Clock; readonly ms: number }
}

interface End {
  readonly link: Link
  /** From the other end, in order; null is its end. */
  arrive(frame: Uint8Array | null, code: string): void
  /** The other end's reader took so many bytes of ours. */
  taken(bytes: number): void
}

const binding: Uint8Array = new TextEncoder().encode('memory')

/** Two open ends; what one sends the other receives. Closing either closes both. */
export function memoryPair({ latency }: MemoryPairOptions = {}): [Link, Link] {
  const later = (run: () => void): void => {
    if (latency === undefined) queueMicrotask(run)
    else latency.clock.after(latency.ms, run)
  }
  const left: End = createEnd(later, () => right)
  const right: End = createEnd(later, () => left)
  return [left.link, right.link]
}

function createEnd(later: (run: () => void) => void, other: () => End): End {
  const closed = Promise.withResolvers<{ readonly code: string }>()
  const waiters = createWaiters()
  let unread = 0
  let open = true

  const queue = createFrameQueue((bytes) => other().taken(bytes))

  function finish(code: string): void {
    open = false
    closed.resolve({ code })
    waiters.wakeAll()
  }

  const link: Link = {
    kind: 'memory',
    binding,
    send(frame) {
      if (!open) return
      unread += frame.length
      later(() => other().arrive(frame, ''))
    },
    get bufferedBytes() {
      return open ? unread : 0
    },
    async drained(signal) {
      signal.throwIfAborted()
      if (open && unread > 0) await waiters.wait(signal)
    },
    receive: () => queue.receive(),
    close(code = 'closed') {
      if (!open) return
      queue.clear()
      later(() => other().arrive(null, code))
      finish(code)
    },
    closed: closed.promise,
  }
  return {
    link,
    arrive(frame, code) {
      if (!open) return
      if (frame !== null) return queue.push(frame)
      queue.end()
      finish(code)
    },
    taken(bytes) {
      unread -= bytes
      if (unread === 0) waiters.wakeAll()
    },
  }
}
