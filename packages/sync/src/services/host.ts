/**
 * One session's serving half (spec V1-V6).
 *
 *     trust or registry changes ─▶ provides, calls that end      wantservice ─▶ token      call ─token? pace?▶ method ─▶ answer
 *
 * Whatever is wrong with a call is answered with a code; the session lives.
 *
 * @module
 */

import { encodeBase64url, type RandomBytes, utf8 } from '@effigy/core'
import { constantTimeEqualText } from '@effigy/crypto'
import type { Clock } from '../clock.ts'
import type { FrameBytes } from '../frame.ts'
import type { ServiceLimits } from '../limits.ts'
import type { Call, Message, WantService } from '../messages.ts'
import { writeProvided } from '../provided.ts'
import { createPace } from '../session/pace.ts'
import { SparseMap } from '../sparse.ts'
import type { Registry } from './registry.ts'
import type { Caller, ServiceAnswer, ServiceMethod, ServiceRefusal } from './service.ts'

export interface HostPorts {
  readonly registry: Registry
  /** Asked anew each time: trust changes. */
  readonly caller: () => Caller
  /** What `provides` says besides. */
  readonly kind: 'hub' | 'peer'
  readonly metered: () => boolean
  /** Nobody looks at this device now; never when omitted. */
  readonly resting?: () => boolean
  readonly send: (message: Message, bytes?: FrameBytes) => void
  readonly random: RandomBytes
  readonly clock: Pick<Clock, 'monotonic'>
  readonly limits: ServiceLimits
  /** A method threw; the other side hears `internal`. */
  readonly onFailure: (service: string, error: unknown) => void
}

export interface Host extends Disposable {
  /** Trust, or what is served, may have changed: says what is provided where that is new, and ends what may be had no more. */
  provide(): void
  /** Why that token does not do for messages of that service's own; null where it does. */
  refusal(service: string, token: string): ServiceRefusal | null
  /** True when it was one of ours. */
  take(message: Message, bytes: Uint8Array): boolean
  /** Calls under way. */
  readonly pending: number
}

/** A call under way. */
interface Running {
  readonly service: string
  readonly stop: AbortController
}

const unknownService: ServiceRefusal = { code: 'unknown-service', retryMs: null }

