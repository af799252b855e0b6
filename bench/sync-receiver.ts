/**
 * A process of its own that fetches everything from a source for the first time, and measures itself.
 *
 * @module
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { type Identity, identityOfKey, parseBase64url } from '@effigy/core'
import { createNodeCrypto, createVerifyPool, type VerifyPool } from '@effigy/crypto/node'
import type { WatchPolicy } from '@effigy/store'
import { cpuSeconds } from './figure.ts'
import { peakMemory, resetPeakMemory } from './peak-memory.ts'
import { openBenchPeer } from './peers.ts'

export interface ReceiverResult {
  readonly entries: number
  /** CPU seconds until everything was durable and could be asked for, without search and signatures. */
  readonly cpu: number
  readonly wall: number
  readonly receivedBytes: number
  /** The longest time in which nothing else could run, ms, and that of one in a hundred. */
  readonly longestMs: number
  readonly longMs: number
  /** Peak memory above that before the connection until everything was here, and until it was checked too, bytes. */
  readonly memory: number
  readonly memoryChecked: number
  /** Seconds until every signature was checked too, on the threads that there are. */
  readonly verifyWall: number
}

const everything: WatchPolicy = { depth: { type: 'all' }, blobs: { type: 'all' } }
const threads = 2
/** How often we look whether anything else could run. */
const turnMs = 5

const [address = '', folder = '', total = '0'] = process.argv.slice(2)
process.once('message', (keys: readonly string[]) => void receive(keys))
process.on('disconnect', () => process.exit(1))
process.send?.('ready')

async function receive(keys: readonly string[]): Promise<void> {
  const identities: Identity[] = keys.map((key) => identityOfKey(parseBase64url(key) as Uint8Array))
  const gate = Promise.withResolvers<void>()
  const pool = createVerifyPool({ threads })
  const receiver = await openBenchPeer(folder, {
    async verifyEntries(entries) {
      await gate.promise
      return pool.verifyEntries(entries)
    },
  })
  const { peer, store } = receiver
  // Nothing is checked before the gate opens, so what waits for its check is what is here; asking feed by feed costs more
  // than the sync. Told of after a commit: what is in an open transaction is not durable.
  let held = 0
  store.watch(() => {
    held = store.unverifiedCount()
  })
  for (const identity of identities) store.watchFeed(identity, everything)
  globalThis.gc?.()
  const idle = resetPeakMemory()
  const turns = monitorEventLoopDelay({ resolution: turnMs })
  turns.enable()
  const cpu = cpuSeconds()
  const started = performance.now()
  peer.connect(address)
  while (held < Number(total)) await pause(100)
  const result = {
    entries: held,
    cpu: cpuSeconds() - cpu,
    wall: (performance.now() - started) / 1000,
    receivedBytes: receiver.receivedBytes,
    longestMs: turns.max / 1e6 - turnMs,
    longMs: turns.percentile(99) / 1e6 - turnMs,
    memory: peakMemory() - idle,
  }
  await startThreads(pool)
  const checking = performance.now()
  gate.resolve()
  while (store.unverifiedCount() > 0) await pause(20)
  const verifyWall = (performance.now() - checking) / 1000
  const memoryChecked = peakMemory() - idle
  // Closed, so that its rows stand in the file and not in the log.
  await receiver[Symbol.asyncDispose]()
  process.send?.({ ...result, verifyWall, memoryChecked } satisfies ReceiverResult, () => process.exit(0))
}

/** Those that it is compared with run already when their time begins. */
async function startThreads(pool: VerifyPool): Promise<void> {
  const crypto = createNodeCrypto()
  const signer = await crypto.signer(crypto.randomBytes(32))
  const message = crypto.randomBytes(32)
  const check = { publicKey: signer.publicKey, message, signature: await signer.signBytes(message) }
  await Promise.all(Array.from({ length: threads }, () => pool.verify([check])))
}
