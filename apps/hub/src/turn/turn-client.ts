/**
 * A client of TURN (RFC 8656), as far as trying a relay needs it.
 *
 *     allocate ─401 with realm, nonce▶ signed request ─▶ relayed address
 *     permit(peer), bind(channel, peer) ─▶ send(peer, data) ─▶ relay ─▶ peer ─▶ onData
 *
 * What a server does wrong is returned; nothing of it is believed without its signature, once a key is known.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { err, ok, type Result } from '@effigy/core'
import type { Clock, IceUrl } from '@effigy/sync'
import type { IpAddress } from './ip-range.ts'
import {
  attributeTypes as attribute,
  decodeEndpoint,
  decodeError,
  decodeStun,
  type Endpoint,
  encodeEndpoint,
  encodeStun,
  find,
  hasIntegrity,
  longTermKey,
  methods,
  type StunAttribute,
  type StunMessage,
} from './stun-message.ts'
import { openTransport, type Transport } from './turn-transport.ts'

export type TurnFault =
  /** The server's own: 401, 403, 438, 486 … */
  | { readonly type: 'refused'; readonly code: number; readonly reason: string }
  | { readonly type: 'silent' }
  /** Not signed, or without what belongs into it. */
  | { readonly type: 'bad-answer' }

export interface TurnClientOptions {
  readonly url: IceUrl
  readonly user: string
  readonly password: string
  /** What peers sent, through the relay. */
  readonly onData?: (from: Endpoint, data: Uint8Array) => void
  readonly clock: Pick<Clock, 'after'>
  readonly signal: AbortSignal
}

export interface TurnClient extends Disposable {
  /** Asks for one's own address, which needs no name. */
  binding(): Promise<Result<Endpoint, TurnFault>>
  /** Opens a way, the only one of this client: the address that others see. */
  allocate(family?: 4 | 6): Promise<Result<Endpoint, TurnFault>>
  /** 0 ends it. */
  refresh(seconds: number): Promise<Result<null, TurnFault>>
  permit(peer: IpAddress): Promise<Result<null, TurnFault>>
  bind(channel: number, peer: Endpoint): Promise<Result<null, TurnFault>>
  send(peer: Endpoint, data: Uint8Array): void
}

/** Ms until it is asked again, and after the last time until it is given up. */
const patienceMs = [400, 800, 1_600] as const

const udp = 17

/** Addresses are written with the transaction's id. */
type MakeAttributes = (transaction: Uint8Array) => readonly StunAttribute[]

interface Challenge {
  readonly realm: string
  readonly nonce: Uint8Array
}

