/**
 * Sockets that were paused are read again one in a turn of the event loop (T16).
 *
 *     readAgain(socket) ─▶ resumed at once, or behind those who wait ─ a turn each ─▶ resumed
 *
 * Who sends tiny frames as fast as it can gets a thousand of them into the 64 KiB that are read at once, one to three ms of work.
 * Many who began together fill up and are read again together: then everybody else would wait for all of theirs at once.
 *
 * @module
 */

export interface Paused {
  /** Reads on, if that is still right. */
  resume(): void
}

const waiting = new Set<Paused>()
let isTaken = false

/** Whoever waits already keeps its place. */
export function readAgain(socket: Paused): void {
  if (isTaken) {
    waiting.add(socket)
    return
  }
  isTaken = true
  setImmediate(next)
  socket.resume()
}

/** It is over. */
export function readNoMore(socket: Paused): void {
  waiting.delete(socket)
}

function next(): void {
  const [socket] = waiting
  if (socket === undefined) {
    isTaken = false
    return
  }
  waiting.delete(socket)
  setImmediate(next)
  socket.resume()
}
