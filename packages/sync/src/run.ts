/**
 * Runs a handshake over a link and hands over the session (spec A).
 *
 *     Link + Crypto ─▶ createHandshake ─events, effects─▶ startSession ─▶ Session
 *
 * @module
 */
import {
  EffigyError,
  encodeHeadRecord,
  type HeadRecord,
  type Identity,
  type Signer,
  sign,
} from '@effigy/core'
import type { AgreementKey, Crypto } from '@effigy/crypto'
import type { Clock } from './clock.ts'
import { maxOutboundBytes, type SessionLimits } from './limits.ts'
import type { Link } from './link.ts'
import type { Log } from './log.ts'
import {
  createHandshake,
  type Established,
  type Handshake,
  type HandshakeEffect,
  type HandshakeEvent,
} from './session/handshake.ts'
import { createOutboundBudget, type OutboundBudget } from './session/outbound.ts'
import type { Role } from './session/transcript.ts'
import { type Session, startSession, type WireTap } from './session.ts'
import { whenAborted } from './when-aborted.ts'

export interface OpenSessionOptions {
  readonly role: Role
  readonly identity: Identity
  readonly signer: Signer
  /** Who must be there; null at first contact typed by a person (pin `session.remote`), and for acceptors. */
  readonly expect: Identity | null
  /** Acceptors that are no hub: whoever dials must know our identity already. */
  readonly demandProof: boolean
  /** 32 bytes; `publicNetworkKey` for everybody's. */
  readonly networkKey: Uint8Array
  /** Pairing (A9): the secret of the code; null for an ordinary session. */
  readonly pairingSecret: Uint8Array | null
  /** The newest head record of our own, or null; asked once. */
  head(): HeadRecord | null
  readonly crypto: Crypto
  readonly clock: Clock
  readonly log: Log
  readonly limits: SessionLimits
  /** Shared by all sessions of a peer; one alone when omitted. */
  readonly outbound?: OutboundBudget
  /** For whoever looks at what goes over it; nobody when omitted. */
  readonly wire?: WireTap | undefined
  /** Stops the handshake; the session that comes of it is the caller's to end. */
  readonly signal: AbortSignal
}

/**
 * Opens a session and owns `link` from here on. Rejects with the signal's reason, or with an `EffigyError`
 * that has the code of a `Refusal`, or `cut` when the other side closed: it never says why.
 */
export async function openSession(link: Link, options: OpenSessionOptions): Promise<Session> {
  const { crypto, clock, log, limits, signal } = options
  const outbound = options.outbound ?? createOutboundBudget(maxOutboundBytes, clock)
  const frames = link.receive()[Symbol.asyncIterator]()
  link.confine?.(true)
  try {
    signal.throwIfAborted()
    const key = await crypto.agreementKey(crypto.randomBytes(32))
    const head = options.head()
    const handshake = createHandshake({
      ...options,
      binding: link.binding,
      challenge: { publicKey: key.publicKey, random: crypto.randomBytes(32) },
      head: head === null ? null : new TextDecoder().decode(encodeHeadRecord(head)),
      timeoutMs: limits.handshakeMs,
    })
    const established = await driveHandshake(handshake, link, frames, key, options)
    link.confine?.(false)
    return startSession(link, frames, options, established, {
      ...{ crypto, clock, log, limits, outbound },
      wire: options.wire,
    })
  } catch (error) {
    // Never a word to the other side about what it did wrong.
    link.close('closed')
    if (error instanceof EffigyError) log.info('session.refused', { link: link.kind, code: error.code })
    throw error
  }
}

async function driveHandshake(
  handshake: Handshake,
  link: Link,
  frames: AsyncIterator<Uint8Array>,
  key: AgreementKey,
  { crypto, signer, clock, signal }: OpenSessionOptions,
): Promise<Established> {
  const interrupted = Promise.withResolvers<HandshakeEvent>()
  const abort = (): void => interrupted.reject(signal.reason)
  let timer: Disposable | null = null
  const aborting = whenAborted(signal, abort)
  // Nobody may be racing it when it rejects.
  interrupted.promise.catch(() => {})

  /** The event that an effect asks for, or null when it asks for none. */
  async function resultOf(effect: HandshakeEffect): Promise<HandshakeEvent | null> {
    switch (effect.type) {
      case 'agree':
        return { type: 'agreed', secret: await key.agree(effect.publicKey) }
      case 'sign':
        return { type: 'signed', signature: await sign('session', effect.value, signer) }
      case 'verify':
        return { type: 'verified', valid: (await crypto.verify(effect.checks)).every(Boolean) }
      case 'send':
        // A copy: the link may write into what it is given, and the transcript still needs these bytes.
        link.send(new Uint8Array(effect.frame))
        return null
      case 'timer':
        timer = clock.after(effect.ms, () => interrupted.resolve({ type: 'timeout' }))
        return null
      case 'close':
        throw new EffigyError(effect.code, `no session: ${effect.code}`)
      case 'established':
        return null
    }
  }

  async function nextFrame(): Promise<HandshakeEvent> {
    const next = await frames.next()
    if (next.done) throw new EffigyError('cut', 'no session: the link is closed')
    return { type: 'frame', frame: next.value }
  }

  try {
    let event: HandshakeEvent = { type: 'opened' }
    for (;;) {
      let result: HandshakeEvent | null = null
      for (const effect of handshake.step(event)) {
        if (effect.type === 'established') return effect.remote
        result = await Promise.race([resultOf(effect), interrupted.promise])
      }
      event = result ?? (await Promise.race([nextFrame(), interrupted.promise]))
    }
  } finally {
    aborting[Symbol.dispose]()
    ;(timer as Disposable | null)?.[Symbol.dispose]()
  }
}
