/**
 * Hooks for one answer that stays true.
 *
 * @module
 */
import type { Peer } from '@effigy/peer'
import type { Answer } from './answer.ts'
import type {
  HookPeer,
  Identity,
  Item,
  LiveAnswer,
  LiveArguments,
  LiveName,
  PersonName,
  PersonView,
} from './hook-peer.ts'
import { answers, useShared } from './use-shared.ts'

/** Any query by its name, asked again after each change that may matter: `useLive('reactions', identity, content)`. */
export function useLive<Name extends LiveName>(
  name: Name,
  ...args: LiveArguments<Name>
): Answer<LiveAnswer<Name>> {
  return useShared(['live', name, args], (peer) =>
    answers((signal) => peer.live(name, args as never, signal) as AsyncIterable<LiveAnswer<Name>>, {
      mayPause: true,
    }),
  )
}

/** What an account says of itself; a value of null: nothing is here. */
export function useProfile(identity: Identity): Answer<Item | null> {
  return useLive('profile', identity)
}

/** Up to where the timeline was read on any own device (`Item.sort`, ms); `usePeer().reading.markRead` moves it. */
export function useMarker(): Answer<number | null> {
  return useLive('reading.marker')
}

export interface Unread {
  /** Entries of the timeline above the marker; 1,000 stands for more too. */
  readonly timeline: number
  /** Notices; 100 stands for more too. */
  readonly notices: number
}

/** What waits to be read, for the places that say so. */
export function useUnread(): Answer<Unread> {
  const timeline = useLive('reading.unread')
  const notices = useLive('notices.unread')
  if (timeline.type !== 'ready') return timeline as Answer<never>
  if (notices.type !== 'ready') return notices as Answer<never>
  return { type: 'ready', error: null, value: { timeline: timeline.value, notices: notices.value } }
}

/** What stands beside all that somebody says: one's own name for them first. */
export function usePersonName(identity: Identity): Answer<PersonName> {
  return useLive('people.name', identity)
}

/** Their page. */
export function usePerson(identity: Identity): Answer<PersonView> {
  return useLive('people.show', identity)
}

/** Who is here, and what hubs say of it. */
export function usePresence(): Answer<PresenceView> {
  return useShared(['presence'], (peer) => answers((signal) => peer.presence.watch(signal)))
}

/** First messages of people whom one does not follow; `usePeer().conversations.accept(name)` or `ignore(name)`. */
export function useRequests(): Answer<LiveAnswer<'conversations.requests'>> {
  return useLive('conversations.requests')
}

/** How much is unread, and how many wait for a word. */
export function useTalkCounts(): Answer<LiveAnswer<'conversations.counts'>> {
  return useLive('conversations.counts')
}

/** How far everything is: connections, feeds that are behind, files that are missing, who has all of ours. */
export function useSync(): Answer<PeerStatus> {
  return useShared(['status'], (peer) => answers((signal) => peer.statuses(signal)))
}

export type PresenceView = ReturnType<Peer['presence']['now']>
export type PeerStatus = ReturnType<Peer['status']>
export type ReceivedDrop = Awaited<ReturnType<HookPeer['drops']['list']>>[number]

/** Up to 500 of each, the oldest first. */
export interface Inbox {
  /** From people whom one follows, for whatever acts on their type. */
  readonly waiting: readonly ReceivedDrop[]
  /** From strangers: shown small, until a person accepts (`usePeer().drops.accept(id)`) or removes them. */
  readonly requests: readonly ReceivedDrop[]
}

/** What was left for this account by those who did not meet it, of whatever type. */
export function useInbox(): Answer<Inbox> {
  return useShared(['inbox'], (peer) => answers((signal) => inboxes(peer.drops, signal)))
}

async function* inboxes(drops: HookPeer['drops'], signal: AbortSignal): AsyncGenerator<Inbox> {
  for await (const _counts of drops.counts(signal)) {
    const [waiting, requests] = await Promise.all([drops.list('waiting'), drops.list('requests')])
    yield { waiting, requests }
  }
}
