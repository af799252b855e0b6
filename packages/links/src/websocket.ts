/**
 * Dials over the platform's own `WebSocket`: pages, workers, and Node where `ws` is not wanted.
 *
 *     url ─▶ WebSocket (binary messages) ─▶ Link
 *
 * This WebSocket neither tells when it has drained nor lets anybody slow the sender down:
 * `bufferedAmount` is polled, and a reader that falls 16 MiB behind loses the link. In Node
 * the one of `node.ts` is better.
 *
 * @module
 */
import { type Clock, EffigyError, type Link, maxLinkMessageBytes } from '@effigy/sync'
import { createFrameQueue } from './frame-queue.ts'

export interface DialOptions {
  readonly clock: Clock
  /** Of the dialling alone. */
  readonly signal: AbortSignal
}

/** Bytes received and not read before the link is given up; windows of requests are far below. */
const maxUnreadBytes: number = 16 * 1024 * 1024

/** Ms between two looks at `bufferedAmount`: a frame of 256 KiB at 50 MB/s. */
const pollMs = 5

export const webSocketBinding: Uint8Array = new TextEncoder().encode('ws')

/** `ws:` or `wss:`. Throws `EffigyError`: `bad-address`, or `unreachable`; or the signal's reason. */
export async function dialWebSocket(url: string, { clock, signal }: DialOptions): Promise<Link> {
  signal.throwIfAborted()
  const socket = openSocket(url)
  socket.binaryType = 'arraybuffer'
  const link = createLink(socket, clock)
  const abort = (): void => socket.close()
  signal.addEventListener('abort', abort, { once: true })
  try {
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve(), { once: true })
      const refuse = (): void => reject(new EffigyError('unreachable', 'the WebSocket did not open'))
      socket.addEventListener('error', refuse, { once: true })
      socket.addEventListener('close', refuse, { once: true })
    })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
  }
  return link
}

function openSocket(url: string): WebSocket {
  try {
    return new WebSocket(url)
  } catch (cause) {
    throw new EffigyError('bad-address', 'not the address of a WebSocket', { cause })
  }
}

function createLink(socket: WebSocket, clock: Clock): Link {
  const closed = Promise.withResolvers<{ readonly code: string }>()
  const queue = createFrameQueue(() => {})
  let open = true

  function finish(code: string): void {
    open = false
    closed.resolve({ code })
  }

  function close(code = 'closed'): void {
    if (!open) return
    queue.clear()
    finish(code)
    socket.close(1000, code)
  }

  socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (!open) return
    const acceptable = data instanceof ArrayBuffer && data.byteLength <= maxLinkMessageBytes
    if (!acceptable || queue.bytes > maxUnreadBytes) return close(acceptable ? 'unread' : 'bad-message')
    queue.push(new Uint8Array(data))
  })
  socket.addEventListener('close', ({ code, reason }) => {
    queue.end()
    finish(closeCode(code, reason))
  })

  return {
    kind: 'ws',
    binding: webSocketBinding,
    send(frame) {
      if (open) socket.send(frame as Uint8Array<ArrayBuffer>)
    },
    get bufferedBytes() {
      return open ? socket.bufferedAmount : 0
    },
    async drained(signal) {
      signal.throwIfAborted()
      while (open && socket.bufferedAmount > 0) await pass(clock, pollMs, signal)
    },
    receive: () => queue.receive(),
    close,
    closed: closed.promise,
  }
}

/** What `Link.closed` says of a WebSocket's close: its reason when it is a code, else how it went. */
export function closeCode(status: number, reason: string): string {
  if (status === 1000 && /^[a-z][a-z0-9-]{0,63}$/.test(reason)) return reason
  return status === 1000 || status === 1001 || status === 1005 ? 'closed' : 'lost'
}

function pass(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      timer[Symbol.dispose]()
      reject(signal.reason)
    }
    const timer = clock.after(ms, () => {
      signal.removeEventListener('abort', abort)
      resolve()
    })
    signal.addEventListener('abort', abort, { once: true })
  })
}
