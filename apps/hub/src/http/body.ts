/**
 * Reads the JSON body of a request, small and soon (T16). What nobody asked for is never read.
 *
 *     Content-Type, Content-Length ─stated, small, room?▶ bytes ─in time, whole?▶ UTF-8 ─▶ JSON
 *
 * The length has to be stated: a body in chunks is refused, so that no proxy in between can see another end of it.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http'
import { err, ok, type Result } from '@effigy/core'
import type { Clock } from '@effigy/sync'

export interface BodyFault {
  /** Of the answer. */
  readonly status: 400 | 408 | 411 | 413 | 415
  readonly code: 'not-json' | 'too-slow' | 'length-needed' | 'too-large' | 'json-needed'
}

export type BodyReader = (request: IncomingMessage, maxBytes: number) => Promise<Result<unknown, BodyFault>>

/** Ms for a whole body: all of them are a few packets. */
export const bodyMs = 5_000

/**
 * Bodies on their way at once, of everybody: with the largest ones half a MiB. One more cuts the oldest off: an honest one
 * comes with its request, so nobody is kept out by those who trickle.
 */
export const maxBodies = 32

const fault = (status: BodyFault['status'], code: BodyFault['code']): Result<never, BodyFault> =>
  err({ status, code })

export function createBodyReader({ clock }: { readonly clock: Pick<Clock, 'after'> }): BodyReader {
  /** How each is cut off, the oldest first. */
  const reading = new Set<() => void>()
  return async (request, maxBytes) => {
    const { headers } = request
    if (headers['transfer-encoding'] !== undefined) return fault(411, 'length-needed')
    const stated = headers['content-length'] ?? ''
    if (!/^\d{1,15}$/.test(stated)) return fault(411, 'length-needed')
    if (Number(stated) > maxBytes) return fault(413, 'too-large')
    if (!isJson(headers['content-type'], headers['content-encoding'])) return fault(415, 'json-needed')
    const [oldest] = reading
    if (reading.size >= maxBodies) oldest?.()
    const late = Promise.withResolvers<false>()
    const cut = (): void => {
      reading.delete(cut)
      late.resolve(false)
    }
    reading.add(cut)
    using _timer = clock.after(bodyMs, cut)
    try {
      const bytes = await readAll(request, Number(stated), late.promise)
      return bytes === null ? fault(408, 'too-slow') : parse(bytes)
    } finally {
      reading.delete(cut)
    }
  }
}

function isJson(type: string | undefined, encoding: string | undefined): boolean {
  return encoding === undefined && /^application\/json(?: *; *charset="?utf-8"?)?$/i.test(type?.trim() ?? '')
}

/** Null: not whole in time, or cut off. */
async function readAll(
  request: IncomingMessage,
  length: number,
  late: Promise<false>,
): Promise<Uint8Array | null> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const bytes = new Uint8Array(length)
  let filled = 0
  request.on('data', (piece: Uint8Array) => {
    // The parser has counted too: there are no more than were stated.
    if (filled + piece.length <= length) bytes.set(piece, filled)
    filled += piece.length
  })
  request.once('end', () => resolve(filled === length))
  request.once('error', () => resolve(false))
  request.once('close', () => resolve(false))
  return (await Promise.race([promise, late])) ? bytes : null
}

function parse(bytes: Uint8Array): Result<unknown, BodyFault> {
  try {
    return ok(JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)))
  } catch {
    // What exactly is wrong with it is of no use to a program, and the text may hold a secret.
    return fault(400, 'not-json')
  }
}
