/**
 * Meeting hubs before there is a profile that names them.
 *
 * @module
 */
import type { Hub } from '@effigy/core'
import { parsePeerAddress, writePeerAddress } from '@effigy/peer'
import type { RemotePeer } from '@effigy/peer/page'
import { askHere } from '../../app/here.ts'
import { codeOf } from '../../faults/code-of.ts'
import { visitHub } from '../hubs/visit-hub.ts'

/** Ms for one to answer. */
const patienceMs = 10_000

/** Ms between two attempts, if no network comes meanwhile. */
const againMs = 2_000

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

/**
 * Meets those that are known, and the one whose address was typed, if any was: again and again until one answers, since a
 * network may come. Throws as `visitHub` does but for one that does not answer, and the signal's reason.
 */
export async function meetTyped(
  peer: RemotePeer,
  { hubs, onHubs }: KnownHubs,
  typed: string,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const more = typed.trim() === '' ? [] : await visit(peer, typed, signal)
    // Without a network this page could not learn whose it is.
    if (more?.length === 0 && hubs.length === 0) {
      const here = await askHere(signal)
      if (here !== null) more.push([here.identity, here.url])
    }
    if (more !== null) {
      onHubs(more)
      const all = [...hubs, ...more]
      const met = await meetHubs(peer, all, signal)
      // With nobody to meet, and a network, whoever looks for the account says that nobody knows it.
      if (met > 0 || (all.length === 0 && navigator.onLine)) return
    }
    await untilAgain(signal)
  }
}

/** Null: nobody answers there. */
async function visit(peer: RemotePeer, typed: string, signal: AbortSignal): Promise<Hub[] | null> {
  try {
    return [(await visitHub(peer, typed, signal)).hub]
  } catch (error) {
    signal.throwIfAborted()
    if (codeOf(error) !== 'timeout') throw error
    return null
  }
}

async function untilAgain(signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const over = new AbortController()
  const timer = setTimeout(resolve, againMs)
  addEventListener('online', () => resolve(), { signal: over.signal })
  signal.addEventListener('abort', () => reject(signal.reason), { signal: over.signal })
  try {
    signal.throwIfAborted()
    await promise
  } finally {
    clearTimeout(timer)
    over.abort()
  }
}

/** Of addresses as backups have them; those without an identity are left out. */
export function hubsOf(addresses: readonly string[]): readonly Hub[] {
  return addresses.flatMap((text): Hub[] => {
    const parsed = parsePeerAddress(text)
    if (!parsed.ok || parsed.value.expect === null) return []
    return [[parsed.value.expect, parsed.value.url]]
  })
}
