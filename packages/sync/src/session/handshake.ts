/**
 * The handshake as a state machine (spec A1-A9): events in, effects out, no clock and no I/O.
 *
 *     dialler   (commit) ─▶ request ─▶ agree ─▶ await auth ─verify▶ sign ─▶ auth ─▶ established
 *     acceptor  (await commit) ─▶ request ─▶ agree ─▶ sign ─▶ auth ─▶ await auth ─verify▶ established
 *
 * An effect that asks for a result (`agree`, `sign`, `verify`) is always the last of its list;
 * no frame is fed before the result is. A refusal is one `close` effect and nothing after it.
 *
 * @module
 */
import {
  decodeHeadRecord,
  encodeBase64url,
  equalBytes,
  type HeadRecord,
  headCheck,
  type Identity,
  identityKey,
  type JsonObject,
  parseBase64url,
  type SignatureCheck,
  signingMessage,
  utf8,
  writeStrictJson,
} from '@effigy/core'
import { decodeFrame, encodeFrame } from '../frame.ts'
import { maxHandshakeFrameBytes } from '../limits.ts'
import type { HandshakeMessage, SessionAuth, SessionCommit, SessionRequest } from '../messages.ts'
import { decodeHandshakeMessage } from '../messages-schema.ts'
import { sealingNonce } from '../sealing.ts'
import {
  type Challenge,
  decodeChallenge,
  firstTranscript,
  type HandshakeCrypto,
  handshakeKey,
  inputKey,
  knowledgeProof,
  networkProof,
  nextTranscript,
  otherRole,
  protocolVersions,
  type Role,
  signedAuth,
  type TrafficKeys,
  trafficKeys,
  writeSessionRequest,
} from './transcript.ts'

export interface HandshakeOptions {
  readonly role: Role
  readonly identity: Identity
  /** Who must be there; null at first contact, and for acceptors that take whoever comes. */
  readonly expect: Identity | null
  /** A2: whoever dials must know our identity already; ignored when dialling. */
  readonly demandProof: boolean
  /** 32 bytes. */
  readonly networkKey: Uint8Array
  /** A3: of the link. */
  readonly binding: Uint8Array
  /** Made for this session alone. */
  readonly challenge: Challenge
  /** Our head record as text, or null. */
  readonly head: string | null
  /** A9: the secret of the code, or null for an ordinary session. */
  readonly pairingSecret: Uint8Array | null
  readonly crypto: HandshakeCrypto
  readonly timeoutMs: number
}

export type HandshakeEvent =
  | { readonly type: 'opened' }
  | { readonly type: 'frame'; readonly frame: Uint8Array }
  /** Of `agree`: 32 bytes, or null for an all-zero secret. */
  | { readonly type: 'agreed'; readonly secret: Uint8Array | null }
  /** Of `sign`: 64 bytes. */
  | { readonly type: 'signed'; readonly signature: Uint8Array }
  /** Of `verify`: whether all checks hold. */
  | { readonly type: 'verified'; readonly valid: boolean }
  | { readonly type: 'timeout' }

export type HandshakeEffect =
  | { readonly type: 'send'; readonly frame: Uint8Array }
  | { readonly type: 'agree'; readonly publicKey: Uint8Array }
  /** By purpose `session`. */
  | { readonly type: 'sign'; readonly value: JsonObject }
  | { readonly type: 'verify'; readonly checks: readonly SignatureCheck[] }
  /** Feed `timeout` after so long, unless it is over before. */
  | { readonly type: 'timer'; readonly ms: number }
  | { readonly type: 'established'; readonly remote: Established }
  | { readonly type: 'close'; readonly code: Refusal }

export interface Established {
  readonly identity: Identity
  /** Its signature is verified. */
  readonly head: HeadRecord | null
  readonly keys: TrafficKeys
}

/** Why there is no session; the other side never learns it. */
export type Refusal =
  | 'bad-frame'
  | 'version'
  | 'network'
  | 'role'
  | 'reflected'
  | 'proof'
  | 'commitment'
  | 'agreement'
  | 'bad-seal'
  | 'identity'
  | 'self'
  | 'head'
  | 'signature'
  | 'unexpected'
  | 'timeout'

export interface Handshake {
  step(event: HandshakeEvent): readonly HandshakeEffect[]
}

interface Keys {
  /** A4. */
  readonly input: Uint8Array
  readonly firstTranscript: Uint8Array
  /** Grows with each `sessionauth`. */
  readonly transcript: Uint8Array
}

