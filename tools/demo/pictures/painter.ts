/**
 * Paints pictures on a thread of its own, one after the other: the village wakes up meanwhile.
 *
 * @module
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { MadePicture, PictureOrder } from './make.ts'

export interface Painter extends AsyncDisposable {
  /** Rejects when the painter is disposed before it is painted, or its thread fails. */
  paint(order: PictureOrder): Promise<MadePicture>
}

/** Dispose it. */
export function createPainter(): Painter {
  const worker = new Worker(new URL('./painter.worker.ts', import.meta.url), { execArgv: [] })
  const over = new AbortController()
  worker.once('error', (error) => over.abort(error))
  let turn: Promise<unknown> = Promise.resolve()

  async function ask(order: PictureOrder): Promise<MadePicture> {
    over.signal.throwIfAborted()
    const answer = once(worker, 'message', { signal: over.signal })
    worker.postMessage(order)
    const [made] = (await answer) as [MadePicture]
    return made
  }

  return {
    paint(order) {
      const mine = turn.then(() => ask(order))
      turn = mine.catch(() => {})
      return mine
    },
    async [Symbol.asyncDispose]() {
      over.abort(new Error('the painter is gone'))
      await worker.terminate()
    },
  }
}
