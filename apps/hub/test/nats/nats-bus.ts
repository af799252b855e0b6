/**
 * A `Bus` over the core subjects of NATS: enough to show that the port fits it.
 *
 *     publish 'a.b' ─▶ subject '<prefix>.a.b'
 *
 * @module
 */
import { EffigyError, err, ok, type Result } from '@effigy/core'
import { errors, type NatsConnection } from '@nats-io/transport-node'
import { type Bus, isPattern, isSubject, maxMessageBytes, type RequestFailure } from '../../src/ports/bus.ts'
import { createInbox, type Inbox } from '../../src/ports/inbox.ts'

/** `prefix`: what several hubs at one server do not share. Disposing closes the connection. */
export function createNatsBus(connection: NatsConnection, prefix: string): Bus {
  const inboxes = new Set<Inbox>()
  const closed = new AbortController()

  function checked(subject: string, data: Uint8Array): Uint8Array {
    closed.signal.throwIfAborted()
    if (!isSubject(subject)) throw new RangeError('no subject')
    if (data.length > maxMessageBytes) throw new RangeError('a message is too large for the bus')
    // The client keeps what it has not sent yet by reference.
    return data.slice()
  }

  async function ask(
    subject: string,
    data: Uint8Array,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Result<Uint8Array, RequestFailure>> {
    signal.throwIfAborted()
    const copy = checked(subject, data)
    const over = AbortSignal.any([signal, closed.signal])
    const { promise: ended, reject } = Promise.withResolvers<never>()
    const abort = (): void => reject(over.reason)
    over.addEventListener('abort', abort, { once: true })
    try {
      const asked = connection.request(`${prefix}.${subject}`, copy, { timeout: timeoutMs })
      // Nobody waits for it when the signal was faster.
      asked.catch(() => {})
      return ok((await Promise.race([asked, ended])).data.slice())
    } catch (cause) {
      over.throwIfAborted()
      if (cause instanceof errors.NoRespondersError) return err({ type: 'nobody' })
      if (cause instanceof errors.RequestError && cause.isNoResponders()) return err({ type: 'nobody' })
      if (cause instanceof errors.TimeoutError) return err({ type: 'timed-out' })
      throw new EffigyError('unavailable', 'NATS does not answer', { cause })
    } finally {
      over.removeEventListener('abort', abort)
    }
  }

  return {
    publish(subject, data) {
      connection.publish(`${prefix}.${subject}`, checked(subject, data))
    },
    async subscribe(pattern, signal) {
      signal.throwIfAborted()
      closed.signal.throwIfAborted()
      if (!isPattern(pattern)) throw new RangeError('no pattern of subjects')
      const subscription = connection.subscribe(`${prefix}.${pattern}`, {
        callback(error, message) {
          if (error !== null) return
          inbox.push({
            subject: message.subject.slice(prefix.length + 1),
            data: message.data.slice(),
            reply:
              message.reply === undefined || message.reply === ''
                ? null
                : (data) => void message.respond(data.slice()),
          })
        },
      })
      const inbox = createInbox(signal, () => {
        inboxes.delete(inbox)
        subscription.unsubscribe()
      })
      inboxes.add(inbox)
      await connection.flush()
      return inbox.messages
    },
    request: ask,
    async [Symbol.asyncDispose]() {
      if (closed.signal.aborted) return
      const reason = new EffigyError('closed', 'the bus is closed')
      closed.abort(reason)
      for (const inbox of inboxes) inbox.end(reason)
      await connection.close()
    },
  }
}
