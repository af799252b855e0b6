/**
 * One request, as the routes see it.
 *
 *     IncomingMessage ─▶ Asked { method, path, headers, who stands there, body on demand }
 *
 * @module
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Result } from '@effigy/core'
import type { BodyFault, BodyReader } from './body.ts'
import { clientAddress } from './origin.ts'

export interface Asked {
  readonly method: string
  /** As it stands in the request line. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
  /** Of the client, for limits alone: it is neither logged nor told. */
  readonly address: string
  /** Nobody on the way can read it: TLS up to the hub, or up to a proxy that is trusted. */
  readonly isSecure: boolean
  /** From this machine, and handed on by nobody who says so. */
  readonly isLocal: boolean
  /** The body as JSON, of at most so many bytes; to be asked for once. */
  readJson(maxBytes: number): Promise<Result<unknown, BodyFault>>
}

export function readRequest(request: IncomingMessage, trustProxy: boolean, readBody: BodyReader): Asked {
  const { method = '', url: target = '', headers, socket } = request
  const isEncrypted = (socket as { readonly encrypted?: unknown }).encrypted === true
  const isForwarded = forwardedHeaders.some((name) => headers[name] !== undefined)
  return {
    method,
    target,
    headers,
    get address() {
      return clientAddress(request, trustProxy)
    },
    isSecure: isEncrypted || (trustProxy && headers['x-forwarded-proto'] === 'https'),
    isLocal: !isForwarded && isOwnAddress(socket.remoteAddress ?? '', socket.localAddress),
    readJson: (maxBytes) => readBody(request, maxBytes),
  }
}

/** Any of them says that somebody else is behind the socket, trusted or not. */
const forwardedHeaders = [
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-real-ip',
  'forwarded',
  'via',
]

/** Loopback, or both ends are the same address of this machine. */
function isOwnAddress(remote: string, local: string | undefined): boolean {
  return (
    remote === '::1' ||
    /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/.test(remote) ||
    (remote !== '' && remote === local)
  )
}