/** Rejects as `openTransport` does. */
export async function openTurnClient(options: TurnClientOptions): Promise<TurnClient> {
  const { url, user, password, onData, clock, signal } = options
  /** By transaction. */
  const waiting = new Map<string, (message: StunMessage, bytes: Uint8Array) => void>()
  let challenge: Challenge | null = null
  const transport: Transport = await openTransport(url, received, signal)

  function received(bytes: Uint8Array): void {
    const message = decodeStun(bytes)
    if (message === null) return
    if (message.class === 'success' || message.class === 'error') {
      waiting.get(keyOf(message.transaction))?.(message, bytes)
    } else if (message.class === 'indication' && message.method === methods.data) {
      const from = endpointIn(message, attribute.xorPeerAddress)
      const data = find(message, attribute.data)
      if (from !== null && data !== null) onData?.(from, data)
    }
  }

  /** One answer to one message, sent again while there is none. */
  async function ask(
    method: number,
    attributes: MakeAttributes,
    key: Uint8Array | null,
  ): Promise<Result<StunMessage, TurnFault>> {
    const transaction = randomBytes(12)
    const request = encodeStun(
      { method, class: 'request', transaction, attributes: attributes(transaction) },
      key,
    )
    const answered = Promise.withResolvers<Result<StunMessage, TurnFault>>()
    waiting.set(keyOf(transaction), (message, bytes) => {
      if (message.method !== method) return
      answered.resolve(judge(message, bytes, key))
    })
    let timer: Disposable | null = null
    const again = (times: number): void => {
      if (times === 0 || !transport.isReliable) transport.send(request)
      timer = clock.after(patienceMs[times] ?? 0, () => {
        if (times + 1 < patienceMs.length) again(times + 1)
        else answered.resolve(err({ type: 'silent' }))
      })
    }
    const abort = (): void => answered.reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    try {
      signal.throwIfAborted()
      again(0)
      return await answered.promise
    } finally {
      signal.removeEventListener('abort', abort)
      ;(timer as Disposable | null)?.[Symbol.dispose]()
      waiting.delete(keyOf(transaction))
    }
  }

  /** With name and key as the server wants them; asked once more where only its nonce was too old. */
  async function request(
    method: number,
    attributes: MakeAttributes,
  ): Promise<Result<StunMessage, TurnFault>> {
    if (challenge === null) {
      const first = await ask(method, attributes, null)
      // A server that wants no name does not belong to this hub; whoever called finds that out by the success.
      if (first.ok || challenge === null) return first
    }
    const signed = await askSigned(method, attributes)
    const isStale = !signed.ok && signed.error.type === 'refused' && signed.error.code === 438
    return isStale ? askSigned(method, attributes) : signed
  }

  function askSigned(method: number, attributes: MakeAttributes): Promise<Result<StunMessage, TurnFault>> {
    const { realm, nonce } = challenge ?? { realm: '', nonce: new Uint8Array() }
    const named: MakeAttributes = (transaction) => [
      ...attributes(transaction),
      { type: attribute.username, value: Buffer.from(user) },
      { type: attribute.realm, value: Buffer.from(realm) },
      { type: attribute.nonce, value: nonce },
    ]
    return ask(method, named, longTermKey(user, realm, password))
  }

  function judge(
    message: StunMessage,
    bytes: Uint8Array,
    key: Uint8Array | null,
  ): Result<StunMessage, TurnFault> {
    if (message.class === 'success') {
      return key !== null && !hasIntegrity(bytes, key) ? badAnswer : ok(message)
    }
    const value = find(message, attribute.errorCode)
    const error = value === null ? null : decodeError(value)
    if (error === null) return badAnswer
    // The first refusal brings what the next request is signed with; a wrong name gets no other one.
    const realm = find(message, attribute.realm)
    const nonce = find(message, attribute.nonce)
    const isNew = (error.code === 401 && key === null) || error.code === 438
    if (isNew && realm !== null && nonce !== null) {
      challenge = { realm: Buffer.from(realm).toString('utf8'), nonce: Uint8Array.from(nonce) }
    }
    return err({ type: 'refused', ...error })
  }

  async function done(asked: Promise<Result<StunMessage, TurnFault>>): Promise<Result<null, TurnFault>> {
    const answer = await asked
    return answer.ok ? ok(null) : answer
  }

  return {
    async binding() {
      const answer = await ask(methods.binding, () => [], null)
      return answer.ok ? orBad(endpointIn(answer.value, attribute.xorMappedAddress)) : answer
    },
    async allocate(family) {
      const answer = await request(methods.allocate, () => [
        { type: attribute.requestedTransport, value: Uint8Array.of(udp, 0, 0, 0) },
        ...(family === undefined
          ? []
          : [
              { type: attribute.requestedAddressFamily, value: Uint8Array.of(family === 4 ? 1 : 2, 0, 0, 0) },
            ]),
      ])
      return answer.ok ? orBad(endpointIn(answer.value, attribute.xorRelayedAddress)) : answer
    },
    refresh: (seconds) =>
      done(request(methods.refresh, () => [{ type: attribute.lifetime, value: word(seconds) }])),
    permit: (address) =>
      done(request(methods.createPermission, (id) => [peerAttribute({ address, port: 0 }, id)])),
    bind: (channel, peer) =>
      done(
        request(methods.channelBind, (id) => [
          peerAttribute(peer, id),
          { type: attribute.channelNumber, value: Uint8Array.of(channel >> 8, channel & 0xff, 0, 0) },
        ]),
      ),
    send(peer, data) {
      const transaction = randomBytes(12)
      const attributes = [peerAttribute(peer, transaction), { type: attribute.data, value: data }]
      transport.send(encodeStun({ method: methods.send, class: 'indication', transaction, attributes }, null))
    },
    [Symbol.dispose]: () => transport[Symbol.dispose](),
  }
}

function peerAttribute(peer: Endpoint, transaction: Uint8Array): StunAttribute {
  return { type: attribute.xorPeerAddress, value: encodeEndpoint(peer, transaction) }
}

const badAnswer: Result<never, TurnFault> = err({ type: 'bad-answer' })

const orBad = (endpoint: Endpoint | null): Result<Endpoint, TurnFault> =>
  endpoint === null ? badAnswer : ok(endpoint)

function endpointIn(message: StunMessage, type: number): Endpoint | null {
  const value = find(message, type)
  return value === null ? null : decodeEndpoint(value, message.transaction)
}

function word(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

const keyOf = (transaction: Uint8Array): string => Buffer.from(transaction).toString('hex')
