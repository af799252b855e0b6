/**
 * Making sure that a file is here: from the store, else from the hubs.
 *
 *     root ─blobState▶ complete ─▶ go on        absent, partial ─meetHubs, fetchBlob▶ complete
 *
 * @module
 */
import { type Cid, EffigyError, parseCid } from '@effigy/core'
import type { NodePeer } from '@effigy/peer/node'
import { type DirectoryEntry, missingNodes } from '@effigy/store'
import type { Context } from './context.ts'
import { failure } from './failure.ts'
import { say } from './messages/index.ts'
import { deadline, meetHubs } from './network.ts'
import { calmLine } from './terminal-text.ts'

/** The CID that was typed. Throws `usage`. */
export function parseRoot(typed: string): Cid {
  const root = parseCid(typed)
  if (root === null) throw failure('usage', `"${calmLine(typed)}" is not a CID (bafkrei… or bafybei…)`)
  return root
}

/** Throws `blob-absent` when it is nowhere to be had, `blob-refused`, and what the network throws. */
export async function demandBlob(context: Context, peer: NodePeer, root: Cid): Promise<void> {
  const state = peer.store.blobState(root)
  if (state.type === 'complete') return
  if (state.type === 'refused') throw failure('blob-refused', root, state.code)
  if (context.config.hubs.length === 0) throw failure('blob-absent', root)
  using limit = deadline(context, context.config.settings.timeout)
  await meetHubs(peer, context, limit.signal)
  await peer.fetchBlob(root, {
    signal: limit.signal,
    onProgress: (progress) => context.output.progress(say.files, progress),
  })
  context.output.clear()
}

/**
 * What stands at a path of a collection; of what is not here only the listing is fetched. Throws `blob-absent`,
 * `blob-refused`, `path-absent`, and what the network throws.
 */
export async function demandListing(
  context: Context,
  peer: NodePeer,
  root: Cid,
  path: string,
): Promise<readonly DirectoryEntry[]> {
  const state = peer.store.blobState(root)
  if (state.type === 'refused') throw failure('blob-refused', root, state.code)
  const missing = missingNodes(root, path, peer.store.asBlocks, 1)
  const isHere = !missing.ok || missing.value.length === 0
  if (!isHere && context.config.hubs.length === 0) throw failure('blob-absent', root)
  using limit = isHere ? null : deadline(context, context.config.settings.timeout)
  const signal = limit?.signal ?? context.signal
  if (!isHere) await meetHubs(peer, context, signal)
  try {
    return await peer.browse(root, path, { signal })
  } catch (cause) {
    if (!(cause instanceof EffigyError)) throw cause
    if (cause.code === 'not-found') throw failure('path-absent', calmLine(path))
    if (cause.code === 'blob-damaged') throw failure('blob-damaged', root, cause.code)
    throw cause
  }
}
