/**
 * What answers hold in memory for one reader until they have it (T16): so many bytes, and for so long.
 *
 *     answer ─taken by the system at once▶ nothing      else ─▶ unsent ─above 64 MiB▶ whoever has most loses their oldest
 *                                                                  └──after 5 min──▶ cut
 *
 * Whoever reads a little every while is never idle: that alone would hold an answer for hours, and as many as there are sockets.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { addressKey } from '@effigy/links/node'
import type { Clock } from '@effigy/sync'

/** Of all answers together: as much as all WebSockets may have. */
export const maxUnsentBytes: number = 64 * 1024 * 1024

/** Ms that one answer may take: a file of 4 MiB at 14 KB/s. */
export const answerMs: number = 5 * 60 * 1000

export interface Unsent {
  /** Until it is read. `address`: whose it is; `bytes`: held for them alone. */
  hold(response: ServerResponse, socket: Socket, address: string, bytes: number): void
}

interface Held {
  readonly socket: Socket
  readonly bytes: number
  readonly release: () => void
}

interface Reader {
  /** The oldest first. */
  readonly held: Set<Held>
  bytes: number
}

export function createUnsent(clock: Pick<Clock, 'after'>): Unsent {
  const readers = new Map<string, Reader>()
  let bytes = 0

  function cut({ socket, release }: Held): void {
    release()
    socket.destroy()
  }

  /** Whoever reads one answer keeps it, however many others ask for. */
  function oldestOfMost(): Held | undefined {
    let most: Reader | null = null
    for (const reader of readers.values()) if (most === null || reader.bytes > most.bytes) most = reader
    return most?.held.values().next().value
  }

  return {
    hold(response, socket, address, length) {
      if (response.writableFinished || socket.destroyed) return
      const name = addressKey(address)
      const reader = readers.get(name) ?? { held: new Set(), bytes: 0 }
      readers.set(name, reader)
      const held: Held = { socket, bytes: length, release }
      reader.held.add(held)
      reader.bytes += length
      bytes += length
      const timer = clock.after(answerMs, () => cut(held))
      response.once('close', release)
      // One that waits behind another on the same socket hears of its end only there.
      socket.once('close', release)

      function release(): void {
        if (!reader.held.delete(held)) return
        reader.bytes -= length
        bytes -= length
        if (reader.held.size === 0) readers.delete(name)
        timer[Symbol.dispose]()
        response.off('close', release)
        socket.off('close', release)
      }

      while (bytes > maxUnsentBytes) {
        const oldest = oldestOfMost()
        if (oldest === undefined) return
        cut(oldest)
      }
    },
  }
}
