/**
 * Many seeds, over as many threads as there are cores for it.
 *
 *     seeds ─▶ thread 1 … J ─▶ short outcomes ─▶ verdict
 *
 * @module
 */
import { Worker } from 'node:worker_threads'
import type { Violation } from '@effigy/testkit/simulator'
import { type Options, replayCommand } from './options.ts'

/** What a thread tells of one seed. */
export interface SeedResult {
  readonly seed: string
  readonly violations: readonly Violation[]
  readonly hash: string
  readonly convergedAfterMs: number | null
  readonly counts: Readonly<Record<string, number>>
}

export interface Verdict {
  readonly seeds: number
  readonly peers: number
  /** Seeds with a broken invariant. */
  readonly broken: number
  readonly seconds: number
  /** Sums over all seeds; peaks are the highest. */
  readonly counts: Readonly<Record<string, number>>
  /** Over the hashes of all seeds in order. */
  readonly failures: readonly string[]
}

/** Counts that are peaks: the highest of all seeds is told, not the sum. */
const peaks: ReadonlySet<string> = new Set(['outboundBytes', 'unverified', 'timers', 'links', 'feeds'])

const tellEveryMs = 5_000

/** A thread keeps about 100 MB of each world that it ran; then another one takes over. */
const seedsPerThread = 8

export async function runSeeds(options: Options, tell: (line: string) => void): Promise<Verdict> {
  const started = performance.now()
  const total = options.seeds ?? 1
  const names = Array.from({ length: total }, (_, index) => `${options.seed}.${options.from + index}`)
  const counts: Record<string, number> = {}
  const failures: string[] = []
  let next = 0
  let done = 0
  let broken = 0
  let toldMs = 0

  function take({ seed, violations, convergedAfterMs, counts: own }: SeedResult): void {
    done++
    for (const [name, value] of Object.entries(own)) {
      counts[name] = peaks.has(name) ? Math.max(counts[name] ?? 0, value) : (counts[name] ?? 0) + value
    }
    counts.slowestConvergenceMs = Math.max(counts.slowestConvergenceMs ?? 0, convergedAfterMs ?? 0)
    const [first] = violations
    if (first !== undefined) {
      broken++
      const where = `${first.invariant}: ${first.who}: ${first.what} at ${(first.atMs / 1000).toFixed(1)} s`
      const line = `seed ${seed}: ${where}; ${replayCommand(options, seed)}`
      failures.push(line)
      tell(`BROKEN ${line}`)
    }
    const nowMs = performance.now()
    if (nowMs - toldMs < tellEveryMs && done < total) return
    toldMs = nowMs
    tell(`${done} of ${total} seeds, ${broken} broken, ${((nowMs - started) / 1000).toFixed(0)} s`)
  }

  async function work(): Promise<void> {
    while (next < total) await workFor(seedsPerThread)
  }

  async function workFor(count: number): Promise<void> {
    const { peers, faults, broken: wrong } = options
    const worker = new Worker(new URL('./seed.worker.ts', import.meta.url), {
      workerData: { peers, faults, broken: wrong },
    })
    try {
      for (let left = count; left > 0; left--) {
        const seed = names[next++]
        if (seed === undefined) return
        const { promise, resolve, reject } = Promise.withResolvers<SeedResult>()
        worker.once('message', resolve)
        worker.once('error', reject)
        worker.postMessage(seed)
        take(await promise)
        worker.off('error', reject)
      }
    } finally {
      await worker.terminate()
    }
  }

  await Promise.all(Array.from({ length: Math.min(options.jobs, total) }, work))
  const seconds = Math.round((performance.now() - started) / 100) / 10
  return { seeds: total, peers: options.peers, broken, seconds, counts, failures }
}
