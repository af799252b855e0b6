/**
 * Bytes that a page gives, at the host (spec O8): pulled piece by piece, never more than was asked for.
 *
 *     addFile reads ─pull▶ page ─piece × n▶ ─▶ addFile
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import { whenAborted } from '@effigy/sync'
import { fileBytes } from '../file-bytes.ts'
import { maxReadAhead } from './messages.ts'

export interface HostSources extends Disposable {
  /**
   * What stands for bytes in an argument: a `Blob`, or `{ source }`. Throws `EffigyError` 'port-argument' when it is
   * neither; who reads it is thrown the signal's reason.
   */
  open(given: unknown, signal: AbortSignal): AsyncIterable<Uint8Array>
  /** False: nobody asked for it. */
  piece(source: number, bytes: Uint8Array): boolean
  end(source: number, code: string | null): boolean
}

interface Source {
  readonly pieces: Uint8Array[]
  /** Pieces that the page may still send. */
  credit: number
  /** Null while it goes on; then why it ended. */
  ended: { readonly code: string | null } | null
  wake: () => void
}

export function createHostSources(pull: (source: number, count: number) => void): HostSources {
  const sources = new Map<number, Source>()

  function finish(id: number, code: string | null): boolean {
    const source = sources.get(id)
    if (source === undefined) return false
    source.ended = { code }
    source.wake()
    return true
  }

  async function* read(id: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    if (sources.has(id)) throw new EffigyError('port-argument', 'bytes can be read once')
    const source: Source = { pieces: [], credit: 0, ended: null, wake: () => {} }
    sources.set(id, source)
    using _wake = whenAborted(signal, () => source.wake())
    const ask = (): void => {
      const count = maxReadAhead - source.credit - source.pieces.length
      if (source.ended !== null || count <= 0) return
      source.credit += count
      pull(id, count)
    }
    try {
      for (;;) {
        signal.throwIfAborted()
        ask()
        const piece = source.pieces.shift()
        if (piece !== undefined) {
          yield piece
          continue
        }
        if (source.ended !== null) {
          const { code } = source.ended
          if (code !== null) throw new EffigyError(code, 'the page could not read on')
          return
        }
        const { promise, resolve } = Promise.withResolvers<void>()
        source.wake = resolve
        await promise
      }
    } finally {
      sources.delete(id)
      if (source.ended === null) pull(id, 0)
    }
  }

  return {
    open(given, signal) {
      if (given instanceof Blob) return fileBytes(given)
      const id = typeof given === 'object' && given !== null && 'source' in given ? given.source : null
      if (!Number.isSafeInteger(id)) throw new EffigyError('port-argument', 'no bytes')
      return read(id as number, signal)
    },
    piece(id, bytes) {
      const source = sources.get(id)
      // What was on the way when nobody read it any more.
      if (source === undefined) return true
      if (source.credit === 0) return false
      source.credit--
      source.pieces.push(bytes)
      source.wake()
      return true
    },
    end: finish,
    [Symbol.dispose]() {
      for (const id of [...sources.keys()]) finish(id, 'port-closed')
    },
  }
}
