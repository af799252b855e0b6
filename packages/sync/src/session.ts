/**
 * An established session: messages in both directions over sealed frames (spec M, A7, A10).
 *
 *     send ─encode▶ frame ─Sealer▶ Link      Link ─Opener▶ frame ─decode▶ inbox ─▶ receive
 *
 * It answers pings and unknown types by itself, and ends at the first malformed frame.
 * Nothing is read ahead of its consumer beyond the bounds of `limits.ts`.
 *
 * @module
 */
import { EffigyError, type HeadRecord, type Identity, shortName } from '@effigy/core'
import type { Clock } from './clock.ts'
import { decodeFrame, encodeFrame, type FrameBytes } from './frame.ts'
import { freeBytes } from './free-bytes.ts'
import { maxFrameBytes, maxRelayedFrameBytes, maxSessionMs, type SessionLimits } from './limits.ts'
import type { Link } from './link.ts'
import type { Log } from './log.ts'
import type { Message } from './messages.ts'
import { decodeMessage } from './messages-schema.ts'
import { type Polled, polled, type Woken } from './polled.ts'
import { createOpener, createSealer, type Opener, type Sealer } from './sealing.ts'
import type { Established } from './session/handshake.ts'
import { createInbox, type Inbox } from './session/inbox.ts'
import { type Liveness, type LivenessPorts, watchLiveness } from './session/liveness.ts'
import type { OutboundBudget, OutboundSession, OutboundShare } from './session/outbound.ts'
import { createPace, frameWeight, type Pace } from './session/pace.ts'
import { createOpenRequests, isRequest, type OpenRequests } from './session/requests.ts'
import { inFreeTurn, inSharedTurn, takesInTurn, turnOfLoop } from './session/shared-turns.ts'
import { exporterKey, type HandshakeCrypto, otherRole, type Role } from './session/transcript.ts'

export interface ReceivedMessage {
  readonly message: Message
  /** The byte part; the receiver's own. */
  readonly bytes: Uint8Array
}

export interface SessionEnd {
  /**
   * Of the `bye` of whoever ended it; `cut` when the link went without one. Our own reasons besides those given
   * to `end`: `bad-seal`, `bad-frame`, `too-large`, `bad-message`, `timeout`, `stalled`, `outbound-full`, `renew`.
   */
  readonly code: string
  /** This side ended it. */
  readonly local: boolean
}

export interface Session extends AsyncDisposable {
  readonly remote: Identity
  /** As shown in the handshake; verified. */
  readonly remoteHead: HeadRecord | null
  /** 16 bytes, the same at both sides. */
  readonly id: Uint8Array
  readonly role: Role
  /** What it runs over: one of a kind is bound to what A3 says of it. */
  readonly link: Pick<Link, 'kind' | 'binding'>
  /** Whoever of the two dialled: see `sessionToKeep`. */
  readonly dialler: Identity
  /** M1: of header, newline and byte part together; less inside a relay. */
  readonly maxFrameBytes: number

  /**
   * Seals and queues. Throws `EffigyError('closed')` after the end, which a full queue is too: who sends
   * much awaits `drained`.
   */
  send(message: Message, bytes?: FrameBytes): void

  /** For one reader. Ends with the session: after what had arrived when the other side ended it. */
  receive(): AsyncIterable<ReceivedMessage>

  /** Sealed bytes that have not left. */
  bufferedBytes(): number

  /** Bytes that may wait before the next frame of a long answer is made; less while others take nothing (T16). */
  highWaterBytes(): number

  /** Sealed bytes since the handshake, queued ones included. */
  traffic(): { readonly sentBytes: number; readonly receivedBytes: number }

  /** Resolves when nothing is queued or the session is over; rejects with the signal's reason. */
  drained(signal: AbortSignal): Promise<void>

  /** It may be half-open, as far as somebody knows: who is not heard of within `doubtMs` is gone (`timeout`). */
  doubt(): void

  /** Whether one of the two rests (R41): then `restingPingAfterMs` of silence are none too many. */
  rest(isResting: boolean): void

