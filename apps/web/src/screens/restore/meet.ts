/**
 * Meeting hubs before there is a profile that names them.
 *
 * @module
 */
import type { Hub } from '@effigy/core'
import { parsePeerAddress, writePeerAddress } from '@effigy/peer'
import type { RemotePeer } from '@effigy/peer/page'

/** Ms for one to answer. */
const patienceMs = 10_000

/** How many answered. They are kept by whoever keeps connections to the same addresses. Rejects with the signal's reason. */
export async function meetHubs(peer: RemotePeer, hubs: readonly Hub[], signal: AbortSignal): Promise<number> {
  const meeting = hubs.map(async ([expect, url]) => {
    const until = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
    const connection = await peer.connect(writePeerAddress({ url, expect }))
    try {
      await connection.ready(until)
    } finally {
      await connection[Symbol.asyncDispose]()
    }
  })
  const met = await Promise.allSettled(meeting)
  signal.throwIfAborted()
  return met.filter(({ status }) => status === 'fulfilled').length
}

/** Of addresses as backups have them; those without an identity are left out. */
export function hubsOf(addresses: readonly string[]): readonly Hub[] {
  return addresses.flatMap((text): Hub[] => {
    const parsed = parsePeerAddress(text)
    if (!parsed.ok || parsed.value.expect === null) return []
    return [[parsed.value.expect, parsed.value.url]]
  })
}
