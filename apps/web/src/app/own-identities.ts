/**
 * All devices that one's own notes are of: those that are, and those that were and may still be heard.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'

export async function ownIdentities(peer: RemotePeer): Promise<readonly Identity[]> {
  const account = await peer.account.show()
  if (account === null) return [peer.identity]
  const all = [...account.members, ...account.revoked, ...account.frozen].map(({ identity }) => identity)
  return [...new Set([peer.identity, ...all])]
}