interface Remote {
  readonly identity: Identity
  readonly head: HeadRecord | null
}

type State =
  | { readonly type: 'new' }
  | { readonly type: 'await-commit' }
  | { readonly type: 'await-request'; readonly commitment: string | null }
  | { readonly type: 'agreeing'; readonly theirRequest: Uint8Array }
  | { readonly type: 'signing'; readonly keys: Keys; readonly remote: Remote | null }
  | { readonly type: 'await-auth'; readonly keys: Keys }
  | { readonly type: 'verifying'; readonly keys: Keys; readonly remote: Remote }
  | { readonly type: 'over' }

type Step = readonly [State, ...HandshakeEffect[]]

/** Does nothing by itself: whoever has the link steps it with what came, and does what it says (A1-A12). */
export function createHandshake(options: HandshakeOptions): Handshake {
  const { role, identity, expect, crypto, networkKey, pairingSecret } = options
  const theirRole = otherRole(role)
  const ourRequest = writeSessionRequest(crypto, options)
  const send = (frame: Uint8Array): HandshakeEffect => ({ type: 'send', frame })
  let state: State = { type: 'new' }

  function opened(): Step {
    if (expect === identity) return refuse('self')
    const timer: HandshakeEffect = { type: 'timer', ms: options.timeoutMs }
    if (pairingSecret === null) return [{ type: 'await-request', commitment: null }, timer, send(ourRequest)]
    if (role === 'acceptor') return [{ type: 'await-commit' }, timer]
    const hash = encodeBase64url(crypto.sha256(ourRequest))
    const commit = encodeFrame({ type: 'sessioncommit', hash } satisfies SessionCommit)
    return [{ type: 'await-request', commitment: null }, timer, send(commit)]
  }

  function committed(frame: Uint8Array): Step {
    const commit = readFrame('sessioncommit', frame)
    if (commit === null) return refuse('bad-frame')
    return [{ type: 'await-request', commitment: commit.hash }, send(ourRequest)]
  }

  function requested(frame: Uint8Array, commitment: string | null): Step {
    const request = readFrame('sessionrequest', frame)
    if (request === null) return refuse('bad-frame')
    const refusal = refusalOf(request)
    if (refusal !== null) return refuse(refusal)
    if (commitment !== null && commitment !== encodeBase64url(crypto.sha256(frame)))
      return refuse('commitment')
    const agree: HandshakeEffect = { type: 'agree', publicKey: decodeChallenge(request.challenge).publicKey }
    const next: State = { type: 'agreeing', theirRequest: frame }
    // A9: only now does the pairing dialler show what it is committed to.
    return pairingSecret !== null && role === 'dialler' ? [next, send(ourRequest), agree] : [next, agree]
  }

  /** A2: what can be told from the request alone. */
  function refusalOf(request: SessionRequest): Refusal | null {
    if (!request.v.some((version) => protocolVersions.includes(version))) return 'version'
    if (request.role !== theirRole) return 'role'
    const theirs = decodeChallenge(request.challenge)
    const ours = options.challenge
    if (equalBytes(theirs.publicKey, ours.publicKey) || equalBytes(theirs.random, ours.random)) {
      return 'reflected'
    }
    if (!sameText(request.network, networkProof(crypto, networkKey, request))) return 'network'
    if (request.to === null) return role === 'acceptor' && options.demandProof ? 'proof' : null
    return sameText(request.to, knowledgeProof(crypto, identity, request.challenge)) ? null : 'proof'
  }

  function agreed(secret: Uint8Array | null, theirRequest: Uint8Array): Step {
    if (secret === null) return refuse('agreement')
    const [diallerRequest, acceptorRequest] =
      role === 'dialler' ? [ourRequest, theirRequest] : [theirRequest, ourRequest]
    const transcript = firstTranscript(crypto, {
      networkKey,
      binding: options.binding,
      diallerRequest,
      acceptorRequest,
    })
    const input = inputKey(secret, pairingSecret)
    const keys = { input, firstTranscript: transcript, transcript }
    return role === 'dialler' ? [{ type: 'await-auth', keys }] : signing(keys, null)
  }

  function signing(keys: Keys, remote: Remote | null): Step {
    const value = signedAuth(role, keys.transcript, identity, options.head)
    return [
      { type: 'signing', keys, remote },
      { type: 'sign', value },
    ]
  }

  function signed(signature: Uint8Array, keys: Keys, remote: Remote | null): Step {
    const auth: SessionAuth = {
      type: 'sessionauth',
      identity,
      head: options.head,
      signature: encodeBase64url(signature),
    }
    const key = handshakeKey(crypto, keys.input, keys.firstTranscript, role)
    const sealed = crypto.seal(key, sealingNonce(0), new Uint8Array(0), encodeFrame(auth))
    const next = { ...keys, transcript: nextTranscript(crypto, keys.transcript, sealed) }
    if (remote === null) return [{ type: 'await-auth', keys: next }, send(sealed)]
    return [{ type: 'over' }, send(sealed), established(next, remote)]
  }

  function authenticated(sealed: Uint8Array, keys: Keys): Step {
    if (sealed.length > maxHandshakeFrameBytes) return refuse('bad-frame')
    const key = handshakeKey(crypto, keys.input, keys.firstTranscript, theirRole)
    const frame = crypto.open(key, sealingNonce(0), new Uint8Array(0), sealed)
    if (frame === null) return refuse('bad-seal')
    const auth = readFrame('sessionauth', frame)
    if (auth === null) return refuse('bad-frame')
    if (auth.identity === identity) return refuse('self')
    if (expect !== null && auth.identity !== expect) return refuse('identity')
    const head = readHead(auth)
    if (head === 'bad') return refuse('head')
    const signature = parseBase64url(auth.signature)
    if (signature === null) return refuse('bad-frame')
    const value = signedAuth(theirRole, keys.transcript, auth.identity, auth.head)
    const check: SignatureCheck = {
      publicKey: identityKey(auth.identity),
      message: signingMessage('session', utf8(writeStrictJson(value))),
      signature,
    }
    const next = { ...keys, transcript: nextTranscript(crypto, keys.transcript, sealed) }
    return [
      { type: 'verifying', keys: next, remote: { identity: auth.identity, head } },
      { type: 'verify', checks: head === null ? [check] : [check, headCheck(head)] },
    ]
  }

  function verified(valid: boolean, keys: Keys, remote: Remote): Step {
    if (!valid) return refuse('signature')
    // A8: the dialler shows itself only now.
    return role === 'dialler' ? signing(keys, remote) : [{ type: 'over' }, established(keys, remote)]
  }

  function established({ input, transcript }: Keys, remote: Remote): HandshakeEffect {
    const keys = trafficKeys(crypto, input, transcript)
    return { type: 'established', remote: { ...remote, keys } }
  }

  function next(event: HandshakeEvent): Step {
    if (event.type === 'timeout' && state.type !== 'over') return refuse('timeout')
    switch (state.type) {
      case 'new':
        return event.type === 'opened' ? opened() : refuse('unexpected')
      case 'await-commit':
        return event.type === 'frame' ? committed(event.frame) : refuse('unexpected')
      case 'await-request':
        return event.type === 'frame' ? requested(event.frame, state.commitment) : refuse('unexpected')
      case 'agreeing':
        return event.type === 'agreed' ? agreed(event.secret, state.theirRequest) : refuse('unexpected')
      case 'signing':
        return event.type === 'signed'
          ? signed(event.signature, state.keys, state.remote)
          : refuse('unexpected')
      case 'await-auth':
        return event.type === 'frame' ? authenticated(event.frame, state.keys) : refuse('unexpected')
      case 'verifying':
        return event.type === 'verified'
          ? verified(event.valid, state.keys, state.remote)
          : refuse('unexpected')
      case 'over':
        return [state]
    }
  }

  return {
    step(event) {
      const [nextState, ...effects] = next(event)
      state = nextState
      return effects
    },
  }
}

function refuse(code: Refusal): Step {
  return [{ type: 'over' }, { type: 'close', code }]
}

function readFrame<Type extends HandshakeMessage['type']>(
  type: Type,
  bytes: Uint8Array,
): Extract<HandshakeMessage, { type: Type }> | null {
  const frame = decodeFrame(bytes, maxHandshakeFrameBytes)
  return frame.ok ? decodeHandshakeMessage(type, frame.value) : null
}

function readHead(auth: SessionAuth): HeadRecord | null | 'bad' {
  if (auth.head === null) return null
  const record = decodeHeadRecord(utf8(auth.head))
  // Not understood, and no fault (E3): as if there were none.
  if (!record.ok && record.error.code === 'version') return null
  return record.ok && record.value.head.identity === auth.identity ? record.value : 'bad'
}

/** Takes equally long wherever the texts differ: a guess at a MAC learns nothing from the time. */
function sameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let index = 0; index < a.length; index++) difference |= a.charCodeAt(index) ^ b.charCodeAt(index)
  return difference === 0
}
