/**
 * Messages between the processes of one hub, or between the parts of one process.
 *
 *     publish 'leases.granted' ─▶ everybody who subscribed to 'leases.granted' or 'leases.*'
 *     request 'node.7.drain'   ─▶ the first who answers
 *
 * At most once, and not kept: who subscribes later hears nothing of before. A port: in one process it is
 * `embedded-bus.ts`; `busContract` in `apps/hub/test` defines a correct one, and runs against NATS too
 * (docs/decisions/0011-hub-ports.md).
 *
 * @module
 */
import type { Result } from '@effigy/core'

/** Of one message: the longest frame of a session and something around it. */
export const maxMessageBytes: number = 512 * 1024
/** Messages that wait for one subscriber; the oldest of more are dropped, and counted. */
export const maxUnread = 1024
/** And their bytes together. */
export const maxUnreadBytes: number = 16 * 1024 * 1024

export interface BusMessage {
  readonly subject: string
  /** Not to be changed: others read the same bytes. */
  readonly data: Uint8Array
  /** How many this subscriber was too slow for since the message before; 0 mostly. */
  readonly missed: number
  /** Answers a request; null where nobody asked. Answers after the first are lost. */
  readonly reply: ((data: Uint8Array) => void) | null
}

export type RequestFailure =
  /** Nobody subscribes to that subject; known at once. */
  { readonly type: 'nobody' } | { readonly type: 'timed-out' }

/**
 * Subjects are words of `A-Z a-z 0-9 _ -` with dots between, 200 characters at most; where one subscribes, `*` may
 * stand for one word. Anything else, and more than `maxMessageBytes`, is a mistake of the caller: a `RangeError`.
 *
 * After disposal everything throws `EffigyError` 'closed', and subscriptions end so.
 */
export interface Bus extends AsyncDisposable {
  publish(subject: string, data: Uint8Array): void
  /**
   * Resolves when it is in force: everything published anywhere after that comes, in the order of each publisher.
   * One reader. The subscription ends when the reader leaves its loop, or by the signal, whose reason it throws.
   */
  subscribe(pattern: string, signal: AbortSignal): Promise<AsyncIterable<BusMessage>>
  /** `timeoutMs` up to an hour. Rejects with the signal's reason. */
  request(
    subject: string,
    data: Uint8Array,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Result<Uint8Array, RequestFailure>>
}

export function isSubject(text: string): boolean {
  return text.length <= 200 && /^[\w-]+(?:\.[\w-]+)*$/.test(text)
}

/** A subject in which words may be `*`. */
export function isPattern(text: string): boolean {
  return text.length <= 200 && /^(?:\*|[\w-]+)(?:\.(?:\*|[\w-]+))*$/.test(text)
}
