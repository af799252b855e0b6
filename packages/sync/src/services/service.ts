/**
 * What one peer does for another beyond replication (spec V1-V7).
 *
 *     registry: names ─trust▶ provides      wantservice ─▶ token      call(token) ─▶ handler ─▶ answer…
 *
 * @module
 */
import type { Identity, JsonObject, Result } from '@effigy/core'
import type { FrameBytes } from '../frame.ts'
import type { Trust } from '../replication/sharing.ts'

/** Names of this version; others may be served too. */
export type KnownService =
  | 'blobs'
  | 'headtracking'
  | 'signalling'
  | 'relaying'
  | 'dropbox'
  | 'datalease'
  | 'voice'
  | 'video'

/** Why something was not done; `code` as in M3. */
export interface ServiceRefusal {
  readonly code: string
  /** Ms after which trying again makes sense; null for never. */
  readonly retryMs: number | null
}

export interface ServiceAnswer {
  readonly value: JsonObject
  /** The method's; empty when omitted. */
  readonly bytes?: FrameBytes
}

export interface ServiceCall {
  readonly remote: Identity
  /** At the time of the call. */
  readonly trust: Trust
  readonly value: JsonObject
  readonly bytes: Uint8Array
  /** One more answer before the last; ignored once the call is over. */
  answer(answer: ServiceAnswer): void
  /** Aborted when the other side cancels, may have the service no more, or the session is over. */
  readonly signal: AbortSignal
}

/** What a peer or a user causes is returned; what is thrown is answered `internal`. */
export type ServiceMethod = (call: ServiceCall) => Promise<Result<ServiceAnswer, ServiceRefusal>>

/** Who is there, as a service may ask. */
export interface Caller {
  readonly remote: Identity
  readonly trust: Trust
}

export interface Service {
  readonly name: string
  /** Whether it is told of, and may be had; asked again when trust changes. */
  readonly isFor: (caller: Caller) => boolean
  /**
   * Refuses it with a reason: a quota, say. Asked for each token and call, and again for those that are under way
   * when trust changes; so it counts nothing. Everybody `isFor` allows, when omitted.
   */
  readonly admit?: (caller: Caller) => ServiceRefusal | null
  readonly methods: Readonly<Record<string, ServiceMethod>>
}

const ranks: Readonly<Record<Trust, number>> = { stranger: 0, contact: 1, friend: 2, own: 3 }

/** For a service that wants at least so much trust. */
export function atLeast(trust: Trust): Service['isFor'] {
  return (caller) => ranks[caller.trust] >= ranks[trust]
}
