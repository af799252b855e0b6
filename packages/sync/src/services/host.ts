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
import { createPace, type Pace } from '../session/pace.ts'
import { SparseMap } from '../sparse.ts'
import type { Registry } from './registry.ts'
import type { Caller, ServiceAnswer, ServiceMethod, ServiceRefusal } from './service.ts'

export interface HostPorts {
  readonly registry: Registry
  /** Asked anew each time: trust changes. */
  caller(): Caller
  /** What `provides` says besides. */
  readonly kind: 'hub' | 'peer'
  metered(): boolean
  /** Nobody looks at this device now; never when omitted. */
  resting?(): boolean
  send(message: Message, bytes?: FrameBytes): void
  readonly random: RandomBytes
  readonly clock: Pick<Clock, 'monotonic'>
  readonly limits: ServiceLimits
  /** A method threw; the other side hears `internal`. */
  onFailure(service: string, error: unknown): void
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

/** What is served to the other side of one session; disposing it ends the calls under way. */
export function createHost(ports: HostPorts): Host {
  return new ServiceHost(ports)
}

interface Offer {
  readonly services: readonly string[]
  readonly metered: boolean
  readonly resting: boolean
}

interface Written {
  readonly list: string
  readonly kind: HostPorts['kind']
  readonly bytes: Uint8Array
}

/** What was told last of each registry. */
const written = new WeakMap<Registry, Written>()

/** A class, because each session has one. */
class ServiceHost implements Host {
  readonly #ports: HostPorts
  readonly #tokens = new SparseMap<string, string>()
  readonly #running = new SparseMap<number, Running>()
  readonly #pace: Pace
  #told: string | null = null
  #over = false

  constructor(ports: HostPorts) {
    this.#ports = ports
    this.#pace = createPace(ports.limits.callsPerSecond, ports.limits.callBurst)
  }

  provide(): void {
    if (this.#over) return
    const who = this.#ports.caller()
    const services = this.#ports.registry.namesFor(who)
    const metered = this.#ports.metered()
    const resting = this.#ports.resting?.() === true
    const list = `${metered} ${resting} ${services.join()}`
    if (list !== this.#told) {
      const { list: same, bytes } = this.#provided(list, { services, metered, resting })
      this.#told = same
      this.#ports.send({ type: 'provides' }, bytes)
    }
    // Neither a token nor a call outlives what it was given for (V3, V6).
    for (const name of this.#tokens.keys()) if (this.#refusalOf(name, who) !== null) this.#tokens.delete(name)
    for (const [id, { service, stop }] of [...this.#running]) {
      const refusal = this.#refusalOf(service, who)
      if (refusal === null) continue
      this.#running.delete(id)
      stop.abort()
      this.#refuse(id, refusal)
    }
  }

  /** Most callers are told the same: the text is held once for all of them. */
  #provided(list: string, { services, metered, resting }: Offer): Written {
    const { registry, kind } = this.#ports
    const last = written.get(registry)
    if (last?.list === list && last.kind === kind) return last
    const bytes = writeProvided({ services, kind, metered, ...(resting ? { resting } : {}) })
    const next: Written = { list, kind, bytes }
    written.set(registry, next)
    return next
  }

  /** Why a service may not be had now; null where it may. */
  #refusalOf(name: string, who: Caller): ServiceRefusal | null {
    const service = this.#ports.registry.get(name)
    if (service?.isFor(who) !== true) return unknownService
    return service.admit?.(who) ?? null
  }

  refusal(name: string, token: string): ServiceRefusal | null {
    const refusal = this.#refusalOf(name, this.#ports.caller())
    if (refusal !== null) return refusal
    const given = this.#tokens.get(name)
    const isRight = given !== undefined && constantTimeEqualText(given, token)
    return isRight ? null : { code: 'bad-token', retryMs: null }
  }

  #refuse(re: number, { code, retryMs }: ServiceRefusal): void {
    this.#ports.send({ type: 'error', re, code, retry: retryMs })
  }

