/**
 * Signature checks on other threads, whatever a platform calls them.
 *
 *     verify(checks) ─parts of 256─▶ turn ─packed─▶ thread ─verdicts─▶ in order
 *
 * A thread has at most two parts, the one it works on and the next; whoever
 * comes with more waits before anything is packed, so the crew holds no more
 * than that. Threads start when first needed. When one crashes its parts are
 * rejected and the next part starts a new one; one that answers with anything
 * but a verdict for each check is ended as if it had crashed.
 *
 * @module
 */
import { EffigyError, type SignatureCheck } from '@effigy/core'
import { mayBeSignature } from './strict.ts'
import { countOf, type Part, packChecks, packEntries } from './verify-pack.ts'

export interface VerifyPool extends AsyncDisposable {
  /** One verdict a check, in order. Rejects with `EffigyError`: 'verify-worker' after a crash, 'pool-closed' after disposal. */
  verify(checks: readonly SignatureCheck[]): Promise<readonly boolean[]>
  /** The same for entries that were judged already, whole and as they are. */
  verifyEntries(entries: readonly Uint8Array[]): Promise<readonly boolean[]>
}

/** A thread that runs: it answers its parts in the order in which it was given them. */
export interface VerifyThread {
  run(part: Part): void
  /** It has answered everything. */
  rest(): void
  end(): Promise<unknown>
}

/** Whom a thread tells; after `failed` nothing of it is heard any more. */
export interface VerifyListener {
  /** One byte a verdict, 1 is valid. */
  answered(verdicts: unknown): void
  failed(message: string, cause?: unknown): void
}

export interface VerifyCrewOptions {
  readonly threads: number
  readonly start: (listener: VerifyListener) => VerifyThread
  /** A thread that had nothing to do for so long is ended, ms; never when omitted. */
  readonly idleMs?: number | undefined
  /** Closes the crew when aborted; what is under way is rejected with its reason. */
  readonly signal?: AbortSignal | undefined
}

const partLength = 256
const partsPerThread = 2

export function createVerifyCrew({ threads, start, idleMs, signal }: VerifyCrewOptions): VerifyPool {
  const crew = Array.from({ length: Math.max(1, threads) }, () => createPlace(start, idleMs))
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

/** Where a thread is, once something was to do. */
interface Place {
  /** Parts given and not yet answered. */
  load(): number
  run(part: Part): Promise<Uint8Array>
  stop(reason: unknown): Promise<void>
}

interface PartUnderWay extends PromiseWithResolvers<Uint8Array> {
  readonly count: number
}

function createPlace(start: VerifyCrewOptions['start'], idleMs: number | undefined): Place {
  let thread: VerifyThread | null = null
  /** Answers come in the order of the questions. */
  let pending: PartUnderWay[] = []
  let idle: ReturnType<typeof setTimeout> | undefined

  function drop(reason: unknown): VerifyThread | null {
    clearTimeout(idle)
    const dropped = thread
    thread = null
    const lost = pending
    pending = []
    for (const part of lost) part.reject(reason)
    return dropped
  }

  function rest(resting: VerifyThread): void {
    resting.rest()
    if (idleMs === undefined) return
    idle = setTimeout(() => void drop(null)?.end(), idleMs)
  }

  function startOne(): VerifyThread {
    let isOver = false
    const fail = (message: string, cause?: unknown): void => {
      if (isOver) return
      isOver = true
      const error = new EffigyError('verify-worker', message, { cause })
      // It may have been replaced already.
      if (thread === started) void drop(error)?.end()
    }
    const started: VerifyThread = start({
      failed: fail,
      answered(verdicts) {
        if (isOver || thread !== started) return
        const part = pending[0]
        if (part === undefined || !(verdicts instanceof Uint8Array) || verdicts.length !== part.count) {
          fail('a verify thread answered what it was not asked')
          return
        }
        pending.shift()
        part.resolve(verdicts)
        if (pending.length === 0) rest(started)
      },
    })
    return started
  }

  return {
    load: () => pending.length,
    run(part) {
      clearTimeout(idle)
      try {
        thread ??= startOne()
      } catch (cause) {
        return Promise.reject(
          new EffigyError('verify-worker', 'no verify thread could be started', { cause }),
        )
      }
      const underWay = { ...Promise.withResolvers<Uint8Array>(), count: countOf(part) }
      pending.push(underWay)
      thread.run(part)
      return underWay.promise
    },
    async stop(reason) {
      await drop(reason)?.end()
    },
  }
}
