/**
 * The bus of a hub that is one process.
 *
 *     publish ─copy▶ one queue for each subscription that fits ─▶ its reader
 *
 * @module
 */
import { type EffigyError, err, ok, type Result } from '@effigy/core'
import { storageError } from '@effigy/store'
import type { Clock } from '@effigy/sync'
import {
  type Bus,
  type BusMessage,
  isPattern,
  isSubject,
  maxMessageBytes,
  type RequestFailure,
} from './bus.ts'
import { createInbox, type Inbox } from './inbox.ts'

interface Subscription {
  readonly words: readonly string[]
  readonly inbox: Inbox
}

export function createEmbeddedBus({ clock }: { readonly clock: Clock }): Bus {
  const subscriptions = new Set<Subscription>()
  const closed = new AbortController()

  /** @returns how many it is for. */
  function deliver(subject: string, data: Uint8Array, reply: BusMessage['reply']): number {
    closed.signal.throwIfAborted()
    if (!isSubject(subject)) throw new RangeError('no subject')
    if (data.length > maxMessageBytes) throw new RangeError('a message is too large for the bus')
    const words = subject.split('.')
    // What the caller does with its bytes afterwards is nobody's business.
    const copy = data.slice()
    let count = 0
    for (const subscription of subscriptions) {
      if (!fits(subscription.words, words)) continue
      subscription.inbox.push({ subject, data: copy, reply })
      count++
    }
    return count
  }

  async function ask(
    subject: string,
    data: Uint8Array,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Result<Uint8Array, RequestFailure>> {
    signal.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<Result<Uint8Array, RequestFailure>>()
    const abort = (): void => reject(signal.reason)
    const close = (): void => reject(closed.signal.reason)
    const reply = (answer: Uint8Array): void => {
      if (answer.length > maxMessageBytes) throw new RangeError('a message is too large for the bus')
      resolve(ok(answer.slice()))
    }
    if (deliver(subject, data, reply) === 0) return err({ type: 'nobody' })
    using _timer = clock.after(timeoutMs, () => resolve(err({ type: 'timed-out' })))
    signal.addEventListener('abort', abort, { once: true })
    closed.signal.addEventListener('abort', close, { once: true })
    try {
      return await promise
    } finally {
      signal.removeEventListener('abort', abort)
      closed.signal.removeEventListener('abort', close)
    }
  }

  return {
    publish: (subject, data) => void deliver(subject, data, null),
    async subscribe(pattern, signal) {
      signal.throwIfAborted()
      closed.signal.throwIfAborted()
      if (!isPattern(pattern)) throw new RangeError('no pattern of subjects')
      const inbox = createInbox(signal, () => subscriptions.delete(subscription))
      const subscription: Subscription = { words: pattern.split('.'), inbox }
      subscriptions.add(subscription)
      return inbox.messages
    },
    request: ask,
    async [Symbol.asyncDispose]() {
      if (closed.signal.aborted) return
      const reason: EffigyError = storageError('closed')
      closed.abort(reason)
      for (const { inbox } of subscriptions) inbox.end(reason)
      subscriptions.clear()
    },
  }
}

function fits(pattern: readonly string[], words: readonly string[]): boolean {
  return pattern.length === words.length && pattern.every((word, at) => word === '*' || word === words[at])
}
