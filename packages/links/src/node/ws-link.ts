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
import { createFrameQueue, type FrameQueue } from '../frame-queue.ts'
import { createWaiters } from '../waiters.ts'
import { closeCode, webSocketBinding } from '../websocket.ts'
import { createReadPieces } from './read-pieces.ts'
import { readAgain, readNoMore } from './reading-turns.ts'
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
  /** Cuts it, whatever waits. */
  terminate(): void
}

/** Who accepts links hears of each; one for all of them. */
export interface LinkWatch {
  confined(link: WebSocketLink, isConfined: boolean): void
  closed(link: WebSocketLink): void
  readonly traffic: Traffic
}

/**
 * `socket` is open, and the link's from here on. `transport` is what it reads from; without it nothing is confined.
 * `watch` hears of each change.
 */
export function webSocketLink(
  socket: WebSocket,
  transport: Duplex | null = null,
  watch: LinkWatch | null = null,
): WebSocketLink {
  return new SocketLink(socket, transport, watch)
}

/** Whose socket it is: listeners are the same functions for all of them, and an idle link holds none of its own. */
const linkOf = Symbol('link')

interface Linked {
  [linkOf]?: SocketLink
}

function cameOf(this: Duplex & Linked, piece: Uint8Array): void {
  this[linkOf]?.came(piece)
}

function messageOf(this: WebSocket & Linked, data: unknown, isBinary: boolean): void {
  this[linkOf]?.take(data, isBinary)
}

function pongOf(this: WebSocket & Linked): void {
  this[linkOf]?.hear()
}

function pingOf(this: WebSocket & Linked, bytes: Uint8Array): void {
  this[linkOf]?.keep(bytes)
}

function closeOf(this: WebSocket & Linked, status: number, reason: Uint8Array): void {
  this[linkOf]?.over(status, reason)
}

/** 'close' follows, and says as much as we may know. */
function ignore(): void {}

class SocketLink implements WebSocketLink {
  readonly kind = 'ws'
  readonly binding = webSocketBinding
  readonly closed: Promise<{ readonly code: string }>
  readonly #socket: WebSocket
  readonly #watch: LinkWatch | null
  readonly #isMasked: boolean
  readonly #waiters = createWaiters()
  readonly #queue: FrameQueue
  readonly #pieces = createReadPieces()
  readonly #resolve: (end: { readonly code: string }) => void
  #open = true
  #heard = true
  #unsentBytes = 0
  #confined = false
  #wireBytes = 0
  #wire: Duplex | null
  /** Sent in this turn; they leave together. */
  #short: Uint8Array[] | null = null
  #shortWeight = 0

  constructor(socket: WebSocket, transport: Duplex | null, watch: LinkWatch | null) {
    const { promise, resolve } = Promise.withResolvers<{ readonly code: string }>()
    this.closed = promise
    this.#resolve = resolve
    this.#socket = socket
    this.#watch = watch
    this.#isMasked = transport === null
    this.#wire = transport
    this.#queue = createFrameQueue(() => this.#resumeWhenRead())
    const linked: WebSocket & Linked = socket
    linked[linkOf] = this
    linked.on('message', messageOf)
    linked.on('pong', pongOf)
    linked.on('ping', pingOf)
    linked.on('error', ignore)
    linked.on('close', closeOf)
    if (transport !== null) this.#readFrom(transport)
    else
      socket.once('upgrade', (response) => {
        this.#wire = response.socket
        this.#readFrom(response.socket)
      })
  }

