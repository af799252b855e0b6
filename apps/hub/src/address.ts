/**
 * The address that friends are given: where the hub listens, and who must answer there.
 *
 *     wss://hub.example/effigy/1#did:key:z6Mk…
 *
 * The part behind `#` is for the dialler: it is not sent, and it pins the identity (A8).
 *
 * @module
 */
import type { Identity } from '@effigy/core'

/** The number is the protocol's version. */
export const socketPath = '/effigy/1'

/** `origin`: `http://` or `https://`, host and port, nothing behind. */
export function hubAddress(origin: string, identity: Identity): string {
  return `${origin.replace(/^http/, 'ws')}${socketPath}#${identity}`
}

/** An origin of a host to listen at; IPv6 gets its brackets, the usual port stays unsaid. */
export function httpOrigin(host: string, port: number, isSecure = false): string {
  const [scheme, usual] = isSecure ? ['https', 443] : ['http', 80]
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}${port === usual ? '' : `:${port}`}`
}

/** Without TLS, and not of this machine: what browsers call no secure context. */
export function isPlainOrigin(origin: string): boolean {
  const { protocol, hostname } = new URL(origin)
  return protocol === 'http:' && !isLoopback(hostname.replace(/^\[(.*)\]$/, '$1'))
}

/** Nobody on another machine can reach it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** 0.0.0.0 and :: listen at every address of the machine. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}
