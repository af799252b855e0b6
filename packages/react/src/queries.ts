/**
 * Hooks for one answer that stays true.
 *
 * @module
 */
import type { Peer } from '@effigy/peer'
import type { Answer } from './answer.ts'
import type { HookPeer, Identity, Item, LiveAnswer, LiveArguments, LiveName } from './hook-peer.ts'
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

/** Who is here, and what hubs say of it. */
export function usePresence(): Answer<PresenceView> {
  return useShared(['presence'], (peer) => answers((signal) => peer.presence.watch(signal)))
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

/** What was left for this account by those who did not meet it. */
export function useInbox(): Answer<Inbox> {
  return useShared(['inbox'], (peer) => answers((signal) => inboxes(peer.drops, signal)))
}

async function* inboxes(drops: HookPeer['drops'], signal: AbortSignal): AsyncGenerator<Inbox> {
  for await (const _counts of drops.counts(signal)) {
    const [waiting, requests] = await Promise.all([drops.list('waiting'), drops.list('requests')])
    yield { waiting, requests }
  }
}
