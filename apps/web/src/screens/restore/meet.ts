/**
 * Meeting hubs before there is a profile that names them.
 *
 * @module
 */
import type { Hub } from '@effigy/core'
import { parsePeerAddress, writePeerAddress } from '@effigy/peer'
import type { RemotePeer } from '@effigy/peer/page'
import { visitHub } from '../hubs/visit-hub.ts'

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

export interface KnownHubs {
  readonly hubs: readonly Hub[]
  /** One more to keep a connection to. */
  readonly onHubs: (more: readonly Hub[]) => void
}

/** As `meetHubs`, with the one whose address was typed, if any was. Throws also as `visitHub`. */
export async function meetTyped(
  peer: RemotePeer,
  { hubs, onHubs }: KnownHubs,
  typed: string,
  signal: AbortSignal,
): Promise<void> {
  const more = typed.trim() === '' ? [] : [(await visitHub(peer, typed, signal)).hub]
  onHubs(more)
  await meetHubs(peer, [...hubs, ...more], signal)
}

/** Of addresses as backups have them; those without an identity are left out. */
export function hubsOf(addresses: readonly string[]): readonly Hub[] {
  return addresses.flatMap((text): Hub[] => {
    const parsed = parsePeerAddress(text)
    if (!parsed.ok || parsed.value.expect === null) return []
    return [[parsed.value.expect, parsed.value.url]]
  })
}
