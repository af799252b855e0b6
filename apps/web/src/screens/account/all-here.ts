/**
 * Whether all is here that the other own devices wrote: only what is here can be named, and so be deleted.
 *
 *     feeds of the other own devices ─held of known─▶ Amount ─▶ all here │ the person goes on without the rest
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { InspectedFeed, RemotePeer } from '@effigy/peer'

/** Entries. */
export interface Amount {
  readonly held: number
  readonly total: number
}

export type HerePeer = Pick<RemotePeer, 'identity' | 'live' | 'fetchOlder'> & {
  readonly account: Pick<RemotePeer['account'], 'show'>
}

export interface AllHereOptions {
  /** Gives up. */
  readonly signal: AbortSignal
  /** The person goes on with what is here. */
  readonly anyway: AbortSignal
  /** While something is missing. */
  readonly onLack: (amount: Amount) => void
}

/**
 * Resolves when all is here that is known of, or at once when `anyway` aborts. What this device does not keep is fetched, too.
 * Rejects with the signal's reason.
 */
export async function untilAllHere(
  peer: HerePeer,
  own: readonly Identity[],
  options: AllHereOptions,
): Promise<void> {
  const { signal, anyway, onLack } = options
  if (anyway.aborted) return
  const lengths = await knownLengths(peer, own)
  const amounts = new Map<Identity, Amount>()
  const stop = new AbortController()
  const until = AbortSignal.any([signal, anyway, stop.signal])

  async function follow(author: Identity): Promise<void> {
    let isAsked = false
    for await (const feed of peer.live('inspecting.feed', [author], until)) {
      const amount = amountOf(feed, lengths.get(author))
      amounts.set(author, amount)
      if (amount.held < amount.total && !isAsked) {
        isAsked = true
        // Of a feed that is not watched nothing comes: the person sees that.
        peer.fetchOlder(author, amount.total, { signal: until }).catch(() => {})
      }
      if (amounts.size < lengths.size) continue
      const sum = sumOf(amounts)
      if (sum.held === sum.total) stop.abort()
      else onLack(sum)
    }
  }

  try {
    await Promise.all(Array.from(lengths.keys(), follow))
  } catch (reason) {
    if (!until.aborted) throw reason
  } finally {
    stop.abort()
  }
  signal.throwIfAborted()
}

/** By other own device: where its feed ends; undefined: it goes on. */
async function knownLengths(
  peer: HerePeer,
  own: readonly Identity[],
): Promise<ReadonlyMap<Identity, number | undefined>> {
  const account = await peer.account.show()
  const lengths = new Map<Identity, number | undefined>(own.map((author) => [author, undefined]))
  for (const { identity, final } of account?.revoked ?? []) lengths.set(identity, final?.[1] ?? 0)
  // More than is here never comes (Y6), whatever it says of itself: the person knows (Y12).
  for (const { identity, held } of account?.frozen ?? []) lengths.set(identity, held?.[1] ?? 0)
  // Without its own, it writes nothing (F14), and says so.
  lengths.delete(peer.identity)
  return lengths
}

function amountOf(feed: InspectedFeed | null, length: number | undefined): Amount {
  const total = length ?? feed?.head?.length ?? 0
  return { held: Math.min(feed?.held ?? 0, total), total }
}

function sumOf(amounts: ReadonlyMap<Identity, Amount>): Amount {
  let [held, total] = [0, 0]
  for (const amount of amounts.values()) {
    held += amount.held
    total += amount.total
  }
  return { held, total }
}
