/**
 * What goes back to a browser or a probe, and the headers that every answer has.
 *
 *     Answer ─send▶ status, security headers, body (none for HEAD; whole, or in pieces at the reader's pace)
 *
 * @module
 */
import { hash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Html } from '../page/html.ts'
import { css } from '../page/style.ts'

export interface Answer {
  readonly status: number
  readonly type: string
  /** Pieces are asked for as the reader takes them. */
  readonly body: string | Uint8Array | AsyncGenerator<Uint8Array>
  readonly headers?: Readonly<Record<string, string>>
}

/** One that is there as a whole. */
export interface WholeAnswer extends Answer {
  readonly body: string | Uint8Array
}

/** The one style sheet stands in the page and is named by its hash; nothing else may load or run. */
const contentSecurityPolicy = policyWith(null)

/** `script`: the hash of the one that stands in the page; null: none runs. */
function policyWith(script: string | null): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${hash('sha256', css, 'base64')}'`,
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    ...(script === null ? [] : [`script-src '${script}'`, "require-trusted-types-for 'script'"]),
  ].join('; ')
}

const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Cache-Control': 'no-store',
}

/** Web apps on any origin may read it. */
const openToAll: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Origin': '*',
  'Cross-Origin-Resource-Policy': 'cross-origin',
}

/** `script`: the hash of the one script that stands in it, for this page alone. */
export function page(status: number, language: string, body: Html, script: string | null = null): Answer {
  const headers = {
    'Content-Language': language,
    Vary: 'Accept-Language',
    ...(script === null ? {} : { 'Content-Security-Policy': policyWith(script) }),
  }
  return { status, type: 'text/html; charset=utf-8', body: body.markup, headers }
}

export function json(status: number, value: unknown): Answer {
  const body = `${JSON.stringify(value)}\n`
  return { status, type: 'application/json; charset=utf-8', body, headers: openToAll }
}

export function svg(body: string): Answer {
  return { status: 200, type: 'image/svg+xml', body, headers: { 'Cache-Control': 'max-age=86400' } }
}

/** What has begun to leave. */
export interface Sent {
  /** Held for this reader alone until they have it. */
  readonly bytes: number
  /** Resolves when all of it was handed on, or nobody is there any more; null: that is so already. */
  readonly done: Promise<void> | null
}

/** Held of an answer in pieces: one on its way, and the next. */
const pieceBytes: number = 256 * 1024

/** Where a body was answered without reading it to its end, the connection has to go. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, type, body: given, headers }: Answer,
  isRead: boolean,
): Sent {
  const body = typeof given === 'string' ? Buffer.from(given) : given
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) !== 0
  response.writeHead(status, {
    ...securityHeaders,
    'Content-Type': type,
    ...('length' in body ? { 'Content-Length': body.length } : {}),
    ...headers,
    ...(hasBody && !isRead ? { Connection: 'close' } : {}),
  })
  if (request.method === 'HEAD') {
    response.end()
    return { bytes: 0, done: 'length' in body ? null : body.return(undefined).then(() => {}) }
  }
  if ('length' in body) {
    response.end(body)
    // What others are given as well is held once, whoever reads.
    return { bytes: body === given ? 0 : body.length, done: null }
  }
  // The reader has gone, or sees that it is cut off: the connection ends before the last piece.
  return { bytes: pieceBytes, done: pipeline(body, response).catch(() => {}) }
}
