/**
 * Making sure that a file is here: from the store, else from the hubs.
 *
 *     root ─blobState▶ complete ─▶ go on        absent, partial ─meetHubs, fetchBlob▶ complete
 *
 * @module
 */
import { type Cid, parseCid } from '@effigy/core'
import type { NodePeer } from '@effigy/peer/node'
import type { Context } from './context.ts'
import { failure } from './failure.ts'
import { say } from './messages.ts'
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
