/**
 * Pictures of a page, prepared by a worker: one at a time, within a time, and given up at once (spec I20 to I26).
 *
 *     preparePicture(blob) ─queue▶ worker ─▶ PreparedPicture        too long │ aborted ─▶ the worker is ended
 *
 * A decoder cannot be interrupted, so the worker is; when nothing waits it ends too, and its memory with it.
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import { type PictureAnswer, type PictureJob, readAnswer } from './job.ts'
import { type PictureOptions, type PreparedPicture, pictureSettings } from './picture.ts'

export interface PictureQueue {
  /**
   * Throws `EffigyError` with the codes of `PictureFault`, and 'image-timeout', 'picture-worker' (it could not be
   * started, or it died of that picture), 'picture-options' (out of their bounds); the signal's reason.
   */
  prepare(source: Blob, options: PictureOptions & { readonly signal: AbortSignal }): Promise<PreparedPicture>
}

export interface PictureQueueOptions {
  readonly startWorker?: () => Worker
  /** For one picture, once it is its turn; 30,000 when omitted. */
  readonly timeoutMs?: number
}

/** 40 million pixels take a slow phone some seconds. */
const defaultTimeoutMs = 30_000

const startPictureWorker = (): Worker =>
  new Worker(new URL('./picture.worker.ts', import.meta.url), { type: 'module', name: 'effigy-pictures' })

/** A queue of its own, with a worker of its own; `preparePicture` has one for the page already. */
export function createPictureQueue(options: PictureQueueOptions = {}): PictureQueue {
  const { startWorker = startPictureWorker, timeoutMs = defaultTimeoutMs } = options
  let worker: Worker | null = null
  let waiting = 0
  let turn: Promise<unknown> = Promise.resolve()

  function endWorker(): void {
    worker?.terminate()
    worker = null
  }

  async function next(job: PictureJob, signal: AbortSignal): Promise<PictureAnswer> {
    try {
      signal.throwIfAborted()
      worker ??= startWorker()
      return await answerOf(worker, job, timeoutMs, signal)
    } catch (error) {
      endWorker()
      throw error
    } finally {
      waiting--
      if (waiting === 0) endWorker()
    }
  }

  return {
    async prepare(source, { signal, ...wanted }) {
      signal.throwIfAborted()
      const settings = pictureSettings(wanted)
      if (settings === null) {
        throw new EffigyError('picture-options', 'A picture was asked for beyond what there may be.')
      }
      waiting++
      const mine = turn.then(() => next({ source, settings }, signal))
      turn = mine.catch(() => {})
      const answer = await orAborted(mine, signal)
      if (!answer.ok) throw new EffigyError(answer.error.code, answer.error.message)
      return answer.value
    },
  }
}

const pageQueue: PictureQueue = createPictureQueue()

/** By the one queue of this page; see `PictureQueue.prepare`. */
export const preparePicture: PictureQueue['prepare'] = pageQueue.prepare

function answerOf(
  worker: Worker,
  job: PictureJob,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<PictureAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<PictureAnswer>()
  const over = new AbortController()
  const failed = (event: Event): void => {
    // It is told here, and need not be told to the whole page.
    event.preventDefault()
    reject(workerFault())
  }
  const timer = setTimeout(() => reject(tooSlow()), timeoutMs)
  worker.addEventListener(
    'message',
    (event) => {
      const answer = readAnswer(event.data)
      if (answer === null) failed(event)
      else resolve(answer)
    },
    { signal: over.signal },
  )
  worker.addEventListener('error', failed, { signal: over.signal })
  worker.addEventListener('messageerror', failed, { signal: over.signal })
  signal.addEventListener('abort', () => reject(signal.reason), { signal: over.signal })
  worker.postMessage(job)
  return promise.finally(() => {
    clearTimeout(timer)
    over.abort()
  })
}

/** Who gives up does not wait for those before. */
async function orAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const leave = (): void => reject(signal.reason)
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}

function tooSlow(): EffigyError {
  return new EffigyError(
    'image-timeout',
    'This picture takes too long to read. Scale it down, or save it anew.',
  )
}

function workerFault(): EffigyError {
  const message =
    'This picture could not be worked on: it may be too much for this device. Try a smaller one.'
  return new EffigyError('picture-worker', message)
}
