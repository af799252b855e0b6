/**
 * The process in which the crowd lives (crowd.bench.ts): it has a heap of its own.
 *
 * @module
 */
import { parseArgs } from 'node:util'
import { createNodeCrypto } from '@effigy/crypto/node'
import { openNodeStore } from '@effigy/store/node'
import { type CrowdResult, createCheapCrypto, runCrowd } from '@effigy/testkit/crowd'
import { cpuSeconds } from './figure.ts'

export interface CrowdRun extends CrowdResult {
  readonly verdict: 'PASSED' | 'FAILED'
  readonly peers: number
  readonly seed: string
  readonly wallSeconds: number
  readonly cpuSeconds: number
  /** Of the thread that simulates: the wall where nobody else wants the processor. */
  readonly mainCpuSeconds: number
  readonly peakMegabytes: number
}

const { values } = parseArgs({
  options: {
    peers: { type: 'string', default: '25000' },
    seed: { type: 'string', default: '1' },
    entries: { type: 'boolean', default: false },
    pings: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})

const peers = Number(values.peers)
const { sha256, randomBytes } = createNodeCrypto()
const startedMs = performance.now()
const result = await runCrowd({
  peers,
  seed: values.seed,
  keeps: values.entries ? 'entries' : 'heads',
  crypto: createCheapCrypto(sha256, randomBytes),
  openFull: () => openNodeStore(':memory:', { sha256, now: () => 0 }),
  // 144 an hour each way in a silent session: more frames than all the rest.
  ...(values.pings ? {} : { limits: { pingAfterMs: Number.POSITIVE_INFINITY } }),
  onMinute({ minute, frames }) {
    if (minute % 5 > 0) return
    const seconds = (performance.now() - startedMs) / 1000
    process.stderr.write(`minute ${minute}: ${frames} frames, ${seconds.toFixed(0)} s\n`)
  },
})
const isWhole = result.missing === 0 && result.expected > 0 && result.handedOver === 0
const run: CrowdRun = {
  ...result,
  verdict: isWhole ? 'PASSED' : 'FAILED',
  peers,
  seed: values.seed,
  wallSeconds: (performance.now() - startedMs) / 1000,
  cpuSeconds: cpuSeconds(),
  mainCpuSeconds: threadCpuSeconds(),
  peakMegabytes: process.resourceUsage().maxRSS / 1000,
}

function threadCpuSeconds(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1e6
}

process.send?.(run, () => process.exit(0))
