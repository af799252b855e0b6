/**
 * One session's asking half (spec V3-V6).
 *
 *     call ─token known?▶ call {token} ─▶ answer… ─▶ Result
 *       └─ no: wantservice ─▶ providesservice ─▶ token
 *
 * @module
 */
import { err, type JsonObject, ok, type Result } from '@effigy/core'
import type { FrameBytes } from '../frame.ts'
import type { ServiceLimits } from '../limits.ts'
import type { ErrorMessage, Message } from '../messages.ts'
import { whenAborted } from '../when-aborted.ts'
import type { ServiceRefusal } from './service.ts'

export interface ReceivedAnswer {
  readonly value: JsonObject
  readonly bytes: Uint8Array
}

export interface CallOptions {
  readonly bytes?: FrameBytes
  /** Hears each answer before the last. */
  readonly onAnswer?: (answer: ReceivedAnswer) => void
  readonly signal: AbortSignal
}

export interface CallClient extends Disposable {
  /**
   * Resolves with the last answer, or why there is none: the other side's code, or `cut` when the session is over.
   * Rejects with the signal's reason alone.
   */
  call(
    service: string,
    method: string,
    value: JsonObject,
    options: CallOptions,
  ): Promise<Result<ReceivedAnswer, ServiceRefusal>>
  /** What messages of a service's own carry (V60, V70); asked for once. */
  token(service: string): Promise<Result<string, ServiceRefusal>>
  /** Shows the body of an invite (W3). Resolves with the hub's reason where it refuses it, or `cut`; rejects with the signal's. */
  join(invite: Uint8Array, signal: AbortSignal): Promise<Result<null, ServiceRefusal>>
  /** True when it answers one of ours. */
  take(message: Message, bytes: Uint8Array): boolean
}

/** Between those of replication, which count from 1, and those of receipts. */
const firstId: number = 2 ** 50
const lastId: number = 2 ** 51

type Handler = (message: Message, bytes: Uint8Array) => void

/** Whether it answers what a client asked, or would have. */
export function isCallAnswer(message: Message): boolean {
  return 're' in message && message.re !== null && message.re >= firstId && message.re < lastId
}

/** Calls to the other side of one session; disposing it answers all that wait with `cut`. */
export function createCallClient({
  send,
  limits,
}: {
  readonly send: (message: Message, bytes?: FrameBytes) => void
  readonly limits: ServiceLimits
}): CallClient {
  const open = new Map<number, Handler>()
  const tokens = new Map<string, Promise<Result<string, ServiceRefusal>>>()
  let nextId = firstId
  let over = false

  function token(service: string): Promise<Result<string, ServiceRefusal>> {
    const known = tokens.get(service)
    if (known !== undefined) return known
    const asked = Promise.withResolvers<Result<string, ServiceRefusal>>()
    const id = nextId++
    open.set(id, (message) => {
      open.delete(id)
      if (message.type === 'providesservice' && message.service === service) asked.resolve(ok(message.token))
      else asked.resolve(err(refusalOf(message)))
    })
    tokens.set(service, asked.promise)
    // What was refused may be granted later.
    void asked.promise.then((result) => {
      if (!result.ok) tokens.delete(service)
    })
    send({ type: 'wantservice', id, service })
    return asked.promise
  }

  async function call(
    service: string,
    method: string,
    value: JsonObject,
    { bytes = [], onAnswer, signal }: CallOptions,
  ): Promise<Result<ReceivedAnswer, ServiceRefusal>> {
    signal.throwIfAborted()
    if (over) return err(cut)
    const asked = Promise.withResolvers<Result<ReceivedAnswer, ServiceRefusal>>()
    let id = 0
    const abort = (): void => {
      asked.reject(signal.reason)
      if (id > 0 && open.delete(id) && !over) send({ type: 'cancel', id })
    }
    const aborted = whenAborted(signal, abort)
    try {
      const given = await Promise.race([token(service), asked.promise])
      signal.throwIfAborted()
      if (!given.ok) return given
      if (over) return err(cut)
      if (open.size >= limits.pendingCalls) return err({ code: 'busy', retryMs: 1_000 })
      id = nextId++
      open.set(id, (message, answerBytes) => {
        if (message.type !== 'answer') {
          open.delete(id)
          // The other side gives a new one: trust has changed, say.
          if (message.type === 'error' && message.code === 'bad-token') tokens.delete(service)
          asked.resolve(err(refusalOf(message)))
          return
        }
        const answer = { value: message.value, bytes: answerBytes }
        if (!message.end) return onAnswer?.(answer)
        open.delete(id)
        asked.resolve(ok(answer))
      })
      send({ type: 'call', id, service, token: given.value as string, method, value }, bytes)
      return await asked.promise
    } finally {
      aborted[Symbol.dispose]()
      // Nobody may be waiting for it any more when it rejects.
      asked.promise.catch(() => {})
    }
  }

  async function join(invite: Uint8Array, signal: AbortSignal): Promise<Result<null, ServiceRefusal>> {
    signal.throwIfAborted()
    if (over) return err(cut)
    const asked = Promise.withResolvers<Result<null, ServiceRefusal>>()
    const id = nextId++
    const abort = (): void => {
      // The hub may have let us in by now: the same invite does again.
      open.delete(id)
      asked.reject(signal.reason)
    }
    const aborted = whenAborted(signal, abort)
    open.set(id, (message) => {
      open.delete(id)
      asked.resolve(message.type === 'joined' ? ok(null) : err(refusalOf(message)))
    })
    try {
      send({ type: 'join', id }, invite)
      return await asked.promise
    } finally {
      aborted[Symbol.dispose]()
      asked.promise.catch(() => {})
    }
  }

  return {
    call,
    join,
    token: (service) => (over ? Promise.resolve(err(cut)) : token(service)),
    take(message, bytes) {
      if (!('re' in message) || message.re === null || message.re < firstId || message.re >= lastId)
        return false
      open.get(message.re)?.(message, bytes)
      return true
    },
    [Symbol.dispose]() {
      over = true
      // Each by itself: what all of them raced against would hold every answer of the session until its end.
      for (const answer of [...open.values()])
        answer({ type: 'error', re: null, code: 'cut', retry: 0 }, nothing)
      open.clear()
    },
  }
}

/** M2: who says a longer time is asked again after a day. */
const mostRetryMs: number = 24 * 60 * 60 * 1000

const nothing: Uint8Array = new Uint8Array(0)

const cut: ServiceRefusal = { code: 'cut', retryMs: 0 }

/** Any other answer than the method's kind is the other side's mistake. */
function refusalOf(message: Message): ServiceRefusal {
  if (message.type !== 'error') return { code: 'bad-answer', retryMs: null }
  const { code, retry } = message as ErrorMessage
  return { code, retryMs: retry === null ? null : Math.min(retry, mostRetryMs) }
}
