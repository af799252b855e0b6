/**
 * What waits for one subscriber of a bus: bounded, the oldest is dropped first.
 *
 *     push ─▶ up to 1,024 messages and 16 MiB ─▶ reader, told how many it missed
 *
 * @module
 */
import type { EffigyError } from '@effigy/core'
import { createBell } from './bell.ts'
import { type BusMessage, maxUnread, maxUnreadBytes } from './bus.ts'

export interface Inbox {
  push(message: Omit<BusMessage, 'missed'>): void
  /** The reader ends with it at once. */
  end(failure: EffigyError): void
  /** For one reader. */
  readonly messages: AsyncIterable<BusMessage>
}

/** `left` is called once, when nobody reads any more: by the signal, or by leaving the loop. */
export function createInbox(signal: AbortSignal, left: () => void): Inbox {
  const unread: Omit<BusMessage, 'missed'>[] = []
  const bell = createBell()
  let bytes = 0
  let missed = 0
  let failure: EffigyError | null = null

  function leave(): void {
    signal.removeEventListener('abort', leave)
    unread.length = 0
    left()
  }
  // Also when nobody ever began to read.
  signal.addEventListener('abort', leave, { once: true })

  async function* read(): AsyncGenerator<BusMessage> {
    try {
      for (;;) {
        signal.throwIfAborted()
        if (failure !== null) throw failure
        const message = unread.shift()
        if (message === undefined) {
          await bell.heard(signal)
        } else {
          bytes -= message.data.length
          const whole = { ...message, missed }
          missed = 0
          yield whole
        }
      }
    } finally {
      leave()
    }
  }

  return {
    push(message) {
      unread.push(message)
      bytes += message.data.length
      while (unread.length > maxUnread || bytes > maxUnreadBytes) {
        bytes -= unread.shift()?.data.length ?? 0
        missed++
      }
      bell.ring()
    },
    end(error) {
      failure = error
      signal.removeEventListener('abort', leave)
      unread.length = 0
      bell.ring()
    },
    messages: read(),
  }
}