  #readFrom(transport: Duplex & Linked): void {
    transport[linkOf] = this
    transport.prependListener('data', cameOf)
  }

  // What the socket says ---------------------------------------------------------

  /** Off the wire, before `ws` sees it. `ws` holds an unfinished message itself: only the wire tells how much came. */
  came(piece: Uint8Array): void {
    this.#pieces.came(piece)
    if (!this.#confined) return
    this.#wireBytes += piece.length
    if (this.#isOverfull) this.#socket.pause()
  }

  take(data: unknown, isBinary: boolean): void {
    if (!this.#open) return
    this.#heard = true
    if (!isBinary || !Buffer.isBuffer(data)) {
      this.close('bad-message')
      return
    }
    const traffic = this.#watch?.traffic
    if (traffic !== undefined) {
      traffic.framesIn++
      traffic.bytesIn += data.length
    }
    // A plain Uint8Array: the methods of Buffer are not what neutral code expects.
    const frame = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.length)
    this.#queue.push(this.#pieces.isBorrowed(frame) ? frame.slice() : frame)
    this.#pieces.given(data.length)
    if (this.#queue.bytes > pauseAboveBytes) this.#socket.pause()
  }

  hear(): void {
    this.#heard = true
  }

  /** `ws` gives the bytes of a ping back to who sent it, now or later. */
  keep(bytes: Uint8Array): void {
    this.#pieces.keep(bytes)
  }

  over(status: number, reason: Uint8Array): void {
    this.#watch?.closed(this)
    this.#queue.end()
    this.#finish(closeCode(status, reason.toString()))
  }

  // What the session asks --------------------------------------------------------

  send(frame: Uint8Array): void {
    if (!this.#open) return
    const weight = frame.length + unsentOverheadBytes
    this.#unsentBytes += weight
    const traffic = this.#watch?.traffic
    if (traffic !== undefined) {
      traffic.framesOut++
      traffic.bytesOut += frame.length
    }
    if (this.#wire !== null && frame.length <= longestShortMessage) {
      if (this.#short === null) {
        this.#short = [frame]
        process.nextTick(writeShort, this)
      } else {
        this.#short.push(frame)
      }
      this.#shortWeight += weight
      return
    }
    this.writeShort()
    // As a Buffer, so that `ws` masks it in place instead of copying it.
    this.#socket.send(Buffer.from(frame.buffer, frame.byteOffset, frame.length), () => {
      freeBytes(frame)
      this.#left(weight)
    })
  }

  get bufferedBytes(): number {
    return this.#open ? this.#unsentBytes : 0
  }

  async drained(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#open && this.#unsentBytes > 0) await this.#waiters.wait(signal)
  }

  receive(): AsyncIterable<Uint8Array> {
    return this.#queue.receive()
  }

  get isRead(): boolean {
    return !this.#socket.isPaused
  }

  confine(isConfined: boolean): void {
    this.#confined = isConfined
    this.#wireBytes = 0
    if (!isConfined) this.#resumeWhenRead()
    this.#watch?.confined(this, isConfined)
  }

  close(code = 'closed'): void {
    if (!this.#open) return
    this.writeShort()
    this.#queue.clear()
    // A paused socket would not see the answer to its close. One that sent too much is cut after `closeTimeout`.
    if (this.#socket.isPaused && !this.#isOverfull) this.#socket.resume()
    // Nothing of it is queued any more, so that nothing else would pause who goes on sending.
    this.#confined = true
    this.#wireBytes = 0
    this.#socket.close(1000, code)
    this.#finish(code)
  }

  drop(): void {
    this.close()
    this.#socket.terminate()
  }

  terminate(): void {
    this.#socket.terminate()
  }

  checkAlive(): boolean {
    if (!this.#heard && !this.#socket.isPaused) return false
    this.#heard = false
    if (this.#open) this.#socket.ping()
    return true
  }

  // Inside -----------------------------------------------------------------------

  get #isOverfull(): boolean {
    return this.#confined && this.#wireBytes > confinedBytes
  }

  #finish(code: string): void {
    this.#open = false
    readNoMore(this)
    this.#pieces.stop()
    this.#resolve({ code })
    this.#waiters.wakeAll()
  }

  #resumeWhenRead(): void {
    if (this.#isToResume) readAgain(this)
  }

  get #isToResume(): boolean {
    return (
      this.#open && this.#socket.isPaused && !this.#isOverfull && this.#queue.bytes <= pauseAboveBytes / 2
    )
  }

  /** Its turn has come. */
  resume(): void {
    if (!this.#isToResume) return
    // What it said meanwhile comes now.
    this.#heard = true
    this.#socket.resume()
  }

  #left(weight: number): void {
    this.#unsentBytes -= weight
    if (this.#unsentBytes === 0) this.#waiters.wakeAll()
  }

  /** `ws` writes whole frames at once too, so that ours stand between them. */
  writeShort(): void {
    const [frames, weight] = [this.#short, this.#shortWeight]
    if (frames === null) return
    this.#short = null
    this.#shortWeight = 0
    const wire = this.#wire
    if (wire === null || this.#socket.readyState !== this.#socket.OPEN) this.#left(weight)
    else wire.write(webSocketFrames(frames, this.#isMasked), () => this.#left(weight))
  }
}

function writeShort(link: SocketLink): void {
  link.writeShort()
}
