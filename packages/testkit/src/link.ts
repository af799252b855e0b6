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
  /** Of the reader who waits, while nothing is in the inbox. */
  let give: ((next: IteratorResult<Uint8Array, undefined>) => void) | null = null
  let wakeWriters: (() => void)[] = []

  const drained = (): void => {
    for (const wake of wakeWriters.splice(0)) wake()
  }

  const finish = (code: string): void => {
    isClosed = true
    closed.resolve({ code })
    give?.({ done: true, value: undefined })
    give = null
    drained()
  }

  /** By hand: a generator's frame and promises are most of what a silent link costs. */
  const reader: AsyncIterableIterator<Uint8Array, undefined> = {
    [Symbol.asyncIterator]: () => reader,
    next() {
      const next = inbox.shift()
      if (next !== undefined) {
        consumed(next.weight)
        return Promise.resolve({ done: false, value: next.frame })
      }
      if (isClosed) return Promise.resolve({ done: true, value: undefined })
      return new Promise((resolve) => {
        give = resolve
      })
    },
  }

  const link = new MemoryLink(outlet, {
    binding,
    send(frame) {
      if (!isClosed) outlet.send(frame)
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
    receive: () => reader,
    close(code = 'closed') {
      if (isClosed) return
      inbox.length = 0
      outlet.finish(code)
      closing()
      finish(code)
    },
    closed: closed.promise,
  })

  return {
    link,
    arrive(frame, weight) {
      if (isClosed) return
      if (give === null) {
        inbox.push({ frame, weight })
        return
      }
      const resolve = give
      give = null
      consumed(weight)
      resolve({ done: false, value: frame })
    },
    end(code) {
      if (!isClosed) finish(code)
    },
    drained,
  }
}

type LinkParts = Pick<Link, 'binding' | 'send' | 'drained' | 'receive' | 'close' | 'closed'>

/** A class for its getter: an object with one of its own is slow, and there are tens of thousands. */
class MemoryLink implements Link {
  readonly kind = 'memory'
  readonly binding: Link['binding']
  readonly send: Link['send']
  readonly drained: Link['drained']
  readonly receive: Link['receive']
  readonly close: Link['close']
  readonly closed: Link['closed']
  readonly #outlet: Outlet

  constructor(outlet: Outlet, { binding, send, drained, receive, close, closed }: LinkParts) {
    this.binding = binding
    this.send = send
    this.drained = drained
    this.receive = receive
    this.close = close
    this.closed = closed
    this.#outlet = outlet
  }

  get bufferedBytes(): number {
    return this.#outlet.bufferedBytes()
  }
}
