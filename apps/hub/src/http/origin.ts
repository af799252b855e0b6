/**
 * Under which origin a visitor reached the hub, and from where, with or without a proxy.
 *
 *     publicUrl, else Host (and X-Forwarded-Proto when trusted) ─▶ 'https://hub.example'
 *
 * @module
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

export interface OriginOptions {
  readonly publicUrl: string | null
  /** The hub speaks TLS itself. */
  readonly isSecure: boolean
  readonly trustProxy: boolean
  /** Where the hub listens: for a `Host` that is missing or odd. */
  readonly listening: string
}

/** Names, IPv4, bracketed IPv6, and a port. What else stands in `Host` is not repeated to anybody. */
const plainHost = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::[1-9]\d{0,4})?$/i

export function originFor(
  headers: IncomingHttpHeaders,
  { publicUrl, isSecure, trustProxy, listening }: OriginOptions,
): string {
  if (publicUrl !== null) return publicUrl
  const { host } = headers
  if (host === undefined || !plainHost.test(host)) return listening
  const secure = isSecure || (trustProxy && headers['x-forwarded-proto'] === 'https')
  return `${secure ? 'https' : 'http'}://${host.toLowerCase()}`
}

/** The address that counts for limits: the socket's, or the last one that a trusted proxy added. */
export function clientAddress(request: IncomingMessage, trustProxy: boolean): string {
  const own = request.socket.remoteAddress ?? ''
  if (!trustProxy) return own
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',')
  const last = forwarded.split(',').at(-1)?.trim() ?? ''
  return /^[0-9a-f:.]{2,45}$/i.test(last) ? last : own
}
