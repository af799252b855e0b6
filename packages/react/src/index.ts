/**
 * React hooks over a peer: `@effigy/react`.
 *
 *     <PeerProvider peer> ─▶ useTimeline, useThread, useProfile, … ─one subscription for all who ask the same▶ peer
 *
 * @module
 */
export { type Answer, type Pending, QueryError, useReady } from './answer.ts'
export { type BlobAnswer, type BlobOptions, type BlobProgress, useBlob } from './blob.ts'
export {
  type Cid,
  type FileSecret,
  type HookPeer,
  type Identity,
  type Item,
  type LiveName,
  localPeer,
  type NoticeView,
  type PeopleKind,
  type PersonName,
  type PersonView,
} from './hook-peer.ts'
export {
  type List,
  type ListOptions,
  type PeopleOptions,
  type SearchOptions,
  type TimelineOptions,
  useConversations,
  useFeed,
  useMentions,
  useMessages,
  useNotices,
  usePeople,
  useSearch,
  useThread,
  useTimeline,
} from './lists.ts'
export { usePagePeer } from './page-state.ts'
export { PeerProvider, type PeerProviderProps, usePeer } from './provider.tsx'
export {
  type Inbox,
  type ReceivedDrop,
  useInbox,
  useLive,
  useMarker,
  usePerson,
  usePersonName,
  usePresence,
  useProfile,
  useRequests,
  useSync,
  useTalkCounts,
  useUnread,
} from './queries.ts'
