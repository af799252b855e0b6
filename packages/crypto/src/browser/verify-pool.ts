/**
 * Signature checks in workers of a browser (verify-crew.ts), for the worker that has the peer.
 *
 * @module
 */
import { createVerifyCrew, type VerifyListener, type VerifyPool, type VerifyThread } from '../verify-crew.ts'

export interface WorkerPoolOptions {
  readonly startWorker?: (() => Worker) | undefined
  /** Until a new worker has said that it is ready, ms. */
  readonly startMs?: number | undefined
  /** For one part, ms. */
  readonly answerMs?: number | undefined
}

/** Two others work meanwhile: the one that stores what comes, and whoever serves it or shows it. */
const mostThreads = 2

/** A slow phone loads it in a second. */
const usualStartMs = 10_000

/** Of 256 signatures, which take a slow phone 0.2 s; a worker that was ended from outside says nothing. */
const usualAnswerMs = 60_000

/** A worker with its heap is some 10 MB. */
const idleMs = 10_000

const startVerifyWorker = (): Worker =>
  new Worker(new URL('./verify.worker.ts', import.meta.url), { type: 'module', name: 'effigy-verify' })

export function createWorkerPool({
  startWorker = startVerifyWorker,
  startMs = usualStartMs,
  answerMs = usualAnswerMs,
}: WorkerPoolOptions): VerifyPool {
  // Browsers that hide what machine they are on may not say.
  const { hardwareConcurrency = 2 }: Partial<typeof navigator> = navigator
  return createVerifyCrew({
    threads: Math.max(1, Math.min(mostThreads, hardwareConcurrency - 1)),
    idleMs,
    start: (listener) => startThread(startWorker(), { startMs, answerMs }, listener),
  })
}

function startThread(
  worker: Worker,
  { startMs, answerMs }: { readonly startMs: number; readonly answerMs: number },
  { answered, failed }: VerifyListener,
): VerifyThread {
  let timer: ReturnType<typeof setTimeout> | undefined
  const expectWord = (ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => failed('a verify worker says nothing'), ms)
  }
  const fail = (event: Event): void => {
    // It is told here, and need not be told to the whole worker.
    event.preventDefault()
    failed('a verify worker failed')
  }
  worker.onerror = fail
  worker.onmessageerror = fail
  worker.onmessage = ({ data }: MessageEvent<unknown>) => {
    expectWord(answerMs)
    if (data !== 'ready') answered(data)
  }
  expectWord(startMs)
  const expectNothing = (): void => {
    clearTimeout(timer)
    timer = undefined
  }
  return {
    run(part) {
      if (timer === undefined) expectWord(answerMs)
      worker.postMessage(part, [part.packed])
    },
    rest: expectNothing,
    async end() {
      expectNothing()
      worker.terminate()
    },
  }
}
