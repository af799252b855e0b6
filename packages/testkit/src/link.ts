/**
 * The shape of a link as `@effigy/sync` sees it, and one end of one in memory.
 *
 * Frames keep their boundaries and, as with WebSocket, their order. Nothing here
 * tells a half-open connection from a silent one: that is for the session's time-outs.
 *
 * @module
 */

export interface Link {
  readonly kind: string
  /** Queues a copy of `frame`; ignored once the link is closed. */
  send(frame: Uint8Array): void
  /** Bytes queued locally that have not left. */
  readonly bufferedBytes: number
  /** Resolves when `bufferedBytes` is 0 or the link is closed; rejects with the signal's reason. */
  drained(signal: AbortSignal): Promise<void>
  /**
   * For one reader. Ends when the other side closed or the connection was lost, after
   * everything that had arrived; ends at once when this side closed.
   */
  receive(): AsyncIterable<Uint8Array>
  /** What was sent still goes out; then the other side sees `code`. A second close does nothing. */
  close(code?: string): void
  /** Resolves once, when either side closed or the connection was lost. Never rejects. */
  readonly closed: Promise<{ code: string }>
}

/** What an end asks of the pipe it sends into. */
export interface Outlet {
  send(frame: Uint8Array): void
  finish(code: string): void
  bufferedBytes(): number
}

export interface LinkEnd {
  readonly link: Link
  arrive(frame: Uint8Array, weight: number): void
  /** The other side closed, or the connection is lost. */
  end(code: string): void
  /** Nothing waits in the outlet any more. */
  drained(): void
}

/** `consumed` is told the weight of each frame read; `closing` hears that this side closed. */
export function createLinkEnd(
  outlet: Outlet,
  consumed: (weight: number) => void,
  closing: () => void,
): LinkEnd {
  const inbox: { readonly frame: Uint8Array; readonly weight: number }[] = []
  const closed = Promise.withResolvers<{ code: string }>()
  let isClosed = false
  let wakeReader = () => {}
  let wakeWriters: (() => void)[] = []

  const drained = (): void => {
    for (const wake of wakeWriters.splice(0)) wake()
  }

  const finish = (code: string): void => {
    isClosed = true
    closed.resolve({ code })
    wakeReader()
    drained()
  }

  async function* receive(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = inbox.shift()
      if (next !== undefined) {
        consumed(next.weight)
        yield next.frame
      } else if (isClosed) {
        return
      } else {
        await new Promise<void>((resolve) => {
          wakeReader = resolve
        })
      }
    }
  }

  const link: Link = {
    kind: 'memory',
    send(frame) {
      if (!isClosed) outlet.send(frame)
    },
    get bufferedBytes() {
      return outlet.bufferedBytes()
    },
    drained(signal) {
      return new Promise((resolve, reject) => {
        signal.throwIfAborted()
        if (isClosed || outlet.bufferedBytes() === 0) return resolve()
        const abort = () => {
          wakeWriters = wakeWriters.filter((other) => other !== wake)
          reject(signal.reason)
        }
        const wake = () => {
          signal.removeEventListener('abort', abort)
          resolve()
        }
        wakeWriters.push(wake)
        signal.addEventListener('abort', abort, { once: true })
      })
    },
    receive,
    close(code = 'closed') {
      if (isClosed) return
      inbox.length = 0
      outlet.finish(code)
      closing()
      finish(code)
    },
    closed: closed.promise,
  }

  return {
    link,
    arrive(frame, weight) {
      if (isClosed) return
      inbox.push({ frame, weight })
      wakeReader()
    },
    end(code) {
      if (!isClosed) finish(code)
    },
    drained,
  }
}