  /** Says `bye`, closes the link, resolves when it has left or `closingMs` are over. Disposing ends with `done`. */
  end(code: string): Promise<void>

  /** Never rejects. */
  readonly closed: Promise<SessionEnd>

  /** A12: 32 bytes that only the two sides know, one key a label. */
  exporter(label: string): Uint8Array
}

export interface SessionPorts {
  readonly crypto: HandshakeCrypto
  readonly clock: Clock
  readonly log: Log
  readonly limits: SessionLimits
  /** Shared by all sessions of a peer. */
  readonly outbound: OutboundBudget
  readonly wire?: WireTap | undefined
}

/** Sees each message that is sent or taken, with the bytes of header and byte part. Must not throw, nor keep the message. */
export type WireTap = (
  remote: Identity,
  direction: 'sent' | 'received',
  message: Message,
  bytes: number,
) => void

/** Ends of who takes nothing: what waits is not held for them any longer. */
const unread: ReadonlySet<string> = new Set(['outbound-full', 'stalled', 'timeout'])

/** Our own pings; requests of the layers above are numbered from 1. */
const firstPingId: number = 2 ** 52

/** Weight of frames, then others have their turn, of whom the next may be waiting for a single one: some 0.2 ms. */
const framesPerTurn = 16

/** `frames` is what the handshake left of the link's. */
export function startSession(
  link: Link,
  frames: AsyncIterator<Uint8Array>,
  self: { readonly role: Role; readonly identity: Identity },
  remote: Established,
  ports: SessionPorts,
): Session {
  const session = new LinkSession(link, frames, self, remote, ports)
  session.start()
  return session
}

/** A class, because a hub has ten thousand (docs/decisions/0021-what-a-session-costs.md). */
class LinkSession implements Session, LivenessPorts, OutboundSession, Woken {
  readonly link: Link
  readonly remote: Identity
  readonly remoteHead: HeadRecord | null
  readonly id: Uint8Array
  readonly role: Role
  readonly dialler: Identity
  readonly maxFrameBytes: number
  readonly closed: Promise<SessionEnd>
  readonly #ports: SessionPorts
  readonly #frames: Polled<Uint8Array>
  readonly #exporterSecret: Uint8Array
  readonly #sealer: Sealer
  readonly #opener: Opener
  readonly #inbox: Inbox<ReceivedMessage>
  readonly #requests: OpenRequests
  readonly #framePace: Pace
  readonly #bytePace: Pace
  readonly #liveness: Liveness
  readonly #share: OutboundShare
  readonly #renewal: Disposable
  readonly #resolve: (end: SessionEnd) => void
  #over = false
  #reading = false
  /** Weight of frames, in the turn of the loop that has that number. */
  #taken = 0
  #turn = 0
  #pings = firstPingId
  #sentBytes = 0
  #receivedBytes = 0
  /** While the other side is not read, for it came too fast. */
  #resting: Disposable | null = null

  constructor(
    link: Link,
    frames: AsyncIterator<Uint8Array>,
    self: { readonly role: Role; readonly identity: Identity },
    remote: Established,
    ports: SessionPorts,
  ) {
    const { crypto, clock, limits, outbound } = ports
    const { role } = self
    const { promise, resolve } = Promise.withResolvers<SessionEnd>()
    this.link = link
    this.remote = remote.identity
    this.remoteHead = remote.head
    this.id = remote.keys.sessionId.slice()
    this.role = role
    this.dialler = role === 'dialler' ? self.identity : remote.identity
    this.maxFrameBytes = link.kind === 'relay' ? maxRelayedFrameBytes : maxFrameBytes
    this.closed = promise
    this.#resolve = resolve
    this.#ports = ports
    this.#frames = polled(frames)
    this.#exporterSecret = remote.keys.exporter.slice()
    const [sealing, opening] = inOneBuffer(remote.keys[role], remote.keys[otherRole(role)])
    this.#sealer = createSealer(crypto, sealing)
    this.#opener = createOpener(crypto, opening)
    this.#inbox = createInbox<ReceivedMessage>(limits)
    this.#requests = createOpenRequests(limits.pendingRequests)
    this.#framePace = createPace(limits.framesPerSecond, limits.frameBurst)
    this.#bytePace = createPace(limits.bytesPerSecond, limits.byteBurst)
    this.#liveness = watchLiveness(this)
    this.#share = outbound.open(this)
    this.#renewal = clock.after(maxSessionMs, () => void this.end('renew'))
  }

