/**
 * Signature checks on other threads of this process (verify-crew.ts). They do not keep it alive while idle.
 *
 * @module
 */
import { Worker } from 'node:worker_threads'
import { createVerifyCrew, type VerifyListener, type VerifyPool, type VerifyThread } from '../verify-crew.ts'

export type { VerifyPool } from '../verify-crew.ts'

export interface VerifyPoolOptions {
  readonly threads: number
  /** Closes the pool when aborted; what is under way is rejected with its reason. */
  readonly signal?: AbortSignal
  /** The program of a thread; another one only in tests. */
  readonly program?: URL
}

/** A thread keeps nothing but the part it works on and a table of keys: without this its heap grows to 20 MB. */
const resourceLimits = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 }

const defaultProgram = new URL('./verify.worker.ts', import.meta.url)

/** Starts threads when there is work. Its maker disposes it, or aborts the signal. */
export function createVerifyPool({
  threads,
  signal,
  program = defaultProgram,
}: VerifyPoolOptions): VerifyPool {
  return createVerifyCrew({ threads, signal, start: (listener) => startThread(program, listener) })
}

function startThread(program: URL, { answered, failed }: VerifyListener): VerifyThread {
  // Flags of the main program (--input-type, --inspect) are not for threads.
  const worker = new Worker(program, { execArgv: [], resourceLimits })
  worker.on('message', answered)
  worker.on('error', (cause) => failed('a verify thread crashed', cause))
  worker.on('exit', (code) => failed(`a verify thread ended with code ${code}`))
  return {
    run(part) {
      worker.ref()
      worker.postMessage(part, [part.packed])
    },
    rest: () => worker.unref(),
    end: () => worker.terminate(),
  }
}
