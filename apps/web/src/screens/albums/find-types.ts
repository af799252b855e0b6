/**
 * What those entries of a folder are of which its listing cannot tell it yet: that stands in their own nodes (spec B19).
 *
 *     paths ─browse, a few at once▶ directory │ not-a-directory: file
 *
 * @module
 */
import { type Cid, EffigyError } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer'

/** One that nobody has is waited for, and is not to keep the others waiting. */
const atOnce = 16

/** For one, ms. */
const patienceMs = 10_000

/** Resolves when all are told of, but those that cannot be had within 10 s each; never rejects. */
export async function findTypes(
  peer: Pick<RemotePeer, 'browse'>,
  root: Cid,
  paths: readonly string[],
  signal: AbortSignal,
  onFound: (path: string, type: 'directory' | 'file') => void,
): Promise<void> {
  const left = paths.values()
  async function look(): Promise<void> {
    for (const path of left) {
      const type = await typeAt(peer, root, path, signal)
      if (signal.aborted) return
      if (type !== null) onFound(path, type)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, look))
}

async function typeAt(
  peer: Pick<RemotePeer, 'browse'>,
  root: Cid,
  path: string,
  signal: AbortSignal,
): Promise<'directory' | 'file' | null> {
  try {
    await peer.browse(root, path, { signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]) })
    return 'directory'
  } catch (error) {
    // What else is wrong with it is told to whoever opens it.
    return error instanceof EffigyError && error.code === 'not-a-directory' ? 'file' : null
  }
}
