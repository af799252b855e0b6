/**
 * Asks everybody to drop all that a person wrote, on whichever of their devices.
 *
 * @module
 */
import type { Identity, RawCid } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer'

/** Contents that one entry erases. */
const perErase = 64

const pageLength = 200

/** What speaks of the account itself stays: it is what others know by that it is gone. */
const kept: ReadonlySet<string> = new Set(['identification', 'erase', 'synod', 'device_state'])

interface Written {
  readonly content: RawCid
  readonly author: Identity
}

type ErasePeer = Pick<RemotePeer, 'identity' | 'erase'> & {
  readonly query: Pick<RemotePeer['query'], 'feedItems'>
}

export interface EraseOptions {
  readonly signal: AbortSignal
  /** Named already: not named again, and what is named now comes to it. */
  readonly named: Set<RawCid>
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void
}

/** How many were named. Rejects as `erase`, and with the signal's reason; what was asked for by then stays asked. */
export async function eraseEverything(
  peer: ErasePeer,
  identities: readonly Identity[],
  { signal, named, onProgress }: EraseOptions,
): Promise<number> {
  const written: Written[] = []
  for (const author of identities) written.push(...(await writtenBy(peer, author, signal)))
  const all = written.filter(({ content }) => !named.has(content))
  for (let at = 0; at < all.length; at += perErase) {
    signal.throwIfAborted()
    onProgress({ done: at, total: all.length })
    const some = all.slice(at, at + perErase)
    await peer.erase(
      some.map(({ content, author }) => (author === peer.identity ? content : { identity: author, content })),
    )
    for (const { content } of some) named.add(content)
  }
  onProgress({ done: all.length, total: all.length })
  return all.length
}

/** What is said of oneself in the end. */
export const nobody = { name: '', about: '', avatar: null }

/**
 * The account itself names its owner, too: to strangers, and to whoever runs the hub. Only its main device can change that, and
 * not while it is disputed who that is: all else goes all the same. True: it names nobody now, which others have to hear of.
 */
export async function clearAccount(peer: Pick<RemotePeer, 'account'>): Promise<boolean> {
  const account = await peer.account.show()
  const said = account?.role === 'main' ? account.profile : null
  if (said === null) return false
  if (said.name === '' && said.about === '' && said.avatar === null) return true
  try {
    await peer.account.set({ profile: nobody })
    return true
  } catch (error) {
    if (!unchangeable.has((error as { readonly code?: unknown } | null)?.code)) throw error
    return false
  }
}

/** Codes of an account that takes no change now. */
const unchangeable: ReadonlySet<unknown> = new Set(['disputed', 'no-state', 'not-main'])

/** Whether somebody else has all that was written last, or there is nobody to hear of it; false: not before the signal. */
export async function isHeard(peer: Pick<RemotePeer, 'live'>, signal: AbortSignal): Promise<boolean> {
  try {
    for await (const { length, places } of peer.live('delivery', [1], signal)) {
      if (places.length === 0 || places.some((place) => place.length >= length)) return true
    }
  } catch (reason) {
    if (!signal.aborted) throw reason
  }
  return false
}

async function writtenBy(
  peer: ErasePeer,
  author: Identity,
  signal: AbortSignal,
): Promise<readonly Written[]> {
  const all: Written[] = []
  let after: Awaited<ReturnType<RemotePeer['query']['feedItems']>>['next'] = null
  do {
    signal.throwIfAborted()
    const page: Awaited<ReturnType<RemotePeer['query']['feedItems']>> = await peer.query.feedItems(author, {
      limit: pageLength,
      after,
    })
    for (const { content, state, identity } of page.items) {
      // What cannot be read here is named all the same: a text that did not come, or one that another device sealed.
      const isKept = state.type === 'erased' || (state.type === 'shown' && kept.has(state.payload.type))
      if (identity === author && !isKept) all.push({ content, author })
    }
    after = page.next
  } while (after !== null)
  return all
}
