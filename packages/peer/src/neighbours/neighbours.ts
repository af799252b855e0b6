/**
 * Connects to those in the same network whom this device wants (spec U4, U5).
 *
 *     heard {tag, url} ─whose?▶ identity ─connect▶ held while it stands ─▶ met again when heard again
 *
 * @module
 */
import { EffigyError, type Identity, shortName } from '@effigy/core'
import type { Clock, Log } from '@effigy/sync'
import type { Peer } from '../peer.ts'
import { type TagCrypto, tagKey, whoseTag } from './tag.ts'

export interface NeighboursDeps {
  readonly peer: Pick<Peer, 'identity' | 'connect' | 'statuses'>
  readonly crypto: TagCrypto
  readonly clock: Clock
  readonly log: Log
  /** Whom to look for, and whether each was chosen as hubs are; asked now and then. */
  wanted(): ReadonlyMap<Identity, boolean>
}

export interface Neighbours extends AsyncDisposable {
  /** Somebody says to be there: `tag` and address as they were heard. */
  heard(neighbour: { readonly tag: string; readonly url: string }): void
}

/** At once; who is heard while there are so many is met when he is heard again. */
export const maxMeetings = 32

/** Ms for a neighbour to answer; the handshake has 10 s of its own. */
const answerMs = 15_000

/** Ms for which the answer of `wanted` is kept: many may be heard at once. */
const freshMs = 10_000

interface Sought {
  readonly wanted: ReturnType<NeighboursDeps['wanted']>
  readonly keys: ReadonlyMap<Identity, Uint8Array>
  readonly atMs: number
}

/** Disposing ends the connections. */
export function keepNeighbours(deps: NeighboursDeps): Neighbours {
  const { peer, crypto, clock, log } = deps
  const stop = new AbortController()
  const meetings = new Map<Identity, { readonly leave: AbortController; readonly over: Promise<void> }>()
  let last: Sought | null = null

  function sought(): Sought {
    const atMs = clock.monotonic()
    if (last !== null && atMs - last.atMs < freshMs) return last
    const wanted = deps.wanted()
    const keys = new Map(
      Array.from(wanted.keys(), (identity) => [identity, tagKey(crypto, identity)] as const),
    )
    last = { wanted, keys, atMs }
    // Whom one follows no more one leaves.
    for (const [identity, { leave }] of meetings) if (!wanted.has(identity)) leave.abort()
    return last
  }

  function heard({ tag, url }: { readonly tag: string; readonly url: string }): void {
    if (stop.signal.aborted) return
    const { wanted, keys } = sought()
    const identity = whoseTag(crypto, tag, keys)
    if (identity === null || identity === peer.identity) return
    if (meetings.has(identity) || meetings.size >= maxMeetings) return
    const leave = new AbortController()
    const chosen = wanted.get(identity) ?? false
    const over = meet(identity, url, chosen, AbortSignal.any([leave.signal, stop.signal]))
      // The peer is being closed.
      .catch((cause: unknown) =>
        log.info('lan.over', { code: cause instanceof EffigyError ? cause.code : 'unknown' }),
      )
      .finally(() => meetings.delete(identity))
    meetings.set(identity, { leave, over })
  }

  /** Until it did not come about, or is over. */
  async function meet(identity: Identity, url: string, chosen: boolean, signal: AbortSignal): Promise<void> {
    await using connection = peer.connect(url, { expect: identity, chosen })
    const late = new AbortController()
    using _timer = clock.after(answerMs, () => {
      if (connection.state.type !== 'connected') late.abort()
    })
    let wasConnected = false
    for await (const _status of peer.statuses(AbortSignal.any([signal, late.signal]))) {
      const { type } = connection.state
      if (type === 'connected') {
        if (!wasConnected) log.info('lan.met', { peer: shortName(identity) })
        wasConnected = true
      } else if (wasConnected || type !== 'connecting') {
        // Whoever is still there will be heard again, perhaps elsewhere.
        return
      }
    }
  }

  return {
    heard,
    async [Symbol.asyncDispose]() {
      stop.abort()
      await Promise.all(Array.from(meetings.values(), ({ over }) => over))
    },
  }
}
