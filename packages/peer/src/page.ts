/**
 * The peer in a browser: what runs in each page (spec O).
 *
 * @module
 */

import '@effigy/core/disposal'

export { type MutedWord, mutedWord, wordFilter } from './notices/muted-words.ts'
export { type ConnectPeerOptions, connectPeer } from './page/connect-peer.ts'
export {
  type FinalCode,
  finalCodes,
  type PagePeer,
  type PeerState,
  type Persistence,
  type StorageFacts,
} from './remote/page-peer.ts'
export type { RemotePeer } from './remote/remote-peer.ts'
