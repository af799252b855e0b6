/**
 * A link over the data channel of one connection (spec M7, M10, M11, A3).
 *
 *     send ─▶ outbox ─room of the other side, of the channel▶ pieces ─▶ channel
 *     channel ─▶ end? room? piece ─▶ joiner ─▶ queue ─▶ receive, and what was read makes room at the sender
 *
 * No platform lets anybody slow a data channel down, so the link does it itself: each side says how much may come.
 *
 * @module
 */
import { type Clock, freeBytes, type Link, maxLinkMessageBytes } from '@effigy/sync'
import { createFrameQueue } from '../frame-queue.ts'
import { createFrameJoiner } from '../pieces.ts'
import { createWaiters } from '../waiters.ts'
import { endMessage, readChannelMessage, roomMessage } from './messages.ts'
import type { RtcRole } from './negotiation.ts'
import { lowChannelBytes, type RtcChannel } from './rtc-port.ts'

export interface OpenLink {
  readonly link: Link
  /** The connection is lost; as when the channel says so. */
  lose(): void
}

export interface WebrtcLinkOptions {
  readonly role: RtcRole
  readonly clock: Clock
  /** Once, when nothing is left to be sent or heard: the connection is to be closed. `lost`: without an end of either side. */
  onOver(code: string): void
}

/** M11: what a piece weighs beside its bytes, as in a queue of frames. */
const messageOverheadBytes = 256

/** M11: what may come before the first `room`: a handshake, several times. */
export const firstRoomBytes: number = 64 * 1024

/** M11: received and not read, at most; 20 MB/s over a way of 200 ms. */
export const roomBytes: number = 4 * 1024 * 1024

/** What was read and not told, at most. */
const untoldBytes: number = 256 * 1024

/** Bytes that the channel may hold, which count as gone, as those that a kernel holds for a socket. */
const channelBytes: number = 1024 * 1024

/** Longer ones only make everything behind them wait. */
const maxPieceBytes: number = 128 * 1024

/** Ms between two looks at a channel that should have told that it is low. */
const pollMs = 200

/** Ms without any progress, and in all, after which a closed link stops sending what was sent before. */
const stuckMs = 2_000
const lingerMs = 30_000

