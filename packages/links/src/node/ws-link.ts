/**
 * A link over one open `ws` socket, of either side.
 *
 *     send ─▶ ws ─(callback: it left)─▶ drained      message ─▶ queue; full: the socket is paused
 *                                                        ╰─▶ what it was read from is freed
 *
 * @module
 */
import type { Duplex } from 'node:stream'
import { freeBytes, type Link, maxLinkMessageBytes } from '@effigy/sync'
import type { WebSocket } from 'ws'
import { createFrameQueue } from '../frame-queue.ts'
import { createWaiters } from '../waiters.ts'
import { closeCode, webSocketBinding } from '../websocket.ts'
import { createReadPieces } from './read-pieces.ts'
import { longestShortMessage, webSocketFrames } from './ws-frames.ts'

/** Options for `ws`, both sides; lower than its own. */
export const webSocketLimits = {
  /** M1: one sealed frame. `ws` closes the socket before it reads more. */
  maxPayload: maxLinkMessageBytes,
  /** M1, and sealed bytes do not compress. */
  perMessageDeflate: false,
  /** Pieces of one message, and of one TCP stream not yet read: a megabyte in bytes of one is an attack. */
  maxFragments: 128,
  maxBufferedChunks: 8 * 1024,
  /** Pings that wait for an answer of ours to leave. */
  maxPendingAutoPongs: 8,
  /** Ms for the other side to answer our close; then the socket is cut. */
  closeTimeout: 2_000,
  skipUTF8Validation: false,
} as const

/** Bytes received and not read above which the socket is not read; one message more may come. */
const pauseAboveBytes: number = 512 * 1024

/** What a frame that waits to leave costs `ws` and the stream below it, beside its bytes. */
const unsentOverheadBytes = 512

/** Bytes off the wire while confined: several times a handshake, a small part of the longest frame. */
const confinedBytes: number = 16 * 1024

/** What went through sockets, ever growing: whoever wants to know keeps one for all of them. */
export interface Traffic {
  framesIn: number
  framesOut: number
  /** Of frames, without what WebSockets put around them. */
  bytesIn: number
  bytesOut: number
}

export interface WebSocketLink extends Link {
  confine(isConfined: boolean): void
  /** Whether anything came since the last call, or nothing could; pings for the next one. */
  checkAlive(): boolean
}

/**
 * `socket` is open, and the link's from here on. `transport` is what it reads from; without it nothing is confined.
 * `onConfine` hears of each change; `traffic` is added to.
 */
export function webSocketLink(
  socket: WebSocket,
  transport?: Duplex,
  onConfine: (isConfined: boolean) => void = () => {},
  traffic: Traffic | null = null,
): WebSocketLink {
  const closed = Promise.withResolvers<{ readonly code: string }>()
  const waiters = createWaiters()
  const queue = createFrameQueue(resumeWhenRead)
  const pieces = createReadPieces()
  let open = true
  let heard = true
  let unsentBytes = 0
  let confined = false
  let wireBytes = 0
  let wire = transport ?? null
  /** Sent in this turn; they leave together. */
  let short: Uint8Array[] = []
  let shortWeight = 0

  const isOverfull = (): boolean => confined && wireBytes > confinedBytes

  function finish(code: string): void {
    open = false
    pieces.stop()
    closed.resolve({ code })
    waiters.wakeAll()
  }

  function close(code = 'closed'): void {
    if (!open) return
    writeShort()
    queue.clear()
    // A paused socket would not see the answer to its close. One that sent too much is cut after `closeTimeout`.
    if (socket.isPaused && !isOverfull()) socket.resume()
    socket.close(1000, code)
    finish(code)
  }

  function resumeWhenRead(): void {
    if (socket.isPaused && !isOverfull() && queue.bytes <= pauseAboveBytes / 2) socket.resume()
  }

  function left(weight: number): void {
    unsentBytes -= weight
    if (unsentBytes === 0) waiters.wakeAll()
  }

  /** `ws` writes whole frames at once too, so that ours stand between them. */
  function writeShort(): void {
    const [frames, weight] = [short, shortWeight]
    if (frames.length === 0) return
    short = []
    shortWeight = 0
    if (wire === null || socket.readyState !== socket.OPEN) left(weight)
    else wire.write(webSocketFrames(frames, transport === undefined), () => left(weight))
  }

  socket.on('message', (data, isBinary) => {
    if (!open) return
    heard = true
    if (!isBinary || !Buffer.isBuffer(data)) return close('bad-message')
    if (traffic !== null) {
      traffic.framesIn++
      traffic.bytesIn += data.length
    }
    // A plain Uint8Array: the methods of Buffer are not what neutral code expects.
    const frame = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.length)
    queue.push(pieces.isBorrowed(frame) ? frame.slice() : frame)
    pieces.given(data.length)
    if (queue.bytes > pauseAboveBytes) socket.pause()
  })
  socket.on('pong', () => {
    heard = true
  })
  // `ws` gives the bytes of a ping back to who sent it, now or later.
  socket.on('ping', pieces.keep)
  if (transport) transport.prependListener('data', pieces.came)
  else
    socket.once('upgrade', (response) => {
      wire = response.socket
      wire.prependListener('data', pieces.came)
    })
  // `ws` holds an unfinished message itself: only the wire tells how much came.
  transport?.on('data', (chunk: Uint8Array) => {
    wireBytes += chunk.length
    if (isOverfull()) socket.pause()
  })
  // 'close' follows, and says as much as we may know.
  socket.on('error', () => {})
  socket.on('close', (status, reason) => {
    queue.end()
    finish(closeCode(status, reason.toString()))
  })

  return {
    kind: 'ws',
    binding: webSocketBinding,
    send(frame) {
      if (!open) return
      const weight = frame.length + unsentOverheadBytes
      unsentBytes += weight
      if (traffic !== null) {
        traffic.framesOut++
        traffic.bytesOut += frame.length
      }
      if (wire !== null && frame.length <= longestShortMessage) {
        if (short.push(frame) === 1) process.nextTick(writeShort)
        shortWeight += weight
        return
      }
      writeShort()
      // As a Buffer, so that `ws` masks it in place instead of copying it.
      socket.send(Buffer.from(frame.buffer, frame.byteOffset, frame.length), () => {
        freeBytes(frame)
        left(weight)
      })
    },
    get bufferedBytes() {
      return open ? unsentBytes : 0
    },
    async drained(signal) {
      signal.throwIfAborted()
      if (open && unsentBytes > 0) await waiters.wait(signal)
    },
    receive: queue.receive,
    confine(isConfined) {
      confined = isConfined
      wireBytes = 0
      if (!isConfined) resumeWhenRead()
      onConfine(isConfined)
    },
    close,
    drop() {
      close()
      socket.terminate()
    },
    closed: closed.promise,
    checkAlive() {
      if (!heard && !socket.isPaused) return false
      heard = false
      if (open) socket.ping()
      return true
    },
  }
}
