/**
 * What is begun to be written, put with everything else before a lock closes: what stands beside the store is read without it.
 *
 *     lock ─▶ composers leave what they have ─▶ what is still kept here ─▶ all own devices ─▶ nothing of it here
 *
 * @module
 */
import type { RemotePeer } from '@effigy/peer/page'
import { shareKept } from './drafts.ts'

/** Ms: a lock waits no longer. What could not be put away by then stays, for whoever unlocks. */
const patienceMs = 3_000

const composers = new Set<() => Promise<void>>()

/** `leave` gives what is written to all own devices, until disposed. */
export function onPutAway(leave: () => Promise<void>): Disposable {
  composers.add(leave)
  return { [Symbol.dispose]: () => void composers.delete(leave) }
}

/** Never rejects: a lock is closed whatever comes of it. */
export async function putDraftsAway(peer: RemotePeer): Promise<void> {
  const { promise: isLate, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, patienceMs)
  await Promise.race([putAll(peer), isLate])
  clearTimeout(timer)
}

async function putAll(peer: RemotePeer): Promise<void> {
  await Promise.allSettled(Array.from(composers, (leave) => leave()))
  await shareKept(peer).catch(() => {})
}
