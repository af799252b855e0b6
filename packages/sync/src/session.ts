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
import { nextTurn } from './replication/slices.ts'
import { createOpener, createSealer } from './sealing.ts'
import type { Established } from './session/handshake.ts'
import { createInbox } from './session/inbox.ts'
import { watchLiveness } from './session/liveness.ts'
import type { OutboundBudget } from './session/outbound.ts'
import { createPace, frameWeight } from './session/pace.ts'
import { createOpenRequests, isRequest } from './session/requests.ts'
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
}

/** Ends of who takes nothing: what waits is not held for them any longer. */
const unread: ReadonlySet<string> = new Set(['outbound-full', 'stalled', 'timeout'])

/** Our own pings; requests of the layers above are numbered from 1. */
const firstPingId: number = 2 ** 52

/** Then others have their turn, of whom the next may be waiting for a single one: some 0.5 ms. */
const framesPerTurn = 64

/** `frames` is what the handshake left of the link's. */
export function startSession(
  link: Link,
  frames: AsyncIterator<Uint8Array>,
  self: { readonly role: Role; readonly identity: Identity },
  remote: Established,
  { crypto, clock, log, limits, outbound }: SessionPorts,
): Session {
  const { role } = self
  const maxBytes = link.kind === 'relay' ? maxRelayedFrameBytes : maxFrameBytes
  const sealer = createSealer(crypto, remote.keys[role])
  const opener = createOpener(crypto, remote.keys[otherRole(role)])
  const inbox = createInbox<ReceivedMessage>({ items: limits.inboundMessages, bytes: limits.inboundBytes })
  const requests = createOpenRequests(limits.pendingRequests)
  const framePace = createPace(limits.framesPerSecond, limits.frameBurst)
  const bytePace = createPace(limits.bytesPerSecond, limits.byteBurst)
  const closed = Promise.withResolvers<SessionEnd>()
  let over = false
  let reading = false
  let pings = firstPingId
  let sentBytes = 0
  let receivedBytes = 0
  let stopResting = () => {}

  const liveness = watchLiveness({
    clock,
    limits,
    isListening: () => reading,
    bufferedBytes: () => link.bufferedBytes,
    ping: () => void post({ type: 'ping', id: pings++ }),
    fail: (code) => finish(code, true),
  })
  const share = outbound.open({
    bufferedBytes: () => link.bufferedBytes,
    cut: () => finish('outbound-full', true),
  })
  const renewal = clock.after(maxSessionMs, () => void end('renew'))

  /** False when the session is over, by this very message maybe. */
  function post(message: Message, bytes: FrameBytes = []): boolean {
    if (over) return false
    const frame = encodeFrame(message, bytes, maxBytes)
    const sealed = sealer.seal(frame)
    freeBytes(frame)
    const waiting = link.bufferedBytes
    if (waiting > 0 && waiting + sealed.length > limits.outboundBytes) {
      finish('outbound-full', true)
      return false
    }
    requests.answer(message)
    sentBytes += sealed.length
    link.send(sealed)
    // What the link says, not our own count: a link may count more than bytes.
    liveness.sent(Math.max(0, link.bufferedBytes - waiting))
    share.sent(waiting)
    if (sealer.isExhausted()) void end('renew')
    return !over
  }

  async function pump(): Promise<void> {
    for (let taken = 1; !over; taken++) {
      if (inbox.isFull()) await inbox.room()
      if (taken % framesPerTurn === 0) await nextTurn()
      reading = true
      const next = await frames.next()
      reading = false
      if (over) return
      if (next.done) return finish('cut', false)
      const nowMs = clock.monotonic()
      liveness.heard(nowMs)
      receivedBytes += next.value.length
      const weight = take(next.value)
      const waitMs = Math.max(framePace.take(nowMs, weight), bytePace.take(nowMs, next.value.length))
      if (waitMs > 0) await rest(waitMs)
    }
  }

  /** What it cost (`frameWeight`). */
  function take(sealed: Uint8Array): number {
    const bytes = opener.open(sealed)
    freeBytes(sealed)
    const frame = bytes === null ? null : decodeFrame(bytes, maxBytes)
    if (bytes === null || frame === null || !frame.ok) {
      void end(frame === null || frame.ok ? 'bad-seal' : frame.error.code)
      return 1
    }
    const decoded = decodeMessage(frame.value)
    if (decoded.ok) act({ message: decoded.value, bytes: frame.value.bytes }, bytes.length)
    else if (decoded.error.code === 'bad-message') void end('bad-message')
    else post({ type: 'error', re: decoded.error.re, code: 'unknown-type', retry: null })
    return frameWeight(bytes.length - frame.value.bytes.length, decoded.ok ? decoded.value : null)
  }

  function act(received: ReceivedMessage, weight: number): void {
    const { message } = received
    if (message.type === 'bye') finish(message.code, false)
    else if (message.type === 'ping') post({ type: 'pong', re: message.id, end: true })
    else if (message.type !== 'pong' || message.re < firstPingId) pass(received, weight)
  }

  /** To the layer above, unless M2 forbids it. */
  function pass(received: ReceivedMessage, weight: number): void {
    const { message } = received
    if (message.type === 'cancel') requests.cancel(message.id)
    const verdict = isRequest(message) ? requests.open(message) : 'opened'
    if (verdict === 'opened') inbox.put(received, weight)
    else if (verdict === 'repeated') void end('bad-message')
    else if ('id' in message) post({ type: 'error', re: message.id, code: 'busy', retry: 1000 })
  }

  async function end(code: string): Promise<void> {
    if (over) return void (await closed.promise)
    over = true
    inbox.clear()
    link.send(sealer.seal(encodeFrame({ type: 'bye', code })))
    const patience = new AbortController()
    const timer = clock.after(limits.closingMs, () => patience.abort())
    // Who does not read our `bye` in time is cut: the link is closed either way.
    await link.drained(patience.signal).catch(() => {})
    timer[Symbol.dispose]()
    settle(code, true)
  }

  function finish(code: string, local: boolean): void {
    if (over) return
    over = true
    if (local) inbox.clear()
    else inbox.end()
    if (local && unread.has(code)) link.drop?.()
    settle(code, local)
  }

  function settle(code: string, local: boolean): void {
    liveness[Symbol.dispose]()
    share[Symbol.dispose]()
    renewal[Symbol.dispose]()
    stopResting()
    link.close('closed')
    log.info('session.closed', { peer: shortName(remote.identity), code, local })
    closed.resolve({ code, local })
  }

  function rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = clock.after(ms, resolve)
      // One at a time, and nothing of it stays: the other side decides how often there is a rest.
      stopResting = () => {
        timer[Symbol.dispose]()
        resolve()
      }
    })
  }

  void link.closed.then(() => inbox.unbind())
  pump().catch((error: unknown) => {
    // A code of ours, or none: what foreign code says may quote what was being read (T22).
    const code = error instanceof EffigyError ? error.code : 'internal'
    log.warn('session.failed', { peer: shortName(remote.identity), code })
    finish('internal', true)
  })
  log.info('session.opened', { peer: shortName(remote.identity), role, link: link.kind })

  return {
    remote: remote.identity,
    remoteHead: remote.head,
    id: remote.keys.sessionId,
    role,
    link,
    dialler: role === 'dialler' ? self.identity : remote.identity,
    maxFrameBytes: maxBytes,
    send(message, bytes) {
      if (!post(message, bytes)) throw new EffigyError('closed', 'the session is over')
    },
    receive: inbox.receive,
    bufferedBytes: () => link.bufferedBytes,
    highWaterBytes: share.highWaterBytes,
    traffic: () => ({ sentBytes, receivedBytes }),
    drained: (signal) => link.drained(signal),
    doubt: liveness.doubt,
    rest: liveness.rest,
    end,
    closed: closed.promise,
    exporter: (label) => exporterKey(crypto, remote.keys.exporter, label),
    [Symbol.asyncDispose]: () => end('done'),
  }
}
