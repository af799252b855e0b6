/**
 * Bytes that a page gives, at the page (spec O8): read as fast as the worker asks for them.
 *
 * @module
 */
import { maxPieceBytes, type ToHost } from './messages.ts'
import type { RemoteSource } from './remote-peer.ts'

export interface ClientSources {
  /** What stands in the argument in its place: a `Blob` itself, else `{ source }`. */
  offer(given: RemoteSource): unknown
  /** The worker takes `count` more pieces; 0: no more. */
  pull(source: number, count: number): void
  /** The call that it was given with is over. */
  close(offered: readonly unknown[]): void
}

type Piece = Uint8Array<ArrayBuffer>

interface Source {
  readonly given: Exclude<RemoteSource, Blob>
  pieces: AsyncIterator<Piece> | null
  count: number
  isReading: boolean
}

export function createClientSources(
  post: (message: ToHost, transfer?: readonly Transferable[]) => void,
): ClientSources {
  const sources = new Map<number, Source>()
  let next = 1

  async function send(id: number, source: Source): Promise<void> {
    source.isReading = true
    source.pieces ??= piecesOf(source.given)
    try {
      while (source.count > 0 && sources.has(id)) {
        const piece = await source.pieces.next()
        if (!sources.has(id)) return
        if (piece.done === true) return end(id, null)
        source.count--
        post({ type: 'piece', source: id, bytes: piece.value }, [piece.value.buffer])
      }
    } catch {
      end(id, 'source-failed')
    } finally {
      source.isReading = false
    }
  }

  function end(id: number, code: string | null): void {
    if (sources.delete(id)) post({ type: 'piece-end', source: id, code })
  }

  function drop(id: number): void {
    const source = sources.get(id)
    sources.delete(id)
    // Who reads it now lets go of it when that is over.
    source?.pieces?.return?.().catch(() => {})
  }

  return {
    offer(given) {
      if (given instanceof Blob) return given
      const source = next++
      sources.set(source, { given, pieces: null, count: 0, isReading: false })
      return { source }
    },
    pull(id, count) {
      const source = sources.get(id)
      if (source === undefined) return
      if (count === 0) return drop(id)
      source.count += count
      if (!source.isReading) void send(id, source)
    },
    close(offered) {
      for (const one of offered) {
        if (typeof one === 'object' && one !== null && 'source' in one) drop(one.source as number)
      }
    },
  }
}

/** Copies, which are ours to give away. */
async function* piecesOf(given: Exclude<RemoteSource, Blob>): AsyncGenerator<Piece, void> {
  for await (const bytes of given instanceof ReadableStream ? streamBytes(given) : given) {
    for (let at = 0; at < bytes.length; at += maxPieceBytes) yield bytes.slice(at, at + maxPieceBytes)
  }
}

/** Not every browser iterates streams. */
async function* streamBytes(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel()
  }
}
