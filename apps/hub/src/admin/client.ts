/**
 * Asks a hub that runs, as the command line does.
 *
 *     path, input ─socket in the home │ https▶ status, JSON ─▶ value, or {code, message}
 *
 * @module
 */
import { type ClientRequest, type IncomingMessage, request as overHttp } from 'node:http'
import { request as overTls } from 'node:https'
import { err, ok, type Result } from '@effigy/core'

/** Where the hub is. */
export type Way =
  | { readonly type: 'socket'; readonly path: string }
  /** `http://` or `https://`, nothing behind the port. */
  | { readonly type: 'origin'; readonly origin: string }

/** What shows who asks. */
export type Credential =
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'cookie'; readonly cookie: string }
  | { readonly type: 'none' }

export interface ClientFault {
  /** Of the hub, or `not-running`, `no-answer`. */
  readonly code: string
  readonly message: string
}

export interface HubAnswer {
  readonly value: unknown
  /** `name=value`; null: none was set. */
  readonly cookie: string | null
}

/** Bytes of an answer; the longest list is a tenth of it. */
const maxAnswerBytes: number = 16 * 1024 * 1024

/** Rejects with the signal's reason alone. */
export async function askHub(
  way: Way,
  credential: Credential,
  path: string,
  input: unknown,
  signal: AbortSignal,
): Promise<Result<HubAnswer, ClientFault>> {
  const body = JSON.stringify(input)
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  try {
    const asked = send(
      way,
      path,
      { ...headersOf(way, credential), 'Content-Length': Buffer.byteLength(body) },
      signal,
    )
    asked.once('response', resolve).once('error', reject).end(body)
    const answer = await promise
    const value: unknown = JSON.parse(await readText(answer))
    const [cookie = null] = answer.headers['set-cookie'] ?? []
    if (answer.statusCode === 200) return ok({ value, cookie: cookie?.split(';', 1)[0] ?? null })
    const { error, message } = (value ?? {}) as { readonly error?: unknown; readonly message?: unknown }
    return err({
      code: String(error),
      message: typeof message === 'string' ? message : 'The hub refused it.',
    })
  } catch (cause) {
    signal.throwIfAborted()
    return err(faultOf(way, cause))
  }
}

function send(
  way: Way,
  path: string,
  headers: Readonly<Record<string, string | number>>,
  signal: AbortSignal,
): ClientRequest {
  const options = { method: 'POST', headers, agent: false, signal }
  if (way.type === 'socket') return overHttp({ ...options, socketPath: way.path, path })
  const url = new URL(path, way.origin)
  return url.protocol === 'https:' ? overTls(url, options) : overHttp(url, options)
}

function headersOf(way: Way, credential: Credential): Readonly<Record<string, string>> {
  const host = way.type === 'socket' ? { Host: 'localhost' } : { Origin: way.origin }
  const type = { 'Content-Type': 'application/json' }
  switch (credential.type) {
    case 'key':
      return { ...host, ...type, Authorization: `Bearer ${credential.key}` }
    case 'cookie':
      return { ...host, ...type, Cookie: credential.cookie }
    case 'none':
      return { ...host, ...type }
  }
}

async function readText(answer: IncomingMessage): Promise<string> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of answer as AsyncIterable<Uint8Array>) {
    bytes += piece.length
    if (bytes > maxAnswerBytes) throw new RangeError('too long')
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function faultOf(way: Way, cause: unknown): ClientFault {
  const { code = '' } = (cause ?? {}) as { readonly code?: string }
  const isAway = ['ENOENT', 'ECONNREFUSED'].includes(code)
  if (way.type === 'socket' && (isAway || code === 'EINVAL' || code === 'ENAMETOOLONG')) {
    return {
      code: 'not-running',
      message: `No hub runs over ${way.path.replace(/\/[^/]*$/, '')}. Start it, or say where its home is: --home.`,
    }
  }
  if (way.type === 'socket' && (code === 'EACCES' || code === 'EPERM')) {
    return {
      code: 'no-answer',
      message: 'This user may not talk to the hub. Ask as the user that it runs as.',
    }
  }
  const reason = code === '' ? 'its answer makes no sense' : code
  return { code: 'no-answer', message: `The hub cannot be reached (${reason}). Look at the address.` }
}