  #isTooFast(id: number): boolean {
    const waitMs = this.#pace.take(this.#ports.clock.monotonic(), 1)
    if (waitMs > 0) this.#refuse(id, { code: 'too-fast', retryMs: waitMs })
    return waitMs > 0
  }

  #want({ id, service: name }: WantService): void {
    if (this.#isTooFast(id)) return
    const who = this.#ports.caller()
    const refusal = this.#refusalOf(name, who)
    if (refusal !== null) {
      // V3: who may not have it sees no difference to what is not there; the built-in ones need no token.
      const isBuiltIn =
        this.#ports.registry.get(name) === null && this.#ports.registry.namesFor(who).includes(name)
      this.#refuse(id, isBuiltIn ? { code: 'no-token', retryMs: null } : refusal)
      return
    }
    const known = this.#tokens.get(name)
    if (known === undefined && this.#tokens.size >= this.#ports.limits.tokens) {
      this.#refuse(id, { code: 'too-many', retryMs: null })
      return
    }
    // The same one for the same service, so that asking again costs nothing.
    const token = known ?? encodeBase64url(this.#ports.random(16))
    this.#tokens.set(name, token)
    this.#ports.send({ type: 'providesservice', re: id, end: true, service: name, token })
  }

  #call(message: Call, bytes: Uint8Array): void {
    const { id, service: name, method: methodName } = message
    if (this.#isTooFast(id)) return
    const checked = this.#check(message, bytes)
    if ('code' in checked) {
      this.#refuse(id, checked)
      return
    }
    const stop = new AbortController()
    const call: Running = { service: name, stop }
    this.#running.set(id, call)
    const isOpen = (): boolean => this.#running.get(id) === call
    const answer = (last: boolean) => (given: ServiceAnswer) => {
      if (isOpen())
        this.#ports.send({ type: 'answer', re: id, end: last, value: given.value }, given.bytes ?? [])
    }
    const { value } = message
    run(checked.method, {
      ...this.#ports.caller(),
      value,
      bytes,
      answer: answer(false),
      signal: stop.signal,
    }).then(
      (result) => {
        if (!isOpen()) return
        if (result.ok) answer(true)(result.value)
        else this.#refuse(id, result.error)
        this.#running.delete(id)
      },
      (error: unknown) => {
        if (!isOpen()) return
        this.#running.delete(id)
        this.#ports.onFailure(`${name}.${methodName}`, error)
        this.#refuse(id, { code: 'internal', retryMs: null })
      },
    )
  }

  #check(message: Call, bytes: Uint8Array): { readonly method: ServiceMethod } | ServiceRefusal {
    const { service: name, token, method, value } = message
    const refusal = this.refusal(name, token)
    if (refusal !== null) return refusal
    const methods = this.#ports.registry.get(name)?.methods ?? {}
    const found = Object.hasOwn(methods, method) ? methods[method] : undefined
    if (found === undefined) return { code: 'unknown-method', retryMs: null }
    const size = utf8(JSON.stringify(value)).length
    if (size > this.#ports.limits.valueBytes || bytes.length > this.#ports.limits.callBytes) {
      return { code: 'too-large', retryMs: null }
    }
    if (this.#running.size >= this.#ports.limits.pendingCalls) return { code: 'busy', retryMs: 1_000 }
    return { method: found }
  }

  take(message: Message, bytes: Uint8Array): boolean {
    if (this.#over) return false
    if (message.type === 'wantservice') this.#want(message)
    else if (message.type === 'call') this.#call(message, bytes)
    else if (message.type === 'cancel' && this.#running.has(message.id)) {
      const call = this.#running.get(message.id)
      this.#running.delete(message.id)
      call?.stop.abort()
    } else return false
    return true
  }

  get pending(): number {
    return this.#running.size
  }

  [Symbol.dispose](): void {
    this.#over = true
    const calls = [...this.#running.values()]
    this.#running.clear()
    this.#tokens.clear()
    for (const { stop } of calls) stop.abort()
  }
}

/** What a method throws before its first wait is a rejection too. */
async function run(method: ServiceMethod, call: Parameters<ServiceMethod>[0]): ReturnType<ServiceMethod> {
  return method(call)
}