export function createHost(ports: HostPorts): Host {
  const { registry, caller, send, clock, limits } = ports
  const tokens = new SparseMap<string, string>()
  const running = new SparseMap<number, Running>()
  const pace = createPace(limits.callsPerSecond, limits.callBurst)
  let told: string | null = null
  let over = false

  function provide(): void {
    if (over) return
    const who = caller()
    const services = registry.namesFor(who)
    const metered = ports.metered()
    const resting = ports.resting?.() === true
    const list = `${metered} ${resting} ${services.join()}`
    if (list !== told) {
      told = list
      send(
        { type: 'provides' },
        writeProvided({ services, kind: ports.kind, metered, ...(resting ? { resting } : {}) }),
      )
    }
    // Neither a token nor a call outlives what it was given for (V3, V6).
    for (const name of tokens.keys()) if (refusalOf(name, who) !== null) tokens.delete(name)
    for (const [id, { service, stop }] of [...running]) {
      const refusal = refusalOf(service, who)
      if (refusal === null) continue
      running.delete(id)
      stop.abort()
      refuse(id, refusal)
    }
  }

  /** Why a service may not be had now; null where it may. */
  function refusalOf(name: string, who: Caller): ServiceRefusal | null {
    const service = registry.get(name)
    if (service?.isFor(who) !== true) return unknownService
    return service.admit?.(who) ?? null
  }

  function refusalWith(name: string, token: string): ServiceRefusal | null {
    const refusal = refusalOf(name, caller())
    if (refusal !== null) return refusal
    const given = tokens.get(name)
    const isRight = given !== undefined && constantTimeEqualText(given, token)
    return isRight ? null : { code: 'bad-token', retryMs: null }
  }

  function refuse(re: number, { code, retryMs }: ServiceRefusal): void {
    send({ type: 'error', re, code, retry: retryMs })
  }

  function isTooFast(id: number): boolean {
    const waitMs = pace.take(clock.monotonic(), 1)
    if (waitMs > 0) refuse(id, { code: 'too-fast', retryMs: waitMs })
    return waitMs > 0
  }

  function want({ id, service: name }: WantService): void {
    if (isTooFast(id)) return
    const who = caller()
    const refusal = refusalOf(name, who)
    if (refusal !== null) {
      // V3: who may not have it sees no difference to what is not there; the built-in ones need no token.
      const isBuiltIn = registry.get(name) === null && registry.namesFor(who).includes(name)
      refuse(id, isBuiltIn ? { code: 'no-token', retryMs: null } : refusal)
      return
    }
    const known = tokens.get(name)
    if (known === undefined && tokens.size >= limits.tokens) {
      refuse(id, { code: 'too-many', retryMs: null })
      return
    }
    // The same one for the same service, so that asking again costs nothing.
    const token = known ?? encodeBase64url(ports.random(16))
    tokens.set(name, token)
    send({ type: 'providesservice', re: id, end: true, service: name, token })
  }

  function call(message: Call, bytes: Uint8Array): void {
    const { id, service: name, method: methodName } = message
    if (isTooFast(id)) return
    const checked = check(message, bytes)
    if ('code' in checked) {
      refuse(id, checked)
      return
    }
    const stop = new AbortController()
    const call: Running = { service: name, stop }
    running.set(id, call)
    const isOpen = (): boolean => running.get(id) === call
    const answer = (last: boolean) => (given: ServiceAnswer) => {
      if (isOpen()) send({ type: 'answer', re: id, end: last, value: given.value }, given.bytes ?? [])
    }
    const { value } = message
    run(checked.method, {
      ...caller(),
      value,
      bytes,
      answer: answer(false),
      signal: stop.signal,
    }).then(
      (result) => {
        if (!isOpen()) return
        if (result.ok) answer(true)(result.value)
        else refuse(id, result.error)
        running.delete(id)
      },
      (error: unknown) => {
        if (!isOpen()) return
        running.delete(id)
        ports.onFailure(`${name}.${methodName}`, error)
        refuse(id, { code: 'internal', retryMs: null })
      },
    )
  }

  function check(message: Call, bytes: Uint8Array): { readonly method: ServiceMethod } | ServiceRefusal {
    const { service: name, token, method, value } = message
    const refusal = refusalWith(name, token)
    if (refusal !== null) return refusal
    const methods = registry.get(name)?.methods ?? {}
    const found = Object.hasOwn(methods, method) ? methods[method] : undefined
    if (found === undefined) return { code: 'unknown-method', retryMs: null }
    const size = utf8(JSON.stringify(value)).length
    if (size > limits.valueBytes || bytes.length > limits.callBytes) {
      return { code: 'too-large', retryMs: null }
    }
    if (running.size >= limits.pendingCalls) return { code: 'busy', retryMs: 1_000 }
    return { method: found }
  }

  return {
    provide,
    refusal: refusalWith,
    take(message, bytes) {
      if (over) return false
      if (message.type === 'wantservice') want(message)
      else if (message.type === 'call') call(message, bytes)
      else if (message.type === 'cancel' && running.has(message.id)) {
        const call = running.get(message.id)
        running.delete(message.id)
        call?.stop.abort()
      } else return false
      return true
    },
    get pending() {
      return running.size
    },
    [Symbol.dispose]() {
      over = true
      const calls = [...running.values()]
      running.clear()
      tokens.clear()
      for (const { stop } of calls) stop.abort()
    },
  }
}

/** What a method throws before its first wait is a rejection too. */
async function run(method: ServiceMethod, call: Parameters<ServiceMethod>[0]): ReturnType<ServiceMethod> {
  return method(call)
}
