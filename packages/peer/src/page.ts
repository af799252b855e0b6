/**
 * The peer in a browser: what runs in each page (spec O).
 *
 * @module
 */

import '@effigy/core/disposal'

export { type MutedWord, mutedWord, wordFilter } from './notices/muted-words.ts'
export { type ConnectPeerOptions, connectPeer } from './page/connect-peer.ts'
export type { PagePeer, PeerState, Persistence, StorageFacts } from './remote/page-peer.ts'
export type { RemotePeer } from './remote/remote-peer.ts'
