/**
 * What goes over the sessions, for somebody who looks: nothing is kept while nobody does (spec O20).
 *
 *     session ─note▶ WireLine ─▶ those who watch, 1,000 lines each at most until they take them
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Clock, Message } from '@effigy/sync'
import { createPulse } from '../live.ts'

export interface WireLine {
  /** Wall clock, ms. */
  readonly at: number
  readonly remote: Identity
  readonly direction: 'sent' | 'received'
  readonly type: string
  /** Of header and byte part together, before they are sealed. */
  readonly bytes: number
  /** The header as JSON without what is secret or said (`token`, `value`, `payload`), 500 characters at most. */
  readonly header: string
}

export interface WireBatch {
  /** Oldest first. */
  readonly lines: readonly WireLine[]
  /** That were left out before these, since nobody took them in time. */
  readonly missed: number
}

export interface Wire {
  note(remote: Identity, direction: WireLine['direction'], message: Message, bytes: number): void
  watch(signal: AbortSignal): AsyncIterable<WireBatch>
}

const maxUntaken = 1_000
const maxHeader = 500

const unsaid: ReadonlySet<string> = new Set(['token', 'value', 'payload'])

export function createWire(clock: Pick<Clock, 'now'>): Wire {
  const readers = new Set<{ lines: WireLine[]; missed: number }>()
  const pulse = createPulse()

  async function* watch(signal: AbortSignal): AsyncGenerator<WireBatch> {
    const reader = { lines: [] as WireLine[], missed: 0 }
    readers.add(reader)
    try {
      while (!signal.aborted) {
        const seen = pulse.count
        if (reader.lines.length === 0) {
          await pulse.after(seen, signal)
          continue
        }
        const { lines, missed } = reader
        reader.lines = []
        reader.missed = 0
        yield { lines, missed }
      }
    } finally {
      readers.delete(reader)
    }
  }

  return {
    note(remote, direction, message, bytes) {
      if (readers.size === 0) return
      const header = headerOf(message)
      const line = { at: clock.now(), remote, direction, type: message.type, bytes, header }
      for (const reader of readers) {
        reader.lines.push(line)
        if (reader.lines.length <= maxUntaken) continue
        reader.lines.shift()
        reader.missed++
      }
      pulse.fire()
    },
    watch,
  }
}

function headerOf(message: Message): string {
  const text = JSON.stringify(message, (key, value: unknown) => (unsaid.has(key) ? '…' : value))
  return text.length <= maxHeader ? text : `${text.slice(0, maxHeader - 1)}…`
}
