/**
 * Signature checks on other threads.
 *
 *     verify(checks) ─parts of 256─▶ turn ─packed─▶ thread ─verdicts─▶ in order
 *
 * A thread has at most two parts, the one it works on and the next; whoever
 * comes with more waits before anything is packed, so the pool holds no more
 * than that. Threads start when first needed and do not keep the process alive
 * while idle. When one crashes its parts are rejected and the next part starts
 * a new one.
 *
 * @module
 */
import { Worker } from 'node:worker_threads'
import type { SignatureCheck } from '@effigy/core'
import { EffigyError } from '@effigy/core'
import { mayBeSignature } from '../strict.ts'
import { type Part, packChecks, packEntries } from './verify-pack.ts'

export interface VerifyPool extends AsyncDisposable {
  /** One verdict a check, in order. Rejects with `EffigyError`: 'verify-worker' after a crash, 'pool-closed' after disposal. */
  verify(checks: readonly SignatureCheck[]): Promise<readonly boolean[]>
  /** The same for entries that were judged already, whole and as they are. */
  verifyEntries(entries: readonly Uint8Array[]): Promise<readonly boolean[]>
}

export interface VerifyPoolOptions {
  readonly threads: number
  /** Closes the pool when aborted; what is under way is rejected with its reason. */
  readonly signal?: AbortSignal
  /** The program of a thread; another one only in tests. */
  readonly program?: URL
}

const partLength = 256

/** A thread keeps nothing but the part it works on and a table of keys: without this its heap grows to 20 MB. */
const resourceLimits = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 }

const partsPerThread = 2
const defaultProgram = new URL('./verify.worker.ts', import.meta.url)

type Settle = PromiseWithResolvers<Uint8Array>

export function createVerifyPool({
  threads,
  signal,
  program = defaultProgram,
}: VerifyPoolOptions): VerifyPool {
  const crew = Array.from({ length: Math.max(1, threads) }, () => createThread(program))
  const waiting: PromiseWithResolvers<void>[] = []
  let closedBy: unknown = null

  /** Gives the part to the least busy thread, once one has room; it is packed no sooner. */
  async function verifyPart(pack: () => Part): Promise<Uint8Array> {
    for (;;) {
      if (closedBy !== null) throw closedBy
      const thread = crew.reduce((best, next) => (next.load() < best.load() ? next : best))
      // Nothing is awaited between finding room and taking it.
      if (thread.load() < partsPerThread) return thread.run(pack()).finally(() => waiting.shift()?.resolve())
      const turn = Promise.withResolvers<void>()
      waiting.push(turn)
      await turn.promise
    }
  }

  async function verify(checks: readonly SignatureCheck[]): Promise<readonly boolean[]> {
    // Packing needs the lengths to be right; and what fails here needs no thread.
    const verdicts = checks.map(mayBeSignature)
    const rest = [...checks.keys()].filter((index) => verdicts[index])
    const parts: number[][] = []
    for (let at = 0; at < rest.length; at += partLength) parts.push(rest.slice(at, at + partLength))
    await Promise.all(
      parts.map(async (part) => {
        const results = await verifyPart(() => ({
          type: 'checks',
          packed: packChecks(part.map((index) => checks[index] as SignatureCheck)),
        }))
        for (const [at, index] of part.entries()) verdicts[index] = results[at] === 1
      }),
    )
    return verdicts
  }

  async function verifyEntries(entries: readonly Uint8Array[]): Promise<readonly boolean[]> {
    const parts: Promise<Uint8Array>[] = []
    for (let at = 0; at < entries.length; at += partLength) {
      let part: readonly Uint8Array[] = entries.slice(at, at + partLength)
      const pack = (): Part => {
        const packed = packEntries(part)
        // What is packed is not held any longer.
        part = []
        return { type: 'entries', packed }
      }
      parts.push(verifyPart(pack))
    }
    return (await Promise.all(parts)).flatMap((verdicts) => Array.from(verdicts, (verdict) => verdict === 1))
  }

  async function close(reason: unknown): Promise<void> {
    closedBy ??= reason
    signal?.removeEventListener('abort', onAbort)
    for (const turn of waiting.splice(0)) turn.resolve()
    await Promise.all(crew.map((thread) => thread.stop(closedBy)))
  }

  function onAbort(): void {
    // Nothing of `close` rejects: stopping a thread only resolves.
    void close(signal?.reason)
  }

  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted) closedBy = signal.reason

  return {
    verify,
    verifyEntries,
    [Symbol.asyncDispose]: () => close(new EffigyError('pool-closed', 'the verify pool was closed')),
  }
}

interface Thread {
  /** Parts given and not yet answered. */
  load(): number
  run(part: Part): Promise<Uint8Array>
  stop(reason: unknown): Promise<void>
}

function createThread(program: URL): Thread {
  let worker: Worker | null = null
  /** Answers come in the order of the questions. */
  let pending: Settle[] = []

  function drop(failed: Worker, reason: unknown): void {
    if (failed !== worker) return
    worker = null
    const lost = pending
    pending = []
    for (const settle of lost) settle.reject(reason)
  }

  function start(): Worker {
    // Flags of the main program (--input-type, --inspect) are not for threads.
    const started = new Worker(program, { execArgv: [], resourceLimits })
    started.on('message', (verdicts: Uint8Array) => {
      pending.shift()?.resolve(verdicts)
      if (pending.length === 0) started.unref()
    })
    started.on('error', (cause) => {
      drop(started, new EffigyError('verify-worker', 'a verify thread crashed', { cause }))
    })
    started.on('exit', (code) => {
      drop(started, new EffigyError('verify-worker', `a verify thread ended with code ${code}`))
    })
    return started
  }

  return {
    load: () => pending.length,
    run(part) {
      worker ??= start()
      const settle = Promise.withResolvers<Uint8Array>()
      pending.push(settle)
      worker.ref()
      worker.postMessage(part, [part.packed])
      return settle.promise
    },
    async stop(reason) {
      const stopped = worker
      if (stopped === null) return
      drop(stopped, reason)
      await stopped.terminate()
    },
  }
}
