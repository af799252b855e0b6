/**
 * What hooks ask of a peer: as much as a `RemotePeer` has, and a `Peer` of the same thread by `localPeer`.
 *
 *     RemotePeer ─────────────▶ HookPeer ─▶ hooks
 *     Peer ─localPeer▶ ────────┘
 *
 * @module
 */
import { createLivePort, type LiveReads, type Peer, type RemotePeer } from '@effigy/peer'

export interface HookPeer
  extends Pick<RemotePeer, 'identity' | 'live' | 'statuses' | 'fetchBlob' | 'readFile'> {
  readonly presence: Pick<RemotePeer['presence'], 'watch'>
  readonly drops: Pick<RemotePeer['drops'], 'counts' | 'list' | 'accept' | 'remove'>
}

export type LiveName = keyof LiveReads

export type LiveArguments<Name extends LiveName> = Parameters<LiveReads[Name]>

export type LiveAnswer<Name extends LiveName> = ReturnType<LiveReads[Name]>

export type Identity = Peer['identity']
export type Item = NonNullable<LiveAnswer<'item'>>
export type ContentId = Item['content']
export type Cid = Parameters<Peer['fetchBlob']>[0]
export type FileSecret = NonNullable<NonNullable<Parameters<Peer['readFile']>[1]>['secret']>
export type NoticeView = LiveAnswer<'notices.list'>['items'][number]
export type PersonName = LiveAnswer<'people.name'>
export type PersonView = LiveAnswer<'people.show'>
export type PeopleKind = LiveArguments<'people.list'>[0]
export type ConversationView = LiveAnswer<'conversations.list'>['items'][number]

/**
 * A peer of this very thread, as in tests and in apps without a worker, for hooks to read: what is written goes to `peer`
 * itself. It stays its owner's.
 */
export function localPeer(peer: Peer): HookPeer {
  const { live } = createLivePort(peer)
  return {
    identity: peer.identity,
    live: (name, args, signal) => live(name, args, signal) as never,
    statuses: (signal) => peer.statuses(signal),
    fetchBlob: (root, options) => peer.fetchBlob(root, options),
    readFile: (root, options) => peer.readFile(root, options),
    presence: { watch: (signal) => peer.presence.watch(signal) },
    drops: {
      counts: (signal) => peer.drops.counts(signal),
      list: (which) => peer.drops.list(which),
      accept: async (id) => peer.drops.accept(id),
      remove: async (id) => peer.drops.remove(id),
    },
  }
}
