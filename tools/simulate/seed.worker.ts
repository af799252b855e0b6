/**
 * A thread that runs seeds one after the other.
 *
 *     parent ─seed▶ simulate ─SeedResult▶ parent
 *
 * @module
 */
import { parentPort, workerData } from 'node:worker_threads'
import { runOne } from './one.ts'
import type { Options } from './options.ts'
import type { SeedResult } from './seeds.ts'

const options = workerData as Pick<Options, 'peers' | 'faults' | 'broken'>

parentPort?.on('message', (seed: string) => {
  void run(seed)
})

async function run(seed: string): Promise<void> {
  const { violations, hash, convergedMs, quietMs, counts } = await runOne(options, seed)
  const result: SeedResult = {
    seed,
    violations,
    hash,
    convergedAfterMs: convergedMs === null ? null : convergedMs - quietMs,
    counts,
  }
  parentPort?.postMessage(result)
}
