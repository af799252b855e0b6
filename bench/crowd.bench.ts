/**
 * A simulated hour of 25,000 peers and three hubs (`-- crowd --peers N` for fewer, `--entries` to follow feeds with
 * their entries, `--pings` with the pings that keep lines open, `--seed S`): every follower has every followed head.
 * What is simulated, and with what in place of what ships, is in docs/crowd.md.
 *
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { CrowdRun } from './crowd-run.ts'
import { type Figure, figure } from './figure.ts'

/**
 * MB up to which the heap is not looked through. Nearly all that is made while peers join stays to the end: to look for
 * what does not whenever the heap has grown by a tenth takes as long as half of the rest. 25,000 peers need less.
 */
const untouchedMegabytes = 6_000

/** MB. V8 leaves no more than half of what a heap may have at most untouched; nothing comes near the other half. */
const heapMegabytes: number = 2 * untouchedMegabytes

/** MB. Most of what a frame allocates is gone at once: a large nursery never copies it. */
const nurseryMegabytes = 128

export async function* bench(): AsyncGenerator<Figure> {
  const child = fork(new URL('crowd-run.ts', import.meta.url), process.argv.slice(2), {
    execArgv: [
      `--max-old-space-size=${heapMegabytes}`,
      `--initial-old-space-size=${untouchedMegabytes}`,
      `--max-semi-space-size=${nurseryMegabytes}`,
    ],
  })
  const run = await resultOf(child)
  const name = `crowd of ${run.peers}`
  yield figure(`${name}, followed heads that are missing at the end`, run.missing, `of ${run.expected}`)
  yield figure(`${name}, followers there at the end`, run.online, 'peers')
  yield figure(`${name}, connections made again`, run.reconnects, 'connections')
  yield figure(`${name}, simulated`, run.simulatedMs / 1000, 's')
  yield figure(`${name}, wall`, run.wallSeconds, 's')
  yield figure(`${name}, CPU of all threads`, run.cpuSeconds, 's')
  yield figure(`${name}, CPU of the thread that simulates`, run.mainCpuSeconds, 's')
  yield figure(`${name}, peak memory`, run.peakMegabytes, 'MB')
  yield figure(`${name}, bytes a peer, mean`, run.meanBytes, 'bytes')
  yield figure(`${name}, bytes a peer, most`, run.mostBytes, 'bytes')
  yield figure(`${name}, bytes of all hubs`, run.hubBytes, 'bytes')
  yield figure(`${name}, frames`, run.frames, 'frames')
  // Not rounded: it is to be compared.
  process.stderr.write(`${run.verdict} ${JSON.stringify(run)}\n`)
  if (run.verdict === 'FAILED') process.exitCode = 1
}

async function resultOf(child: ChildProcess): Promise<CrowdRun> {
  const [first] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [CrowdRun | number]
  if (typeof first !== 'object') throw new Error(`the crowd ended with ${first}`)
  return first
}
