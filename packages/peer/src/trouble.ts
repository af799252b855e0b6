/**
 * Why a connection does not stand, in words: what happened, and what to do.
 *
 *     code of a handshake, a `bye`, a link ─▶ sentence for a person
 *
 * @module
 */

/** Codes after which dialling again is of no use before somebody, here or there, has changed something. */
export const finalCodes: ReadonlySet<string> = new Set([
  'address-invalid',
  'bad-address',
  'blocked',
  'identity',
  'network',
  'not-admitted',
  'proof',
  'self',
  'version',
])

const sentences: Readonly<Record<string, string>> = {
  'address-invalid': 'This is no address of a peer. Copy it again: wss://hub.example/effigy/1#did:key:z6Mk…',
  'bad-address':
    'Addresses of this kind cannot be dialled from here. Use one that begins with wss:// or ws://.',
  blocked: 'You block whoever answers there. Unblock them first.',
  cut: 'The connection was lost. It is tried again by itself.',
  done: 'The other side ended the connection. It is tried again by itself.',
  duplicate: 'Another connection to the same peer stands already. This one joins it by itself.',
  identity: 'Whoever answers there is not the one that the address names. Ask for the new address.',
  internal:
    'The connection ended because of a fault on this device, its disk perhaps. It is tried again by itself.',
  network: 'Whoever answers there belongs to another network. Use the network key that they use.',
  'not-admitted': 'The other side does not take this device. Ask whoever runs it to let you in.',
  proof: 'Whoever answers there takes only those who know them. Add #did:key:… to the address.',
  renew: 'The connection was a day old and is made anew by itself.',
  self: 'This is the address of this device itself. Use the one of somebody else.',
  stalled: 'The other side took nothing for too long. It is tried again by itself.',
  stopping: 'The other side stops or is started anew. It is tried again by itself.',
  timeout: 'The other side did not answer in time. It is tried again by itself.',
  'turned-away': 'The other side closed before it showed who it is. It is tried a few times more by itself.',
  unreachable: 'Nobody answers there. Look whether they are online; it is tried again by itself.',
  version: 'Whoever answers there speaks another version. Update this device or theirs.',
}

/** One or two sentences about a `code` of a connection's state. */
export function explainConnection(code: string): string {
  return sentences[code] ?? `The connection ended (${code}). It is tried again by itself.`
}

/** All codes that have a sentence of their own. */
export const connectionCodes: readonly string[] = Object.keys(sentences)