/** `channel` is open, and the link's from here on; called within `onOpen`. */
export function webrtcLink(channel: RtcChannel, { role, clock, onOver }: WebrtcLinkOptions): OpenLink {
  const closed = Promise.withResolvers<{ readonly code: string }>()
  const waiters = createWaiters()
  const joiner = createFrameJoiner(maxLinkMessageBytes)
  const queue = createFrameQueue(tellRoom)
  const pieceBytes = Math.min(channel.maxMessageBytes - 1, maxPieceBytes)
  const outbox: Uint8Array[] = []
  let outboxBytes = 0
  /** Of the first frame in the outbox, what has gone. */
  let at = 0
  let sentWeight = 0
  let otherRoom = firstRoomBytes
  let receivedWeight = 0
  let partialBytes = 0
  let toldRoom = firstRoomBytes
  let isConfined = false
  let isRead = false
  /** `closing`: this side closed, and what it sent before still goes out. */
  let state: 'open' | 'closing' | 'over' = 'open'
  let parting: Uint8Array | null = null
  let poll: Disposable | null = null
  let lingering: Disposable | null = null

  /** Of the next piece: a frame is cut into as many equal ones as it takes. */
  function nextLength(left: number): number {
    return Math.ceil(left / Math.max(1, Math.ceil(left / pieceBytes)))
  }

  function pump(): void {
    for (;;) {
      const [frame] = outbox
      if (frame === undefined || state === 'over') break
      const length = nextLength(frame.length - at)
      const weight = length + messageOverheadBytes
      if (sentWeight + weight > otherRoom || channel.bufferedBytes > channelBytes) break
      const message = new Uint8Array(length + 1)
      message[0] = at + length < frame.length ? 1 : 0
      message.set(frame.subarray(at, at + length), 1)
      at += length
      outboxBytes -= length
      sentWeight += weight
      if (message[0] === 0) {
        outbox.shift()
        outboxBytes -= messageOverheadBytes
        at = 0
        freeBytes(frame)
      }
      channel.send(message)
    }
    if (outbox.length > 0) {
      if (channel.bufferedBytes > lowChannelBytes) lookLater()
      return
    }
    if (state === 'open') waiters.wakeAll()
    else if (parting !== null && state === 'closing') {
      channel.send(parting)
      parting = null
    }
  }

  function lookLater(): void {
    if (poll !== null) return
    poll = clock.after(pollMs, () => {
      poll = null
      pump()
    })
  }

  /** After each frame that was read, and when it may be told again. */
  function tellRoom(): void {
    if (isConfined || !isRead || state !== 'open') return
    const room = receivedWeight - queue.bytes - partialBytes + roomBytes
    if (room - toldRoom < untoldBytes) return
    toldRoom = room
    channel.send(roomMessage(room))
  }

  function finish(code: string): void {
    closed.resolve({ code })
    waiters.wakeAll()
  }

  function over(code: string): void {
    if (state === 'over') return
    state = 'over'
    poll?.[Symbol.dispose]()
    lingering?.[Symbol.dispose]()
    outbox.length = 0
    outboxBytes = 0
    queue.end()
    finish(code)
    onOver(code)
  }

  function close(code = 'closed'): void {
    if (state !== 'open') return
    state = 'closing'
    queue.clear()
    parting = endMessage(code)
    finish(code)
    pump()
    linger(lingerMs)
  }

  /** The other side closes when it has read the end; one that takes nothing is not waited for. */
  function linger(leftMs: number): void {
    const before = outboxBytes + channel.bufferedBytes
    lingering = clock.after(stuckMs, () => {
      const isStuck = outboxBytes + channel.bufferedBytes >= before
      if (isStuck || leftMs <= stuckMs) over('closed')
      else linger(leftMs - stuckMs)
    })
  }

  function drop(): void {
    if (state !== 'open') return
    outbox.length = 0
    outboxBytes = 0
    at = 0
    close()
  }

  function takePiece(message: Uint8Array): void {
    const length = message.length - 1
    receivedWeight += length + messageOverheadBytes
    const frame = receivedWeight > toldRoom ? 'too-much' : joiner.push(message)
    if (frame === 'too-much' || frame === 'bad-message') {
      close(frame)
      return
    }
    // What was joined was copied.
    if (frame?.buffer !== message.buffer && message.buffer.byteLength === message.length) freeBytes(message)
    partialBytes = frame === null ? partialBytes + length : 0
    if (frame !== null) queue.push(frame)
    // Before the reader has it too: a long frame in short pieces weighs more than there is room for.
    tellRoom()
  }

  channel.listen({
    onMessage(message) {
      const read = message === null ? null : readChannelMessage(message)
      if (state === 'over') return
      if (message === null || read === null || read.type === 'bad') return close('bad-message')
      if (read.type === 'end') return over(read.code)
      if (read.type === 'room') {
        otherRoom = Math.max(otherRoom, read.total)
        return pump()
      }
      if (state === 'open') takePiece(message)
    },
    onLow: pump,
    onClose: () => over('lost'),
  })

  const link: Link = {
    kind: 'webrtc',
    binding: webrtcBinding(
      role === 'dialler' ? channel.ownFingerprint : channel.otherFingerprint,
      role === 'dialler' ? channel.otherFingerprint : channel.ownFingerprint,
    ),
    send(frame) {
      if (state !== 'open') return
      outbox.push(frame)
      outboxBytes += frame.length + messageOverheadBytes
      if (outbox.length === 1) pump()
    },
    get bufferedBytes() {
      return state === 'open' ? outboxBytes : 0
    },
    async drained(signal) {
      signal.throwIfAborted()
      while (state === 'open' && outbox.length > 0) await waiters.wait(signal)
    },
    receive() {
      isRead = true
      // Whoever reads says in the same breath whether it confines.
      queueMicrotask(tellRoom)
      return queue.receive()
    },
    confine(confined) {
      isConfined = confined
      tellRoom()
    },
    close,
    drop,
    closed: closed.promise,
  }
  return { link, lose: () => over('lost') }
}

/** A3: `webrtc` ‖ 0 ‖ the dialler's fingerprint ‖ the acceptor's. */
export function webrtcBinding(dialler: Uint8Array, acceptor: Uint8Array): Uint8Array {
  return Uint8Array.of(...new TextEncoder().encode('webrtc'), 0, ...dialler, ...acceptor)
}
