/**
 * Tells a link on which somebody begins to pair from any other, for acceptors that take both (spec L8).
 *
 *     Link ─first frame: sessioncommit?─▶ the same link, with that frame still to be read
 *
 * Only while a code is shown: whoever dials says something at once, so an acceptor that listens first costs them
 * half a round trip.
 *
 * @module
 */
import type { Clock } from '../clock.ts'
import { decodeFrame } from '../frame.ts'
import { maxHandshakeFrameBytes } from '../limits.ts'
import type { Link } from '../link.ts'

export interface PeekedLink {
  readonly isPairing: boolean
  /** In the place of the one that was given. */
  readonly link: Link
}

/** Null where nothing comes within `patienceMs`, or the link is closed; it is closed then. Owns `link`. */
export async function peekLink(
  link: Link,
  { clock, patienceMs }: { readonly clock: Clock; readonly patienceMs: number },
): Promise<PeekedLink | null> {
  link.confine?.(true)
  const frames = link.receive()[Symbol.asyncIterator]()
  const timer = clock.after(patienceMs, () => link.close('closed'))
  const first = await frames.next()
  timer[Symbol.dispose]()
  if (first.done) return null
  const frame = first.value
  const decoded = decodeFrame(frame, maxHandshakeFrameBytes)
  return {
    isPairing: decoded.ok && decoded.value.header.type === 'sessioncommit',
    link: withFrame(link, frame, frames),
  }
}

function withFrame(link: Link, first: Uint8Array, rest: AsyncIterator<Uint8Array>): Link {
  async function* receive(): AsyncGenerator<Uint8Array> {
    yield first
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  }
  return {
    kind: link.kind,
    binding: link.binding,
    send: (frame) => link.send(frame),
    get bufferedBytes() {
      return link.bufferedBytes
    },
    get isRead() {
      return link.isRead !== false
    },
    drained: (signal) => link.drained(signal),
    receive,
    confine: (isConfined) => link.confine?.(isConfined),
    close: (code) => link.close(code),
    ...(link.drop === undefined ? {} : { drop: () => link.drop?.() }),
    closed: link.closed,
  }
}
