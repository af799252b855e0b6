/**
 * Addresses of STUN and TURN servers (RFC 7064, RFC 7065), as WebRTC takes them.
 *
 *     'turn:relay.example:3478?transport=udp' ─▶ { scheme, host, port, transport }
 *
 * @module
 */

export interface IceUrl {
  readonly scheme: 'stun' | 'stuns' | 'turn' | 'turns'
  /** A name, an IPv4 address, or an IPv6 address without its brackets. */
  readonly host: string
  /** The scheme's own where the address names none: 3478, or 5349 over TLS. */
  readonly port: number
  /** Of `turns` over `udp`: DTLS. */
  readonly transport: 'udp' | 'tcp'
}

/** Characters. */
export const maxIceUrlLength = 256

const form =
  /^(stuns?|turns?):([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::([1-9]\d{0,4}))?(?:\?transport=(udp|tcp))?$/

/** Null for what is none, or written otherwise than in lower case. */
export function parseIceUrl(text: string): IceUrl | null {
  const [, scheme, host, port, transport] = (text.length <= maxIceUrlLength && form.exec(text)) || []
  if (scheme === undefined || host === undefined) return null
  const isSecure = scheme.endsWith('s')
  // STUN has no choice of transports (RFC 7064).
  if (scheme.startsWith('stun') && transport !== undefined) return null
  const number = port === undefined ? (isSecure ? 5349 : 3478) : Number(port)
  if (number > 65_535) return null
  const bare = host.startsWith('[') ? host.slice(1, -1) : host
  if (host.startsWith('[') && !URL.canParse(`http://${host}/`)) return null
  return {
    scheme: scheme as IceUrl['scheme'],
    host: bare,
    port: number,
    transport: (transport as IceUrl['transport'] | undefined) ?? (isSecure ? 'tcp' : 'udp'),
  }
}
