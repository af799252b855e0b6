/**
 * A first look at a hub by what a person typed: whether one answers there, who it is, and what it says of itself.
 *
 * @module
 */
import { EffigyError, type Hub } from '@effigy/core'
import { parsePeerAddress } from '@effigy/peer'
import type { RemotePeer } from '@effigy/peer/page'
import { type AboutHub, askAbout } from './about-hub.ts'

/** ms for it to answer. */
const patienceMs = 20_000

export interface VisitedHub {
  readonly hub: Hub
  readonly about: AboutHub
}

/**
 * It learns nothing of whom one reads (`chosen: false`). Throws `EffigyError` 'address-invalid' and 'no-hub' (somebody
 * else answers), what connecting throws, or the reason why it was given up.
 */
export async function visitHub(
  peer: Pick<RemotePeer, 'connect' | 'call'>,
  typed: string,
  until: AbortSignal,
): Promise<VisitedHub> {
  const parsed = parsePeerAddress(/^[a-z]+:\/\//i.test(typed.trim()) ? typed : `https://${typed.trim()}`)
  if (!parsed.ok) throw new EffigyError(parsed.error.code, parsed.error.message)
  const { url, expect } = parsed.value
  const signal = AbortSignal.any([until, AbortSignal.timeout(patienceMs)])
  await using connection = await peer.connect(url, { expect, chosen: false })
  const identity = await connection.ready(signal)
  const about = await askAbout(peer, identity, signal)
  if (about === null) throw new EffigyError('no-hub', 'Whoever answers there is no hub.')
  return { hub: [identity, url], about }
}
