/**
 * Addresses of STUN and TURN servers (RFC 7064, RFC 7065), for stacks that want them in parts.
 *
 * @module
 */

export interface IceUrl {
  readonly type: 'stun' | 'turn'
  /** Over TLS. */
  readonly isSecure: boolean
  /** A name, or an address without brackets. */
  readonly host: string
  readonly port: number
  readonly transport: 'udp' | 'tcp'
}

const pattern =
  /^(stun|turn)(s?):(?:\[([0-9a-f:.]{2,45})\]|([0-9a-z.-]{1,253}))(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/i

/** Null: not of that form. */
export function readIceUrl(text: string): IceUrl | null {
  const match = pattern.exec(text)
  if (match === null) return null
  const [, scheme = '', s, ipv6, name, portText, transport] = match
  const type = scheme.toLowerCase() as IceUrl['type']
  const isSecure = s !== ''
  const port = portText === undefined ? (isSecure ? 5349 : 3478) : Number(portText)
  if (port < 1 || port > 65_535) return null
  const usual = isSecure ? 'tcp' : 'udp'
  return {
    type,
    isSecure,
    host: ipv6 ?? name ?? '',
    port,
    transport: (transport?.toLowerCase() as IceUrl['transport'] | undefined) ?? usual,
  }
}
