/**
 * Whether the keys in this browser are somebody's already: then nothing may be put in their place.
 *
 * @module
 */
import type { RemotePeer } from '@effigy/peer/page'

export async function isSomebody(peer: {
  readonly identity: RemotePeer['identity']
  readonly account: Pick<RemotePeer['account'], 'show'>
  readonly query: Pick<RemotePeer['query'], 'profile'>
}): Promise<boolean> {
  return (await peer.account.show()) !== null || (await peer.query.profile(peer.identity)) !== null
}
