/**
 * The notes of the other own devices, on their way to one that was linked.
 *
 *     peer.account.history ─▶ progress ─▶ all here
 *
 * @module
 */
import type { NodePeer } from '@effigy/peer/node'
import type { Progress } from '@effigy/store'
import type { Context } from '../../context.ts'
import { synodSay as say, say as sayAll } from '../../messages/index.ts'

/** Waits until the notes of the account are here, and says how far it is. What came is kept, whenever it ends. */
export async function fetchHistory({ output }: Context, peer: NodePeer, signal: AbortSignal): Promise<void> {
  let last: Progress = { done: 0, total: 0 }
  for await (const progress of peer.account.history(signal)) {
    last = progress
    output.progress(say.history, progress)
  }
  output.clear()
  signal.throwIfAborted()
  await peer.settled(signal)
  const { done, total } = last
  output.json({ type: 'history', done, total })
  output.line(done >= total ? say.historyHere(sayAll.entries(done)) : sayAll.partly(done, total))
}
