/**
 * One end of a link in memory (the port is `Link` of `@effigy/sync`).
 *
 * Frames keep their boundaries and, as with WebSocket, their order. Nothing here
 * tells a half-open connection from a silent one: that is for the session's time-outs.
 *
 * @module
 */
import type { Link } from '@effigy/sync'

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

export interface LinkEndOptions {
  readonly outlet: Outlet
  readonly binding: Uint8Array
  /** Hears the weight of each frame read. */
  consumed(weight: number): void
  /** Hears that this side closed. */
  closing(): void
}

export function createLinkEnd({ outlet, binding, consumed, closing }: LinkEndOptions): LinkEnd {
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
    binding,
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
