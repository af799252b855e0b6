/**
 * A code of a device that belongs to nobody yet, by which one's other device finds it.
 *
 *     met a hub ─ it carries for us ─▶ code that names it        no hub in time ─▶ 'unreachable'
 *
 * @module
 */
import { EffigyError, parseLinkCode } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'
import { sha256 } from '@noble/hashes/sha2.js'
import type { Link } from '../devices/linking.tsx'

/** ms for a hub to answer. */
const patienceMs = 15_000

/** Whoever keeps connections to hubs goes on doing so: a code that names none leads nowhere. */
export async function showReachable(peer: RemotePeer, label: string): Promise<Link> {
  const until = AbortSignal.timeout(patienceMs)
  try {
    for await (const { sessions } of peer.statuses(until)) {
      if (sessions.length === 0) continue
      const link = await peer.account.showLink({ label })
      if (placesIn(link.text) > 0) return link
      await link.cancel()
      await link[Symbol.asyncDispose]()
    }
  } catch (error) {
    if (!until.aborted) throw error
  }
  throw new EffigyError('unreachable', 'No hub carries for this device.')
}

function placesIn(text: string | null): number {
  const code = parseLinkCode(text ?? '', { nowMs: Date.now(), isUsed: () => false, sha256 })
  return code.ok ? code.value.places.length : 0
}