  start(): void {
    const { log } = this.#ports
    void this.link.closed.then(() => this.#inbox.unbind())
    this.goOn()
    log.info('session.opened', { peer: shortName(this.remote), role: this.role, link: this.link.kind })
  }

  // What its parts ask -----------------------------------------------------------

  get clock(): Clock {
    return this.#ports.clock
  }

  get limits(): SessionLimits {
    return this.#ports.limits
  }

  isListening(): boolean {
    return this.#reading && this.link.isRead !== false
  }

  ping(): void {
    this.#post({ type: 'ping', id: this.#pings++ })
  }

  fail(code: 'timeout' | 'stalled'): void {
    this.#finish(code, true)
  }

  cut(): void {
    this.#finish('outbound-full', true)
  }

  // What others do ---------------------------------------------------------------

  send(message: Message, bytes?: FrameBytes): void {
    if (!this.#post(message, bytes)) throw new EffigyError('closed', 'the session is over')
  }

  receive(): AsyncIterable<ReceivedMessage> {
    return this.#inbox.receive()
  }

  bufferedBytes(): number {
    return this.link.bufferedBytes
  }

  highWaterBytes(): number {
    return this.#share.highWaterBytes()
  }

  traffic(): { readonly sentBytes: number; readonly receivedBytes: number } {
    return { sentBytes: this.#sentBytes, receivedBytes: this.#receivedBytes }
  }

  drained(signal: AbortSignal): Promise<void> {
    return this.link.drained(signal)
  }

  doubt(): void {
    this.#liveness.doubt()
  }

  rest(isResting: boolean): void {
    this.#liveness.rest(isResting)
  }

  exporter(label: string): Uint8Array {
    return exporterKey(this.#ports.crypto, this.#exporterSecret, label)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end('done')
  }

  // Inside -----------------------------------------------------------------------

  /** False when the session is over, by this very message maybe. */
  #post(message: Message, bytes: FrameBytes = []): boolean {
    if (this.#over) return false
    const frame = encodeFrame(message, bytes, this.maxFrameBytes)
    const sealed = this.#sealer.seal(frame)
    this.#ports.wire?.(this.remote, 'sent', message, frame.length)
    freeBytes(frame)
    const waiting = this.link.bufferedBytes
    if (waiting > 0 && waiting + sealed.length > this.limits.outboundBytes) {
      this.#finish('outbound-full', true)
      return false
    }
    this.#requests.answer(message)
    this.#sentBytes += sealed.length
    this.link.send(sealed)
    // What the link says, not our own count: a link may count more than bytes.
    this.#liveness.sent(Math.max(0, this.link.bufferedBytes - waiting))
    this.#share.sent(waiting)
    if (this.#sealer.isExhausted()) void this.end('renew')
    return !this.#over
  }

  /** Reads on. */
  goOn(): void {
    this.#reading = false
    try {
      this.#pump()
    } catch (error) {
      // A code of ours, or none: what foreign code says may quote what was being read (T22).
      const code = error instanceof EffigyError ? error.code : 'internal'
      this.#ports.log.warn('session.failed', { peer: shortName(this.remote), code })
      this.#finish('internal', true)
    }
  }

  /** Until there is nothing to read, or a reason to wait: then `goOn` follows. Nothing of it rests here meanwhile. */
  #pump(): void {
    while (!this.#over) {
      if (this.#inbox.isFull()) {
        this.#inbox.tellsRoom(this)
        return
      }
      const next = this.#frames.poll()
      if (next === null) {
        this.#reading = true
        this.#frames.wakes(this)
        return
      }
      if (next.done) {
        this.#finish('cut', false)
        return
      }
      const nowMs = this.clock.monotonic()
      const turn = turnOfLoop(nowMs)
      if (turn !== this.#turn) this.#taken = 0
      this.#turn = turn
      this.#liveness.heard(nowMs)
      this.#receivedBytes += next.value.length
      const weight = this.#take(next.value)
      this.#taken += weight
      const isFree = takesInTurn(weight)
      const waitMs = Math.max(
        this.#framePace.take(nowMs, weight),
        this.#bytePace.take(nowMs, next.value.length),
      )
      if (waitMs > 0) {
        this.#pause(waitMs)
        return
      }
      if (this.#taken >= framesPerTurn || !isFree) {
        inSharedTurn(this)
        return
      }
    }
  }

  /** What it cost (`frameWeight`). */
  #take(sealed: Uint8Array): number {
    const bytes = this.#opener.open(sealed)
    freeBytes(sealed)
    const frame = bytes === null ? null : decodeFrame(bytes, this.maxFrameBytes)
    if (bytes === null || frame === null || !frame.ok) {
      void this.end(frame === null || frame.ok ? 'bad-seal' : frame.error.code)
      return 1
    }
    const decoded = decodeMessage(frame.value)
    if (decoded.ok) {
      this.#ports.wire?.(this.remote, 'received', decoded.value, bytes.length)
      this.#act({ message: decoded.value, bytes: frame.value.bytes }, bytes.length)
    } else if (decoded.error.code === 'bad-message') void this.end('bad-message')
    else this.#post({ type: 'error', re: decoded.error.re, code: 'unknown-type', retry: null })
    return frameWeight(bytes.length - frame.value.bytes.length, decoded.ok ? decoded.value : null)
  }

  #act(received: ReceivedMessage, weight: number): void {
    const { message } = received
    if (message.type === 'bye') this.#finish(message.code, false)
    else if (message.type === 'ping') this.#post({ type: 'pong', re: message.id, end: true })
    else if (message.type !== 'pong' || message.re < firstPingId) this.#pass(received, weight)
  }

  /** To the layer above, unless M2 forbids it. */
  #pass(received: ReceivedMessage, weight: number): void {
    const { message } = received
    if (message.type === 'cancel') this.#requests.cancel(message.id)
    const verdict = isRequest(message) ? this.#requests.open(message) : 'opened'
    if (verdict === 'opened') this.#inbox.put(received, weight)
    else if (verdict === 'repeated') void this.end('bad-message')
    else if ('id' in message) this.#post({ type: 'error', re: message.id, code: 'busy', retry: 1000 })
  }

  async end(code: string): Promise<void> {
    if (this.#over) return void (await this.closed)
    this.#over = true
    this.#inbox.clear()
    this.link.send(this.#sealer.seal(encodeFrame({ type: 'bye', code })))
    const patience = new AbortController()
    const timer = this.clock.after(this.limits.closingMs, () => patience.abort())
    // Who does not read our `bye` in time is cut: the link is closed either way.
    await this.link.drained(patience.signal).catch(() => {})
    timer[Symbol.dispose]()
    this.#settle(code, true)
  }

  #finish(code: string, local: boolean): void {
    if (this.#over) return
    this.#over = true
    if (local) this.#inbox.clear()
    else this.#inbox.end()
    if (local && unread.has(code)) this.link.drop?.()
    this.#settle(code, local)
  }

  #settle(code: string, local: boolean): void {
    this.#liveness[Symbol.dispose]()
    this.#share[Symbol.dispose]()
    this.#renewal[Symbol.dispose]()
    this.#resting?.[Symbol.dispose]()
    this.link.close('closed')
    this.#ports.log.info('session.closed', { peer: shortName(this.remote), code, local })
    this.#resolve({ code, local })
  }

  #pause(ms: number): void {
    this.#resting = this.clock.after(ms, () => {
      this.#resting = null
      // Those who rest wake together.
      inFreeTurn(this)
    })
  }
}

/** Each buffer of its own that native code has seen is some 250 bytes beside what is in it. */
function inOneBuffer(one: Uint8Array, other: Uint8Array): readonly [Uint8Array, Uint8Array] {
  const both = new Uint8Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return [both.subarray(0, one.length), both.subarray(one.length)]
}
